"""Ask a model to judge comparisons; stop a judging run; try its failures again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign
from labeling.generation.backends.port import Failure
from labeling.generation.enums import CandidateState, Makes, Stage
from labeling.generation.models import Constitution, GenerationRun, Generator, RunPart
from labeling.generation.revising import drawn
from labeling.generation.seeds import seed_for
from labeling.generation.services.opening import (
    MOST_A_RUN,
    ROWS_A_STATEMENT,
    Terms,
    check_run,
    not_made,
    open_run,
)
from labeling.generation.services.parts import seed_of_part
from labeling.generation.services.runs import stop_run
from labeling.generation.services.work import STOPPED
from labeling.generation.texts import storable
from labeling.judging.enums import Which
from labeling.judging.models import AiJudgment, Judging
from labeling.judging.queries import to_judge
from labeling.wording import gettext

LONGEST_STANDARD, MOST_NAMED = 4_000, 10_000


@dataclass(frozen=True)
class Asked:
    """What a judge is asked: by which standard, about which comparisons.

    A ``standard`` in words or a ``constitution``, of which each pair draws a principle.
    """

    generator: Generator
    standard: str = ""
    constitution: Constitution | None = None
    which: str = Which.ALL
    comparison_ids: Sequence[int] | None = None


@transaction.atomic
def request_judging(
    *, campaign: Campaign, asked: Asked, terms: Terms, user: User, now: datetime
) -> GenerationRun:
    """Store a judging run with every pair of its comparisons waiting.

    Generator and constitution are the campaign's. The whole run is there afterwards or nothing
    of it. Raises Invalid, naming the fields that do not hold.
    """
    standard = asked.standard.strip()
    check_run(_problems(asked, standard), terms)
    comparisons = _comparisons(campaign, asked)
    run = open_run(campaign=campaign, terms=terms, user=user, now=now, makes=Makes.VERDICTS)
    Judging.objects.create(run=run, standard=standard, constitution=asked.constitution)
    part = RunPart.objects.create(
        run=run,
        position=0,
        generator=asked.generator,
        per_prompt=1,
        first_sample=0,
        seed=seed_of_part(run, asked.generator, terms.seed),
    )
    waiting = [
        one for each in comparisons for one in _pairs(part, each, standard, asked.constitution)
    ]
    AiJudgment.objects.bulk_create(waiting, batch_size=ROWS_A_STATEMENT)
    record_event(
        actor=user,
        action="judging.requested",
        target=f"run:{run.pk}",
        campaign=campaign.pk,
        generator=asked.generator.name,
        pairs=len(waiting),
    )
    return run


@transaction.atomic
def stop_judging(*, run: GenerationRun, by: User, now: datetime) -> int:
    """Stop a judging run: what waits is set aside; return how many pairs that are."""
    stop_run(run=run, by=by, now=now)
    return fail_waiting(run_id=run.pk, failure=STOPPED, now=now)


@transaction.atomic
def retry_judging(*, run: GenerationRun, by: User, now: datetime) -> int:
    """Let every failed pair of a judging run wait again; return how many.

    An order that was answered stays answered.
    """
    failed = AiJudgment.objects.filter(run=run, state=CandidateState.FAILED)
    again = failed.update(
        state=CandidateState.PENDING, attempts=0, failures=0, error="", finished_at=None
    )
    GenerationRun.objects.filter(pk=run.pk).update(stopped_at=None, paused_at=None, rung_at=now)
    run.refresh_from_db(fields=["stopped_at", "paused_at", "rung_at"])
    record_event(actor=by, action="run.retried", target=f"run:{run.pk}", failed=again)
    return again


def fail_waiting(*, run_id: int, failure: Failure, now: datetime) -> int:
    """Fail every pair of a judging run that still waits; return how many."""
    pending = AiJudgment.objects.filter(run_id=run_id, state=CandidateState.PENDING)
    return pending.update(state=CandidateState.FAILED, error=str(failure), finished_at=now)


def _problems(asked: Asked, standard: str) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if bool(standard) == bool(asked.constitution):
        reason = gettext("give either a standard in words or a constitution")
        problems["standard"] = [reason]
    elif len(standard) > LONGEST_STANDARD or standard != storable(standard):
        most = gettext("give 1 to %(most)s characters that can be stored")
        problems["standard"] = [most % {"most": LONGEST_STANDARD}]
    if asked.generator.stage == Stage.BASE:
        reason = gettext("%(name)s is a base model: it takes no order to judge")
        problems["generator"] = [reason % {"name": asked.generator.name}]
    if asked.which not in Which.values:
        problems["which"] = [gettext("must be one of %(names)s") % {"names": ", ".join(Which)}]
    return problems


def _comparisons(campaign: Campaign, asked: Asked) -> list[Comparison]:
    """Return the comparisons that are meant, with their prompts, in order."""
    named = asked.comparison_ids
    if named is not None and len(named) > MOST_NAMED:
        problem = gettext("name at most %(most)s, or leave the field out for every comparison")
        raise not_made("comparisons", problem % {"most": MOST_NAMED})
    own = Comparison.objects.filter(campaign=campaign, pk__in=named or ())
    if missing := sorted(set(named or ()) - set(own.values_list("pk", flat=True))):
        problem = gettext("the campaign has no comparison %(number)s")
        raise not_made("comparisons", problem % {"number": missing[0]})
    rows = to_judge(campaign, asked.which, named).select_related("prompt")
    found = list(rows.only("id", "size", "prompt__content_hash")[: MOST_A_RUN + 1])
    if not found:
        raise not_made("comparisons", gettext("there is no comparison to judge"))
    if sum(one.size * (one.size - 1) // 2 for one in found) > MOST_A_RUN:
        problem = gettext("one run judges at most %(most)s pairs; choose fewer comparisons")
        raise not_made("comparisons", problem % {"most": MOST_A_RUN})
    return found


def _pairs(
    part: RunPart, comparison: Comparison, standard: str, constitution: Constitution | None
) -> Iterator[AiJudgment]:
    """Yield the waiting judgments of one comparison, which are not stored yet."""
    for sample, (first, second) in enumerate(combinations(range(comparison.size), 2)):
        seed = seed_for(
            run_seed=part.seed,
            content_hash=f"{comparison.prompt.content_hash}\n{comparison.pk}",
            sample=sample,
        )
        principle = drawn(constitution.principles, 1, seed)[0] if constitution else ""
        yield AiJudgment(
            run_id=part.run_id,
            part=part,
            comparison=comparison,
            first=first,
            second=second,
            seed=seed,
            standard=standard or principle,
        )
