"""The pages of prompts, imports and the responses that models make."""

import json
from typing import Any

from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.backends.port import Completion, Failure
from labeling.generation.enums import Backend, Flaw
from labeling.generation.models import GenerationRun, Generator
from labeling.generation.services.claims import claim_candidates, finish_candidates
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import request_candidates, stop_run
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import PromptSet
from labeling.prompts.services import import_prompt_set
from tests.screens.screen import Place, Visit
from tests.screens.world import USES, bring, found, stocked, upload

PROMPTS = Place("prompts", "prompts", "Prompts")
IMPORT = Place("prompt-import", "import", "Importing prompts")
RESPONSES = Place("generation", "responses", "Responses")
RUN = Place("run", "run", "One run of a generator")
HELD = Place("run-held", "held", "Responses held back")
FAULTY = (
    json.dumps({"prompt": "How do I boil an egg?", "candidates": ["Seven minutes.", "Ten."]}),
    json.dumps({"prompt": "How do I boil an egg?", "candidates": ["Seven minutes.", "Ten."]}),
    json.dumps({"prompt": ""}),
    json.dumps({"prompt": "Why is the sky blue?", "tags": "physics"}),
    json.dumps({"messages": [{"role": "bot", "content": "Hello"}]}),
    json.dumps({"prompt": "Name a prime.", "candidates": ["Seven", "Seven"]}),
    '{"prompt": "cut off he',
)
BUSY = Failure("The model server does not answer.", "Start it, then retry the failed ones.")


def _manage(visit: Visit, campaign: Campaign, page: str) -> None:
    visit(campaign.created_by).goto(f"/campaigns/{campaign.pk}/{page}")


@PROMPTS.state("empty", "None yet")
def prompts_empty(visit: Visit) -> None:
    _manage(visit, found(), "prompts/")


@PROMPTS.state("list", "What was imported")
def prompts_list(visit: Visit) -> None:
    campaign = found()
    bring(campaign, "demo-001", "demo-008", "demo-017", "demo-024", "demo-031")
    _manage(visit, campaign, "prompts/")


@PROMPTS.state("one", "A conversation with its responses", route="prompt")
def prompts_one(visit: Visit) -> None:
    campaign = found()
    bring(campaign, "demo-020")
    _manage(visit, campaign, "prompts/1/")


@IMPORT.state("first", "Before the first file")
def import_first(visit: Visit) -> None:
    _manage(visit, found(), "prompts/import/")


@IMPORT.state("earlier", "With earlier imports")
def import_earlier(visit: Visit) -> None:
    campaign = found()
    bring(campaign, "demo-001", "demo-008")
    _import(campaign, FAULTY)
    _import(campaign, ["[]"], name="not-rows.jsonl")
    upload(campaign, "waiting.jsonl", FAULTY[:1])
    _manage(visit, campaign, "prompts/import/")


@IMPORT.state("refused", "No file was chosen")
def import_refused(visit: Visit) -> None:
    campaign = found()
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/prompts/import/")
    page.get_by_role("button", name="Check and import").click()


@IMPORT.state("waiting", "The file waits for a worker", route="prompt-set")
def import_waiting(visit: Visit) -> None:
    _follow(visit, {})


@IMPORT.state("checking", "The whole file is checked first", route="prompt-set")
def import_checking(visit: Visit) -> None:
    _follow(visit, {"state": PromptSetState.CHECKING, "checked_rows": 4_200})


@IMPORT.state("storing", "Rows are stored", route="prompt-set")
def import_storing(visit: Visit) -> None:
    counts = {"checked_rows": 12_000, "stored_rows": 7_150, "duplicate_rows": 50}
    _follow(visit, {"state": PromptSetState.STORING, **counts})


def _follow(visit: Visit, standing: dict[str, Any]) -> None:
    campaign = found()
    given = upload(campaign, "everyday.jsonl", FAULTY[:1])
    PromptSet.objects.filter(pk=given.pk).update(**standing)
    _manage(visit, campaign, f"prompt-sets/{given.pk}/")


@IMPORT.state("done", "All rows are in", route="prompt-set")
def import_done(visit: Visit) -> None:
    campaign = found()
    _manage(visit, campaign, f"prompt-sets/{bring(campaign, 'demo-001', 'demo-008').pk}/")


@IMPORT.state("errors", "Each refused row with its number and the reason", route="prompt-set")
def import_errors(visit: Visit) -> None:
    campaign = found()
    _manage(visit, campaign, f"prompt-sets/{_import(campaign, FAULTY).pk}/")


@IMPORT.state("failed", "A file that cannot be read", route="prompt-set")
def import_failed(visit: Visit) -> None:
    campaign = found()
    broken = _import(campaign, ["\0\1\2"], name="broken.parquet")
    _manage(visit, campaign, f"prompt-sets/{broken.pk}/")


def _import(
    campaign: Campaign, lines: list[str] | tuple[str, ...], name: str = "mixed.jsonl"
) -> PromptSet:
    given = upload(campaign, name, lines)
    return import_prompt_set(prompt_set_id=given.pk, now=database_now())


