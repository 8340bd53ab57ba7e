"""Render what people will be shown before they are: in a worker, once a text."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet

from labeling.assignment.models import Comparison
from labeling.generation.models import Candidate
from labeling.prepared import AnyModel
from labeling.prompts.models import Prompt
from labeling.ranking.models import RenderedCandidate, RenderedPrompt, RenderedUpTo
from labeling.ranking.rendering import VERSION, render

COMPARISONS_AT_ONCE = 100
MOST_AT_ONCE = 2_000  # comparisons of one call: some seconds


def render_ahead(*, campaign_id: int) -> bool:
    """Render the texts of a campaign's comparisons that are new; tell whether there may be more.

    What is not rendered when it is shown is rendered then, so nothing waits for this. Safe to run
    twice and beside itself.
    """
    mark, _ = RenderedUpTo.objects.get_or_create(
        campaign_id=campaign_id, defaults={"version": VERSION}
    )
    if mark.version != VERSION:
        mark.version, mark.comparison = VERSION, 0
        mark.save()
    new = Comparison.objects.filter(campaign=campaign_id, pk__gt=mark.comparison).order_by("pk")
    waiting = list(new.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for start in range(0, len(waiting), COMPARISONS_AT_ONCE):
        some = waiting[start : start + COMPARISONS_AT_ONCE]
        _render_prompts(some)
        _render_candidates(some)
        _drop_erased(some)
        mark.comparison = some[-1]
        mark.save()
    return len(waiting) == MOST_AT_ONCE


def _render_prompts(comparisons: Sequence[int]) -> None:
    shown = Prompt.objects.filter(comparisons__in=comparisons)
    rendered = [
        RenderedPrompt(
            prompt=each, version=VERSION, html=[render(t["content"]) for t in each.messages]
        )
        for each in _not_rendered(shown, "messages")
    ]
    _store(RenderedPrompt, "prompt", rendered)


def _render_candidates(comparisons: Sequence[int]) -> None:
    shown = Candidate.objects.filter(slots__comparison__in=comparisons)
    rendered = [
        RenderedCandidate(candidate=each, version=VERSION, html=render(each.text))
        for each in _not_rendered(shown, "text")
    ]
    _store(RenderedCandidate, "candidate", rendered)


def _drop_erased(comparisons: Sequence[int]) -> None:
    """Drop what was rendered of texts that were erased after they had been read."""
    erased = Prompt.objects.filter(comparisons__in=comparisons, erased_at__isnull=False)
    RenderedPrompt.objects.filter(prompt__in=erased).delete()
    RenderedCandidate.objects.filter(candidate__prompt__in=erased).delete()


def _not_rendered(shown: QuerySet[AnyModel], text: str) -> QuerySet[AnyModel]:
    missing = shown.exclude(rendered__version=VERSION).values("pk")
    return shown.model._default_manager.filter(pk__in=missing).only(text)


def _store(model: type[Model], key: str, rendered: list[Any]) -> None:
    model._default_manager.bulk_create(
        rendered, update_conflicts=True, unique_fields=[key], update_fields=["version", "html"]
    )
