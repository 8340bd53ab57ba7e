"""Marked strings: each is planted in one place, and only some people may ever see it."""

import re
from dataclasses import dataclass, field
from itertools import count

MARK = re.compile(r"canary\d{4}", re.IGNORECASE)
ANNOTATOR, REVIEWER, MANAGER = "annotator", "reviewer", "manager"
MEMBERS = frozenset({ANNOTATOR, REVIEWER, MANAGER})
REVIEWERS = frozenset({REVIEWER, MANAGER})
MANAGERS = frozenset({MANAGER})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Planted:
    """Where a string was planted: whose side, the roles that may see it, and one person."""

    side: str
    place: str
    roles: frozenset[str]
    person: str = ""


@dataclass
class Canaries:
    """All the strings planted in a world."""

    planted: dict[str, Planted] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def plant(self, side: str, place: str, roles: frozenset[str], person: str = "") -> str:
        """Return a new string; ``person`` (a name in the cast) may see it whatever their role."""
        mark = f"canary{next(self._numbers):04d}"
        self.planted[mark] = Planted(side, place, roles, person)
        return mark

    def leaks(self, text: str, *, sides: str, role: str, person: str) -> list[str]:
        """Name each place whose string is in the text and is not for these eyes."""
        found = {mark.lower() for mark in MARK.findall(text)}
        seen = [self.planted[mark] for mark in sorted(found & self.planted.keys())]
        return [
            f"{one.side}: {one.place}"
            for one in seen
            if not (one.side in sides and (role in one.roles or (person and person == one.person)))
        ]
