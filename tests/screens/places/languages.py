"""A few pages in each other language: from right to left, and in a script without spaces."""

from tests.browser.sheets import open_rank
from tests.browser.states import PAIR
from tests.factories import make_operator
from tests.screens.screen import Place, Visit
from tests.screens.world import cards, stocked

PLACE = Place("rank", "languages", "In other languages")
NAMES = {"ar": "Arabic", "ja": "Japanese"}


def _in(language: str, name: str) -> None:
    @PLACE.state(f"{language}-pair", f"{name}: comparing, with criteria")
    def pair(visit: Visit) -> None:
        campaign, user = stocked(**PAIR)
        page = visit(user, locale=language)
        open_rank(page, campaign)
        page.keyboard.press("KeyQ")

    @PLACE.state(f"{language}-order", f"{name}: putting responses in order")
    def order(visit: Visit) -> None:
        campaign, user = stocked(cards(5), candidates_per_comparison=5)
        page = visit(user, locale=language)
        open_rank(page, campaign)
        for key in ("Digit2", "Digit1", "Digit4", "Digit3", "Digit5", "BracketLeft"):
            page.keyboard.press(key)

    @PLACE.state(f"{language}-form", f"{name}: what a campaign asks", route="campaign-new")
    def form(visit: Visit) -> None:
        visit(make_operator(), locale=language).goto("/campaigns/new/")

    @PLACE.state(f"{language}-sign-in", f"{name}: signing in", route="account_login")
    def door(visit: Visit) -> None:
        visit(locale=language).goto("/account/sign-in/")


for _language, _name in NAMES.items():
    _in(_language, _name)
