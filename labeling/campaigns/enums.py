"""The named states of campaigns."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy, pgettext_lazy


class CampaignState(TextChoices):
    """Where a campaign stands; comparisons are handed out only while it is active."""

    DRAFT = "draft", pgettext_lazy("state of a campaign", "Draft")
    ACTIVE = "active", pgettext_lazy("state of a campaign", "Active")
    PAUSED = "paused", pgettext_lazy("state of a campaign", "Paused")
    COMPLETED = "completed", pgettext_lazy("state of a campaign", "Completed")


class Role(TextChoices):
    """What a member may do in a campaign; a manager may also review, a reviewer also rank."""

    MANAGER = "manager", gettext_lazy("Manager")
    REVIEWER = "reviewer", gettext_lazy("Reviewer")
    ANNOTATOR = "annotator", gettext_lazy("Annotator")


class Asked(TextChoices):
    """Whether annotators are asked for something beside their choice."""

    OFF = "off", gettext_lazy("Not asked")
    OPTIONAL = "optional", gettext_lazy("Optional")
    REQUIRED = "required", gettext_lazy("Required")


class RoundState(TextChoices):
    """Whether the comparisons of a round are handed out; one round a campaign is open at most."""

    OPEN = "open", pgettext_lazy("state of a round", "Open")
    CLOSED = "closed", pgettext_lazy("state of a round", "Closed")
