"""Who: agencies and their people, what they share, what other systems may do, what was done, and background jobs."""

from partners.models.audit import AuditEvent
from partners.models.jobs import Job
from partners.models.keys import ApiKey, IdempotentRequest
from partners.models.people import Agency, Invitation, Membership, User
from partners.models.records import Record, RecordQuerySet, record_types
from partners.models.sharing import AgreementParty, AgreementStatus, BreakGlass, SharingAgreement
from partners.models.webhooks import Webhook, WebhookDelivery
from partners.roles import Role

__all__ = [
    "Agency",
    "AgreementParty",
    "AgreementStatus",
    "ApiKey",
    "AuditEvent",
    "BreakGlass",
    "IdempotentRequest",
    "Invitation",
    "Job",
    "Membership",
    "Record",
    "RecordQuerySet",
    "Role",
    "SharingAgreement",
    "User",
    "Webhook",
    "WebhookDelivery",
    "record_types",
]
