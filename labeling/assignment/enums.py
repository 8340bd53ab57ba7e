"""The named states of comparisons and assignments."""

from django.db.models import TextChoices


class ComparisonState(TextChoices):
    """Whether a comparison is still handed out."""

    OPEN = "open", "Open"
    RETIRED = "retired", "Retired"


class AssignmentState(TextChoices):
    """Where one person's hold on one comparison stands; only ``live`` holds a slot."""

    LIVE = "live", "Live"
    SUBMITTED = "submitted", "Submitted"
    SKIPPED = "skipped", "Skipped"
    EXPIRED = "expired", "Expired"
    RELEASED = "released", "Released"
