"""The figures of the card: against textbooks, the measures of the pages, and simulated people."""

import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.agreement import NO_VARIETY, TOO_FEW, Agreements, disagreement, nominal_alpha
from exports.estimates import Estimate, share_of
from exports.formats.warnings import warnings_of
from exports.records import Judgment, Response
from exports.statistics import Statistics, Summary
from labeling.quality.agreement import raw_agreement
from labeling.quality.consensus import Ballot
from tests.exports.made import BAD, GOOD, PAIR, PROMPT, ROUND, VOTE, answer, judged, replace

FIRST, SECOND, TIE, NEITHER = Ballot((1, 2)), Ballot((2, 1)), Ballot((1, 1)), Ballot(None)
# Krippendorff 2011, section C: four observers, twelve units, five values, some missing.
OBSERVERS = [
    "123321412...",
    "1233224125.3",
    ".3332342251.",
    "12332441251.",
]
# Section A: two observers, ten units, two values.
TWO_OBSERVERS = ["0100000010", "1110010000"]


def alpha_of(observers: list[str]) -> float:
    """Return alpha of a table: a row an observer, a column a unit, a dot where there is none."""
    units = ["".join(unit).replace(".", "") for unit in zip(*observers, strict=True)]
    values = sorted(set("".join(units)))
    counts = [[unit.count(one) for one in values] for unit in units if len(unit) > 1]
    observed = np.array(sum(map(disagreement, counts)))
    return float(nominal_alpha(observed, np.array(counts, dtype=float).sum(axis=0)))


def measured(comparisons: list[tuple[list[Ballot], int]]):
    """Return the agreement over comparisons."""
    found = Agreements()
    for ballots, slots in comparisons:
        found.add(ballots, slots)
    return found.result()


def test_alpha_is_what_krippendorff_computes():
    assert alpha_of(OBSERVERS) == pytest.approx(0.743, abs=0.0005)
    assert alpha_of(TWO_OBSERVERS) == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_comparisons_is_that_of_the_table():
    sides = {"0": FIRST, "1": SECOND}
    units = [([sides[a], sides[b]], 2) for a, b in zip(*TWO_OBSERVERS, strict=True)]

    assert measured(units).alpha.value == pytest.approx(0.095, abs=0.0005)


RANKS = {slots: st.tuples(*[st.integers(1, slots)] * slots) for slots in (2, 3, 4)}
ONE_SIZE = st.sampled_from([2, 3, 4]).flatmap(
    lambda slots: st.tuples(
        st.lists(st.builds(Ballot, st.none() | RANKS[slots]), max_size=5), st.just(slots)
    )
)


@given(st.lists(ONE_SIZE, max_size=12))
def test_raw_agreement_is_that_of_the_pages(comparisons):
    pages, found = raw_agreement(comparisons), measured(comparisons)

    assert (found.comparisons, found.chances) == (pages.comparisons, pages.chances)
    if pages.comparisons > 1:
        assert found.raw.value == pytest.approx(pages.value, abs=1e-6)


@given(st.lists(ONE_SIZE, min_size=2, max_size=6), st.randoms())
def test_agreement_does_not_depend_on_who_speaks_first(comparisons, chance):
    shuffled = [(chance.sample(ballots, len(ballots)), slots) for ballots, slots in comparisons]
    chance.shuffle(shuffled)

    assert measured(shuffled) == measured(comparisons)


@pytest.mark.parametrize(
    "comparisons", [[], [([FIRST], 2)] * 3, [([FIRST, FIRST], 2), ([FIRST], 2)]]
)
def test_agreement_of_fewer_than_two_comparisons_is_not_defined(comparisons):
    found = measured(comparisons)

    assert found.raw == found.alpha == Estimate(None, None, None, TOO_FEW)


def test_alpha_is_not_defined_where_all_say_the_same():
    found = measured([([TIE, TIE], 2), ([TIE, TIE, TIE], 2)])

    assert (found.raw.value, found.raw.low, found.raw.high) == (1, 1, 1)
    assert found.alpha == Estimate(None, reason=NO_VARIETY)


