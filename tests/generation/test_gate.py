"""What is unfit to be compared is held back until a manager releases it."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection

from labeling.accounts.models import AuditEvent
from labeling.assignment.models import ComparedCandidate, Comparison
from labeling.assignment.services.planning import plan_comparisons
from labeling.errors import Invalid
from labeling.generation.enums import CandidateState, Flaw, GroupState
from labeling.generation.models import Candidate, CandidateGroup
from labeling.generation.services.adoption import adopt_responses
from labeling.generation.services.gate import release_candidates
from labeling.generation.services.runs import retry_failed
from tests.generation.conftest import NOW, claimed, completion, finish

pytestmark = pytest.mark.django_db


def cut(text):
    return replace(completion(text), finish_reason="length")


def states(run):
    return list(run.candidates.order_by("id").values_list("state", flat=True))


def release(run, manager, **which):
    return release_candidates(run=run, by=manager, now=NOW, **which)


def test_unfit_response_is_held_back_with_its_reasons(prompt, request_run):
    run = request_run(per_prompt=2)

    found = finish(claimed(run), completion("Blue."), cut("It is</s>"))

    assert (found.done, found.held, found.failed, found.groups) == (1, 1, 0, 1)
    assert states(run) == [CandidateState.DONE, CandidateState.HELD]
    assert run.candidates.get(state="held").flaws == [Flaw.CUT_OFF, Flaw.TEMPLATE]
    assert run.candidates.get(state="held").text == "It is</s>"


def test_nobody_is_asked_to_judge_what_is_held_back(prompt, request_run, campaign):
    run = request_run(per_prompt=3)
    finish(claimed(run), completion("Blue."), completion("Because of air."), cut("It is"))

    assert plan_comparisons(campaign_id=campaign.pk) == 1
    assert not ComparedCandidate.objects.filter(candidate__state=CandidateState.HELD).exists()


def test_released_response_gets_its_comparisons(prompt, request_run, campaign, manager):
    run = request_run(per_prompt=3)
    finish(claimed(run), completion("Blue."), completion("Because of air."), cut("It is"))
    plan_comparisons(campaign_id=campaign.pk)

    assert release(run, manager) == 1
    assert plan_comparisons(campaign_id=campaign.pk) == 2

    assert Comparison.objects.filter(campaign=campaign).count() == 3
    one = run.candidates.get(flaws=[Flaw.CUT_OFF])
    assert (one.state, one.released_by, one.released_at) == (CandidateState.DONE, manager, NOW)
    event = AuditEvent.objects.get(action="candidates.released")
    assert event.data["candidates"] == 1


def test_release_while_the_prompt_is_still_being_filled_plans_nothing_early(
    prompt, request_run, manager
):
    run = request_run(per_prompt=3)
    finish(claimed(run, limit=1), cut("It is"))

    release(run, manager)

    assert CandidateGroup.objects.get().state == GroupState.FILLING


def test_only_what_is_named_is_released(prompt, request_run, manager):
    run = request_run(per_prompt=3)
    finish(claimed(run), cut("It is"), completion("Blue.</s>"), completion("Red.</s>"))
    last = run.candidates.order_by("-id").first()

    assert release(run, manager, candidate_ids=[last.pk]) == 1
    assert release(run, manager, flaw=Flaw.CUT_OFF) == 1
    assert release(run, manager, flaw=Flaw.CUT_OFF) == 0
    assert states(run) == [CandidateState.DONE, CandidateState.HELD, CandidateState.DONE]


def test_response_of_another_run_is_not_released(prompt, request_run, manager):
    mine, other = request_run(per_prompt=1), request_run(per_prompt=1, seed=8)
    finish(claimed(mine), cut("It is"))
    finish(claimed(other), cut("So it"))

    with pytest.raises(Invalid, match="the run made no response"):
        release(mine, manager, candidate_ids=[mine.candidates.get().pk, other.candidates.get().pk])
    assert states(mine) == [CandidateState.HELD]


def test_second_of_two_that_say_the_same_is_held_back(prompt, request_run):
    run = request_run(per_prompt=3)

    finish(claimed(run), completion("Blue."), completion("blue"), completion("Red."))

    assert states(run) == [CandidateState.DONE, CandidateState.HELD, CandidateState.DONE]
    assert run.candidates.get(state="held").flaws == [Flaw.DUPLICATE]


def test_imported_responses_count_among_those_that_are_there(
    prompt, add_responses, prompt_set, request_run
):
    add_responses(prompt, "Blue.", "Green.")
    adopt_responses(prompt_set_id=prompt_set.pk, now=NOW)
    run = request_run(per_prompt=1)

    assert finish(claimed(run), completion("It is BLUE")).done == 1
    assert finish(claimed(request_run(per_prompt=1, seed=8)), completion("green")).held == 1


def test_checks_that_are_off_hold_nothing_back(prompt, request_run):
    run = request_run(per_prompt=3, unchecked=[Flaw.CUT_OFF, Flaw.DUPLICATE])

    assert finish(claimed(run), cut("Blue."), cut("Blue."), completion("</s>")).held == 1
    assert run.candidates.get(state="held").flaws == [Flaw.TEMPLATE]


def test_length_is_the_runs_own(prompt, request_run):
    run = request_run(per_prompt=2, longest=10)

    finish(claimed(run), completion("0123456789"), completion("01234567890"))

    assert states(run) == [CandidateState.DONE, CandidateState.HELD]


def test_retry_leaves_what_is_held_back(prompt, request_run, manager):
    run = request_run(per_prompt=2)
    finish(claimed(run), cut("It is"), completion(""))

    assert retry_failed(run=run, by=manager, now=NOW) == 1
    assert states(run) == [CandidateState.HELD, CandidateState.PENDING]


@pytest.mark.parametrize("changes", [{"text": ""}, {"flaws": []}, {"released_at": NOW}])
def test_database_refuses_what_is_held_back_without_reason(prompt, request_run, changes):
    run = request_run(per_prompt=1)
    finish(claimed(run), cut("It is"))

    with pytest.raises(IntegrityError):
        Candidate.objects.filter(run=run).update(**changes)


@pytest.mark.postgres
def test_two_workers_at_one_time_let_one_of_two_duplicates_through(
    transactional_db, add_prompt, request_run
):
    for number in range(10):
        add_prompt(f"prompt {number}")
    run = request_run(per_prompt=2)
    firsts, seconds = claimed(run, limit=10), claimed(run, limit=10)
    start = Barrier(2)

    def work(claim):
        start.wait()
        finish(claim, *[completion(f"Blue {one.prompt_id}.") for one in claim.rows])
        connection.close()

    threads = [Thread(target=work, args=(claim,)) for claim in (firsts, seconds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(states(run)) == [CandidateState.DONE] * 10 + [CandidateState.HELD] * 10
