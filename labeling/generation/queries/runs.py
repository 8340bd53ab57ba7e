"""Reads about generators, runs and candidates: the one door to each of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import Backend, CandidateState, Flaw, GroupState
from labeling.generation.models import Candidate, CandidateGroup, GenerationRun, Generator
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses
from labeling.wording import gettext, gettext_noop

TOY_MODEL = "toy-chat"
# As it is stored; pages show it in their language.
TOY_LABEL = gettext_noop("toy-chat (a toy, trained on the demo text)")
RING_AGAIN = timedelta(seconds=30)
MEASURED_OVER, FEWEST_MEASURED = 100, 5
SEEN_IN = 500


@dataclass(frozen=True)
class ModelChoice:
    """One model that a generator may name; endpoints serve any model they know."""

    backend: Backend
    model: str
    endpoint: str
    label: str


@dataclass(frozen=True)
class Trouble:
    """Failures of a run that have one cause."""

    cause: str
    remedy: str
    count: int


@dataclass(frozen=True)
class Held:
    """How many candidates are held back for one flaw; one may have several."""

    flaw: Flaw
    count: int


@dataclass(frozen=True)
class Progress:
    """How far a run is: its candidates by state."""

    pending: int
    running: int
    done: int
    held: int
    failed: int
    retried: int

    @property
    def total(self) -> int:
        """Return how many candidates the run has."""
        return self.pending + self.running + self.done + self.held + self.failed

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left to make."""
        return self.pending + self.running == 0


def toy_folder() -> Path:
    """Return where the toy model is, or will be."""
    return Path(settings.MODELS_DIR) / TOY_MODEL


def local_models() -> list[str]:
    """Return the names of the local models allowed here, the toy first."""
    folder = Path(settings.MODELS_DIR)
    own = [entry.name for entry in sorted(folder.glob("[!.]*")) if (entry / "config.json").exists()]
    return list(dict.fromkeys([TOY_MODEL, *own, *settings.LOCAL_MODELS]))


def available_models() -> list[ModelChoice]:
    """Return every model and every endpoint that a generator may name here."""
    labels = {TOY_MODEL: gettext(TOY_LABEL)}
    local = [
        ModelChoice(Backend.TRANSFORMERS, name, "", labels.get(name, name))
        for name in local_models()
    ]
    served = [
        ModelChoice(Backend.OPENAI, "", name, name) for name in sorted(settings.MODEL_ENDPOINTS)
    ]
    return local + served


def generators_of(campaign: Campaign) -> QuerySet[Generator]:
    """Return the generators of a campaign, newest first."""
    return Generator.objects.filter(campaign=campaign).order_by("-id")


def generator_for(campaign: Campaign, generator_id: int) -> Generator:
    """Return one generator of the campaign, or raise NotFound."""
    found = generators_of(campaign).filter(pk=generator_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such generator."))
    return found


def runs_of(campaign: Campaign) -> QuerySet[GenerationRun]:
    """Return the runs of a campaign with their counts by state, newest first."""
    return (
        GenerationRun.objects.filter(campaign=campaign)
        .select_related("generator", "requested_by")
        .annotate(**{f"n_{state}": _count(state) for state in CandidateState.values})
        .order_by("-id")
    )


def run_for(campaign: Campaign, run_id: int) -> GenerationRun:
    """Return one run of the campaign, or raise NotFound."""
    runs = GenerationRun.objects.select_related("generator", "campaign", "requested_by")
    found = runs.filter(campaign=campaign, pk=run_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such run."))
    return found


def progress_of(run: GenerationRun) -> Progress:
    """Return how far a run is."""
    counts = Candidate.objects.filter(run=run).aggregate(
        **{state: _state_count(state) for state in CandidateState.values},
        retried=Count("id", filter=Q(attempts__gt=1)),
    )
    return Progress(**counts)


def troubles_of(run: GenerationRun) -> list[Trouble]:
    """Return the failures of a run by cause, the most frequent first."""
    failed = Candidate.objects.filter(run=run, state=CandidateState.FAILED)
    counted = failed.values("error").annotate(count=Count("id")).order_by("-count", "error")
    troubles = []
    for row in counted:
        cause, _, remedy = row["error"].partition("\n")
        troubles.append(Trouble(cause, remedy, row["count"]))
    return troubles


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


def speed_of(run: GenerationRun) -> int | None:
    """Return the candidates finished a minute, over the last hundred; None while too few are."""
    done = Candidate.objects.filter(run=run, state__in=(CandidateState.DONE, CandidateState.HELD))
    last = list(done.order_by("-finished_at").values_list("finished_at", flat=True)[:MEASURED_OVER])
    if len(last) < FEWEST_MEASURED or last[0] is None or last[-1] is None:
        return None
    seconds = (last[0] - last[-1]).total_seconds()
    return round(60 * (len(last) - 1) / seconds) if seconds else None


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
    return Candidate.objects.filter(prompt_id=prompt_id).order_by("id")


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


def waits_for_toy(run: GenerationRun) -> bool:
    """Tell whether the run needs the toy model and no worker has built it yet."""
    generator = run.generator
    is_toy = generator.backend == Backend.TRANSFORMERS and generator.model == TOY_MODEL
    return is_toy and not toy_folder().exists()


def run_to_fill(run_id: int) -> GenerationRun | None:
    """Return a run with its generator for a worker; None when it is gone."""
    return GenerationRun.objects.select_related("generator").filter(pk=run_id).first()


def runs_to_ring(now: datetime) -> list[int]:
    """Return the runs that have something to make, that nobody works on and nobody was told of.

    Of a stopped run that is what a worker left behind.
    """
    of_run = Candidate.objects.filter(run=OuterRef("pk"))
    running = of_run.filter(state=CandidateState.RUNNING)
    lost = running.filter(claim_expires_at__lt=now)
    waiting = of_run.filter(state=CandidateState.PENDING)
    due = GenerationRun.objects.filter(
        Exists(lost) | Exists(waiting),
        ~Exists(running.filter(claim_expires_at__gte=now)),
        Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN),
    )
    return list(due.order_by("id").values_list("pk", flat=True))


def campaign_of_prompt_set(prompt_set_id: int) -> int | None:
    """Return the campaign an import belongs to, None when the import is gone."""
    return PromptSet.objects.filter(pk=prompt_set_id).values_list("campaign_id", flat=True).first()


def prompt_sets_to_adopt() -> list[int]:
    """Return the finished imports that still hold ready responses nobody made candidates of."""
    waiting = ReadyResponses.objects.filter(adopted_at=None, prompt_set__state=PromptSetState.DONE)
    return list(
        waiting.order_by("prompt_set_id").values_list("prompt_set_id", flat=True).distinct()
    )


def _count(state: str) -> Count:
    return Count("candidates", filter=Q(candidates__state=state))


def _state_count(state: str) -> Count:
    return Count("id", filter=Q(state=state))
