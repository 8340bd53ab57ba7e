"""Hand candidates to workers under a claim that expires, and take the results back."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from labeling.generation.backends.port import Completion, Failure, Outcome, Postponed
from labeling.generation.enums import CandidateState, Flaw
from labeling.generation.models import GOES_ON, Candidate, GenerationRun, RunPart
from labeling.generation.services.gate import look_over, mark_duplicates
from labeling.generation.services.groups import close_in_groups
from labeling.generation.services.work import (
    GIVEN_BACK,
    Claim,
    fail,
    postpone,
    set_aside_lost,
    take,
    try_again,
)
from labeling.generation.texts import hash_of, storable

EMPTY = Failure("The model gave an empty response.", "Retry it, or raise the temperature.")
TOLD_TWICE = Failure(
    "The server gave one response under the name of another.",
    "Check what stands between here and the server: a cache may answer in its place.",
    retriable=True,
)
# What `finish` may write; `bulk_update` needs the names.
WRITTEN = [
    *GIVEN_BACK, "text", "text_hash", "model_label", "model_revision", "template_hash",
    "parameters", "finish_reason", "prompt_tokens", "completion_tokens", "latency_ms",
    "response_id", "cost", "flaws",
]  # fmt: skip


@dataclass(frozen=True)
class Finished:
    """What came of results that were handed in; ``late`` ones were no longer this worker's."""

    done: int = 0
    held: int = 0
    failed: int = 0
    again: int = 0
    late: int = 0
    groups: int = 0


@transaction.atomic
def claim_candidates(
    *, part_id: int, limit: int, seconds: int, now: datetime
) -> Claim[Candidate] | None:
    """Claim up to ``limit`` candidates of a part of a run that goes on; None when none is free."""
    part = RunPart.objects.filter(pk=part_id, run__in=GenerationRun.objects.filter(GOES_ON))
    free = Candidate.objects.filter(part__in=part)
    return take(free, limit=limit, seconds=seconds, now=now)


def finish_candidates(
    *, claim: uuid.UUID, outcomes: Mapping[int, Outcome], now: datetime
) -> Finished:
    """Write the outcome of each candidate still held under ``claim``; refuse the others.

    A claim that expired and that nobody took over still counts. A failure that another try
    may mend goes back to waiting, until it has failed three times. A text that the hygiene
    gate finds unfit is held back.
    """
    return _finish(claim, outcomes, look_over(outcomes), now)


@transaction.atomic
def _finish(
    claim: uuid.UUID,
    outcomes: Mapping[int, Outcome],
    flaws: Mapping[int, list[Flaw]],
    now: datetime,
) -> Finished:
    held = list(
        Candidate.objects.select_for_update(of=("self",))
        .select_related("run", "part__generator")
        .filter(pk__in=list(outcomes), claim=claim)
        .order_by("id")
    )
    known = _known_responses(held, outcomes)
    for candidate in held:
        outcome = _once(outcomes[candidate.pk], known)
        _write(candidate, outcome, flaws.get(candidate.pk, []), now)
    mark_duplicates(
        [one for one in held if one.state in {CandidateState.DONE, CandidateState.HELD}]
    )
    Candidate.objects.bulk_update(held, WRITTEN)
    count = Counter(candidate.state for candidate in held)
    ended = [candidate for candidate in held if candidate.state != CandidateState.PENDING]
    return Finished(
        done=count[CandidateState.DONE],
        held=count[CandidateState.HELD],
        failed=count[CandidateState.FAILED],
        again=len(held) - len(ended),
        late=len(outcomes) - len(held),
        groups=_close(ended),
    )


@transaction.atomic
def fail_lost(*, run_id: int, now: datetime) -> Finished:
    """Fail the candidates of a run that no worker brings back any more."""
    lost = set_aside_lost(Candidate, run_id=run_id, now=now)
    return Finished(failed=len(lost), groups=_close(lost))


def _known_responses(held: Sequence[Candidate], outcomes: Mapping[int, Outcome]) -> set[str]:
    """Return those of the responses that the run has already, by what servers call them."""
    runs = {candidate.run_id for candidate in held}
    given = {one.response_id for one in outcomes.values() if isinstance(one, Completion)} - {""}
    stored = Candidate.objects.filter(run__in=runs, response_id__in=given)
    return set(stored.values_list("response_id", flat=True)) if given else set()


def _once(outcome: Outcome, known: set[str]) -> Outcome:
    """Return the outcome, or a failure in place of a response that came before."""
    if isinstance(outcome, Completion) and outcome.response_id:
        if outcome.response_id in known:
            return TOLD_TWICE
        known.add(outcome.response_id)
    return outcome


def _write(candidate: Candidate, outcome: Outcome, flaws: list[Flaw], now: datetime) -> None:
    if isinstance(outcome, Postponed):
        postpone(candidate, now)
    elif isinstance(outcome, Completion) and outcome.text.strip():
        _complete(candidate, outcome, flaws, now)
    elif isinstance(outcome, Completion):
        fail(candidate, EMPTY, now)
    else:
        try_again(candidate, outcome, now)


def _complete(
    candidate: Candidate, completion: Completion, flaws: list[Flaw], now: datetime
) -> None:
    candidate.state = CandidateState.HELD if flaws else CandidateState.DONE
    candidate.flaws, candidate.error, candidate.finished_at = flaws, "", now
    candidate.claim = candidate.claim_expires_at = None
    candidate.text = storable(completion.text)
    candidate.text_hash = hash_of(candidate.text)
    candidate.model_label = storable(completion.model_label)[:200]
    candidate.model_revision = storable(completion.model_revision)[:80]
    candidate.template_hash = completion.template_hash
    candidate.parameters = dict(completion.parameters)
    candidate.finish_reason = storable(completion.finish_reason)[:40]
    candidate.prompt_tokens = completion.prompt_tokens
    candidate.completion_tokens = completion.completion_tokens
    candidate.latency_ms = completion.latency_ms
    candidate.response_id = storable(completion.response_id)[:200]
    candidate.cost = _cost(candidate, completion)


def _cost(candidate: Candidate, completion: Completion) -> Decimal | None:
    """Return what a text cost; None where its generator has no price or no tokens were told."""
    assert candidate.part is not None  # noqa: S101 - only candidates of parts are ever claimed
    read, written = completion.prompt_tokens, completion.completion_tokens
    if read is None or written is None:
        return None
    return candidate.part.generator.cost_of(read, written) or None


def _close(ended: Sequence[Candidate]) -> int:
    if not ended:
        return 0
    run_id = ended[0].run_id
    assert run_id is not None  # noqa: S101 - only candidates of runs are ever claimed
    return close_in_groups(run_id=run_id, prompt_ids=[one.prompt_id for one in ended])
