"""Margins are finite numbers in every row, or in none."""

import json
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.formats.variants import VARIANTS
from exports.making import pairs_of
from exports.pairing import decide
from exports.policies import Margin, Ties, Votes
from exports.selection import Selection
from labeling.quality.consensus import Ballot
from tests.exports.made import judged
from tests.exports.traps.exported import PAIRS
from tests.exports.traps.pure import write
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
WITH_MARGIN = [
    config for config in PAIRS if "margin" in {one.name for one in VARIANTS[config].columns}
]
ORDERS = st.sampled_from([None, (1, 1), (1, 2), (2, 1)])
BALLOTS = st.lists(st.builds(Ballot, ORDERS, st.none() | st.integers(1, 4)), min_size=1, max_size=6)


@trap(1)
@pytest.mark.parametrize("config", WITH_MARGIN)
def test_margin_is_a_number_where_nobody_stated_a_strength(rich, config):
    """A margin that is null in one row stops the reward trainer with a TypeError."""
    stated = {row["pair_id"]: row["strength_votes"] for row in rich.rows("trl")}

    for container in ("parquet", "jsonl"):
        rows = rich.rows(config, container)
        unstated = [row["margin"] for row in rows if not stated[row["pair_id"]]]
        assert set(unstated) == {0.0}
        assert all(row["margin"] is not None for row in rows)
    assert any(row["margin"] for row in rows)


@trap(2)
def test_margin_is_nothing_where_no_strength_was_stated_at_all(tmp_path):
    """A margin that is null in every row has no type, and stops the reward trainer."""
    selection = Selection(margin="large")
    one = judged((1, 2), (1, 2), (2, 1))
    pairs = list(pairs_of(one, decide(one.ballots, 2, selection), selection))

    (table,) = write(tmp_path, pairs, selection=selection)
    (lines,) = write(tmp_path, pairs, "jsonl", selection=selection)

    assert json.loads(lines.read_text("utf-8"))["margin"] == 0.0
    column = pq.read_table(table).column("margin")
    assert (column.type, column.to_pylist()) == (pa.float64(), [0.0])


@trap(3)
@pytest.mark.parametrize("config", WITH_MARGIN)
def test_margin_is_in_every_line_or_in_none(rich, unfit, config):
    """A margin that some lines of JSON Lines do not have is null in them."""
    assert {"margin" in row for row in rich.rows(config, "jsonl")} == {True}
    assert {"margin" in row for row in unfit.rows(config, "jsonl")} == {False}
    assert "margin" not in unfit.schema(config).names


@trap(4)
@given(BALLOTS, st.sampled_from(Margin), st.sampled_from(Votes), st.sampled_from(Ties))
def test_margin_is_finite_and_never_below_nothing(ballots, margin, policy, ties):
    """A margin that is not a number makes every loss one, in silence; so would a weight."""
    selection = Selection(margin=margin, policy=policy, ties=ties, weight="strength")

    for one in decide(ballots, 2, selection).preferences:
        assert math.isfinite(one.margin)
        assert one.margin >= 0.0
        assert math.isfinite(one.weight)
        assert math.isfinite(one.probability)


@trap(5)
@pytest.mark.parametrize("config", WITH_MARGIN)
def test_margin_is_a_floating_point_number_in_the_file(rich, config):
    """A margin that is a text stops the reward trainer; one that is whole here changes type."""
    assert rich.schema(config).field("margin").type == pa.float64()
    assert {type(row["margin"]) for row in rich.rows(config, "jsonl")} == {float}
