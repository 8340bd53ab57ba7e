"""Empty the responses to a prompt, and take them out of the hands of workers."""

from datetime import datetime

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from labeling.accounts.services.erasing import GONE
from labeling.generation.enums import CandidateState, GroupState
from labeling.generation.models import Candidate, CandidateGroup, RevisionStep
from labeling.prompts.models import Prompt


def hold_candidates(prompt: Prompt) -> list[str]:
    """Lock the responses to a prompt and return every text of theirs.

    Stronger than others do: not even a row that points at one is added meanwhile.
    """
    rows = list(_of(prompt).select_for_update(of=("self",)).order_by("pk"))
    steps = RevisionStep.objects.filter(candidate__in=rows).values_list("text", flat=True)
    return [*(row.text for row in rows), *steps]


def erase_candidates(*, prompt: Prompt, now: datetime) -> None:
    """Empty every response to a prompt for good; what a worker still makes of it comes too late.

    How each was made stays: its model, its tokens, its cost. What is not compared yet never is.
    Call it in a transaction that has emptied the prompt.
    """
    hold_candidates(prompt)
    RevisionStep.objects.filter(candidate__prompt=prompt).delete()
    _of(prompt).update(
        state=CandidateState.ERASED,
        text="",
        text_hash=Concat(Value(f"{GONE}:"), Cast("pk", CharField())),
        error="",
        response_id="",
        metadata={},
        parameters={},
        flaws=[],
        claim=None,
        claim_expires_at=None,
        finished_at=now,
    )
    groups = CandidateGroup.objects.select_for_update().filter(prompt=prompt).order_by("pk")
    held = [group.pk for group in groups]
    CandidateGroup.objects.filter(pk__in=held).update(unfinished=0, state=GroupState.PLANNED)


def _of(prompt: Prompt) -> QuerySet[Candidate]:
    return Candidate.objects.filter(prompt=prompt)
