"""Streams of what rests on no judgment: prompts alone, and chains of critique and revision."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from exports.fitness import why_unfit_chain, why_unfit_prompt
from exports.queries.facts import prompt_facts, taken_prompts
from exports.queries.groups import group_of
from exports.queries.scope import Scope
from exports.records import Chain, PromptFacts, PromptRow, Response, Step
from labeling.generation.enums import CandidateState
from labeling.generation.models import Candidate, RevisionStep
from labeling.prompts.models import Prompt

ROWS_AT_ONCE = 500


def prompt_rows(scope: Scope) -> Iterator[PromptRow]:
    """Yield every prompt of a selection that trainers can read, in constant memory, in order."""
    longest = scope.selection.max_tokens
    keys = _prompts(scope).order_by("id").values_list("id", flat=True)
    stream = keys.iterator(chunk_size=ROWS_AT_ONCE)
    while chunk := list(islice(stream, ROWS_AT_ONCE)):
        facts = prompt_facts(chunk, scope)
        for key in chunk:
            if why_unfit_prompt(facts[key], longest) is None:
                yield PromptRow(facts[key])


def chains(scope: Scope) -> Iterator[Chain]:
    """Yield every revision that was made with what led to it, in constant memory, by prompt.

    Those that trainers could not read or learn from are left out.
    """
    longest = scope.selection.max_tokens
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
            chain = _chain(one, prompts[one.prompt_id], scope)
            if chain is not None and why_unfit_chain(chain, longest) is None:
                yield chain


def _prompts(scope: Scope) -> QuerySet[Prompt]:
    """Return the prompts of a selection; what came after the groups is in the next export."""
    found = taken_prompts(scope)
    return found.filter(Exists(group_of(OuterRef("pk")))) if scope.selection.is_split else found


def _chain(made: Candidate, prompt: PromptFacts, scope: Scope) -> Chain | None:
    """Return a revision with what led to it; None of one that no constitution asked for."""
    original, part = made.revises, made.part
    if original is None or part is None or part.constitution is None:
        return None
    before, after = scope.tokens.of([original.text, made.text])
    return Chain(
        prompt=prompt,
        original=Response(original.pk, original.text, original.model_label, tokens=before),
        steps=tuple(map(_step, made.steps.all())),
        revision=Response(made.pk, made.text, made.model_label, tokens=after),
        constitution=part.constitution.name,
        constitution_version=part.constitution.version,
    )


def _step(step: RevisionStep) -> Step:
    kind = "critique" if step.number % 2 else "revision"
    return Step(kind, step.principle, step.text, step.model_label)
