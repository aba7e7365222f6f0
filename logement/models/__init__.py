"""Ground floor: people and their organisations, the audit trail, the jobs; what the registers have in common."""

from logement.models.mail import Message
from logement.models.people import Event, Job, Membership, Organisation, Territory, User
from logement.models.registers import AccessLog, ColumnMapping, PendingImport, RetentionNotice

__all__ = [
    "AccessLog",
    "ColumnMapping",
    "Event",
    "Job",
    "Membership",
    "Message",
    "Organisation",
    "PendingImport",
    "RetentionNotice",
    "Territory",
    "User",
]
