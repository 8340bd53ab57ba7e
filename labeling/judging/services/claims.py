"""Hand pairs to workers under a claim that expires, and take the verdicts back."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from labeling.generation.backends.port import Completion, Failure, Outcome, Postponed
from labeling.generation.enums import CandidateState
from labeling.generation.models import GOES_ON, GenerationRun
from labeling.generation.services.work import (
    GIVEN_BACK,
    Claim,
    postpone,
    take,
    try_again,
)
from labeling.generation.texts import storable
from labeling.judging.asking import BadVerdict, verdict_of
from labeling.judging.enums import Verdict
from labeling.judging.models import AiJudgment
from labeling.judging.verdicts import BACKWARD, FORWARD, together

LONGEST_ANSWER = 20_000
MEANS = {"forward": FORWARD, "backward": BACKWARD}
NO_VERDICT = Failure(
    "The model did not end with its verdict as it was asked to.",
    "Retry it, allow more new tokens, or use a model that follows orders better.",
    retriable=True,
)
# What `finish` may write; `bulk_update` needs the names.
WRITTEN = [
    *GIVEN_BACK, "forward", "backward", "outcome", "answers", "prompt_hash", "model_label",
    "model_revision", "template_hash", "parameters", "prompt_tokens", "completion_tokens",
    "latency_ms", "cost",
]  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """What came of one order of a pair, and the nonce that its verdict must carry."""

    order: str
    nonce: str
    outcome: Outcome


@dataclass(frozen=True)
class Judged:
    """What came of verdicts that were handed in; ``late`` ones were no longer this worker's."""

    done: int = 0
    failed: int = 0
    again: int = 0
    late: int = 0


@transaction.atomic
def claim_judgments(
    *, run_id: int, limit: int, seconds: int, now: datetime
) -> Claim[AiJudgment] | None:
    """Claim up to ``limit`` pairs of a judging run that goes on; None when none is free."""
    free = AiJudgment.objects.filter(run__in=GenerationRun.objects.filter(GOES_ON, pk=run_id))
    return take(free, limit=limit, seconds=seconds, now=now)


@transaction.atomic
def finish_judgments(
    *,
    claim: uuid.UUID,
    answered: Mapping[int, Sequence[Answered]],
    prompt_hashes: Mapping[int, str],
    now: datetime,
) -> Judged:
    """Write what each pair still held under ``claim`` was answered; refuse the others.

    A pair is done once both orders have a verdict. One that was answered stays so where the other
    failed; a failure that another try may mend goes back to waiting, three times at most.
    """
    held = list(
        AiJudgment.objects.select_for_update(of=("self",))
        .select_related("run", "part__generator")
        .filter(pk__in=list(answered), claim=claim)
        .order_by("id")
    )
    for row in held:
        row.prompt_hash = prompt_hashes[row.pk]
        _write(row, answered[row.pk], now)
    AiJudgment.objects.bulk_update(held, WRITTEN)
    count = Counter(row.state for row in held)
    return Judged(
        done=count[CandidateState.DONE],
        failed=count[CandidateState.FAILED],
        again=count[CandidateState.PENDING],
        late=len(answered) - len(held),
    )


def _write(row: AiJudgment, answered: Sequence[Answered], now: datetime) -> None:
    failure: Failure | Postponed | None = None
    for one in answered:
        if isinstance(one.outcome, Completion):
            failure = _note(row, one, one.outcome) or failure
        else:
            failure = one.outcome
    if row.forward and row.backward:
        row.outcome = together(Verdict(row.forward), Verdict(row.backward))
        row.state, row.error, row.finished_at = CandidateState.DONE, "", now
        row.claim = row.claim_expires_at = None
    elif isinstance(failure, Failure):
        try_again(row, failure, now)
    else:
        postpone(row, now)


def _note(row: AiJudgment, one: Answered, made: Completion) -> Failure | None:
    """Write down an answer and what it cost; return a failure where it holds no verdict."""
    row.prompt_tokens = (row.prompt_tokens or 0) + (made.prompt_tokens or 0)
    row.completion_tokens = (row.completion_tokens or 0) + (made.completion_tokens or 0)
    row.cost = row.part.generator.cost_of(row.prompt_tokens, row.completion_tokens) or None
    row.latency_ms += made.latency_ms
    row.answers = {**row.answers, one.order: storable(made.text)[:LONGEST_ANSWER]}
    try:
        said = verdict_of(made.text, one.nonce)
    except BadVerdict:
        return NO_VERDICT
    setattr(row, one.order, MEANS[one.order][said])
    row.model_label = storable(made.model_label)[:200]
    row.model_revision = storable(made.model_revision)[:80]
    row.template_hash = made.template_hash
    row.parameters = dict(made.parameters)
    return None
