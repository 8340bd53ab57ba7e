"""Every route, method and person, with own and foreign ids: nobody gets at what is not theirs."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from annotate import gate
from labeling.campaigns.models import Campaign, Membership
from tests.security.actors import NAMES, Actor, make_actors
from tests.security.bodies import body_for
from tests.security.effects import changed, state
from tests.security.exporting import FILES
from tests.security.routes import METHODS, Route, all_routes
from tests.security.walking import REACHED, Case, cases, expected
from tests.security.world import World

pytestmark = [pytest.mark.once, pytest.mark.django_db]
MEMBERS = "campaigns/<int:campaign_id>/members/"
STOPS = {401, 403, 404, 405}
# What a link shows to whoever holds it, by its route.
SHOWN_BY_LINKS = {
    "link": "e-mail of the invited",
    "api-export-linked-file": f"content of {FILES[0]}",
}


@pytest.fixture(scope="module")
def actors(world: World) -> dict[str, Actor]:
    return make_actors(world)


def walk(world: World, actor: Actor, among: str = "", tally: Counter | None = None) -> list[str]:
    """Send everything this actor could send; return what went otherwise than it must."""
    faults: list[str] = []
    for route in all_routes():
        if not route.pattern.startswith(among):
            continue
        found = list(cases(route, actor, world))
        # Closed methods are refused before ids are looked at, so one address is enough.
        asked = [
            (method, case)
            for method in METHODS
            for case in (found if route.rule(method) else found[:1])
        ]
        refused = [(m, case) for m, case in asked if expected(route, m, actor, case) != REACHED]
        before = state()
        for method, case in refused:
            faults += _try(world, route, method, actor, case)
        faults += [
            f"{actor.name}: /{route.pattern}: {name} changed though all was refused"
            for name in changed(before, state())
        ]
        for method, case in asked:
            if (method, case) not in refused:
                with transaction.atomic():
                    faults += _try(world, route, method, actor, case)
                    transaction.set_rollback(True)
        if tally is not None:
            tally.update(
                requests=len(asked), refused=len(refused), reached=len(asked) - len(refused)
            )
    return faults


def _try(world: World, route: Route, method: str, actor: Actor, case: Case) -> Iterator[str]:
    cache.clear()
    with transaction.atomic():
        response = actor.send(method, case.url, **body_for(route, method, case.ids))
        text = text_of(response)
    where = f"{actor.name}: {method} {case.url} ({case.label})"
    wanted = expected(route, method, actor, case)
    status = response.status_code
    stops = STOPS - {405} if route.is_library else STOPS
    if status >= 500 or (status in stops if wanted == REACHED else status not in wanted):
        yield f"{where}: {status} where {wanted} was due"
    if status == 302 and wanted == {302} and "/account/sign-in/?next=" not in response["Location"]:
        yield f"{where}: sent to {response['Location']}"
    for leak in world.canaries.leaks(
        text, sides=actor.sees_sides, role=actor.role, person=actor.person
    ):
        if leak != f"{actor.side}: {SHOWN_BY_LINKS.get(route.name)}":
            yield f"{where}: shows {leak}"


def text_of(response: Any) -> str:
    """Return headers and body as one text."""
    parts = response if response.streaming else [response.content]
    return f"{response.headers}" + b"".join(parts).decode(errors="replace")


def test_world_holds_every_kind_of_object(stage: World):
    empty = [
        model._meta.label
        for app in apps.get_app_configs()
        if app.name.startswith(("labeling.", "exports"))
        for model in app.get_models()
        if model._default_manager.count() < 2
    ]
    assert empty == []
    assert len(stage.canaries.planted) >= 200


@pytest.mark.parametrize("name", NAMES)
def test_walk_of_every_route(name: str, stage: World, actors: dict[str, Actor]):
    faults = walk(stage, actors[name])
    assert not faults, "\n".join(faults)


def test_walk_finds_a_gate_that_lets_everybody_through(stage, actors, monkeypatch):
    def let_through(rule, request, kwargs, token):
        if "campaign_id" in kwargs:
            campaign = get_object_or_404(Campaign, pk=kwargs["campaign_id"])
            request.membership = Membership(campaign=campaign, user=request.user, role="manager")

    monkeypatch.setattr(gate, "apply_rule", let_through)

    faults = "\n".join(walk(stage, actors["annotator"], MEMBERS))

    assert "200 where {403} was due" in faults
    assert "changed though all was refused" in faults
    assert "shows B: e-mail of" in faults


def test_walk_finds_lookups_that_forget_the_campaign(stage, actors, monkeypatch):
    honest = QuerySet.filter

    def forgetful(self, *args, **kwargs):
        kwargs.pop("campaign", None)
        return honest(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "filter", forgetful)

    faults = "\n".join(walk(stage, actors["manager"], MEMBERS))

    assert "(own campaign, foreign object): 200 where {404} was due" in faults
    assert "(own): shows B: e-mail of" in faults
