"""Who walks the routes: each with their side, their role and a way to sign in."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from labeling.access import Rule, Scope, Who
from labeling.accounts.models import User
from tests.factories import signed_in
from tests.security.world import World

COOKIE = settings.SESSION_COOKIE_NAME


@dataclass(frozen=True)
class Actor:
    """One visitor. ``role`` is the role on their own ``side``; ``person`` their name in the cast.

    ``scopes`` is None for a session, else what their API token holds.
    """

    name: str
    side: str
    role: str = ""
    person: str = ""
    session: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    is_operator: bool = False

    @property
    def is_anonymous_on_pages(self) -> bool:
        """Pages know sessions only, so a token is nobody there."""
        return not self.session

    @property
    def sees_sides(self) -> str:
        return "AB" if self.is_operator else self.side

    def send(self, method: str, url: str, **given: Any) -> Any:
        """Send one request with cookies of its own."""
        client = Client(raise_request_exception=False, headers=self.headers)
        if self.session:
            client.cookies[COOKIE] = self.session
        return client.generic(method, url, **given)


def make_actors(world: World) -> dict[str, Actor]:
    """Return everybody, by name."""
    people = {**world.sides["A"].people, **world.sides["B"].people}
    found = [
        Actor("anonymous", "A"),
        Actor("annotator", "A", "annotator", "annotator", _session(people["annotator"])),
        Actor("teammate", "A", "annotator", "teammate", _session(people["teammate"])),
        Actor("reviewer", "A", "reviewer", "reviewer", _session(people["reviewer"])),
        Actor("manager", "A", "manager", "manager", _session(people["manager"])),
        Actor("stranger", "B", "manager", "stranger", _session(people["stranger"])),
        _bearer(world, "export token", "A", "manager", "export", Scope.EXPORT_READ),
        _bearer(world, "stranger's token", "B", "stranger", "stranger", *Scope),
        _bearer(world, "manager's token", "A", "manager", "manager", *Scope),
        Actor("operator", "A", "manager", "", _session(world.operator), is_operator=True),
    ]
    return {actor.name: actor for actor in found}


NAMES = (
    "anonymous", "annotator", "teammate", "reviewer", "manager", "stranger",
    "export token", "stranger's token", "manager's token", "operator",
)  # fmt: skip


def _session(user: User) -> str:
    return signed_in(user).cookies[COOKIE].value


def _bearer(world: World, name: str, side: str, person: str, token: str, *scopes: Scope) -> Actor:
    return Actor(
        name,
        side,
        "manager",
        person,
        headers={"Authorization": f"Bearer {world.tokens[token]}"},
        scopes=frozenset(scopes),
    )


def admits(rule: Rule, actor: Actor) -> bool:
    """Tell whether a role rule admits the actor on their own side."""
    return actor.is_operator or Who(actor.role) in rule.who
