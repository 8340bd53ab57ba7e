"""Streams of what rests on no judgment: prompts alone, and chains of critique and revision."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from exports.queries.facts import prompt_facts, taken_prompts
from exports.queries.groups import group_of
from exports.queries.scope import Scope
from exports.records import Chain, PromptRow, Response, Step
from labeling.generation.enums import CandidateState
from labeling.generation.models import Candidate, RevisionStep
from labeling.prompts.models import Prompt

ROWS_AT_ONCE = 500


def prompt_rows(scope: Scope) -> Iterator[PromptRow]:
    """Yield every prompt of a selection in constant memory, in order."""
    keys = _prompts(scope).order_by("id").values_list("id", flat=True)
    stream = keys.iterator(chunk_size=ROWS_AT_ONCE)
    while chunk := list(islice(stream, ROWS_AT_ONCE)):
        facts = prompt_facts(chunk, scope)
        yield from (PromptRow(facts[key]) for key in chunk)


def chains(scope: Scope) -> Iterator[Chain]:
    """Yield every revision that was made with what led to it, in constant memory, by prompt."""
    rows = (
        Candidate.objects.filter(
            prompt__in=_prompts(scope), state=CandidateState.DONE, revises__isnull=False
        )
        .select_related("revises", "part__constitution")
        .prefetch_related("steps")
        .order_by("prompt_id", "id")
        .iterator(chunk_size=ROWS_AT_ONCE)
    )
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        prompts = prompt_facts({one.prompt_id for one in chunk}, scope)
        for one in chunk:
            original, part = one.revises, one.part
            if original is not None and part is not None and part.constitution is not None:
                yield Chain(
                    prompt=prompts[one.prompt_id],
                    original=Response(original.pk, original.text, original.model_label),
                    steps=tuple(map(_step, one.steps.all())),
                    revision=Response(one.pk, one.text, one.model_label),
                    constitution=part.constitution.name,
                    constitution_version=part.constitution.version,
                )


def _prompts(scope: Scope) -> QuerySet[Prompt]:
    """Return the prompts of a selection; what came after the groups is in the next export."""
    found = taken_prompts(scope)
    return found.filter(Exists(group_of(OuterRef("pk")))) if scope.selection.is_split else found


def _step(step: RevisionStep) -> Step:
    kind = "critique" if step.number % 2 else "revision"
    return Step(kind, step.principle, step.text, step.model_label)
