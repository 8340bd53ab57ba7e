"""The named states of campaigns."""

from django.db.models import TextChoices


class CampaignState(TextChoices):
    """Where a campaign stands; comparisons are handed out only while it is active."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    COMPLETED = "completed", "Completed"


class Role(TextChoices):
    """What a member may do in a campaign; a manager may also review, a reviewer also rank."""

    MANAGER = "manager", "Manager"
    REVIEWER = "reviewer", "Reviewer"
    ANNOTATOR = "annotator", "Annotator"


class Asked(TextChoices):
    """Whether annotators are asked for something beside their choice."""

    OFF = "off", "Not asked"
    OPTIONAL = "optional", "Optional"
    REQUIRED = "required", "Required"


class RoundState(TextChoices):
    """Whether the comparisons of a round are handed out; one round a campaign is open at most."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
