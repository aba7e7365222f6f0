"""What a version says of its own making. Pure: stored beside the report, and hashed with it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Everything under the names of that day; `previous` is the fingerprint of the version before in the chain."""

    territory: str
    territory_code: str
    year: int
    number: int
    rank: int
    previous: str
    title: str
    frozen_at: datetime
    frozen_by: str
    correction: str
    address: str  # of the page that checks the fingerprint, as it was printed
