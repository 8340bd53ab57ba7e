"""What a judge can say, and which comparisons it is asked about."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy


class Verdict(TextChoices):
    """What a judge says about the responses in two slots of a comparison."""

    FIRST = "first", gettext_lazy("The first is better")
    SECOND = "second", gettext_lazy("The second is better")
    LEVEL = "level", gettext_lazy("A tie")


class Which(TextChoices):
    """Which comparisons of a campaign are judged."""

    ALL = "all", gettext_lazy("Every comparison")
    JUDGED = "judged", gettext_lazy("Those that people have judged")
    UNJUDGED = "unjudged", gettext_lazy("Those that nobody has judged yet")