def simulated(chance: np.random.Generator, comparisons: int) -> list[tuple[list[Ballot], int]]:
    """Return comparisons of three people who agree in 0.7 of all chances: sides at even odds.

    Each says what is right with the chance a, and a^2 + (1 - a)^2 is 0.7.
    """
    right = chance.random((comparisons, 3)) < (1 + np.sqrt(2 * 0.7 - 1)) / 2
    sides = chance.random(comparisons) < 0.5
    said = right == sides[:, None]
    return [([FIRST if one else SECOND for one in row], 2) for row in said]


def test_the_interval_covers_the_truth_in_95_of_100_simulations():
    chance = np.random.default_rng(5)
    raw = alpha = 0
    for _ in range(200):
        found = measured(simulated(chance, 150))
        raw += found.raw.low <= 0.7 <= found.raw.high
        alpha += found.alpha.low <= 0.4 <= found.alpha.high  # 1 - (1 - 0.7) / 0.5

    assert 0.90 < raw / 200 < 0.99
    assert 0.90 < alpha / 200 < 0.99


def test_the_interval_stays_when_comparisons_are_drawn_in_many_steps(monkeypatch):
    comparisons = simulated(np.random.default_rng(6), 400)
    at_once = measured(comparisons)
    monkeypatch.setattr("exports.agreement.PATTERNS_HELD", 2)
    in_steps = measured(comparisons)

    assert in_steps.raw.value == at_once.raw.value
    assert in_steps.alpha.low == pytest.approx(at_once.alpha.low, abs=0.02)
    assert in_steps.alpha.high == pytest.approx(at_once.alpha.high, abs=0.02)


