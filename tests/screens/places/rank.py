"""The page on which three to nine responses are put in order."""

from labeling.campaigns.models import Campaign
from tests.browser.sheets import open_rank
from tests.screens.screen import Place, Visit
from tests.screens.world import cards, stocked

PLACE = Place("rank", "rank", "Putting responses in order")
ORDERS = {3: "213", 5: "21335", 9: "314152967"}


def _opened(visit: Visit, size: int, keys: str = "") -> Campaign:
    campaign, user = stocked(cards(size), candidates_per_comparison=size, ideal="optional")
    page = visit(user)
    open_rank(page, campaign)
    for key in keys:
        page.keyboard.press(f"Digit{key}")
    return campaign


def _sized(size: int) -> None:
    @PLACE.state(f"{size}-empty", f"{size} responses, none ranked yet")
    def empty(visit: Visit) -> None:
        _opened(visit, size)

    @PLACE.state(f"{size}-ranked", f"{size} responses, ranked by as many keys")
    def ranked(visit: Visit) -> None:
        _opened(visit, size, ORDERS[size])


for _size in ORDERS:
    _sized(_size)


@PLACE.state("refused", "Two of five are not acceptable")
def refused(visit: Visit) -> None:
    campaign, user = stocked(cards(5), candidates_per_comparison=5)
    page = visit(user)
    open_rank(page, campaign)
    for key in ("Digit2", "Digit1", "Digit4", "Digit3", "Digit5", "BracketLeft", "BracketLeft"):
        page.keyboard.press(key)


@PLACE.state("half-ranked", "Two of five ranked; the third is next")
def half_ranked(visit: Visit) -> None:
    _opened(visit, 5, "21")


@PLACE.state("long", "Long responses: what is shown of them fills the free height")
def long(visit: Visit) -> None:
    campaign, user = stocked("demo-046", candidates_per_comparison=3)
    open_rank(visit(user), campaign)


@PLACE.state("read-all", "One of them opened")
def read_all(visit: Visit) -> None:
    campaign, user = stocked("demo-046", candidates_per_comparison=3)
    page = visit(user)
    open_rank(page, campaign)
    page.get_by_role("button", name="Read all of response").first.click()


@PLACE.state("shortcuts", "The keys of this page")
def shortcuts(visit: Visit) -> None:
    campaign, user = stocked(cards(3), candidates_per_comparison=3)
    page = visit(user)
    open_rank(page, campaign)
    page.keyboard.press("?")
