"""Which states of a campaign may follow which; plain Python."""

from collections.abc import Mapping

from labeling.campaigns.enums import CampaignState

FOLLOWS: Mapping[str, tuple[str, ...]] = {
    CampaignState.DRAFT: (CampaignState.ACTIVE,),
    CampaignState.ACTIVE: (CampaignState.PAUSED, CampaignState.COMPLETED),
    CampaignState.PAUSED: (CampaignState.ACTIVE, CampaignState.COMPLETED),
    CampaignState.COMPLETED: (CampaignState.ACTIVE,),
}


def may_follow(state: str, wanted: str) -> bool:
    """Tell whether a campaign in ``state`` may go over to ``wanted``."""
    return wanted in FOLLOWS[state]


def next_states(state: str) -> tuple[str, ...]:
    """Return the states a campaign in ``state`` may go over to."""
    return FOLLOWS[state]
