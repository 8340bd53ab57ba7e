"""One side of the world: a campaign, its people, and one object of each kind."""

from dataclasses import dataclass, field
from typing import Any

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign


@dataclass
class Side:
    """One campaign with its people and one object of each kind, by the names routes use."""

    letter: str
    campaign: Campaign
    people: dict[str, User] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ids(self, person: str) -> dict[str, Any]:
        """Return the ids of this side's objects, and of the person's own."""
        return {**self.shared, **self.personal.get(person, {})}
