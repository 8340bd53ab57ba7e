"""The named states of comparisons and assignments, and the choices of how work is handed out."""

from django.db.models import TextChoices


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

    FIRST = "first", "Before others"
    USUAL = "usual", "As usual"
    LAST = "last", "After all others"


class Policy(TextChoices):
    """How many people judge a comparison."""

    FIXED = "fixed", "The same number for each"
    TIE_BREAK = "tie_break", "Two, a third when they disagree"
    LEAD = "lead", "Until one answer leads by two"
    SLICE = "slice", "One, several on a slice"
    ADAPTIVE = "adaptive", "While another judgment is worth it"


class PairDesign(TextChoices):
    """Which candidates of a prompt are compared with one another."""

    ALL = "all", "Every pair"
    CHAIN = "chain", "A chain"
    ANCHOR = "anchor", "Each with a baseline model"
    WEIGHTED = "weighted", "Pairs drawn by model weights"


class Drawn(TextChoices):
    """How a comparison was chosen: by the campaign's design, or at random among all of a group."""

    DESIGN = "design", "By the design"
    RANDOM = "random", "At random"
