"""A model criticises and revises responses by a constitution, and every step of it is kept."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from labeling.generation.backends.port import BackendUnavailable, Failure
from labeling.generation.enums import CandidateSource, CandidateState, Flaw, GroupState
from labeling.generation.models import CandidateGroup, RevisionStep
from labeling.generation.revising import drawn
from labeling.generation.services.chains import keep_steps, open_chains
from labeling.generation.services.opening import Terms
from labeling.generation.services.runs import retry_failed
from tests.generation.conftest import (
    NOW,
    PRINCIPLES,
    Scripted,
    claimed,
    completion,
    counts,
    fill,
    says,
)

BUSY = Failure("The server answered 429.", "Retry later.", retriable=True)
WRONG = Failure("The server answered 401.", "Set the key.")


class Dies(Exception):
    """The worker is gone."""


def test_each_response_is_criticised_and_revised_so_many_rounds(made, revise):
    run = revise(made, rounds=2)

    fill(run, Scripted(says))

    original = made.candidates.first()
    revision = run.candidates.get(revises=original)
    assert revision.text == f"revision of (revision of ({original.text}))"
    assert [(one.is_critique, one.round, one.text) for one in revision.steps.all()] == [
        (True, 1, f"critique of ({original.text})"),
        (False, 1, f"revision of ({original.text})"),
        (True, 2, f"critique of (revision of ({original.text}))"),
    ]
    assert (revision.source, revision.state) == (CandidateSource.REVISION, CandidateState.DONE)


def test_model_sees_the_conversation_the_principle_and_its_own_critique(prompt, made, revise):
    run, backend = revise(made, rounds=1), Scripted(says)

    fill(run, backend)

    original = made.candidates.first()
    revision = run.candidates.get(revises=original)
    (principle,) = revision.parameters["principles"]
    asked = [
        [(turn["role"], turn["content"]) for turn in request.messages]
        for request in backend.seen
        if original.text in request.messages[1]["content"]
    ]
    question, answer = ("user", prompt.messages[0]["content"]), ("assistant", original.text)
    assert [turns[:2] for turns in asked] == [[question, answer], [question, answer]]
    assert principle in asked[0][2][1]
    assert asked[1][3] == ("assistant", f"critique of ({original.text})")


def test_original_and_revision_are_compared_with_one_another(prompt, made, revise):
    run = revise(made)

    fill(run, Scripted(says))

    group = CandidateGroup.objects.get(run=run, prompt=prompt)
    assert group.state == GroupState.COMPLETE
    assert set(group.candidates.all()) == {*made.candidates.all(), *run.candidates.all()}


def test_chain_counts_its_tokens_and_says_by_what_it_was_made(made, revise, constitution):
    run = revise(made, rounds=2)

    fill(run, Scripted(says))

    revision = run.candidates.first()
    assert (revision.prompt_tokens, revision.completion_tokens) == (4 * 3, 4 * 4)
    assert revision.latency_ms == 4 * 5
    assert revision.parameters["constitution"] == "House"
    assert revision.parameters["version"] == constitution.version
    assert len(set(revision.parameters["principles"])) == 2


def test_steps_that_were_kept_are_not_asked_for_again(made, revise):
    run, asked, now = revise(made, rounds=2), [], NOW

    def counted(request):
        asked.append(says(request))
        return asked[-1]

    for calls in (0, 2, 4, 6):
        backend = Scripted(_dying_after(counted, calls=2))
        with pytest.raises(Dies) if calls < 6 else nullcontext():
            fill(run, backend, clock=lambda now=now: now)
        now += timedelta(minutes=3)

    assert counts(run) == {CandidateState.DONE: 2}
    assert len(asked) == len(set(asked)) == 2 * 4


def test_another_worker_s_chain_is_left_to_it(made, revise):
    run = revise(made)
    first = claimed(run)
    (chain, _) = open_chains(run.parts.get(), first.rows)
    second = claimed(run, now=NOW + timedelta(minutes=2))
    assert {one.pk for one in second.rows} == {one.pk for one in first.rows}

    kept = keep_steps(claim=first.token, made=[(chain, completion("late"))], now=NOW)

    assert kept == []
    assert not RevisionStep.objects.exists()


def test_failure_of_one_chain_leaves_its_neighbours_alone(made, revise):
    run, bad = revise(made, rounds=1), made.candidates.first().text

    def mostly(request):
        return WRONG if request.messages[1]["content"] == bad else says(request)

    fill(run, Scripted(mostly))

    assert counts(run) == {CandidateState.DONE: 1, CandidateState.FAILED: 1}


def test_chain_that_failed_midway_is_retried_from_there(made, revise, manager):
    run = revise(made, rounds=1)
    fill(run, Scripted(lambda request: says(request) if len(request.messages) == 3 else WRONG))
    assert counts(run) == {CandidateState.FAILED: 2}

    retry_failed(run=run, by=manager, now=NOW)
    backend = Scripted(says)
    fill(run, backend)

    assert counts(run) == {CandidateState.DONE: 2}
    assert [len(request.messages) for request in backend.seen] == [5, 5]


def test_busy_server_sets_a_chain_back_to_its_last_step(made, revise):
    run, answers = revise(made, rounds=1), iter([says, says, BUSY, BUSY])

    fill(run, Scripted(lambda request: _next(answers, request)))
    assert counts(run) == {CandidateState.PENDING: 2}
    fill(run, Scripted(says))

    assert counts(run) == {CandidateState.DONE: 2}
    assert RevisionStep.objects.count() == 2


def test_backend_that_is_gone_midway_fails_every_chain(made, revise):
    run = revise(made, rounds=1)

    def gone(request):
        if len(request.messages) > 3:
            raise BackendUnavailable("The model is gone.", "Start it.")
        return says(request)

    fill(run, Scripted(gone))

    assert counts(run) == {CandidateState.FAILED: 2}


def test_empty_critique_fails_the_candidate(made, revise):
    run = revise(made)

    fill(run, Scripted(" "))

    assert counts(run) == {CandidateState.FAILED: 2}
    assert not RevisionStep.objects.exists()


def test_revision_that_says_the_same_is_held_back(made, revise):
    run = revise(made, rounds=1, terms=Terms(seed=7))

    fill(run, Scripted(lambda request: request.messages[1]["content"]))

    assert {tuple(one.flaws) for one in run.candidates.all()} == {(Flaw.DUPLICATE,)}


def test_same_seed_draws_the_same_principles_and_seeds(made, revise):
    one, other = revise(made), revise(made)

    fill(one, Scripted(says))
    fill(other, Scripted(says))

    def drawn_for(run):
        steps = RevisionStep.objects.filter(candidate__run=run).order_by("candidate", "number")
        return list(steps.values_list("principle", "seed"))

    assert drawn_for(one) == drawn_for(other)
    assert len({seed for _, seed in drawn_for(one)}) == len(drawn_for(one))


def test_no_principle_comes_twice_before_all_have_come_once():
    for seed in range(50):
        assert len(set(drawn(PRINCIPLES, 3, seed))) == 3
        assert len(drawn(["Be kind."], 4, seed)) == 4
    assert len({tuple(drawn(PRINCIPLES, 3, seed)) for seed in range(50)}) == 6


def _next(answers, request):
    answer = next(answers)
    return answer(request) if callable(answer) else answer


def _dying_after(answer, *, calls):
    left = [calls]

    def dying(request):
        if not left[0]:
            raise Dies
        left[0] -= 1
        return answer(request)

    return dying
