"""Whatever people, managers, clocks and crashes do, and in whatever order, the counts hold."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from labeling.assignment import draws, queries
from labeling.assignment.services import claiming, fitting
from tests.assignment.machine import AssignmentMachine
from tests.assignment.model import REPEAT_AFTER
from tests.assignment.seeded import BUGS
from tests.assignment.stage import Stage, set_stage
from tests.plugin import FULL

# ``make test-faults`` asks for the full size. The rules are the same on both databases, so the
# one that answers slower plays fewer games.
SIZES = {"sqlite": ((150, 50), (2000, 100)), "postgresql": ((50, 50), (500, 50))}
GAMES, STEPS = SIZES[connection.vendor][FULL]
SHARES = 2  # played side by side by the two workers of the suite
MOST_TO_FIND = 200

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The one clock of the engine and the model, and what the next leases are drawn to be."""
    clock = SimpleNamespace(now=None, drawn=None)
    monkeypatch.setattr(fitting, "database_now", lambda: clock.now)
    monkeypatch.setattr(claiming, "draw_kind", lambda **_: clock.drawn)
    monkeypatch.setattr(queries, "long_ago", lambda work: Q())  # short games have repeats, too
    monkeypatch.setattr(draws, "REPEAT_AFTER", REPEAT_AFTER)
    return clock


def play(stage: Stage, clock: SimpleNamespace, **given: Any) -> None:
    """Play so many games of so many steps; each begins on the stage as it was set."""
    machine: Any = partial(AssignmentMachine, stage, clock)
    run_state_machine_as_test(
        machine,
        settings=settings(
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            **given,
        ),
    )


@pytest.mark.parametrize("share", range(SHARES))
def test_engine_does_what_the_plain_model_does(
    stage: Stage, clock: SimpleNamespace, share: int
) -> None:
    play(stage, clock, max_examples=GAMES // SHARES, phases=[Phase.generate, Phase.shrink])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="shown where games are fast")
@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_machine_finds_a_bug_that_is_put_in(
    stage: Stage,
    clock: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    bug: Callable[[pytest.MonkeyPatch], None],
) -> None:
    bug(monkeypatch)

    with pytest.raises((AssertionError, IntegrityError)):
        play(stage, clock, max_examples=MOST_TO_FIND, phases=[Phase.generate], derandomize=True)
