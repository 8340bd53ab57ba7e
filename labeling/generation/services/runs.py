"""Ask for candidates; pause, resume and stop a run; try its failures again."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.generation.backends.port import Failure
from labeling.generation.enums import CandidateSource, CandidateState
from labeling.generation.hygiene import LONGEST
from labeling.generation.models import (
    GOES_ON,
    Candidate,
    GenerationRun,
    RunPart,
)
from labeling.generation.seeds import seed_for
from labeling.generation.services.groups import close_in_groups, reopen_in_groups
from labeling.generation.services.opening import (
    MOST_A_RUN,
    ROWS_A_STATEMENT,
    Terms,
    check_run,
    lay_out,
    not_made,
    open_run,
)
from labeling.generation.services.parts import Wanted, check_parts, store_parts
from labeling.generation.services.work import STOPPED
from labeling.prompts.models import Prompt
from labeling.wording import gettext

MOST_NAMED = 10_000


@transaction.atomic
def request_candidates(
    *,
    campaign: Campaign,
    parts: Sequence[Wanted],
    prompt_ids: Sequence[int] | None,
    seed: int | None,
    user: User,
    now: datetime,
    unchecked: Sequence[str] = (),
    longest: int = LONGEST,
    ceiling: Decimal | None = None,
) -> GenerationRun:
    """Store a run with all its candidates waiting; ``prompt_ids`` None means every prompt.

    Each prompt gets what all parts make, 1 to 9 together. The whole run is there afterwards or
    nothing of it. Without a seed each part takes its generator's, or one that is drawn. Responses
    are not held back for the flaws named in ``unchecked``; ``longest`` is in characters,
    ``ceiling`` in the money of the generators' prices. Raises Invalid, naming the fields that do
    not hold.
    """
    terms = Terms(seed=seed, unchecked=unchecked, longest=longest, ceiling=ceiling)
    check_run(check_parts(campaign, parts), terms)
    prompts = _prompts(campaign, prompt_ids, sum(one.per_prompt for one in parts))
    run = open_run(campaign=campaign, terms=terms, user=user, now=now)
    stored = store_parts(run, parts, seed=seed)
    for start in range(0, len(prompts), ROWS_A_STATEMENT):
        lay_out(run, _waiting(run, stored, prompts[start : start + ROWS_A_STATEMENT]))
    record_event(
        actor=user,
        action="run.requested",
        target=f"run:{run.pk}",
        campaign=campaign.pk,
        generators=[one.generator.name for one in parts],
        candidates=len(prompts) * sum(one.per_prompt for one in parts),
    )
    return run


@transaction.atomic
def stop_run(*, run: GenerationRun, by: User, now: datetime) -> int:
    """Stop a run: what waits is set aside, what is being made may end; return how many waited.

    What the run has made so far can be judged; stopping a stopped run changes nothing.
    """
    going = GenerationRun.objects.filter(pk=run.pk, stopped_at=None)
    going.update(stopped_at=now, paused_at=None)
    run.refresh_from_db(fields=["stopped_at", "paused_at"])
    waited = fail_waiting(run_id=run.pk, failure=STOPPED, now=now)
    record_event(actor=by, action="run.stopped", target=f"run:{run.pk}", waiting=waited)
    return waited


@transaction.atomic
def pause_run(*, run: GenerationRun, by: User, now: datetime) -> None:
    """Leave what waits until the run is resumed; what is being made may end.

    Pausing a run that is paused or stopped changes nothing.
    """
    if GenerationRun.objects.filter(GOES_ON, pk=run.pk).update(paused_at=now):
        record_event(actor=by, action="run.paused", target=f"run:{run.pk}")
    run.refresh_from_db(fields=["paused_at"])


@transaction.atomic
def resume_run(*, run: GenerationRun, by: User, now: datetime) -> None:
    """Let a paused run go on where it was; resuming any other changes nothing."""
    paused = GenerationRun.objects.filter(pk=run.pk, paused_at__isnull=False)
    if paused.update(paused_at=None, rung_at=now):
        record_event(actor=by, action="run.resumed", target=f"run:{run.pk}")
    run.refresh_from_db(fields=["paused_at", "rung_at"])


@transaction.atomic
def retry_failed(*, run: GenerationRun, by: User, now: datetime) -> int:
    """Let every failed candidate of the run wait again, with its old seed; return how many."""
    rows = Candidate.objects.filter(run=run, state=CandidateState.FAILED)
    failed = _locked(rows)
    rows.update(state=CandidateState.PENDING, attempts=0, failures=0, error="", finished_at=None)
    reopen_in_groups(run_id=run.pk, prompt_ids=failed)
    GenerationRun.objects.filter(pk=run.pk).update(stopped_at=None, paused_at=None, rung_at=now)
    run.refresh_from_db(fields=["stopped_at", "paused_at", "rung_at"])
    record_event(actor=by, action="run.retried", target=f"run:{run.pk}", failed=len(failed))
    return len(failed)


@transaction.atomic
def fail_waiting(
    *, run_id: int, failure: Failure, now: datetime, part_id: int | None = None
) -> int:
    """Fail every candidate of the run, or of one part, that still waits; return how many."""
    pending = Candidate.objects.filter(run_id=run_id, state=CandidateState.PENDING)
    if part_id is not None:
        pending = pending.filter(part_id=part_id)
    waiting = _locked(pending)
    pending.update(state=CandidateState.FAILED, error=str(failure), finished_at=now)
    close_in_groups(run_id=run_id, prompt_ids=waiting)
    return len(waiting)


def note_rung(*, run_ids: Sequence[int], now: datetime) -> None:
    """Remember that workers were told of these runs."""
    GenerationRun.objects.filter(pk__in=run_ids).update(rung_at=now)


def _prompts(
    campaign: Campaign, prompt_ids: Sequence[int] | None, per_prompt: int
) -> list[tuple[int, str]]:
    """Return the ids and content hashes of the prompts meant, in order."""
    if prompt_ids is not None and len(prompt_ids) > MOST_NAMED:
        problem = gettext("name at most %(most)s, or leave the field out for every prompt")
        raise not_made("prompts", problem % {"most": MOST_NAMED})
    own = Prompt.objects.filter(campaign=campaign, erased_at=None).order_by("id")
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
        raise not_made("prompts", problem)
    return found


def _waiting(
    run: GenerationRun, parts: Sequence[RunPart], prompts: Sequence[tuple[int, str]]
) -> list[Candidate]:
    """Return the waiting candidates of some prompts, which are not stored yet."""
    samples = [(part, part.first_sample + at) for part in parts for at in range(part.per_prompt)]
    return [
        Candidate(
            run=run,
            part=part,
            prompt_id=pk,
            sample=sample,
            source=CandidateSource.MODEL,
            seed=seed_for(run_seed=part.seed, content_hash=content_hash, sample=sample),
        )
        for pk, content_hash in prompts
        for part, sample in samples
    ]


def _locked(candidates: QuerySet[Candidate]) -> list[int]:
    """Lock some candidates; return the prompt of each."""
    rows = candidates.select_for_update().order_by("id")
    return list(rows.values_list("prompt_id", flat=True))
