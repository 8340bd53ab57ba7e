"""What the generation tests stand on: a campaign with prompts, generators and models."""

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.generation.backends.port import (
    Backend,
    Completion,
    Failure,
    Outcome,
    Postponed,
    Request,
)
from labeling.generation.backends.process import ProcessBackend
from labeling.generation.backends.wire import ModelSpec
from labeling.generation.enums import Flaw
from labeling.generation.models import Candidate, GenerationRun, Generator
from labeling.generation.recipe import Recipe
from labeling.generation.services.claims import (
    Finished,
    claim_candidates,
    finish_candidates,
)
from labeling.generation.services.constitutions import add_constitution
from labeling.generation.services.filling import Batch, fill_run
from labeling.generation.services.opening import Terms
from labeling.generation.services.parts import Wanted
from labeling.generation.services.revisions import request_revisions
from labeling.generation.services.runs import request_candidates
from labeling.generation.services.work import Claim, Worker
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses
from tests.factories import Cast

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PRINCIPLES = ["Be kind.", "Be honest.", "Be brief."]
RECIPE = Recipe(temperature=0.9, top_p=0.9, max_new_tokens=12)


@pytest.fixture
def manager(cast: Cast) -> User:
    return cast.manager


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return cast.campaign


@pytest.fixture
def prompt_set(campaign: Campaign, manager: User) -> PromptSet:
    return PromptSet.objects.create(
        campaign=campaign,
        name="prompts.jsonl",
        format=FileFormat.JSONL,
        sha256="0" * 64,
        size=1,
        upload="prompts.jsonl",
        state=PromptSetState.DONE,
        created_by=manager,
    )


@pytest.fixture
def add_prompt(prompt_set: PromptSet) -> Callable[[str], Prompt]:
    def add(text: str) -> Prompt:
        return Prompt.objects.create(
            campaign_id=prompt_set.campaign_id,
            prompt_set=prompt_set,
            messages=[{"role": "user", "content": text}],
            content_hash=text,
        )

    return add


@pytest.fixture
def prompt(add_prompt: Callable[[str], Prompt]) -> Prompt:
    return add_prompt("Why is the sky blue?")


@pytest.fixture
def add_responses(prompt_set: PromptSet) -> Callable[..., ReadyResponses]:
    def add(prompt: Prompt, *texts: str, model: str = "m") -> ReadyResponses:
        row = ReadyResponses.objects.count() + 1
        return ReadyResponses.objects.create(
            prompt_set=prompt_set,
            prompt=prompt,
            row=row,
            responses=[{"text": text, "model": model, "metadata": {}} for text in texts],
            content_hash=str(row),
        )

    return add


@pytest.fixture
def generator(campaign: Campaign, manager: User) -> Generator:
    return Generator.objects.create(
        campaign=campaign,
        name="Toy",
        backend="transformers",
        model="toy-chat",
        parameters={"temperature": 0.8, "top_p": 0.95, "max_new_tokens": 32, "stop": []},
        created_by=manager,
    )


@pytest.fixture
def request_run(campaign: Campaign, generator: Generator, manager: User) -> Callable[..., Any]:
    """Ask for candidates of some prompts, every prompt unless told."""

    def request(per_prompt: int = 2, **changes: Any) -> GenerationRun:
        asked: dict[str, Any] = {
            "campaign": campaign,
            "parts": [Wanted(generator, per_prompt)],
            "prompt_ids": None,
            "seed": 7,
            "user": manager,
            "now": NOW,
        }
        return request_candidates(**(asked | changes))

    return request


class Scripted:
    """A backend that answers from a script: a text, a failure, or what a function returns."""

    def __init__(self, *script: Any, batch_size: int = 4) -> None:
        self.batch_size = batch_size
        self.seen: list[Request] = []
        self._script = script

    def complete(self, requests: Sequence[Request]) -> Iterator[dict[int, Outcome]]:
        self.seen += requests
        yield {at: self._answer(one, at) for at, one in enumerate(requests)}

    def _answer(self, request: Request, at: int) -> Outcome:
        step = self._script[at % len(self._script)] if self._script else f"text {request.seed}"
        step = step(request) if callable(step) else step
        return step if isinstance(step, Failure | Postponed) else completion(step)


