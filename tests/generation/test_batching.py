"""Batches hold prompts of like length and one recipe, and stay within the memory given."""

import random

import pytest

from labeling.generation.backends.batching import MOST_ROWS, Cost, Row, batches_of
from labeling.generation.backends.port import Request
from labeling.generation.recipe import Recipe

pytestmark = pytest.mark.once
COST = Cost(a_token=10, a_row=100)
PLENTY = 1 << 40


def row(at, tokens, recipe=Recipe(max_new_tokens=8)):  # noqa: B008 - frozen
    return Row(at, Request([], at, recipe), tuple(range(tokens)))


def rows(count, seed=1, longest=400):
    draw = random.Random(seed)
    return [row(at, draw.randint(1, longest)) for at in range(count)]


def test_every_row_is_in_one_batch():
    asked = rows(200)

    found = [one.at for batch in batches_of(asked, cost=COST, budget=PLENTY) for one in batch]

    assert sorted(found) == list(range(200))


def test_padding_is_little():
    for batch in batches_of(rows(200), cost=COST, budget=PLENTY):
        assert len(batch[0].ids) <= 1.5 * len(batch[-1].ids) + 16
        assert len(batch) <= MOST_ROWS


def test_longest_prompts_come_first():
    batches = list(batches_of(rows(200), cost=COST, budget=PLENTY))

    assert len(batches[0][0].ids) == max(len(one.ids) for batch in batches for one in batch)


@pytest.mark.parametrize("budget", [5_000, 50_000, 500_000])
def test_batches_stay_within_the_budget(budget):
    for batch in batches_of(rows(100), cost=COST, budget=budget):
        taken = len(batch) * ((len(batch[0].ids) + 8) * COST.a_token + COST.a_row)
        assert taken <= budget


def test_row_beyond_the_budget_is_tried_alone():
    batches = list(batches_of(rows(5), cost=COST, budget=1))

    assert [len(batch) for batch in batches] == [1] * 5


def test_recipes_never_share_a_batch():
    other = Recipe(max_new_tokens=9)

    batches = batches_of([row(0, 5), row(1, 5, other), row(2, 5)], cost=COST, budget=PLENTY)

    assert sorted(sorted(one.at for one in batch) for batch in batches) == [[0, 2], [1]]


def test_equal_prompts_stand_side_by_side():
    asked = [row(at, 5 + at % 3) for at in range(9)]

    (batch,) = batches_of(asked, cost=COST, budget=PLENTY)

    assert [len(one.ids) for one in batch] == [7, 7, 7, 6, 6, 6, 5, 5, 5]
