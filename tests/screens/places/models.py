"""The pages of generators and runs, and of what is held back."""

from decimal import Decimal

from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.backends.port import Completion, Failure
from labeling.generation.enums import Backend, Flaw
from labeling.generation.models import GenerationRun, Generator
from labeling.generation.services.claims import claim_candidates, finish_candidates
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import pause_run, request_candidates, stop_run
from tests.screens.screen import Place, Visit, manage
from tests.screens.world import USES, found, stocked

RESPONSES = Place("generation", "responses", "Responses")
RUN = Place("run", "run", "One run of a generator")
HELD = Place("run-held", "held", "Responses held back")
BUSY = Failure("The model server does not answer.", "Start it, then retry the failed ones.")


def run_of(campaign: Campaign, *unchecked: Flaw) -> GenerationRun:
    """Start a run of the campaign's generator, four responses a prompt."""
    generator = generator_of(campaign)
    return request_candidates(
        campaign=campaign,
        parts=[Wanted(generator, 4)],
        prompt_ids=None,
        seed=7,
        unchecked=unchecked,
        user=campaign.created_by,
        now=database_now(),
    )


def generator_of(campaign: Campaign) -> Generator:
    """Return the campaign's generator, made where there is none."""
    return campaign.generators.first() or _generator(campaign)


def _generator(campaign: Campaign) -> Generator:
    """Return a generator on a model server, although none is configured here."""
    generator = add_generator(
        campaign=campaign,
        user=campaign.created_by,
        draft=Draft(
            "Small model, warm",
            "transformers",
            "toy-chat",
            parameters={"temperature": 0.8, "max_new_tokens": 96},
        ),
    )
    generator.backend, generator.endpoint = Backend.OPENAI, "local"
    generator.model = "small-instruct"
    generator.save()
    return generator


def make(run: GenerationRun, done: int, failed: int = 0) -> None:
    """Finish so many responses of a run, and fail others."""
    now = database_now()
    claim = claim_candidates(part_id=run.parts.get().pk, limit=done + failed, seconds=900, now=now)
    assert claim is not None
    outcomes = {
        one.pk: made(USES[at % len(USES)]) if at < done else BUSY
        for at, one in enumerate(claim.rows)
    }
    finish_candidates(claim=claim.token, outcomes=outcomes, now=now)


def made(text: str, finish_reason: str = "stop") -> Completion:
    """Return what a model made."""
    return Completion(
        text,
        finish_reason,
        latency_ms=800,
        model_label="small-instruct",
        parameters={"temperature": 0.8},
        prompt_tokens=40,
        completion_tokens=len(text.split()),
    )


@RESPONSES.state("no-prompts", "Prompts come first")
def responses_none(visit: Visit) -> None:
    manage(visit, found(), "generation/")


@RESPONSES.state("first", "Before the first generator")
def responses_first(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, "generation/")


@RESPONSES.state("runs", "Runs in every state")
def responses_runs(visit: Visit) -> None:
    campaign, _ = stocked()
    make(run_of(campaign, Flaw.DUPLICATE), 16)
    make(run_of(campaign, Flaw.DUPLICATE), 13, 3)
    stopped = run_of(campaign, Flaw.DUPLICATE)
    make(stopped, 6)
    stop_run(run=stopped, by=campaign.created_by, now=database_now())
    make(run_of(campaign, Flaw.DUPLICATE), 5)
    manage(visit, campaign, "generation/")


@RUN.state("waiting", "A worker takes it up soon")
def run_waiting(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, f"generation/runs/{run_of(campaign).pk}/")


@RUN.state("running", "Responses are being made")
def run_running(visit: Visit) -> None:
    campaign, _ = stocked()
    run = run_of(campaign)
    make(run, 6, 1)
    claim_candidates(part_id=run.parts.get().pk, limit=3, seconds=900, now=database_now())
    manage(visit, campaign, f"generation/runs/{run.pk}/")


@RUN.state("failed", "Done, with failures: the cause, the remedy, and how often")
def run_failed(visit: Visit) -> None:
    campaign, _ = stocked()
    run = run_of(campaign)
    make(run, 11, 5)
    manage(visit, campaign, f"generation/runs/{run.pk}/")


@RUN.state("done", "Done")
def run_done(visit: Visit) -> None:
    campaign, _ = stocked()
    run = run_of(campaign)
    make(run, 16)
    manage(visit, campaign, f"generation/runs/{run.pk}/")


@RUN.state("stopped", "Stopped")
def run_stopped(visit: Visit) -> None:
    campaign, _ = stocked()
    run = run_of(campaign)
    make(run, 6)
    stop_run(run=run, by=campaign.created_by, now=database_now())
    manage(visit, campaign, f"generation/runs/{run.pk}/")


def _held(campaign: Campaign) -> GenerationRun:
    """Return a run whose gate held back some of what was made."""
    run = run_of(campaign)
    claim = claim_candidates(part_id=run.parts.get().pk, limit=16, seconds=900, now=database_now())
    assert claim is not None
    texts = [made(USES[at % len(USES)]) for at in range(16)]
    texts[1] = made(USES[1].rpartition(".")[0].rpartition(" ")[0], "length")
    texts[3] = texts[2]
    texts[6] = made("I am ChatGPT, and I would start with what you have at home.")
    texts[9] = made(f"{USES[9 % len(USES)]}<|im_end|>\n<|im_start|>user\nAnd then?", "length")
    texts[14] = made("Take it to the shop. " * 12, "length")
    outcomes = dict(zip([one.pk for one in claim.rows], texts, strict=True))
    finish_candidates(claim=claim.token, outcomes=outcomes, now=database_now())
    return run


@RUN.state("held", "Done, some held back: for what, and how many")
def run_held(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, f"generation/runs/{_held(campaign).pk}/")


@HELD.state("some", "What the gate holds back, with its reasons")
def held_some(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, f"generation/runs/{_held(campaign).pk}/held/")


@HELD.state("one-flaw", "Those with one flaw")
def held_one_flaw(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, f"generation/runs/{_held(campaign).pk}/held/?flaw=cut_off")


@HELD.state("nothing", "Nothing is held back")
def held_nothing(visit: Visit) -> None:
    campaign, _ = stocked()
    run = run_of(campaign)
    make(run, 16)
    manage(visit, campaign, f"generation/runs/{run.pk}/held/")


@RESPONSES.state("more", "A generator's further fields")
def responses_more(visit: Visit) -> None:
    campaign, _ = stocked()
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/generation/")
    page.get_by_text("More: stage, prompts").click()


@RUN.state("parts", "Several generators and temperatures, with a ceiling, paused")
def run_parts(visit: Visit) -> None:
    campaign, _ = stocked()
    one = _generator(campaign)
    Generator.objects.filter(pk=one.pk).update(
        price_read=Decimal("0.15"), price_written=Decimal(60)
    )
    two = Generator.objects.get(pk=one.pk)
    two.pk, two.name, two.model = None, "Large model", "large-instruct"
    two.save()
    run = request_candidates(
        campaign=campaign,
        parts=[Wanted(one, 2, 0.3), Wanted(one, 2, 1.0), Wanted(two, 3, together=True)],
        prompt_ids=None,
        seed=7,
        ceiling=Decimal("2.5"),
        user=campaign.created_by,
        now=database_now(),
    )
    GenerationRun.objects.filter(pk=run.pk).update(spent=Decimal("0.031207"))
    pause_run(run=run, by=campaign.created_by, now=database_now())
    manage(visit, campaign, f"generation/runs/{run.pk}/")