def test_the_figures_are_the_same_whatever_the_hash_seed():
    code = (
        "import numpy as np; from tests.exports.test_statistics import measured, simulated;"
        "print(measured(simulated(np.random.default_rng(7), 50)))"
    )
    here = str(measured(simulated(np.random.default_rng(7), 50)))
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "4711"}
    there = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )

    assert there.stdout.strip() == here


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_that_of_the_tables(count, total, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3."""
    found = share_of(count, total, "")

    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_a_share_of_nothing_is_not_defined():
    assert share_of(0, 0, "no answers") == Estimate(None, None, None, "no answers")


def said(who: str, ranks: tuple[int, ...], order: tuple[int, ...] = (0, 1), **changes) -> Judgment:
    """Return a judgment of two responses."""
    made = Judgment(
        1, who, 1, "0" * 64, 5, (GOOD, BAD), order, "work", "ranked", ranks, 0, -1, "{}", "[]", "",
        "[]", "", 0, "", True, 1, ROUND, 900, datetime(2026, 1, 1, tzinfo=UTC), "train",
    )  # fmt: skip
    return replace(made, **changes)


def of_answers(*people: str, outcome: str = "ranked", **changes):
    """Return a comparison that these people prefer the first response of."""
    answers = tuple(answer((1, 2), annotator=who, outcome=outcome) for who in people)
    ballots = (FIRST,) * len(answers)
    given = tuple(said(who, (1, 2)) for who in people)
    return replace(judged(answers=answers, ballots=ballots, given=given), **changes)


def summary_of(*comparisons) -> Summary:
    statistics = Statistics()
    for one in comparisons:
        statistics.read(one)
    return statistics.summary()


def test_answers_are_counted_by_person_and_by_what_they_say():
    ai = replace(of_answers("a", "b"), answers=(answer((1, 2), annotator="a"), answer((1, 2))))
    found = summary_of(
        of_answers("a", "b"),
        of_answers("a", outcome="tie"),
        of_answers("a", "c", outcome="both_bad"),
        replace(ai, n_ai=1),
    ).answers

    assert (found.answers, found.people) == (6, 3)
    assert (found.tie_share, found.both_bad_share) == (0.166667, 0.333333)
    assert (found.median_a_person, found.most_a_person) == (1, 4)
    assert found.most_share == 0.666667


def test_nothing_read_is_not_defined_and_never_nought():
    found = Statistics().summary()

    assert found.answers.tie_share is found.answers.most_share is None
    assert found.lengths.chosen_mean is found.lengths.longer.value is None
    assert found.positions.first.value is None
    assert found.positions.first.reason == "nobody preferred one of two responses"
    assert (found.agreement.raw.reason, found.languages) == (TOO_FEW, {})


def test_positions_are_of_counted_answers_that_prefer_one_of_two():
    given = (
        said("a", (1, 2), (0, 1)),  # the first shown
        said("b", (1, 2), (1, 0)),  # the second shown
        said("c", (2, 1), (1, 0)),  # the first shown
        said("d", (1, 1), (0, 1)),
        said("e", ()),
        said("f", (1, 2), counted=False),
    )
    three = said("a", (1, 2, 3), (0, 1, 2))
    found = summary_of(
        of_answers("a", given=given),
        of_answers("a", given=(three,), responses=(GOOD, BAD, GOOD)),
    ).positions

    assert (found.answers, found.first.value) == (3, 0.666667)


def pairs_of(*lengths: tuple[int, int], probability: float = 0.75):
    """Yield pairs whose chosen and rejected response have these lengths."""
    for chosen, rejected in lengths:
        texts = Response(1, "é" * chosen, ""), Response(2, "x" * rejected, "")
        yield replace(
            PAIR, chosen=texts[0], rejected=texts[1], vote=replace(VOTE, probability=probability)
        )


def summary_of_pairs(*pairs) -> Summary:
    statistics = Statistics()
    for pair in pairs:
        statistics.pair(pair)
    return statistics.summary()


def test_lengths_are_in_characters_and_leave_out_even_pairs():
    found = summary_of_pairs(
        *pairs_of((30, 10), (20, 10), (10, 20), (8, 8)), *pairs_of((900, 1), probability=0.5)
    ).lengths

    assert (found.pairs, found.same, found.even) == (4, 1, 1)
    assert (found.chosen_mean, found.rejected_mean) == (17, 12)
    assert found.longer.value == 0.666667


def test_languages_count_prompts_once_the_most_frequent_first():
    prompts = [("en", 1), ("en", 1), ("de", 2), ("en", 3), ("", 4), ("de", 5), ("de", 6)]
    found = summary_of(
        *(of_answers("a", prompt=replace(PROMPT, language=of, prompt_id=n)) for of, n in prompts)
    )

    assert list(found.languages.items()) == [("de", 3), ("en", 2), ("", 1)]


def test_no_more_than_twenty_languages_are_named():
    prompts = [replace(PROMPT, prompt_id=n + 1, language=f"x-{n}") for n in range(30)]

    assert len(summary_of(*(of_answers("a", prompt=one) for one in prompts)).languages) == 20


def codes(summary: Summary) -> list[str]:
    return [one.code for one in warnings_of(summary)]


def test_longer_responses_warn_from_60_per_cent_when_that_is_no_accident():
    assert codes(summary_of_pairs(*pairs_of(*[(2, 1)] * 61, *[(1, 2)] * 39))) == ["length"]
    assert codes(summary_of_pairs(*pairs_of(*[(2, 1)] * 60, *[(1, 2)] * 40))) == []
    assert codes(summary_of_pairs(*pairs_of(*[(2, 1)] * 3, *[(1, 2)]))) == []
    (found,) = warnings_of(summary_of_pairs(*pairs_of(*[(2, 1)] * 9, (1, 2))))
    assert "would be right in 90.0 %" in found.words


def test_positions_warn_when_the_interval_excludes_a_half():
    def shown(first: int, second: int) -> Summary:
        given = (*[said("a", (1, 2))] * first, *[said("a", (2, 1))] * second)
        return summary_of(of_answers("a", given=given))

    assert codes(shown(70, 30)) == codes(shown(30, 70)) == ["position"]
    assert codes(shown(55, 45)) == codes(shown(1, 0)) == []


def test_one_persons_share_warns_among_ten_and_is_only_stated_among_nine():
    def with_people(count: int) -> Summary:
        return summary_of(
            *(of_answers(f"{n}", given=()) for n in range(count)), of_answers("0", given=())
        )

    assert codes(with_people(10)) == ["one_person"]
    assert codes(with_people(9)) == codes(with_people(40)) == []
