"""Every page of the product, as each kind of person reaches it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import reverse

from labeling.accounts.models import User
from tests.plugin import FULL
from tests.security.actors import Actor, make_actors
from tests.security.routes import all_routes, table_addresses
from tests.security.walking import REACHED, cases, expected
from tests.security.world import World

ROLES = ("anonymous", "annotator", "manager")
EVERYBODY = ("anonymous", "annotator", "reviewer", "manager", "operator")
# What each person gets at an address, whatever its numbers: worlds are alike, so one visit tells.
_kinds: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Visitor:
    """Somebody with the addresses of all pages that they reach with GET."""

    name: str
    user: User | None
    addresses: list[str]


def visitors(
    world: World, roles: Sequence[str] = ROLES, *, with_parts: bool = False
) -> list[Visitor]:
    """Return one person of each role with what they can open; each kind of page once.

    ``with_parts`` also has what is HTML but only a part of a page, which scripts ask for.
    """
    actors = make_actors(world)
    people = {**world.sides["A"].people, "operator": world.operator}
    return [
        Visitor(name, people.get(name), list(_pages(world, actors[name], with_parts)))
        for name in roles
    ]


def without_reference(visitor: Visitor, *, only: str = "") -> list[str]:
    """Return where somebody gets; the reference, long and the same for all, for ``only`` alone.

    ``make test-faults`` has everybody open it.
    """
    skipped = reverse("api-reference") if not FULL and visitor.name != only else ""
    return [address for address in visitor.addresses if address != skipped]


def _pages(world: World, actor: Actor, with_parts: bool) -> Iterator[str]:
    wanted = ("page", "part") if with_parts else ("page",)
    for address in [*_own_addresses(world, actor), *(_tables() if actor.is_operator else [])]:
        known = (actor.name, re.sub(r"\d+", "1", address))
        if known not in _kinds:
            _kinds[known] = _kind(actor.send("GET", address))
        if _kinds[known] in wanted:
            yield address


def _kind(answer: Any) -> str:
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return "no page"
    return "page" if b"<html" in answer.getvalue()[:200] else "part"


def _own_addresses(world: World, actor: Actor) -> Iterator[str]:
    for route in all_routes():
        for case in [] if route.is_api else cases(route, actor, world):
            if case.label == "own" and expected(route, "GET", actor, case) == REACHED:
                yield case.url


def _tables() -> list[str]:
    found = [address for model in admin.site._registry for address in table_addresses(model)]
    return [reverse("admin:index"), *found]
