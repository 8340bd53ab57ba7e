"""A run is filled batch by batch, whatever the backend does."""

from datetime import timedelta

import pytest
from django.db import connection

from labeling.generation.backends.port import BackendUnavailable, Failure
from labeling.generation.enums import CandidateState, GroupState
from labeling.generation.models import CandidateGroup
from labeling.generation.services.runs import stop_run
from tests.generation.conftest import NOW, Scripted, claimed, counts, fill

BUSY = Failure("The server answered 429.", "Retry later.", retriable=True)
WRONG = Failure("The server answered 401.", "Set the key.")


def test_run_is_filled_with_the_seeds_it_asked_for(add_prompt, request_run):
    for number in range(3):
        add_prompt(f"prompt {number}")
    run, backend = request_run(per_prompt=3), Scripted(batch_size=4)

    batches = fill(run, backend)

    assert counts(run) == {CandidateState.DONE: 9}
    assert sum(batch.finished.done for batch in batches) == 9
    assert {one.text for one in run.candidates.all()} == {
        f"text {one.seed}" for one in run.candidates.all()
    }
    assert set(CandidateGroup.objects.values_list("state", flat=True)) == {GroupState.COMPLETE}


def test_batches_say_whether_more_waits(add_prompt, request_run):
    for number in range(4):
        add_prompt(f"prompt {number}")
    run = request_run(per_prompt=2)

    assert [batch.more for batch in fill(run, Scripted(batch_size=3))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_backend_is_never_called_inside_a_transaction(transactional_db, prompt, request_run):
    run = request_run()

    fill(run, Scripted(lambda request: "in" if connection.in_atomic_block else "out"))

    assert set(run.candidates.values_list("text", flat=True)) == {"out"}


def test_one_failure_leaves_its_neighbours_alone(prompt, request_run):
    run = request_run(per_prompt=3)

    fill(run, Scripted("a", WRONG, "c"))

    assert counts(run) == {CandidateState.DONE: 2, CandidateState.FAILED: 1}


def test_batch_without_any_answer_ends_the_work_for_now(prompt, request_run):
    run, backend = request_run(per_prompt=4), Scripted(BUSY, batch_size=2)

    batches = fill(run, backend)

    assert (len(backend.seen), batches[-1].more) == (2, False)
    assert counts(run) == {CandidateState.PENDING: 4}


def test_failing_backend_ends_with_the_third_try(prompt, request_run):
    run = request_run(per_prompt=1)

    for _ in range(4):
        fill(run, Scripted(BUSY))

    assert counts(run) == {CandidateState.FAILED: 1}
    assert run.candidates.get().attempts == 3


def test_backend_that_cannot_be_opened_fails_what_waits_with_its_reason(prompt, request_run):
    run = request_run(per_prompt=2)

    def refuse(part):
        raise BackendUnavailable("There is no such model.", "Add it.")

    fill(run, refuse)

    assert set(run.candidates.values_list("state", "error")) == {
        (CandidateState.FAILED, "There is no such model.\nAdd it.")
    }
    assert CandidateGroup.objects.get().state == GroupState.COMPLETE


def test_time_that_is_used_up_leaves_the_rest_waiting(prompt, request_run):
    run = request_run(per_prompt=3)

    fill(run, Scripted(), budget=0)

    assert counts(run) == {CandidateState.PENDING: 3}


def test_what_a_dead_worker_held_is_made_by_the_next(prompt, request_run):
    run = request_run(per_prompt=2)
    claimed(run, limit=2)

    fill(run, Scripted(), clock=lambda: NOW + timedelta(seconds=61))

    assert counts(run) == {CandidateState.DONE: 2}
    assert set(run.candidates.values_list("attempts", flat=True)) == {2}


def test_worker_that_dies_in_the_backend_loses_nothing(prompt, request_run):
    run = request_run(per_prompt=2)

    def die(request):
        raise SystemExit

    with pytest.raises(SystemExit):
        fill(run, Scripted(die))
    fill(run, Scripted(), clock=lambda: NOW + timedelta(seconds=61))

    assert counts(run) == {CandidateState.DONE: 2}


def test_stopped_run_is_not_worked_on(prompt, request_run, manager):
    run, backend = request_run(), Scripted()
    stop_run(run=run, by=manager, now=NOW)

    fill(run, backend)

    assert backend.seen == []
