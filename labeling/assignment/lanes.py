"""Which lane a comparison waits in, and which lanes a person works from; plain Python."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from labeling.assignment.enums import Audience, Turn

PRIORITIES = {Turn.FIRST: -1, Turn.USUAL: 0, Turn.LAST: 1}
SKILL, REVIEWERS_ONLY = "skill:", "reviewers-only"
LONGEST_SKILLS = 200


class Queue(Protocol):
    """What decides whose work a lane is, and when."""

    audience: str
    language: str
    skills: str
    priority: int
    returned: bool


AnyLane = TypeVar("AnyLane", bound=Queue)


@dataclass(frozen=True)
class Needs:
    """What a comparison asks of whoever judges it."""

    audience: str = Audience.EVERYONE
    language: str = ""
    skills: str = ""


@dataclass(frozen=True)
class Person:
    """What is known of whoever asks for work; no languages means any."""

    reviews: bool = False
    languages: Sequence[str] = ()
    skills: Sequence[str] = ()


def needs_of(tags: Collection[str], language: str, *, by_language: bool) -> Needs:
    """Return what a prompt's tags and language ask for.

    ``skill:law`` asks for people with the skill ``law``, ``reviewers-only`` for a reviewer or
    manager. Skills beyond 200 characters together are left out, last first.
    """
    skills = sorted({tag.removeprefix(SKILL).strip() for tag in tags if tag.startswith(SKILL)})
    named = [skill for skill in skills if skill and "," not in skill]
    while len(",".join(named)) > LONGEST_SKILLS:
        named.pop()
    return Needs(
        audience=Audience.REVIEWERS if REVIEWERS_ONLY in tags else Audience.EVERYONE,
        language=language if by_language else "",
        skills=",".join(named),
    )


def turn_of(priority: int) -> Turn:
    """Return when the work of a lane with this priority is handed out."""
    return next(turn for turn, its in PRIORITIES.items() if its == priority)


def may_work(lane: Queue, person: Person) -> bool:
    """Tell whether a lane's work is for this person.

    Languages match by their first part: who reads ``de`` is given ``de-AT``.
    """
    if lane.audience == Audience.REVIEWERS and not person.reviews:
        return False
    if lane.language and person.languages:
        read = {_family(language) for language in person.languages}
        if _family(lane.language) not in read:
            return False
    return set(filter(None, lane.skills.split(","))) <= set(person.skills)


def _family(language: str) -> str:
    return language.lower().replace("_", "-").split("-")[0]


def in_turn(lanes: Sequence[AnyLane], *, draw: str) -> list[AnyLane]:
    """Return lanes in the order in which to look: what was begun, then the most urgent.

    Among equals, work that fewer people may do comes first; what is equal even then is mixed
    by ``draw``, so that no lane has to wait for another to run dry.
    """
    mixed = list(lanes)
    random.Random(draw).shuffle(mixed)  # noqa: S311 - repeatable, nothing secret
    return sorted(
        mixed,
        key=lambda lane: (
            not lane.returned,
            lane.priority,
            lane.audience == Audience.EVERYONE,
            not lane.skills,
        ),
    )
