"""Shapes of the ledger."""

from ledger.models.audit import AuditEntry
from ledger.models.job import JobRun, JobState
from ledger.models.outbox import OutboxEntry

__all__ = ["AuditEntry", "JobRun", "JobState", "OutboxEntry"]
