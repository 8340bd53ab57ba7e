"""Tasks ring what follows, and the sweep rings what a lost message missed."""

from datetime import timedelta

import pytest
from celery import Celery

from labeling import doorbell
from labeling.clock import database_now
from labeling.generation import tasks
from labeling.generation.enums import CandidateState
from labeling.generation.models import GenerationRun
from labeling.generation.services import backends
from labeling.prompts.enums import PromptSetState
from tests.generation.conftest import Scripted, claimed

pytestmark = pytest.mark.django_db(transaction=True)
PLAN, FILL = "assignment.plan_comparisons", "generation.fill_candidates"
ADOPT = "generation.adopt_responses"


@pytest.fixture
def backend(monkeypatch):
    scripted = Scripted(batch_size=2)
    monkeypatch.setattr(backends, "open_backend", lambda part: scripted)
    return scripted


def test_adopting_has_the_campaign_planned(prompt, prompt_set, add_responses, rings):
    add_responses(prompt, "Scattering.", "Magic.")

    tasks.adopt_responses(prompt_set_id=prompt_set.pk)

    assert rings == [(PLAN, {"campaign_id": prompt_set.campaign_id})]


def test_adopting_an_import_that_is_gone_does_nothing(db, rings):
    tasks.adopt_responses(prompt_set_id=10**9)

    assert rings == []


def test_filling_rings_planning_and_calls_one_more_worker(prompt, request_run, backend, rings):
    run = request_run(per_prompt=5)

    tasks.fill_candidates(run_id=run.pk)

    assert set(run.candidates.values_list("state", flat=True)) == {CandidateState.DONE}
    assert rings.named(PLAN) == [{"campaign_id": run.campaign_id}]
    assert rings.named(FILL) == [{"run_id": run.pk}]


def test_filling_twice_makes_nothing_twice(prompt, request_run, backend, rings):
    run = request_run(per_prompt=2)

    tasks.fill_candidates(run_id=run.pk)
    tasks.fill_candidates(run_id=run.pk)

    assert (len(backend.seen), run.candidates.count()) == (2, 2)


def test_filling_a_run_that_is_gone_does_nothing(db, backend, rings):
    tasks.fill_candidates(run_id=10**9)

    assert (backend.seen, rings) == ([], [])


def age(run, seconds):
    rung_at = database_now() - timedelta(seconds=seconds)
    GenerationRun.objects.filter(pk=run.pk).update(rung_at=rung_at)


def test_sweep_rings_a_waiting_run_once_in_half_a_minute(prompt, request_run, rings):
    run = request_run()
    age(run, 31)

    tasks.sweep()
    tasks.sweep()

    assert rings.named(FILL) == [{"run_id": run.pk}]


def test_sweep_leaves_a_run_alone_that_somebody_works_on(prompt, request_run, rings):
    run = request_run(per_prompt=2)
    claimed(run, limit=1, now=database_now())
    age(run, 31)

    tasks.sweep()

    assert rings.named(FILL) == []


def test_sweep_rings_a_run_whose_worker_died(prompt, request_run, rings):
    run = request_run(per_prompt=1)
    long_ago = database_now() - timedelta(seconds=90)
    claimed(run, limit=1, now=long_ago)
    age(run, 90)

    tasks.sweep()

    assert rings.named(FILL) == [{"run_id": run.pk}]


def test_sweep_leaves_a_finished_run_alone(prompt, request_run, backend, rings):
    run = request_run()
    tasks.fill_candidates(run_id=run.pk)
    age(run, 31)
    rings.clear()

    tasks.sweep()

    assert rings.named(FILL) == []


@pytest.mark.parametrize(
    ("state", "expected"), [(PromptSetState.DONE, 1), (PromptSetState.STORING, 0)]
)
def test_sweep_rings_imports_nobody_adopted(
    prompt, prompt_set, add_responses, rings, state, expected
):
    add_responses(prompt, "Scattering.", "Magic.")
    prompt_set.state = state
    prompt_set.save()

    tasks.sweep()

    assert rings.named(ADOPT) == [{"prompt_set_id": prompt_set.pk}] * expected


def test_sweep_leaves_planning_to_the_next_stage(prompt, request_run, backend, rings):
    run = request_run()
    tasks.fill_candidates(run_id=run.pk)
    rings.clear()

    tasks.sweep()

    assert rings == []


def test_worker_goes_on_while_nobody_could_be_called(
    prompt, request_run, backend, rings, monkeypatch
):
    run, heard = request_run(per_prompt=2), iter([False, False, True])
    monkeypatch.setattr(tasks, "FILL_SECONDS", 0.0)
    monkeypatch.setattr(doorbell, "hears", lambda: next(heard))
    paused: list[float] = []
    monkeypatch.setattr("labeling.doorbell.time.sleep", paused.append)

    tasks.fill_candidates(run_id=run.pk)

    assert paused == [5.0, 5.0]


def test_worker_with_nothing_left_asks_no_broker(prompt, request_run, backend, rings, monkeypatch):
    monkeypatch.setattr(doorbell, "hears", lambda: pytest.fail("it asked"))

    tasks.fill_candidates(run_id=request_run(per_prompt=2).pk)


def test_broker_that_is_away_is_not_heard(monkeypatch):
    nowhere = Celery("nowhere", broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(doorbell, "current_app", nowhere)
    assert not doorbell.hears()

    here = Celery("here", broker="memory://", set_as_current=False)
    monkeypatch.setattr(doorbell, "current_app", here)
    assert doorbell.hears()
