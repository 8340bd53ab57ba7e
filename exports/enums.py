"""The named states of exports."""

from django.db.models import TextChoices

from labeling.wording import pgettext_lazy


class ExportState(TextChoices):
    """Where an export stands; a ready one never changes again."""

    REQUESTED = "requested", pgettext_lazy("state of an export", "Waiting")
    RUNNING = "running", pgettext_lazy("state of an export", "Being written")
    READY = "ready", pgettext_lazy("state of an export", "Ready")
    FAILED = "failed", pgettext_lazy("state of an export", "Failed")
    CANCELED = "canceled", pgettext_lazy("state of an export", "Canceled")


OVER = (ExportState.READY, ExportState.FAILED, ExportState.CANCELED)
