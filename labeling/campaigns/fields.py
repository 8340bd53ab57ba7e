"""What a manager decides of a campaign, each field as the model holds it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict


class CampaignFields(TypedDict, total=False):
    """The fields that a campaign may be made with beside its name; the model has defaults."""

    description: str
    candidates_per_comparison: int
    overlap: int
    criteria: Sequence[str]
    tie_allowed: bool
    neither_allowed: bool
    counts_ai: bool
    rationale: str
    rationale_min: int
    reason_tags: Sequence[str]
    ideal: str
    lease_seconds: int
    content_warning: str
    most_a_day: int | None
    pay: Decimal | None
    currency: str


EDITABLE = frozenset({"name", *CampaignFields.__annotations__})
