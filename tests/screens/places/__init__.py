"""Every page and state that is photographed, in the order in which they are shown."""

from tests.screens.places import (
    compare,
    doors,
    judging,
    languages,
    leading,
    material,
    models,
    outcome,
    rank,
    rest,
    revisions,
    revoked,
    training,
)
from tests.screens.screen import Screen

PLACES = (
    compare.PLACE,
    rank.PLACE,
    rest.PLACE,
    rest.HISTORY,
    rest.PROFILE,
    training.TAKING,
    leading.HOME,
    leading.OVERVIEW,
    leading.FORM,
    leading.GUIDES,
    leading.MEMBERS,
    leading.ROUNDS,
    leading.POLICY,
    training.MANAGING,
    material.PROMPTS,
    material.IMPORT,
    models.RESPONSES,
    models.RUN,
    models.HELD,
    revisions.REVISIONS,
    revisions.SERVERS,
    judging.JUDGING,
    outcome.PROGRESS,
    outcome.COMPARISONS,
    outcome.EXPORTS,
    revoked.REVOCATIONS,
    doors.DOOR,
    doors.LINKS,
    doors.PASSWORDS,
    doors.TOKENS,
    doors.REFERENCE,
    doors.REFUSALS,
    languages.PLACE,
)


def every_screen() -> list[Screen]:
    """Return each page in each state once."""
    return [screen for place in PLACES for screen in place.screens]
