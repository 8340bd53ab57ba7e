"""Which candidates are compared: what each design gives, the same every time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.assignment.designs import (
    Design,
    candidate_key,
    candidate_sets,
    choose_pairs,
    choose_sets,
    queue_position,
)
from labeling.assignment.enums import Drawn, PairDesign
from tests.assignment.groups import GROUPS, designs, ids, named, pairs, percents, planned, within


def joined(links: Iterable[tuple[int, ...]]) -> list[set[int]]:
    """Return the parts that the links hold together."""
    parts: list[set[int]] = []
    for link in links:
        touched = [part for part in parts if part & set(link)]
        parts = [part for part in parts if part not in touched]
        parts.append(set(link).union(*touched))
    return parts


# What each design gives.


@given(ids, percents)
def test_all_holds_every_pair_once(members: list[int], percent: int) -> None:
    found = choose_pairs(named(members), Design(random_percent=percent), seed=1)

    assert sorted(pairs(found)) == list(combinations(members, 2))


@given(ids, percents)
def test_a_chain_joins_all_with_one_pair_fewer(members: list[int], percent: int) -> None:
    design = Design(PairDesign.CHAIN, random_percent=percent)
    found = choose_pairs(named(members), design, seed=1)

    assert joined(pairs(found)) == [set(members)]
    assert len(pairs(found, Drawn.DESIGN)) <= len(members) - 1


def test_a_chain_alone_is_a_path_in_an_order_that_differs_by_group_and_seed() -> None:
    orders = set()
    for start in range(0, 4_000, 4):
        found = choose_pairs(
            named(range(start, start + 4)), Design(PairDesign.CHAIN), seed=start % 3
        )
        if not pairs(found, Drawn.RANDOM):
            degrees = Counter(chain.from_iterable(pairs(found)))
            assert sorted(degrees.values()) == [1, 1, 2, 2]
            orders.add(tuple((one - start, other - start) for one, other in pairs(found)))

    assert len(orders) == 4 * 3 * 2  # every order of four


@given(ids)
def test_an_anchor_meets_every_other_candidate(members: list[int]) -> None:
    models = named(members)
    found = choose_pairs(models, Design(PairDesign.ANCHOR, anchor_model="base"), seed=1)
    base = {member for member in members if models[member] == "base"}
    expected = {
        tuple(sorted((one, other))) for one in base for other in members if other not in base
    }

    assert expected <= set(pairs(found))
    assert set(pairs(found, Drawn.DESIGN)) <= expected or not expected


@pytest.mark.parametrize("models", [("weak", "odd", "new"), ("base",)])
def test_an_anchor_falls_back_to_a_chain_where_nothing_meets_it(models: Sequence[str]) -> None:
    members = named(range(5), models)
    by_anchor = choose_pairs(members, Design(PairDesign.ANCHOR, anchor_model="base"), seed=1)

    assert by_anchor == choose_pairs(members, Design(PairDesign.CHAIN), seed=1)


def test_weights_decide_how_often_models_meet() -> None:
    weights = {"a": 4, "b": 2, "c": 1, "left out": 0}
    design = Design(PairDesign.WEIGHTED, budget=1, model_weights=weights)
    met: Counter[tuple[str, ...]] = Counter()
    for start in range(0, GROUPS * 4, 4):
        models = named(range(start, start + 4), tuple(weights))
        found = choose_pairs(models, design, seed=3)
        met.update(tuple(models[one] for one in pair) for pair in pairs(found, Drawn.DESIGN))

    by_design = met.total()
    assert set(met) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert within(met["a", "b"], by_design, 8 / 14)
    assert within(met["a", "c"], by_design, 4 / 14)


def test_a_weight_of_nothing_leaves_a_model_out_unless_at_random() -> None:
    design = Design(PairDesign.WEIGHTED, model_weights={"weak": 0})
    weak = Counter(
        each.drawn
        for found in planned(design, 9, 300)
        for each in found
        if {member % 9 for member in each.members} & {3, 4}
    )

    assert set(weak) == {Drawn.RANDOM}


@given(ids, designs)
def test_a_budget_is_never_exceeded_and_no_pair_is_planned_twice(
    members: list[int], design: Design
) -> None:
    found = pairs(choose_pairs(named(members), design, seed=1))

    assert len(found) == len(set(found))
    assert set(found) <= set(combinations(members, 2))
    assert design.budget is None or len(found) <= design.budget


@given(ids, designs, st.integers(0, 5))
def test_a_budget_is_used_up_as_far_as_the_design_goes(
    members: list[int], design: Design, seed: int
) -> None:
    free = choose_pairs(named(members), replace(design, budget=None), seed=seed)
    tight = choose_pairs(named(members), design, seed=seed)
    by_design = len(pairs(free, Drawn.DESIGN))

    assert len(tight) >= min(by_design, design.budget or 36)


# The same again, and later.


@given(ids, designs, st.integers(0, 5))
def test_the_same_group_gives_the_same_pairs(members: list[int], design: Design, seed: int) -> None:
    models = named(members)
    other_way = dict(reversed(models.items()))

    assert choose_pairs(models, design, seed=seed) == choose_pairs(other_way, design, seed=seed)


@given(ids, st.integers(0, 12), designs)
def test_a_later_group_gives_only_pairs_that_are_new_to_the_prompt(
    members: list[int], before: int, design: Design
) -> None:
    earlier = [members[:before], members[before : before + 2]]
    old = {pair for group in earlier for pair in combinations(group, 2)}
    found = pairs(choose_pairs(named(members), design, seed=1, earlier=earlier))

    assert not set(found) & old
    assert set(found) <= set(combinations(members, 2))


@given(ids, st.integers(2, 12))
def test_a_later_chain_joins_the_new_candidates_to_the_earlier_ones(
    members: list[int], before: int
) -> None:
    models, design = named(members), Design(PairDesign.CHAIN)
    first = choose_pairs(named(members[:before]), design, seed=1)
    later = choose_pairs(models, design, seed=1, earlier=[members[:before]])

    assert joined(pairs([*first, *later])) == [set(members)]
    assert len(pairs(later, Drawn.DESIGN)) <= max(0, len(members) - before)


# Screens of more than two, and names.


@given(ids, st.integers(3, 9))
def test_screens_cover_every_candidate_and_are_drawn_without_regard_to_models(
    members: list[int], size: int
) -> None:
    sets = choose_sets(named(members), Design(PairDesign.ANCHOR), size=size, seed=1)

    assert {each.drawn for each in sets} == {Drawn.RANDOM}
    assert set(chain.from_iterable(pairs(sets))) == set(members)
    assert all(len(set(found)) == min(size, len(members)) for found in pairs(sets))


@pytest.mark.parametrize("size", [2, 3])
def test_a_group_of_one_candidate_gives_nothing(size: int) -> None:
    assert choose_sets({5: "base"}, Design(), size=size, seed=1) == []
    assert candidate_sets([5, 5], size, 1) == []


def test_candidate_key_does_not_depend_on_the_order() -> None:
    assert candidate_key([3, 1, 2]) == candidate_key([1, 2, 3])
    assert candidate_key([1, 23]) != candidate_key([12, 3])


def test_queue_position_fits_a_database_integer_and_depends_on_the_seed() -> None:
    places = {queue_position(candidate_key([n, n + 1]), seed=9) for n in range(1_000)}

    assert len(places) == 1_000
    assert 0 <= min(places) <= max(places) < 2**62
    assert queue_position("a", seed=1) != queue_position("a", seed=2)
