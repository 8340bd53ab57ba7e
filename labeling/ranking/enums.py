"""The named outcomes and flags of judgments."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    """What a person said: an order, no difference, none acceptable, no answer, or taken back."""

    RANKED = "ranked", "Ranked"
    TIE = "tie", "Tie"
    BOTH_BAD = "both_bad", "Neither acceptable"
    SKIPPED = "skipped", "Skipped"
    UNDONE = "undone", "Taken back"


# What can be given as an answer; to pass and to take back are acts of their own.
ANSWERS = (Outcome.RANKED, Outcome.TIE, Outcome.BOTH_BAD)
GIVEN_OUTCOMES = [choice for choice in Outcome.choices if choice[0] in ANSWERS]


class SkipReason(TextChoices):
    """Why a person passed on a comparison."""

    DONT_KNOW = "dont_know", "I don't know enough about this"
    LANGUAGE = "language", "I don't read this language well"
    RATHER_NOT = "rather_not", "I would rather not read this"
    BROKEN = "broken", "Something is broken"


class Flag(TextChoices):
    """What a person reported about a response or a prompt."""

    PERSONAL_DATA = "personal_data", "Personal data"
    UNSAFE = "unsafe", "Dangerous content"
    CUT_OFF = "cut_off", "Cut off"
    IDENTICAL = "identical", "The responses are identical"
    NAMES_MODEL = "names_model", "Says which model it is"
    WRONG_LANGUAGE = "wrong_language", "Wrong language"
