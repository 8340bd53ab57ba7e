"""Empty what people wrote with their judgments, and the HTML of what they were shown."""

from collections.abc import Iterator

from django.db.models import QuerySet

from labeling.accounts.models import User
from labeling.prompts.models import Prompt
from labeling.ranking.models import Judgment, RenderedCandidate, RenderedPrompt


def empty_words_of(person: User) -> None:
    """Empty what a person wrote with their judgments and what was measured; the rest stays."""
    _empty(Judgment.objects.filter(annotator=person))


def empty_words_about(prompt: Prompt) -> None:
    """Empty what people wrote about a prompt, and drop its HTML."""
    _empty(Judgment.objects.filter(comparison__prompt=prompt))
    RenderedPrompt.objects.filter(prompt=prompt).delete()
    RenderedCandidate.objects.filter(candidate__prompt=prompt).delete()


def _empty(judgments: QuerySet[Judgment]) -> None:
    """Empty every text; the database takes this of what is erased, and nothing else."""
    judgments.order_by().update(rationale="", ideal="", ideal_slot=None, client={})


def rendered_texts(prompt: Prompt) -> Iterator[str]:
    """Yield the HTML of a prompt and its responses."""
    for turns in RenderedPrompt.objects.filter(prompt=prompt).values_list("html", flat=True):
        yield from turns
    yield from RenderedCandidate.objects.filter(candidate__prompt=prompt).values_list(
        "html", flat=True
    )
