"""The named states of exports."""

from django.db.models import TextChoices


class ExportState(TextChoices):
    """Where an export stands; a ready one never changes again."""

    REQUESTED = "requested", "Waiting"
    RUNNING = "running", "Being written"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
