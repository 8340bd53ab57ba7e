"""Hostile text in every column: no page runs it, whoever opens it, with both defences or one."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from exports.enums import ExportState
from exports.models import Export
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import PromptSet
from tests.browser.conftest import PageFor
from tests.browser.places import EVERYBODY, Visitor, visitors
from tests.browser.trap import Trap, escape_nothing
from tests.plugin import FULL
from tests.security.columns import OPEN
from tests.security.hostile import Deal, turns_for
from tests.security.planting import MARK, plant
from tests.security.world import World, built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
# ``make test-faults`` puts every text into every column, and opens all as everybody; else a column
# gets a few of them, and those look who see most: what a manager is shown, an operator is too.
SIZE = 50 if FULL else 5
LOOKING = EVERYBODY if FULL else ("anonymous", "annotator", "operator")
TURNS = range(turns_for(SIZE) if FULL else 1)
# The tests begin at different texts.
THIRD = turns_for(SIZE) // 3
BEACON = "https://trap.invalid/pixel.gif"
BLUNT = ("<script>window.__pwned=1</script>", f'<img src="{BEACON}">')
# What no page shows; the API answers some of it, as JSON.
ON_NO_PAGE = [
    "account.EmailAddress.email",
    "accounts.IdempotencyKey.answer",
    "accounts.IdempotencyKey.key",
    "assignment.Lane.language",
    "assignment.Lane.skills",
    "exports.Export.manifest",
    "generation.Candidate.response_id",
    "generation.Generator.revision",
    "generation.RevisionStep.finish_reason",
    "generation.RevisionStep.model_revision",
    "judging.AiJudgment.model_label",
    "judging.AiJudgment.model_revision",
    "judging.AiJudgment.parameters",
    "judging.AiJudgment.standard",
    "prompts.PromptSet.error_code",
    "prompts.RefusedRow.code",
    "ranking.Judgment.client",
    "ranking.Judgment.criteria",
]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@dataclass
class Visit:
    """One page as one person opened it: the columns it shows, and what its texts brought about."""

    address: str
    shown: set[str]
    found: list[str]


def tour(
    deal: Deal,
    page_for: PageFor,
    home: str,
    roles: Sequence[str] = LOOKING,
    **context: bool,
) -> list[Visit]:
    """Plant this deal's texts everywhere, then open everything as everybody."""
    with built() as world:
        plant(world, deal)
        return [
            visit
            for visitor in visitors(world, roles, with_parts=True)
            for visit in visits_of(visitor, world, Trap(page_for(visitor.user, **context), home))
        ]


def visits_of(visitor: Visitor, world: World, trap: Trap) -> Iterator[Visit]:
    """Open all that somebody reaches."""
    for address in [*visitor.addresses, *further(visitor, world)]:
        before = len(trap.found)
        response = trap.page.goto(address)
        assert response is not None
        assert response.status == 200, address
        shown = set(MARK.findall(response.text()))
        trap.provoke()
        yield Visit(address, shown, trap.found[before:])


def further(visitor: Visitor, world: World) -> Iterator[str]:
    """Yield the pages of what failed, a list in full, and the form that changes an answer."""
    side = world.sides["A"]
    campaign = side.campaign.pk
    if visitor.name in ("manager", "operator"):
        failed = PromptSet.objects.get(campaign=campaign, state=PromptSetState.FAILED)
        broken = Export.objects.get(campaign=campaign, state=ExportState.FAILED)
        yield reverse("prompt-set", args=[campaign, failed.pk])
        yield reverse("export", args=[campaign, broken.pk])
        yield reverse("comparisons", args=[campaign]) + "?which=all"
    if visitor.name in side.personal:
        judged = side.personal[visitor.name]["judged_assignment_id"]
        yield reverse("rank-answer", args=[campaign, judged])


def caught(visits: list[Visit]) -> list[Visit]:
    return [visit for visit in visits if visit.found]


def unseen(visits: list[Visit]) -> list[str]:
    """Return the columns whose text was on no page."""
    shown = set().union(*(visit.shown for visit in visits))
    return sorted(label for label in OPEN if label.lower() not in shown)


@pytest.mark.skipif(not FULL, reason="a page that is safe without the policy is so with it")
@pytest.mark.parametrize("turn", TURNS)
def test_hostile_texts_do_nothing_on_any_page(
    page_for: PageFor, live_server: LiveServer, turn: int
) -> None:
    visits = tour(Deal(turn, SIZE), page_for, live_server.url)

    assert caught(visits) == []
    assert unseen(visits) == ON_NO_PAGE


@pytest.mark.parametrize("turn", TURNS)
def test_hostile_texts_do_nothing_on_any_page_without_the_policy(
    page_for: PageFor, live_server: LiveServer, turn: int
) -> None:
    visits = tour(Deal(turn + THIRD, SIZE), page_for, live_server.url, bypass_csp=True)

    assert caught(visits) == []


@pytest.mark.parametrize("turn", TURNS)
def test_hostile_texts_do_nothing_on_any_page_that_escapes_and_cleans_nothing(
    page_for: PageFor,
    live_server: LiveServer,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
    turn: int,
) -> None:
    escape_nothing(monkeypatch)

    visits = tour(Deal(turn + 2 * THIRD, SIZE, is_raw=True), page_for, live_server.url)

    assert caught(visits) == []
    assert any(fault.startswith("policy: ") for fault in faults)
    faults.clear()


def test_trap_catches_hostile_texts_on_every_page_that_shows_any(
    page_for: PageFor,
    live_server: LiveServer,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    escape_nothing(monkeypatch)

    deal = Deal(0, len(BLUNT), is_raw=True, corpus=BLUNT)

    visits = tour(deal, page_for, live_server.url, ("annotator", "operator"), bypass_csp=True)

    showing = [visit for visit in visits if visit.shown]
    assert [one.address for one in showing if not {"executed", BEACON} <= set(one.found)] == []
    assert len(showing) > 50
    assert unseen(visits) == ON_NO_PAGE
    faults.clear()
