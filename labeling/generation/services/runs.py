"""Ask for candidates, stop a run, try its failures again."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid, NotFound
from labeling.generation.backends.port import Failure
from labeling.generation.enums import CandidateSource, CandidateState, Flaw
from labeling.generation.hygiene import LONGEST, MOST_CHARACTERS
from labeling.generation.models import Candidate, CandidateGroup, GenerationRun, Generator
from labeling.generation.seeds import SEED_BITS, seed_for
from labeling.generation.services.claims import STOPPED
from labeling.generation.services.groups import close_in_groups, reopen_in_groups
from labeling.prompts.models import Prompt
from labeling.wording import gettext

MOST_A_PROMPT = 9
MOST_A_RUN = 50_000
MOST_NAMED = 10_000
ROWS_A_STATEMENT = 500


@transaction.atomic
def request_candidates(
    *,
    campaign: Campaign,
    generator: Generator,
    prompt_ids: Sequence[int] | None,
    per_prompt: int,
    seed: int | None,
    user: User,
    now: datetime,
    unchecked: Sequence[str] = (),
    longest: int = LONGEST,
) -> GenerationRun:
    """Store a run with all its candidates waiting; ``prompt_ids`` None means every prompt.

    The whole run is there afterwards or nothing of it. A seed of None draws one. Its responses
    are not held back for the flaws named in ``unchecked``; ``longest`` is in characters. Raises
    Invalid, naming the fields that do not hold.
    """
    if generator.campaign_id != campaign.pk:
        raise NotFound(gettext("The campaign has no such generator."))
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    _check(per_prompt, seed, unchecked, longest)
    prompts = _prompts(campaign, prompt_ids, per_prompt)
    run = GenerationRun.objects.create(
        campaign=campaign,
        generator=generator,
        per_prompt=per_prompt,
        seed=seed,
        unchecked=sorted(set(unchecked)),
        longest=longest,
        requested_by=user,
        rung_at=now,
    )
    for start in range(0, len(prompts), ROWS_A_STATEMENT):
        _lay_out(run, prompts[start : start + ROWS_A_STATEMENT])
    record_event(
        actor=user,
        action="run.requested",
        target=f"run:{run.pk}",
        campaign=campaign.pk,
        generator=generator.name,
        candidates=len(prompts) * per_prompt,
    )
    return run


@transaction.atomic
def stop_run(*, run: GenerationRun, by: User, now: datetime) -> int:
    """Stop a run: what waits is set aside, what is being made may end; return how many waited.

    What the run has made so far can be judged; stopping a stopped run changes nothing.
    """
    GenerationRun.objects.filter(pk=run.pk, stopped_at=None).update(stopped_at=now)
    run.refresh_from_db(fields=["stopped_at"])
    waited = fail_waiting(run_id=run.pk, failure=STOPPED, now=now)
    record_event(actor=by, action="run.stopped", target=f"run:{run.pk}", waiting=waited)
    return waited


@transaction.atomic
def retry_failed(*, run: GenerationRun, by: User, now: datetime) -> int:
    """Let every failed candidate of the run wait again, with its old seed; return how many."""
    failed = _locked(run.pk, CandidateState.FAILED)
    Candidate.objects.filter(run=run, state=CandidateState.FAILED).update(
        state=CandidateState.PENDING, attempts=0, failures=0, error="", finished_at=None
    )
    reopen_in_groups(run_id=run.pk, prompt_ids=failed)
    GenerationRun.objects.filter(pk=run.pk).update(stopped_at=None, rung_at=now)
    run.refresh_from_db(fields=["stopped_at", "rung_at"])
    record_event(actor=by, action="run.retried", target=f"run:{run.pk}", failed=len(failed))
    return len(failed)


@transaction.atomic
def fail_waiting(*, run_id: int, failure: Failure, now: datetime) -> int:
    """Fail every candidate of the run that still waits, for one reason; return how many."""
    waiting = _locked(run_id, CandidateState.PENDING)
    Candidate.objects.filter(run_id=run_id, state=CandidateState.PENDING).update(
        state=CandidateState.FAILED, error=str(failure), finished_at=now
    )
    close_in_groups(run_id=run_id, prompt_ids=waiting)
    return len(waiting)


def note_rung(*, run_ids: Sequence[int], now: datetime) -> None:
    """Remember that workers were told of these runs."""
    GenerationRun.objects.filter(pk__in=run_ids).update(rung_at=now)


def _check(per_prompt: int, seed: int, unchecked: Sequence[str], longest: int) -> None:
    problems = {}
    if not 1 <= per_prompt <= MOST_A_PROMPT:
        problems["per_prompt"] = [gettext("must be from 1 to %(most)s") % {"most": MOST_A_PROMPT}]
    if not 0 <= seed < 2**63:
        problems["seed"] = [gettext("must be a whole number from 0 to 9223372036854775807")]
    if not set(unchecked) <= set(Flaw.values):
        names = ", ".join(Flaw.values)
        problems["unchecked"] = [gettext("must be some of %(names)s") % {"names": names}]
    if not 1 <= longest <= MOST_CHARACTERS:
        most = gettext("must be a whole number from 1 to %(most)s")
        problems["longest"] = [most % {"most": MOST_CHARACTERS}]
    if problems:
        reason = gettext("The run cannot be made as asked; see data.fields.")
        raise Invalid(reason, fields=problems)


def _prompts(
    campaign: Campaign, prompt_ids: Sequence[int] | None, per_prompt: int
) -> list[tuple[int, str]]:
    """Return the ids and content hashes of the prompts meant, in order."""
    if prompt_ids is not None and len(prompt_ids) > MOST_NAMED:
        problem = gettext("name at most %(most)s, or leave the field out for every prompt")
        raise _not_made(problem % {"most": MOST_NAMED})
    own = Prompt.objects.filter(campaign=campaign).order_by("id")
    if prompt_ids is not None:
        own = own.filter(pk__in=prompt_ids)
    found = list(own.values_list("pk", "content_hash")[: MOST_A_RUN + 1])
    missing = sorted(set(prompt_ids or ()) - {pk for pk, _ in found})
    problem = ""
    if missing:
        problem = gettext("the campaign has no prompt %(number)s") % {"number": missing[0]}
    elif not found:
        problem = gettext("there is no prompt to answer; import some first")
    elif len(found) * per_prompt > MOST_A_RUN:
        problem = gettext("one run makes at most %(most)s candidates; choose fewer prompts")
        problem %= {"most": MOST_A_RUN}
    if problem:
        raise _not_made(problem)
    return found


def _not_made(problem: str) -> Invalid:
    message = gettext("The run was not made: %(problem)s.") % {"problem": problem}
    return Invalid(message, fields={"prompts": [problem]})


def _lay_out(run: GenerationRun, prompts: Sequence[tuple[int, str]]) -> None:
    """Store the waiting candidates and the groups of some prompts."""
    candidates = Candidate.objects.bulk_create(
        [
            Candidate(
                run=run,
                prompt_id=pk,
                sample=sample,
                source=CandidateSource.MODEL,
                seed=seed_for(run_seed=run.seed, content_hash=content_hash, sample=sample),
            )
            for pk, content_hash in prompts
            for sample in range(run.per_prompt)
        ],
        batch_size=ROWS_A_STATEMENT,
    )
    groups = CandidateGroup.objects.bulk_create(
        CandidateGroup(run=run, prompt_id=pk, unfinished=run.per_prompt) for pk, _ in prompts
    )
    group_of = {group.prompt_id: group.pk for group in groups}
    earlier = Candidate.objects.filter(
        prompt_id__in=list(group_of), state=CandidateState.DONE
    ).values_list("prompt_id", "pk")
    members = [*((one.prompt_id, one.pk) for one in candidates), *earlier.order_by("id")]
    link = CandidateGroup.candidates.through
    link.objects.bulk_create(
        [link(candidategroup_id=group_of[prompt], candidate_id=pk) for prompt, pk in members],
        batch_size=ROWS_A_STATEMENT,
    )


def _locked(run_id: int, state: CandidateState) -> list[int]:
    """Lock the candidates of a run in one state; return the prompt of each."""
    return list(
        Candidate.objects.select_for_update()
        .filter(run_id=run_id, state=state)
        .order_by("id")
        .values_list("prompt_id", flat=True)
    )
