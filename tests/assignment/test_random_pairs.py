"""At least 15 % of pairs are random: uniform over all of a group, whatever the design does."""

import math
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.assignment.designs import Design, choose_pairs
from labeling.assignment.enums import Drawn, PairDesign
from tests.assignment.groups import (
    GROUPS,
    MODELS,
    SURE,
    designs,
    ids,
    named,
    pairs,
    planned,
    within,
)

EVERY = pytest.mark.parametrize(
    "design",
    [
        Design(PairDesign.ALL),
        Design(PairDesign.ALL, budget=3),
        Design(PairDesign.CHAIN),
        Design(PairDesign.CHAIN, budget=1),
        Design(PairDesign.ANCHOR, anchor_model="base"),
        Design(PairDesign.ANCHOR, anchor_model="base", budget=2, random_percent=30),
        Design(PairDesign.WEIGHTED, model_weights={"strong": 9, "weak": 0}),
        Design(PairDesign.WEIGHTED, model_weights={"strong": 9, "weak": 0}, budget=2),
    ],
    ids=lambda design: f"{design.name}-{design.budget}",
)


@EVERY
@pytest.mark.parametrize("size", [2, 3, 4, 9])
def test_random_pairs_are_at_least_the_percentage_of_what_is_planned(
    design: Design, size: int
) -> None:
    found = planned(design, size)
    drawn = sum(len(pairs(group, Drawn.RANDOM)) for group in found)
    total = sum(len(group) for group in found)
    share = design.random_percent / 100

    assert drawn >= total * share - SURE * math.sqrt(total * share * (1 - share))


@pytest.mark.parametrize("budget", [None, 1, 2, 5])
@pytest.mark.parametrize("percent", [15, 40, 100])
def test_random_pairs_of_all_are_the_percentage_within_a_binomial_interval(
    budget: int | None, percent: int
) -> None:
    found = planned(Design(budget=budget, random_percent=percent), 4)
    drawn = sum(len(pairs(group, Drawn.RANDOM)) for group in found)

    assert sum(len(group) for group in found) == GROUPS * (budget or 6)
    assert within(drawn, GROUPS * (budget or 6), percent / 100)


@EVERY
@pytest.mark.parametrize("size", [3, 5])
def test_random_pairs_are_uniform_over_the_pairs_of_a_group(design: Design, size: int) -> None:
    met = Counter(
        tuple(member % size for member in pair)
        for group in planned(design, size)
        for pair in pairs(group, Drawn.RANDOM)
    )
    possible = list(combinations(range(size), 2))

    assert set(met) == set(possible)
    assert all(within(met[pair], met.total(), 1 / len(possible)) for pair in possible)


@given(ids, designs, st.permutations(MODELS), st.integers(0, 5))
def test_the_draw_of_random_pairs_knows_no_models(
    members: list[int], design: Design, others: list[str], seed: int
) -> None:
    first = pairs(choose_pairs(named(members), design, seed=seed), Drawn.RANDOM)
    second = pairs(choose_pairs(named(members, others), design, seed=seed), Drawn.RANDOM)

    # The models may change how many there are, never which come first.
    shorter = min(len(first), len(second))
    assert first[:shorter] == second[:shorter]


def test_win_rates_of_random_pairs_are_unbiased_where_the_design_is_not() -> None:
    """A design that seeks close matches understates the best model; its random pairs do not."""
    wins = {"strong": 0.9, "base": 0.5, "weak": 0.1}
    models = ("strong", "base", "weak")
    design = Design(PairDesign.WEIGHTED, budget=1, model_weights={"weak": 0.05})
    met: dict[Drawn, list[float]] = {drawn: [] for drawn in Drawn}
    for start in range(0, GROUPS * 3, 3):
        by_id = named(range(start, start + 3), models)
        for each in choose_pairs(by_id, design, seed=2):
            strengths = [wins[by_id[member]] for member in each.members]
            if by_id[each.members[0]] == "strong":
                met[each.drawn].append(strengths[0] / sum(strengths))
    rates = {drawn: sum(values) / len(values) for drawn, values in met.items()}
    truth = (0.9 / 1.4 + 0.9 / 1.0) / 2

    assert rates[Drawn.DESIGN] < truth - 0.1
    assert rates[Drawn.RANDOM] == pytest.approx(truth, abs=0.03)


def test_a_later_groups_random_pairs_are_uniform_over_what_is_new_and_their_share_holds() -> None:
    design = Design(PairDesign.ANCHOR, anchor_model="base", budget=2)
    met: Counter[tuple[int, ...]] = Counter()
    total = 0
    for start in range(0, GROUPS * 4, 4):
        models = named(range(start, start + 4), ("weak", "strong", "base", "new"))
        found = choose_pairs(models, design, seed=5, earlier=[{start, start + 1}])
        met.update(tuple(m - start for m in pair) for pair in pairs(found, Drawn.RANDOM))
        total += len(found)

    assert set(met) == {(0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}
    assert all(within(count, met.total(), 1 / 5) for count in met.values())
    assert within(met.total(), total, 0.15)
