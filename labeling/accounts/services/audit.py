"""Append to the audit log."""

from labeling.accounts.models import AuditEvent, User


def record_event(*, actor: User | None, action: str, target: str, **data: object) -> AuditEvent:
    """Append one privileged act to the audit log, in the transaction of the act itself."""
    return AuditEvent.objects.create(actor=actor, action=action, target=target, data=data)
