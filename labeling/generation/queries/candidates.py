"""Reads about candidates: those of a prompt or a run, those held back, those ready."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import CandidateSource, CandidateState, Flaw, GroupState
from labeling.generation.models import (
    Candidate,
    CandidateGroup,
    GenerationRun,
)
from labeling.prompts.models import Prompt
from labeling.wording import gettext

SEEN_IN = 500


@dataclass(frozen=True)
class Held:
    """How many candidates are held back for one flaw; one may have several."""

    flaw: Flaw
    count: int


def held_of(run: GenerationRun, flaw: str | None = None) -> QuerySet[Candidate]:
    """Return the candidates of a run that are held back, all or those with a flaw, in order."""
    held = Candidate.objects.filter(run=run, state=CandidateState.HELD)
    if flaw is not None:
        # SQLite cannot look into a list, and no flaw's name is a part of another's in quotes.
        held = held.alias(named=Cast("flaws", TextField())).filter(named__contains=f'"{flaw}"')
    return held.order_by("id")


def flaws_of_held(run: GenerationRun) -> list[Held]:
    """Return for which flaws candidates of a run are held back, as the enumeration has them."""
    named = held_of(run).values_list("flaws", flat=True)
    count = Counter(flaw for flaws in named for flaw in flaws)
    return [Held(flaw, count[flaw]) for flaw in Flaw if count[flaw]]


def groups_ready(run: GenerationRun) -> int:
    """Return of how many prompts every candidate of the run is finished."""
    return CandidateGroup.objects.filter(run=run).exclude(state=GroupState.FILLING).count()


def latest_texts(run: GenerationRun, limit: int) -> QuerySet[Candidate]:
    """Return the candidates of a run that were finished last."""
    done = Candidate.objects.filter(run=run, state=CandidateState.DONE).select_related("prompt")
    return done.order_by("-finished_at", "-id")[:limit]


def candidates_of(campaign: Campaign, prompt_id: int) -> QuerySet[Candidate]:
    """Return the candidates of one prompt of the campaign, or raise NotFound."""
    if not Prompt.objects.filter(campaign=campaign, pk=prompt_id).exists():
        raise NotFound(gettext("The campaign has no such prompt."))
    return Candidate.objects.filter(prompt_id=prompt_id).select_related("part").order_by("id")


def answers_to(campaign: Campaign, prompt_id: int) -> tuple[Prompt, dict[str, list[Candidate]]]:
    """Return a prompt of the campaign and its texts by stage of training; or raise NotFound.

    Under the empty name is what no generator with a stage made.
    """
    prompt = Prompt.objects.filter(campaign=campaign, pk=prompt_id).first()
    if prompt is None:
        raise NotFound(gettext("The campaign has no such prompt."))
    rows = Candidate.objects.filter(prompt=prompt).exclude(text="").order_by("id")
    by_stage: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows.select_related("part__generator"):
        by_stage[row.part.generator.stage if row.part else ""].append(row)
    return prompt, by_stage


def originals_of(campaign: Campaign, run: GenerationRun | None) -> QuerySet[Candidate]:
    """Return the finished responses of a run, without one those imported, by prompt."""
    own = Candidate.objects.filter(prompt__campaign=campaign, state=CandidateState.DONE)
    if run is None:
        own = own.filter(source__in=(CandidateSource.IMPORT, CandidateSource.HUMAN))
    else:
        own = own.filter(run=run)
    return own.exclude(text="").order_by("prompt_id", "id")


def candidate_for(campaign: Campaign, candidate_id: int) -> Candidate:
    """Return one candidate of the campaign with prompt, original and steps; or raise NotFound."""
    rows = Candidate.objects.select_related("prompt", "run", "part__constitution", "revises")
    found = rows.prefetch_related("steps").filter(prompt__campaign=campaign, pk=candidate_id)
    if (candidate := found.first()) is None:
        raise NotFound(gettext("The campaign has no such response."))
    return candidate


def models_seen(campaign: Campaign) -> list[str]:
    """Return the labels of the models that answered the campaign's newest prompts."""
    newest = Prompt.objects.filter(campaign=campaign).order_by("-id")[:SEEN_IN]
    found = Candidate.objects.filter(prompt__in=newest.values("pk")).exclude(model_label="")
    return list(found.values_list("model_label", flat=True).distinct().order_by("model_label"))


def prompts_short_of(campaign: Campaign, *, responses: int) -> list[int]:
    """Return the prompts that have fewer than so many finished candidates, in order."""
    done = Count("candidates", filter=Q(candidates__state=CandidateState.DONE))
    short = Prompt.objects.filter(campaign=campaign).annotate(n=done).filter(n__lt=responses)
    return list(short.order_by("id").values_list("pk", flat=True))


def prompt_count(campaign: Campaign) -> int:
    """Return how many prompts the campaign has."""
    return Prompt.objects.filter(campaign=campaign).count()
