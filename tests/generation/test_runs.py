"""Runs are laid out whole, paused, stopped, and tried again."""

from datetime import timedelta

import pytest

from labeling.accounts.models import AuditEvent
from labeling.errors import Invalid, NotFound
from labeling.generation.enums import CandidateState, GroupState
from labeling.generation.models import Candidate, CandidateGroup, GenerationRun
from labeling.generation.queries import runs_to_ring
from labeling.generation.seeds import seed_for
from labeling.generation.services.adoption import adopt_responses
from labeling.generation.services.runs import pause_run, resume_run, retry_failed, stop_run
from tests.generation.conftest import NOW, claim_some, claimed, completion, finish


def states(run):
    return list(Candidate.objects.filter(run=run).order_by("id").values_list("state", flat=True))


def test_run_makes_waiting_candidates_with_derived_seeds(prompt, request_run):
    run = request_run(per_prompt=3)

    found = Candidate.objects.filter(run=run).order_by("sample")
    assert [(c.sample, c.state, c.seed) for c in found] == [
        (at, "pending", seed_for(run_seed=7, content_hash=prompt.content_hash, sample=at))
        for at in range(3)
    ]
    assert AuditEvent.objects.filter(action="run.requested", target=f"run:{run.pk}").count() == 1


def test_run_groups_new_candidates_with_the_prompts_earlier_ones(
    prompt, prompt_set, add_responses, request_run
):
    add_responses(prompt, "Scattering.", "Magic.")
    adopt_responses(prompt_set_id=prompt_set.pk, now=NOW)

    group = CandidateGroup.objects.get(run=request_run(per_prompt=2))

    assert (group.unfinished, group.state) == (2, GroupState.FILLING)
    sources = sorted(group.candidates.values_list("source", flat=True))
    assert sources == ["import", "import", "model", "model"]


def test_run_without_seed_draws_one_that_is_kept(prompt, request_run):
    drawn = {request_run(seed=None).seed for _ in range(3)}

    assert len(drawn) == 3


def test_run_of_named_prompts_makes_candidates_of_those_alone(add_prompt, request_run):
    chosen, _ = add_prompt("a"), add_prompt("b")

    run = request_run(prompt_ids=[chosen.pk])

    assert set(run.candidates.values_list("prompt_id", flat=True)) == {chosen.pk}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"per_prompt": 0}, "parts.0"),
        ({"parts": []}, "parts"),
        ({"per_prompt": 10}, "per_prompt"),
        ({"seed": -1}, "seed"),
        ({"prompt_ids": [10**9]}, "prompts"),
        ({"prompt_ids": []}, "prompts"),
        ({"prompt_ids": list(range(10_001))}, "prompts"),
    ],
)
def test_run_that_does_not_hold_is_refused_whole(prompt, request_run, changes, field):
    with pytest.raises(Invalid) as refused:
        request_run(**changes)

    assert list(refused.value.data["fields"]) == [field]
    assert (GenerationRun.objects.count(), Candidate.objects.count()) == (0, 0)


def test_run_without_any_prompt_says_to_import_some(request_run):
    with pytest.raises(Invalid, match="import some first"):
        request_run()


def test_generator_of_another_campaign_is_not_found(prompt, request_run, generator):
    generator.campaign_id += 1

    with pytest.raises(NotFound):
        request_run()


def test_stopped_run_sets_the_waiting_aside_and_completes_its_groups(prompt, request_run, manager):
    run = request_run(per_prompt=2)
    claim = claimed(run, limit=1)

    assert stop_run(run=run, by=manager, now=NOW) == 1
    finish(claim, completion("Blue."))

    assert states(run) == [CandidateState.DONE, CandidateState.FAILED]
    assert CandidateGroup.objects.get().state == GroupState.COMPLETE
    assert claim_some(run) is None


def test_retry_brings_back_the_failed_alone_and_reopens_their_group(prompt, request_run, manager):
    run = request_run(per_prompt=2)
    claim = claimed(run, limit=1)
    finish(claim, completion("Blue."))
    stop_run(run=run, by=manager, now=NOW)

    assert retry_failed(run=run, by=manager, now=NOW) == 1

    assert states(run) == [CandidateState.DONE, CandidateState.PENDING]
    group = CandidateGroup.objects.get()
    assert (group.state, group.unfinished, run.stopped_at) == (GroupState.FILLING, 1, None)


def test_paused_run_gives_nothing_out_until_it_is_resumed(prompt, request_run, manager):
    run = request_run(per_prompt=2)
    claim = claimed(run, limit=1)

    pause_run(run=run, by=manager, now=NOW)
    finish(claim, completion("Blue."))

    assert states(run) == [CandidateState.DONE, CandidateState.PENDING]
    assert claim_some(run) is None
    assert runs_to_ring(Candidate, NOW + timedelta(hours=1)) == []
    resume_run(run=run, by=manager, now=NOW)
    assert len(claimed(run).rows) == 1
    actions = AuditEvent.objects.filter(target=f"run:{run.pk}").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "run.requested", "run.paused", "run.resumed",
    ]  # fmt: skip


def test_pausing_twice_or_after_the_end_changes_nothing(prompt, request_run, manager):
    run = request_run(per_prompt=1)
    stop_run(run=run, by=manager, now=NOW)

    pause_run(run=run, by=manager, now=NOW)
    resume_run(run=run, by=manager, now=NOW)

    assert (run.paused_at, run.stopped_at) == (None, NOW)
    assert not AuditEvent.objects.filter(action__in=("run.paused", "run.resumed")).exists()


def test_paused_run_can_be_stopped_for_good(prompt, request_run, manager):
    run = request_run(per_prompt=2)
    pause_run(run=run, by=manager, now=NOW)

    assert stop_run(run=run, by=manager, now=NOW) == 2

    assert (run.paused_at, run.stopped_at) == (None, NOW)
