"""Ground floor: people and their organisations, the audit trail, the jobs; what the registers have in common."""

from logement.models.assistance import Assistance, AssistanceReading
from logement.models.cache import CacheEntry
from logement.models.invitations import Attachment, Invitation
from logement.models.mail import Message
from logement.models.people import Event, Job, Membership, Organisation, Territory, User, together
from logement.models.registers import AccessLog, ColumnMapping, PendingImport, RetentionNotice

__all__ = [
    "AccessLog",
    "Assistance",
    "AssistanceReading",
    "Attachment",
    "CacheEntry",
    "ColumnMapping",
    "Event",
    "Invitation",
    "Job",
    "Membership",
    "Message",
    "Organisation",
    "PendingImport",
    "RetentionNotice",
    "Territory",
    "User",
    "together",
]
