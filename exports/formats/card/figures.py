"""What a card says in figures: how people agree, lengths, positions, and what to look out for."""

from collections.abc import Iterable

from exports.agreement import REPLICATES
from exports.estimates import Estimate
from exports.formats.warnings import ENOUGH_PEOPLE, LIMITS, interval, per_cent, warnings_of
from exports.statistics import Summary

NONE = "–"
ABOUT_AGREEMENT = f"""\
A chance to agree is two people and two responses of one comparison; it is taken when both say the
same: the one, the other, a tie, both bad. Alpha takes off agreement by chance: 1 is full agreement,
0 what chance gives (Krippendorff 2011). The intervals hold 95 % of {REPLICATES} Poisson bootstrap
replicates over comparisons (Hanley and MacGibbon 2006). Only people's answers that count are in
these figures. The share of the most active person is warned about from {ENOUGH_PEOPLE} people on.
"""
ABOUT_LENGTHS = """\
Pairs that prefer neither (`probability` 0.5) are in no other figure of lengths, those equally long
not in the share of the longer one: a rule that always prefers the longer response is right in that
share. Models that write more may be better for other reasons, which the share does not tell apart.
The intervals are Wilson's, which take pairs and answers for independent.
"""


def warnings(summary: Summary) -> str:
    """Return what to look at before training."""
    lines = [f"- **{one.code}**: {one.words}" for one in warnings_of(summary)]
    checked = f"A card warns when {'; when '.join(LIMITS)}."
    return "\n".join(
        ["## Warnings\n", *(lines or ["No figure is beyond its limit."]), "", checked, ""]
    )


def agreement(summary: Summary) -> str:
    """Return how far people agree, what they say, and how the work is shared among them."""
    found, answers = summary.agreement, summary.answers
    alpha, raw = found.alpha, found.raw
    of_alpha = NONE if alpha.low is None else f"{alpha.low:.2f} to {alpha.high:.2f}"
    return "\n".join(
        [
            "## How people agree\n",
            *_table(
                [
                    ("comparisons with answers of two people or more", found.comparisons, NONE),
                    ("chances to agree", found.chances, NONE),
                    ("chances taken (raw agreement)", _share(raw), _interval(raw)),
                    ("Krippendorff's alpha, nominal", _number(alpha), of_alpha),
                    ("answers that are ties", _known(answers.tie_share), NONE),
                    ("answers that say both bad", _known(answers.both_bad_share), NONE),
                    ("people", answers.people, NONE),
                    ("answers a person, median", _plain(answers.median_a_person), NONE),
                    ("answers of the most active person", answers.most_a_person, NONE),
                    ("their share of all answers", _known(answers.most_share), NONE),
                ]
            ),
            ABOUT_AGREEMENT,
        ]
    )


def lengths_and_positions(summary: Summary) -> str:
    """Return whether length or place alone would tell what people prefer."""
    lengths, positions = summary.lengths, summary.positions
    return "\n".join(
        [
            "## Lengths and positions\n",
            *_table(
                [
                    ("characters of the chosen response, mean", _mean(lengths.chosen_mean), NONE),
                    ("characters of the rejected one, mean", _mean(lengths.rejected_mean), NONE),
                    ("pairs whose responses are equally long", lengths.same, NONE),
                    ("pairs that prefer neither", lengths.even, NONE),
                    ("chosen is the longer one", _share(lengths.longer), _interval(lengths.longer)),
                    ("answers that prefer one of two", positions.answers, NONE),
                    (
                        "the one shown first is preferred",
                        _share(positions.first),
                        _interval(positions.first),
                    ),
                ]
            ),
            ABOUT_LENGTHS,
        ]
    )


def _table(rows: Iterable[tuple[str, object, str]]) -> list[str]:
    lines = [f"| {name} | {value} | {ends} |" for name, value, ends in rows]
    return ["| | value | 95 % interval |", "| --- | ---: | ---: |", *lines, ""]


def _share(found: Estimate) -> str:
    return f"not defined: {found.reason}" if found.value is None else per_cent(found.value)


def _interval(found: Estimate) -> str:
    return NONE if found.low is None else interval(found.low, found.high)


def _number(found: Estimate) -> str:
    return f"not defined: {found.reason}" if found.value is None else f"{found.value:.3f}"


def _known(share: float | None) -> str:
    return "not defined: no answers" if share is None else per_cent(share)


def _mean(value: float | None) -> str:
    return "not defined: no pairs" if value is None else f"{value:.1f}"


def _plain(value: float | None) -> str:
    return "not defined: no answers" if value is None else f"{value:g}"
