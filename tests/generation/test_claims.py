"""Claims: one holder, an end, and results that count once."""

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection

from labeling.generation.backends.port import Failure, Postponed
from labeling.generation.enums import CandidateState, GroupState
from labeling.generation.models import Candidate, CandidateGroup
from labeling.generation.services.claims import (
    EMPTY,
    fail_lost,
)
from labeling.generation.services.runs import stop_run
from labeling.generation.services.work import LOST, MOST_ATTEMPTS, kept_alive
from labeling.generation.texts import hash_of
from tests.generation.conftest import NOW, claim_some, claimed, completion, finish

LATER = NOW + timedelta(seconds=61)
BUSY = Failure("The server answered 429.", "Retry later.", retriable=True)
WRONG = Failure("The server answered 401.", "Set the key.")


def states(run):
    return list(run.candidates.order_by("id").values_list("state", flat=True))


def free(run, now=NOW):
    return claim_some(run, now=now)


def test_claim_takes_each_candidate_once(prompt, request_run):
    run = request_run(per_prompt=3)

    first, second = claimed(run, limit=2), claimed(run, limit=2)

    taken = [one.pk for claim in (first, second) for one in claim.rows]
    assert taken == list(run.candidates.order_by("id").values_list("pk", flat=True))
    assert free(run) is None


def test_finished_candidate_holds_its_whole_provenance(prompt, request_run):
    run = request_run(per_prompt=1)

    finished = finish(claimed(run), completion("Blue."), now=LATER)

    one = run.candidates.get()
    assert (finished.done, finished.groups) == (1, 1)
    assert (one.state, one.text, one.text_hash) == ("done", "Blue.", hash_of("Blue."))
    assert (one.model_label, one.model_revision, one.template_hash) == ("scripted", "r1", "t" * 64)
    assert (one.parameters, one.finish_reason) == ({"temperature": 0.8}, "stop")
    assert (one.prompt_tokens, one.completion_tokens, one.latency_ms) == (3, 4, 5)
    assert (one.attempts, one.claim, one.finished_at) == (1, None, LATER)


def test_group_is_complete_with_its_last_candidate_only(prompt, request_run):
    run = request_run(per_prompt=2)
    first, second = claimed(run, limit=1), claimed(run, limit=1)

    assert finish(first, completion("Blue.")).groups == 0
    assert CandidateGroup.objects.get().unfinished == 1
    assert finish(second, WRONG).groups == 1
    assert CandidateGroup.objects.get().state == GroupState.COMPLETE


def test_expired_claim_is_taken_over_and_its_late_finish_refused(prompt, request_run):
    run = request_run(per_prompt=1)
    dead = claimed(run)
    alive = claimed(run, now=LATER)

    late = finish(dead, completion("late"), now=LATER)

    assert (late.late, late.done, run.candidates.get().state) == (1, 0, "running")
    assert finish(alive, completion("in time"), now=LATER).done == 1
    assert (run.candidates.get().text, run.candidates.get().attempts) == ("in time", 2)


def test_finishing_twice_counts_once(prompt, request_run):
    run = request_run(per_prompt=1)
    claim = claimed(run)
    finish(claim, completion("Blue."))

    again = finish(claim, completion("Red."))

    assert (again.late, again.groups, run.candidates.get().text) == (1, 0, "Blue.")


def test_claim_that_expired_and_was_not_taken_still_counts(prompt, request_run):
    run = request_run(per_prompt=1)

    assert finish(claimed(run), completion("slow"), now=LATER).done == 1


def test_candidates_that_outlive_worker_after_worker_are_taken_one_by_one(prompt, request_run):
    run = request_run(per_prompt=3)

    taken = [claimed(run, now=NOW + timedelta(minutes=2 * again)) for again in range(5)]

    assert [len(claim.rows) for claim in taken] == [3, 3, 3, 1, 1]


def test_candidate_that_ends_every_worker_is_set_aside(prompt, request_run):
    run = request_run(per_prompt=1)
    for attempt in range(MOST_ATTEMPTS):
        claimed(run, now=NOW + timedelta(minutes=2 * attempt))
    now = NOW + timedelta(minutes=2 * MOST_ATTEMPTS)

    assert free(run, now) is None
    finished = fail_lost(run_id=run.pk, now=now)

    assert (finished.failed, finished.groups) == (1, 1)
    assert (run.candidates.get().state, run.candidates.get().error) == ("failed", str(LOST))


