"""One page in one state: what it is called, who sees it, and how to bring it there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from playwright.sync_api import Page

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign


class Visit(Protocol):
    """How a state gets its page; the one opened last is photographed."""

    def __call__(self, user: User | None = None, **context: Any) -> Page:
        """Open a page in which ``user`` is signed in; ``context`` goes to the browser."""


def manage(visit: Visit, campaign: Campaign, page: str) -> None:
    """Open a page of the campaign as who made it."""
    visit(campaign.created_by).goto(f"/campaigns/{campaign.pk}/{page}")


@dataclass(frozen=True)
class Screen:
    """``route`` names the address it is at; ``place`` and ``state`` name its pictures."""

    route: str
    place: str
    state: str
    caption: str
    show: Callable[[Visit], None]

    @property
    def name(self) -> str:
        """Return what its pictures are called, without the look."""
        return f"{self.place}/{self.state}"


class Place:
    """The states of one page, in the order in which they are shown."""

    def __init__(self, route: str, place: str, title: str) -> None:
        self.route, self.place, self.title = route, place, title
        self.screens: list[Screen] = []

    def state(
        self, name: str, caption: str, *, route: str = ""
    ) -> Callable[[Callable[[Visit], None]], Callable[[Visit], None]]:
        """Take the function below as the way to a state, which may be at another route."""

        def take(show: Callable[[Visit], None]) -> Callable[[Visit], None]:
            self.screens.append(Screen(route or self.route, self.place, name, caption, show))
            return show

        return take
