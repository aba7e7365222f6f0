"""Files kept in an S3-compatible store, for web processes and workers on several machines. Needs the extra `s3`.

The promises are those of files.py: a file is there whole or not at all (one request writes it), and never takes the
place of another (the store itself refuses, whoever asks at the same instant).
"""

import mimetypes
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}
PATIENCE = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"max_attempts": 3, "mode": "standard"},
    # The checks that only Amazon's own store knows are left to it.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@contextmanager
def as_a_disk():
    """A store that does not answer, or refuses, is a disk that fails: whoever writes a file expects OSError."""
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise OSError(f"The store of the files failed: {error}") from error


class ObjectStorage(S3Storage):
    def get_default_settings(self):
        return super().get_default_settings() | {"client_config": PATIENCE, "file_overwrite": False}

    def _save(self, name, content):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        with as_a_disk():
            while True:
                content.seek(0)
                try:
                    self.bucket.Object(name).put(Body=content, ContentType=kind, IfNoneMatch="*")
                except ClientError as error:
                    if error.response["Error"]["Code"] not in TAKEN:
                        raise
                    name = self.get_available_name(name)
                else:
                    return name

    def exists(self, name):
        with as_a_disk():
            return super().exists(name)

    def delete(self, name):
        with as_a_disk():
            super().delete(name)