def test_worker_that_ends_counts_as_no_failure(prompt, request_run):
    run = request_run(per_prompt=1)
    for minutes in (0, 2, 4):
        claimed(run, now=NOW + timedelta(minutes=minutes))

    found = finish(claimed(run, now=NOW + timedelta(minutes=6)), BUSY)

    assert (found.again, run.candidates.get().failures, run.candidates.get().attempts) == (1, 1, 4)


def test_failure_worth_another_try_waits_again_and_ends_with_the_third(prompt, request_run):
    run = request_run(per_prompt=1)

    endings = [finish(claimed(run), BUSY) for _ in range(3)]

    assert [(one.again, one.failed) for one in endings] == [(1, 0), (1, 0), (0, 1)]
    assert run.candidates.get().error == str(BUSY)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_empty_response_fails(prompt, request_run, text):
    run = request_run(per_prompt=1)

    assert finish(claimed(run), completion(text)).failed == 1
    assert run.candidates.get().error == str(EMPTY)


def test_text_that_no_database_stores_is_mended(prompt, request_run):
    run = request_run(per_prompt=1)

    finish(claimed(run), completion("a\x00b\ud800c"))

    assert run.candidates.get().text == "a\ufffdb\ufffdc"


def test_claim_is_renewed_while_the_work_lasts(transactional_db, prompt, request_run):
    run = request_run(per_prompt=1)
    claim = claimed(run)
    renewed = claim.rows[0].claim_expires_at

    with kept_alive(claim=claim, seconds=0.03, clock=lambda: LATER):
        while renewed == claim.rows[0].claim_expires_at:
            renewed = run.candidates.get().claim_expires_at

    assert renewed == LATER + timedelta(seconds=0.03)


@pytest.mark.postgres
def test_four_workers_never_make_a_candidate_twice(transactional_db, add_prompt, request_run):
    for number in range(20):
        add_prompt(f"prompt {number}")
    run = request_run(per_prompt=3)
    taken: list[tuple[uuid.UUID, int]] = []

    def work():
        while claim := claim_some(run, limit=4):
            taken.extend((claim.token, one.pk) for one in claim.rows)
            finish(claim, *[completion(f"Blue {one.pk}.") for one in claim.rows])
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len({pk for _, pk in taken}) == 60
    assert Candidate.objects.filter(run=run, state=CandidateState.DONE, attempts=1).count() == 60
    groups = CandidateGroup.objects.filter(run=run)
    assert set(groups.values_list("state", "unfinished")) == {(GroupState.COMPLETE, 0)}


def test_postponed_candidate_waits_as_if_nobody_had_taken_it_up(prompt, request_run):
    run = request_run(per_prompt=1)

    finished = finish(claimed(run), Postponed())

    one = run.candidates.get()
    assert (finished.again, one.state, one.attempts, one.failures) == (1, "pending", 0, 0)


def test_postponed_candidate_of_a_stopped_run_is_set_aside(prompt, request_run, manager):
    run = request_run(per_prompt=1)
    claim = claimed(run)
    stop_run(run=run, by=manager, now=NOW)

    assert finish(claim, Postponed()).failed == 1


def test_response_that_came_before_is_no_response(prompt, request_run):
    run = request_run(per_prompt=3)
    named = [replace(completion(text), response_id="r-1") for text in ("Blue.", "Red.")]

    finish(claimed(run), *named, completion("Green."))

    assert states(run) == ["done", "pending", "done"]
    assert run.candidates.get(state="pending").error.startswith("The server gave one response")
    assert finish(claimed(run), replace(completion("Red."), response_id="r-2")).done == 1


def test_text_costs_what_its_tokens_do(prompt, request_run, generator):
    generator.price_read, generator.price_written = Decimal(1_000), Decimal(2_000)
    generator.save()
    run = request_run(per_prompt=1)

    finish(claimed(run), completion("Blue."))

    assert run.candidates.get().cost == Decimal("0.011")