def _run(campaign: Campaign, *unchecked: Flaw) -> GenerationRun:
    generator = campaign.generators.first() or _generator(campaign)
    return request_candidates(
        campaign=campaign,
        parts=[Wanted(generator, 4)],
        prompt_ids=None,
        seed=7,
        unchecked=unchecked,
        user=campaign.created_by,
        now=database_now(),
    )


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


def _make(run: GenerationRun, done: int, failed: int = 0) -> None:
    now = database_now()
    claim = claim_candidates(part_id=run.parts.get().pk, limit=done + failed, seconds=900, now=now)
    assert claim is not None
    outcomes = {
        one.pk: _made(USES[at % len(USES)]) if at < done else BUSY
        for at, one in enumerate(claim.candidates)
    }
    finish_candidates(claim=claim.token, outcomes=outcomes, now=now)


def _made(text: str, finish_reason: str = "stop") -> Completion:
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
    _manage(visit, found(), "generation/")


@RESPONSES.state("first", "Before the first generator")
def responses_first(visit: Visit) -> None:
    campaign, _ = stocked()
    _manage(visit, campaign, "generation/")


@RESPONSES.state("runs", "Runs in every state")
def responses_runs(visit: Visit) -> None:
    campaign, _ = stocked()
    _make(_run(campaign, Flaw.DUPLICATE), 16)
    _make(_run(campaign, Flaw.DUPLICATE), 13, 3)
    stopped = _run(campaign, Flaw.DUPLICATE)
    _make(stopped, 6)
    stop_run(run=stopped, by=campaign.created_by, now=database_now())
    _make(_run(campaign, Flaw.DUPLICATE), 5)
    _manage(visit, campaign, "generation/")


@RUN.state("waiting", "A worker takes it up soon")
def run_waiting(visit: Visit) -> None:
    campaign, _ = stocked()
    _manage(visit, campaign, f"generation/runs/{_run(campaign).pk}/")


@RUN.state("running", "Responses are being made")
def run_running(visit: Visit) -> None:
    campaign, _ = stocked()
    run = _run(campaign)
    _make(run, 6, 1)
    claim_candidates(part_id=run.parts.get().pk, limit=3, seconds=900, now=database_now())
    _manage(visit, campaign, f"generation/runs/{run.pk}/")


@RUN.state("failed", "Done, with failures: the cause, the remedy, and how often")
def run_failed(visit: Visit) -> None:
    campaign, _ = stocked()
    run = _run(campaign)
    _make(run, 11, 5)
    _manage(visit, campaign, f"generation/runs/{run.pk}/")


@RUN.state("done", "Done")
def run_done(visit: Visit) -> None:
    campaign, _ = stocked()
    run = _run(campaign)
    _make(run, 16)
    _manage(visit, campaign, f"generation/runs/{run.pk}/")


@RUN.state("stopped", "Stopped")
def run_stopped(visit: Visit) -> None:
    campaign, _ = stocked()
    run = _run(campaign)
    _make(run, 6)
    stop_run(run=run, by=campaign.created_by, now=database_now())
    _manage(visit, campaign, f"generation/runs/{run.pk}/")


def _held(campaign: Campaign) -> GenerationRun:
    """Return a run whose gate held back some of what was made."""
    run = _run(campaign)
    claim = claim_candidates(part_id=run.parts.get().pk, limit=16, seconds=900, now=database_now())
    assert claim is not None
    texts = [_made(USES[at % len(USES)]) for at in range(16)]
    texts[1] = _made(USES[1].rpartition(".")[0].rpartition(" ")[0], "length")
    texts[3] = texts[2]
    texts[6] = _made("I am ChatGPT, and I would start with what you have at home.")
    texts[9] = _made(f"{USES[9 % len(USES)]}<|im_end|>\n<|im_start|>user\nAnd then?", "length")
    texts[14] = _made("Take it to the shop. " * 12, "length")
    outcomes = dict(zip([one.pk for one in claim.candidates], texts, strict=True))
    finish_candidates(claim=claim.token, outcomes=outcomes, now=database_now())
    return run


@RUN.state("held", "Done, some held back: for what, and how many")
def run_held(visit: Visit) -> None:
    campaign, _ = stocked()
    _manage(visit, campaign, f"generation/runs/{_held(campaign).pk}/")


@HELD.state("some", "What the gate holds back, with its reasons")
def held_some(visit: Visit) -> None:
    campaign, _ = stocked()
    _manage(visit, campaign, f"generation/runs/{_held(campaign).pk}/held/")


@HELD.state("one-flaw", "Those with one flaw")
def held_one_flaw(visit: Visit) -> None:
    campaign, _ = stocked()
    _manage(visit, campaign, f"generation/runs/{_held(campaign).pk}/held/?flaw=cut_off")


@HELD.state("nothing", "Nothing is held back")
def held_nothing(visit: Visit) -> None:
    campaign, _ = stocked()
    run = _run(campaign)
    _make(run, 16)
    _manage(visit, campaign, f"generation/runs/{run.pk}/held/")
