"""The zip archives that office files are, checked before anything of them is unpacked. Pure: imports no Django."""

import zipfile
import zlib
from contextlib import contextmanager
from enum import Enum
from io import BytesIO

MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100  # office files unpack ten to twenty times larger than they came, bombs a thousand
MAX_PARTS = 2_000  # the files that one office file is made of
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Office wrote before 2007, and what wraps a file under a password


class Fault(Enum):
    TOO_LARGE = "too large once unpacked"
    PASSWORD = "under a password"
    BROKEN = "broken"


class ArchiveError(Exception):
    """`fault`: a Fault. Each reader has its own sentence for it."""

    def __init__(self, fault):
        super().__init__(fault.value)
        self.fault = fault


@contextmanager
def opened(raw, *, most):
    """The archive; `most`: bytes that a file may come to once unpacked, however small it is.

    Raises ArchiveError, also for what fails while the archive is read in the block.
    """
    try:
        with _checked(raw, min(MAX_UNPACKED, max(most, MAX_RATIO * len(raw)))) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise ArchiveError(Fault.BROKEN) from error


def _checked(raw, limit):
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
        _check(archive, limit)
    except ValueError as error:  # places that no file has
        raise ArchiveError(Fault.BROKEN) from error
    return archive


def _check(archive, limit):
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > limit:
        raise ArchiveError(Fault.TOO_LARGE)
    if any(part.flag_bits & 1 for part in parts):
        raise ArchiveError(Fault.PASSWORD)
    if archive.testzip():  # unpacks by pieces what was declared, and checks it
        raise ArchiveError(Fault.BROKEN)


def is_encrypted(raw):
    """Whether an OLE file wraps an office file under a password."""
    return raw.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in raw


def has_macros(archive):
    return any(
        name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/"))
        for name in archive.namelist()
    )
