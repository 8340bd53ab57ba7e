"""Which states of a campaign may follow which; plain Python."""

from collections.abc import Mapping

DRAFT, ACTIVE, PAUSED, COMPLETED = "draft", "active", "paused", "completed"

FOLLOWS: Mapping[str, tuple[str, ...]] = {
    DRAFT: (ACTIVE,),
    ACTIVE: (PAUSED, COMPLETED),
    PAUSED: (ACTIVE, COMPLETED),
    COMPLETED: (ACTIVE,),
}


def may_follow(state: str, wanted: str) -> bool:
    """Tell whether a campaign in ``state`` may go over to ``wanted``."""
    return wanted in FOLLOWS[state]


def next_states(state: str) -> tuple[str, ...]:
    """Return the states a campaign in ``state`` may go over to."""
    return FOLLOWS[state]
