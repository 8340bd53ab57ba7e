"""How judgments become rows: every choice there is, in words; the manifest repeats those made."""

from enum import StrEnum

from labeling.wording import gettext_noop


class Policy(StrEnum):
    """A choice with its meaning, as cards and manifests state it."""

    words: str

    def __new__(cls, value: str, words: str = "") -> "Policy":
        """Make a member of its name and its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member


class Votes(Policy):
    """How the answers to a comparison become a pair."""

    MAJORITY = (
        "majority",
        gettext_noop(
            "A pair is what more than half of all counted answers to its comparison say; ties and "
            "both-bad are answers as well."
        ),
    )
    CONSENSUS = (
        "consensus",
        gettext_noop(
            "A pair is what more answers say than say the opposite, unless ties and both-bad are "
            "more than those; `probability` says how sure that is."
        ),
    )
    RAW = (
        "raw",
        gettext_noop("Every counted answer that prefers a response gives a pair of its own."),
    )


class Ties(Policy):
    """What becomes of two responses that nobody prefers."""

    LEFT_OUT = ("left_out", gettext_noop("Ties are in no pair."))
    SOFT = (
        "soft",
        gettext_noop(
            "Ties are pairs with a `probability` of 0.5; use them only where the loss reads it."
        ),
    )


class BothBad(Policy):
    """What becomes of responses that people call all bad."""

    LEFT_OUT = ("left_out", gettext_noop("Responses called all bad are left out."))
    NEGATIVE = (
        "negative",
        gettext_noop("Of responses called all bad each is undesirable in unpaired rows."),
    )


class Pairs(Policy):
    """Which pairs of a comparison of three or more responses are taken."""

    ALL = ("all", gettext_noop("Every two responses of a comparison may be a pair."))
    ADJACENT = ("adjacent", gettext_noop("Only neighbours in the order of a comparison are pairs."))
    BEST_WORST = (
        "best_worst",
        gettext_noop("Only the best and the worst response of a comparison are a pair."),
    )


class Margin(Policy):
    """Whether pairs carry a margin for the loss (Llama 2, arXiv 2307.09288, section 3.2.2)."""

    NONE = ("none", gettext_noop("No margin."))
    SMALL = (
        "small",
        gettext_noop("`margin` is the mean of the stated strengths: 1, 2/3, 1/3 or 0 for each."),
    )
    LARGE = (
        "large",
        gettext_noop("`margin` is the mean of the stated strengths: 3, 2, 1 or 0 for each."),
    )


class Weight(Policy):
    """Whether pairs carry a weight for the loss."""

    NONE = ("none", gettext_noop("No weight."))
    AGREEMENT = ("agreement", gettext_noop("`weight` is the agreement."))
    STRENGTH = (
        "strength",
        gettext_noop(
            "`weight` is the mean of the stated strengths, 1 to 4, and 1 where none was stated "
            "(scaled Bradley-Terry, arXiv 2410.01257)."
        ),
    )


class Judges(Policy):
    """Whose answers count."""

    CAMPAIGN = (
        "campaign",
        gettext_noop(
            "People's answers count, and AI judges' where the campaign says so: a ranking of a "
            "comparison by one model like one answer."
        ),
    )
    PEOPLE = ("people", gettext_noop("People's answers alone count."))
    AI = ("ai", gettext_noop("AI judges' rankings alone count: one model's like one answer."))


class System(Policy):
    """What becomes of system turns."""

    KEEP = ("keep", gettext_noop("A system turn is the first message of the prompt."))
    MERGE = (
        "merge",
        gettext_noop("A system turn is put before the first user turn, with an empty line."),
    )
    DROP = ("drop", gettext_noop("System turns are left out."))


class Contradictions(Policy):
    """What becomes of two texts that comparisons of one prompt order both ways."""

    LEFT_OUT = (
        "left_out",
        gettext_noop("Where comparisons of a prompt order two texts both ways, all go."),
    )
    KEPT = (
        "kept",
        gettext_noop("Where comparisons of a prompt order two texts both ways, both stay."),
    )


class Duplicates(Policy):
    """What becomes of pairs of the same two texts."""

    FIRST = ("first", gettext_noop("Of pairs of a prompt with the same two texts the first stays."))
    KEPT = ("kept", gettext_noop("Pairs of a prompt with the same two texts all stay."))


class Edits(Policy):
    """Whether responses that people edited into their ideal are preferred to what they edited."""

    LEFT_OUT = ("left_out", gettext_noop("Edited responses are in no pair."))
    PAIRS = (
        "pairs",
        gettext_noop("An edited response is preferred to the one it was edited from."),
    )


class Licence(Policy):
    """Under which licence the rows are, by the identifiers of the Hub; empty where none is stated.

    The identifiers are those of huggingface.co/docs/hub/repositories-licenses.
    """

    NONE = ("", gettext_noop("No licence is stated."))
    CC_BY = ("cc-by-4.0", gettext_noop("Creative Commons: name the source (CC BY 4.0)."))
    CC_BY_SA = (
        "cc-by-sa-4.0",
        gettext_noop("Creative Commons: name the source, share alike (CC BY-SA 4.0)."),
    )
    CC_BY_NC = (
        "cc-by-nc-4.0",
        gettext_noop("Creative Commons: name the source, no commercial use (CC BY-NC 4.0)."),
    )
    CC0 = ("cc0-1.0", gettext_noop("Creative Commons: public domain (CC0 1.0)."))
    ODC_BY = ("odc-by", gettext_noop("Open Data Commons: name the source (ODC-By 1.0)."))
    ODBL = (
        "odbl",
        gettext_noop("Open Data Commons: name the source, share alike (ODbL 1.0)."),
    )
    APACHE = ("apache-2.0", gettext_noop("Apache License 2.0."))
    MIT = ("mit", gettext_noop("MIT License."))
    OTHER = ("other", gettext_noop("Another licence: ask whoever passes the data on."))


ALWAYS = {
    "skips": "Skips do not count.",
    "repeats_and_known_answers": "Hidden repeats and known answers do not count.",
    "surplus": "Answers given after their place was taken do not count.",
    "corrections": "A person's latest answer to a comparison counts, the earlier ones do not.",
    "ai_judges": "A judge is asked about a pair in both orders; where these differ, it is a tie.",
    "judgments": "The configuration of that name holds all answers in force, counted or not.",
}
