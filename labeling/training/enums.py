"""What items set aside are for, how attempts stand, and what becomes of objections."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy


class Use(TextChoices):
    """What an item, and an attempt, is for."""

    TRAINING = "training", gettext_lazy("Training")
    QUALIFICATION = "qualification", gettext_lazy("Qualification")


class AttemptState(TextChoices):
    """Where an attempt stands: only a qualification is passed or failed."""

    RUNNING = "running", "Running"
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"
    ENDED = "ended", "Ended"


class ObjectionState(TextChoices):
    """What was decided of an objection: upheld by another answer, or by taking the item back."""

    OPEN = "open", "Open"
    CORRECTED = "corrected", "Answer corrected"
    TAKEN_BACK = "taken_back", "Item taken back"
    TURNED_DOWN = "turned_down", "Turned down"
