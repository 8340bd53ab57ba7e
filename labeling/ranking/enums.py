"""The named outcomes and flags of judgments."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy, pgettext_lazy


class Outcome(TextChoices):
    """What a person said: an order, no difference, none acceptable, no answer, or taken back."""

    RANKED = "ranked", gettext_lazy("Ranked")
    TIE = "tie", pgettext_lazy("outcome of a comparison", "Tie")
    BOTH_BAD = "both_bad", gettext_lazy("Neither acceptable")
    SKIPPED = "skipped", gettext_lazy("Skipped")
    UNDONE = "undone", gettext_lazy("Taken back")


# What can be given as an answer; to pass and to take back are acts of their own.
ANSWERS = (Outcome.RANKED, Outcome.TIE, Outcome.BOTH_BAD)
GIVEN_OUTCOMES = [choice for choice in Outcome.choices if choice[0] in ANSWERS]


class SkipReason(TextChoices):
    """Why a person passed on a comparison."""

    DONT_KNOW = "dont_know", gettext_lazy("I don't know enough about this")
    LANGUAGE = "language", gettext_lazy("I don't read this language well")
    RATHER_NOT = "rather_not", gettext_lazy("I would rather not read this")
    BROKEN = "broken", gettext_lazy("Something is broken")


class Flag(TextChoices):
    """What a person reported about a response or a prompt."""

    PERSONAL_DATA = "personal_data", gettext_lazy("Personal data")
    UNSAFE = "unsafe", gettext_lazy("Dangerous content")
    NOT_RANKABLE = "not_rankable", gettext_lazy("Cannot be compared")
    CUT_OFF = "cut_off", gettext_lazy("Cut off")
    IDENTICAL = "identical", gettext_lazy("The responses are identical")
    NAMES_MODEL = "names_model", gettext_lazy("Says which model it is")
    WRONG_LANGUAGE = "wrong_language", gettext_lazy("Wrong language")
