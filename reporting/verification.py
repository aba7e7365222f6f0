"""Is this the report that was sent? From the fingerprint of its data, or of a file, to what may be said of it."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadhandler import FileUploadHandler
from django.utils import timezone

from reporting.models import SHORT, Version, VersionFile

FULL = 64  # signs of a whole fingerprint
SIGNS = re.compile(r"[0-9a-f]+")
MAX_BYTES = 30 * 1024 * 1024  # the file that a page without JavaScript may send; the report of 2023 takes 0.2


@dataclass(frozen=True, slots=True)
class Match:
    """What anyone may know of a version; `file` is the format of the file that was recognised, or empty for its data.

    `replaced_by` and `replaced_on` tell of the version that came after it, if any.
    """

    title: str
    territory: str
    number: int
    sent_on: date
    file: str = ""
    replaced_by: int | None = None
    replaced_on: date | None = None


def clean(typed):
    """The signs of a fingerprint, however spaced; empty where it cannot be one: 16 signs at least, 64 at most."""
    signs = "".join(typed.split()).replace("-", "").lower()
    return signs if SHORT <= len(signs) <= FULL and SIGNS.fullmatch(signs) else ""


def find(fingerprint) -> Match | None:
    """The version whose data, or whose file, has this clean fingerprint; the first signs are enough for the data."""
    version = Version.objects.filter(fingerprint__startswith=fingerprint).first()
    if version is not None:
        return match(version)
    file = VersionFile.objects.filter(digest=fingerprint).select_related("version").defer("content").first()
    return match(file.version, file.label) if file else None


def match(version, file=""):
    following = (
        Version.objects.filter(year=version.year_id, number__gt=version.number).order_by("number").last()
    )
    return Match(
        title=version.facts.title,
        territory=version.facts.territory,
        number=version.number,
        sent_on=timezone.localdate(version.frozen_at),
        file=file,
        replaced_by=following and following.number,
        replaced_on=following and timezone.localdate(following.frozen_at),
    )


class Hashing(FileUploadHandler):
    """Takes the fingerprint of an uploaded file as it comes, and keeps nothing of it."""

    digest = ""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.running = hashlib.sha256()

    def receive_data_chunk(self, raw_data, start):
        self.running.update(raw_data)

    def file_complete(self, file_size):
        self.digest = self.running.hexdigest() if file_size else ""
