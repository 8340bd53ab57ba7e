"""Hold back responses that are unfit to be compared, and release those held back wrongly."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.errors import Invalid
from labeling.generation.backends.port import Completion, Outcome
from labeling.generation.enums import CandidateState, Flaw
from labeling.generation.hygiene import Response, flaws_of, is_duplicate
from labeling.generation.models import Candidate, GenerationRun
from labeling.generation.queries import held_of
from labeling.generation.services.groups import plan_again
from labeling.prompts.models import Prompt
from labeling.wording import gettext


def look_over(outcomes: Mapping[int, Outcome]) -> dict[int, list[Flaw]]:
    """Return the flaws that each new text has by itself, by candidate; it writes nothing."""
    texts = {pk: one for pk, one in outcomes.items() if isinstance(one, Completion)}
    rows = Candidate.objects.filter(pk__in=texts).select_related("prompt", "run", "part__generator")
    return {row.pk: _flaws(row, texts[row.pk]) for row in rows}


def mark_duplicates(written: Sequence[Candidate]) -> None:
    """Hold back those that say what a response of their prompt says already.

    Call it in the transaction that writes them. It locks their prompts, so that of two that
    are handed in at one time the second sees the first.
    """
    prompts = {one.prompt_id for one in written}
    list(Prompt.objects.select_for_update(no_key=True).filter(pk__in=prompts).order_by("pk"))
    others = defaultdict(list)
    stored = Candidate.objects.filter(
        prompt__in=prompts, state__in=(CandidateState.DONE, CandidateState.HELD)
    ).exclude(pk__in=[one.pk for one in written])
    for prompt, text in stored.values_list("prompt_id", "text"):
        others[prompt].append(text)
    for one in written:
        if Flaw.DUPLICATE not in _unchecked(one) and is_duplicate(one.text, others[one.prompt_id]):
            one.flaws = [*one.flaws, Flaw.DUPLICATE]
            one.state = CandidateState.HELD
        others[one.prompt_id].append(one.text)


@transaction.atomic
def release_candidates(
    *,
    run: GenerationRun,
    by: User,
    now: datetime,
    flaw: str | None = None,
    candidate_ids: Sequence[int] | None = None,
) -> int:
    """Let held candidates of a run be compared after all; return how many.

    Those named, or those with a flaw, or all of them. Their groups are planned anew. Raises
    Invalid where one that is named is not of this run; one released before is passed over.
    """
    _check_named(run, candidate_ids or ())
    held = held_of(run, flaw).select_for_update(of=("self",))
    if candidate_ids is not None:
        held = held.filter(pk__in=candidate_ids)
    rows = list(held.only("prompt_id"))
    for one in rows:
        one.state, one.released_by, one.released_at = CandidateState.DONE, by, now
    Candidate.objects.bulk_update(rows, ["state", "released_by", "released_at"])
    plan_again(run_id=run.pk, prompt_ids=[one.prompt_id for one in rows])
    record_event(
        actor=by,
        action="candidates.released",
        target=f"run:{run.pk}",
        candidates=len(rows),
        flaw=flaw or "",
    )
    return len(rows)


def _check_named(run: GenerationRun, candidate_ids: Sequence[int]) -> None:
    own = Candidate.objects.filter(run=run, pk__in=candidate_ids).values_list("pk", flat=True)
    missing = sorted(set(candidate_ids) - set(own))
    if missing:
        problem = gettext("the run made no response %(number)s") % {"number": missing[0]}
        message = gettext("Nothing was released: %(problem)s.") % {"problem": problem}
        raise Invalid(message, fields={"candidates": [problem]})


def _flaws(candidate: Candidate, completion: Completion) -> list[Flaw]:
    run, part, prompt = candidate.run, candidate.part, candidate.prompt
    assert run is not None and part is not None  # noqa: S101, PT018 - only those of runs are made
    response = Response(
        text=completion.text,
        finish_reason=completion.finish_reason,
        prompt="\n".join(message["content"] for message in prompt.messages),
        language=prompt.language,
        model=part.generator.model,
    )
    return flaws_of(response, unchecked=run.unchecked, longest=run.longest)


def _unchecked(candidate: Candidate) -> list[str]:
    return candidate.run.unchecked if candidate.run is not None else []
