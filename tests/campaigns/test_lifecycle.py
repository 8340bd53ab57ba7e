"""Which states may follow which."""

from itertools import product

from labeling.campaigns.enums import CampaignState
from labeling.campaigns.lifecycle import FOLLOWS, may_follow, next_states


def test_lifecycle_knows_every_state() -> None:
    assert set(FOLLOWS) == set(CampaignState.values)


def test_lifecycle_allows_these_steps_only() -> None:
    allowed = {step for step in product(CampaignState.values, repeat=2) if may_follow(*step)}

    assert allowed == {
        ("draft", "active"),
        ("active", "paused"),
        ("active", "completed"),
        ("paused", "active"),
        ("paused", "completed"),
        ("completed", "active"),
    }


def test_lifecycle_says_what_comes_next() -> None:
    assert next_states("paused") == ("active", "completed")
