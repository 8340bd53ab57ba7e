"""Hostile text in an address or a form: what the page says back does nothing either."""

import logging
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PageFor
from tests.browser.places import ROLES, visitors
from tests.browser.trap import Trap, escape_nothing
from tests.plugin import FULL
from tests.security.hostile import Deal, turns_for
from tests.security.world import World, built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
# ``make test-faults`` tries every text in every address.
SIZE = 25
TURNS = range(turns_for(SIZE) if FULL else 1)
# Which forms of a page take text, and one of them filled past all limits that the browser keeps.
TAKING = """
() => [...document.querySelectorAll('form[method=post]')].flatMap((form, nth) => {
  const takes = ['textarea', ...['text', 'email', 'number'].map((type) => `input[type=${type}]`)];
  return form.querySelector(takes.join()) ? [nth] : [];
})
"""
SEND = """
([nth, text]) => {
  const form = document.querySelectorAll('form[method=post]')[nth];
  for (const field of form.querySelectorAll('textarea, input')) {
    if (field.type === 'number' || field.type === 'email') field.type = 'text';
    if (field.localName === 'textarea' || field.type === 'text') field.value = text;
  }
  HTMLFormElement.prototype.submit.call(form);
}
"""
WITHOUT = ("nothing", "the policy", "cleaning") if FULL else ("the policy", "cleaning")
BLUNT = "<script>window.__pwned=1</script>"
CLOSED = f'">{BLUNT}</textarea>{BLUNT}'


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def addresses(world: World, text: str) -> Iterator[str]:
    """Yield pages that repeat, or look up, what their address says."""
    campaign = world.sides["A"].campaign.pk
    narrowed = {"tag": text, "external_id": text, "language": text, "after": text}
    yield f"{reverse('prompts', args=[campaign])}?{urlencode(narrowed)}"
    yield f"{reverse('comparisons', args=[campaign])}?{urlencode({'which': text, 'after': text})}"
    yield f"{reverse('exports-preview', args=[campaign])}?{urlencode({'min_votes': text})}"
    yield f"{reverse('exports', args=[campaign])}?{urlencode({'page': text})}"
    yield f"{reverse('account_reauthenticate')}?{urlencode({'next': text})}"
    yield f"/links/{quote(text.replace('/', ' '), safe='')}/"
    yield f"/nowhere/{quote(text, safe='')}/"


def open_all(world: World, trap: Trap, deal: Deal) -> int:
    """Open those pages with the texts of this deal."""
    opened = list(addresses(world, deal.glued(deal.portion(0))))
    for address in opened:
        trap.page.goto(address)
        trap.provoke()
    return len(opened)


def send(address: str, trap: Trap, text: str) -> int:
    """Send every form of a page that takes text, with this one; return how many there are."""
    trap.page.goto(address)
    forms = trap.page.evaluate(TAKING)
    for nth in forms:
        trap.page.goto(address)
        with trap.page.expect_navigation():
            trap.page.evaluate(SEND, [nth, text])
        trap.provoke()
    return len(forms)


@pytest.mark.parametrize("without", WITHOUT)
def test_hostile_texts_in_addresses_and_forms_do_nothing(
    page_for: PageFor,
    live_server: LiveServer,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
    without: str,
) -> None:
    is_raw = without == "cleaning"
    if is_raw:
        escape_nothing(monkeypatch)
    sent, found = 0, []
    with built() as world:
        for visitor in visitors(world, ROLES if FULL else ("anonymous", "manager")):
            page = page_for(visitor.user, bypass_csp=without == "the policy")
            trap = Trap(page, live_server.url)
            for turn in TURNS:
                sent += open_all(world, trap, Deal(turn, SIZE, is_raw))
            for at, address in enumerate(visitor.addresses):
                deal = Deal(at, SIZE, is_raw)
                sent += send(address, trap, deal.glued(deal.portion(0)))
            found += trap.found

    assert found == []
    assert sent > 30
    if is_raw:
        faults.clear()


def test_trap_catches_what_an_address_and_a_form_say_back(
    page_for: PageFor,
    live_server: LiveServer,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    escape_nothing(monkeypatch)
    with built() as world:
        side = world.sides["A"]
        trap = Trap(page_for(side.people["manager"], bypass_csp=True), live_server.url)

        trap.page.goto(next(addresses(world, CLOSED)))
        by_address = trap.found.copy()
        send(reverse("campaign-edit", args=[side.campaign.pk]), trap, CLOSED)

    assert by_address == ["executed"] * len(by_address) != []
    assert len(trap.found) > len(by_address)
    faults.clear()
