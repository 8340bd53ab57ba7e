"""The named states of comparisons and assignments, and the choices of how work is handed out."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy


class ComparisonState(TextChoices):
    """Whether a comparison is still handed out."""

    OPEN = "open", "Open"
    RETIRED = "retired", "Retired"


class AssignmentState(TextChoices):
    """Where one person's hold on one comparison stands.

    ``live`` and ``reserved`` hold a slot: a lease that runs out, and a slot kept for a named
    person until they come. ``barred`` keeps a person from a comparison for good.
    """

    RESERVED = "reserved", "Kept for the person"
    LIVE = "live", "Live"
    SUBMITTED = "submitted", "Submitted"
    SKIPPED = "skipped", "Skipped"
    EXPIRED = "expired", "Expired"
    RELEASED = "released", "Released"
    BARRED = "barred", "Barred"


class Kind(TextChoices):
    """What an assignment is for: only work takes a slot and counts."""

    WORK = "work", "Work"
    REPEAT = "repeat", "Hidden repeat"
    GOLD = "gold", "Known answer"


class Audience(TextChoices):
    """Whose work a lane is."""

    EVERYONE = "everyone", "Everyone"
    REVIEWERS = "reviewers", "Reviewers"


class Turn(TextChoices):
    """When a comparison is handed out, beside others that were begun, or were not, like it."""

    FIRST = "first", gettext_lazy("Before others")
    USUAL = "usual", gettext_lazy("As usual")
    LAST = "last", gettext_lazy("After all others")


class Policy(TextChoices):
    """How many people judge a comparison."""

    FIXED = "fixed", gettext_lazy("The same number for each")
    TIE_BREAK = "tie_break", gettext_lazy("Two, a third when they disagree")
    LEAD = "lead", gettext_lazy("Until one answer leads by two")
    SLICE = "slice", gettext_lazy("One, several on a slice")
    ADAPTIVE = "adaptive", gettext_lazy("While another judgment is worth it")


class PairDesign(TextChoices):
    """Which candidates of a prompt are compared with one another."""

    ALL = "all", gettext_lazy("Every pair")
    CHAIN = "chain", gettext_lazy("A chain")
    ANCHOR = "anchor", gettext_lazy("Each with a baseline model")
    WEIGHTED = "weighted", gettext_lazy("Pairs drawn by model weights")


class Drawn(TextChoices):
    """How a comparison was chosen: by the campaign's design, or at random among all of a group."""

    DESIGN = "design", "By the design"
    RANDOM = "random", "At random"
