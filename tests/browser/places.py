"""Every page of the product, as each kind of person reaches it."""

from collections.abc import Iterator
from dataclasses import dataclass

from labeling.accounts.models import User
from tests.security.actors import Actor, make_actors
from tests.security.routes import all_routes
from tests.security.walking import REACHED, cases, expected
from tests.security.world import World

ROLES = ("anonymous", "annotator", "manager")


@dataclass(frozen=True)
class Visitor:
    """Somebody with the addresses of all pages that they reach with GET."""

    name: str
    user: User | None
    addresses: list[str]


def visitors(world: World) -> list[Visitor]:
    """Return one person of each role with what they can open; each kind of page once."""
    actors = make_actors(world)
    people = world.sides["A"].people
    return [
        Visitor(name, people.get(actors[name].person), list(_pages(world, actors[name])))
        for name in ROLES
    ]


def _pages(world: World, actor: Actor) -> Iterator[str]:
    for route in all_routes():
        if route.is_api:
            continue
        own = [case for case in cases(route, actor, world) if case.label == "own"]
        for case in own:
            if expected(route, "GET", actor, case) != REACHED:
                continue
            answer = actor.send("GET", case.url)
            if answer.status_code == 200 and b"<html" in answer.getvalue()[:200]:
                yield case.url
