"""Two campaigns that hold every kind of object, with a marked string in every text."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from labeling.access import Scope
from labeling.accounts.models import ApiToken, User
from labeling.accounts.services.tokens import LONGEST_LIFE, make_token
from labeling.clock import database_now
from tests.factories import make_operator
from tests.security.builder import Builder
from tests.security.canaries import Canaries
from tests.security.exporting import export_folder
from tests.security.sides import Side


@dataclass
class World:
    """Both sides, the operator, and everything planted."""

    canaries: Canaries
    operator: User
    sides: dict[str, Side] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


@contextmanager
def built() -> Iterator[World]:
    """Build the world inside the caller's transaction; its files go at the end."""
    world = World(Canaries(), make_operator())
    for letter, people in (
        ("A", ("manager", "annotator", "teammate", "reviewer", "invited")),
        ("B", ("stranger", "worker", "helper", "newcomer")),
    ):
        world.sides[letter] = Builder(world.canaries, letter, people).build()
    world.tokens = {
        "export": _token(world.sides["A"].people["manager"], Scope.EXPORT_READ),
        "stranger": _token(world.sides["B"].people["stranger"], *Scope),
        "manager": _token(world.sides["A"].people["manager"], *Scope),
    }
    try:
        yield world
    finally:
        for side in world.sides.values():
            shutil.rmtree(export_folder(side.shared["export_id"]), ignore_errors=True)


def _token(user: User, *scopes: Scope) -> str:
    now = database_now()
    token, secret = make_token(
        user=user, name="walk", scopes=scopes, expires_at=now + LONGEST_LIFE, now=now
    )
    # Uses are noted in the row every few minutes; nobody is to mistake that for an effect.
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now + LONGEST_LIFE)
    return secret