def outcomes_of(backend: Backend, requests: Sequence[Request]) -> list[Any]:
    """Return every outcome in the order of the requests; each place must come just once."""
    found: dict[int, Outcome] = {}
    for made in backend.complete(requests):
        assert not found.keys() & made.keys()
        found |= made
    return [found[at] for at in range(len(requests))]


def completion(text: str) -> Completion:
    return Completion(
        text=text,
        finish_reason="stop",
        latency_ms=5,
        model_label="scripted",
        parameters={"temperature": 0.8},
        prompt_tokens=3,
        completion_tokens=4,
        model_revision="r1",
        template_hash="t" * 64,
    )


def claim_some(run: GenerationRun, limit: int = 10, now: datetime = NOW) -> Claim | None:
    """Claim candidates of a run's only part for a minute, if it has some."""
    part = run.parts.get()
    return claim_candidates(part_id=part.pk, limit=limit, seconds=60, now=now)


def claimed(run: GenerationRun, limit: int = 10, now: datetime = NOW) -> Claim:
    """Claim candidates of a run that has some for a minute."""
    claim = claim_some(run, limit, now)
    assert claim is not None
    return claim


def finish(claim: Claim, *outcomes: Outcome, now: datetime = NOW) -> Finished:
    """Hand in one outcome for each candidate, the last one for all that are left."""
    given = [*outcomes, *[outcomes[-1]] * len(claim.rows)]
    made = {one.pk: outcome for one, outcome in zip(claim.rows, given, strict=False)}
    return finish_candidates(claim=claim.token, outcomes=made, now=now)


def fill(
    run: GenerationRun, backend: Any, *, budget: float = 60.0, clock: Any = lambda: NOW
) -> list[Batch]:
    """Have a backend work on a run, one for all its parts or one that a function opens."""
    return list(
        fill_run(
            run=run,
            worker=Worker(
                open_backend=backend if callable(backend) else lambda part: backend,
                clock=clock,
                claim_seconds=60,
                budget_seconds=budget,
            ),
        )
    )


def counts(run: GenerationRun) -> dict[str, int]:
    """Count the candidates of a run by state."""
    found = Candidate.objects.filter(run=run).values_list("state", flat=True)
    return {state: list(found).count(state) for state in set(found)}


@pytest.fixture
def constitution(campaign, manager):
    return add_constitution(campaign=campaign, name="House", principles=PRINCIPLES, user=manager)


@pytest.fixture
def made(prompt, request_run):
    """A run that has made two responses."""
    run = request_run(per_prompt=2)
    fill(run, Scripted("It is blue because I say so.", "Rayleigh scattering, of course."))
    return run


@pytest.fixture
def revise(campaign, generator, constitution, manager):
    def ask(of, rounds=2, **changes):
        asked = {
            "campaign": campaign,
            "of": of,
            "generator": generator,
            "constitution": constitution,
            "rounds": rounds,
            "terms": Terms(seed=7, unchecked=[Flaw.DUPLICATE]),
            "user": manager,
            "now": NOW,
        }
        return request_revisions(**(asked | changes))

    return ask


def says(request):
    """Answer what shows which step was asked for: of which response, and which one."""
    said = [turn["content"] for turn in request.messages if turn["role"] == "assistant"]
    return f"critique of ({said[0]})" if len(said) == 1 else f"revision of ({said[0]})"


def ask(text="Why is the sky blue?", seed=1, recipe=RECIPE):
    return Request([{"role": "user", "content": text}], seed, recipe)


def local_backend(spec):
    """Return a model that is loaded in this very process."""
    loading = importlib.import_module("labeling.generation.backends.loading")
    local = importlib.import_module("labeling.generation.backends.local")
    backend = local.LocalBackend(loading.load_model(spec))
    backend.spec = spec
    return backend


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    if importlib.util.find_spec("torch") is None:
        pytest.skip("the `local` extra is not installed")
    folder = tmp_path_factory.mktemp("models") / "tiny"
    importlib.import_module("tests.generation.tiny_model").save_tiny_model(folder)
    return local_backend(ModelSpec(name="tiny", revision="", models_dir=str(folder.parent)))


@pytest.fixture(scope="session")
def apart(tiny):
    """The tiny model in a process of its own."""
    backend = ProcessBackend(tiny.spec)
    yield backend
    backend.close()
