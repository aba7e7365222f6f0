"""The rows of this app: versions and their files, the State's inquiries, what is published."""

from reporting.models.inquiry import Inquiry
from reporting.models.publication import Publication, PublicFile
from reporting.models.version import READERS, SHORT, KeptFile, Reopening, Version, VersionFile, short

__all__ = [
    "READERS",
    "SHORT",
    "Inquiry",
    "KeptFile",
    "PublicFile",
    "Publication",
    "Reopening",
    "Version",
    "VersionFile",
    "short",
]
