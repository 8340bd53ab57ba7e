"""A campaign with comparisons, a judge, and what it says."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from labeling.generation.models import GenerationRun, Generator
from labeling.generation.services.opening import Terms
from labeling.generation.services.work import Worker
from labeling.judging.queries import judging_to_do
from labeling.judging.services.judging import judge_run
from labeling.judging.services.requests import Asked, request_judging
from tests.factories import Cast
from tests.generation.conftest import Scripted
from tests.stock import stock

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STANDARD = "The response that is more useful to the person is better."
FRAME = re.compile(
    r"<<<(?P<nonce>\w+) RESPONSE (?P<letter>[AB])\n(?P<text>.*?)\n(?P=nonce)>>>", re.S
)


def shown(request: Any) -> tuple[str, dict[str, str]]:
    """Return the nonce of a request, and the texts that it shows as A and B."""
    found = list(FRAME.finditer(request.messages[0]["content"]))
    return found[0]["nonce"], {one["letter"]: one["text"] for one in found}


def says(choose: Callable[[dict[str, str]], str]) -> Callable[[Any], str]:
    """Return a judge that gives the verdict chosen from the texts A and B."""

    def answer(request: Any) -> str:
        nonce, texts = shown(request)
        return f"I weighed both.\n[[{nonce} {choose(texts)}]]\n"

    return answer


def prefers(word: str) -> Callable[[Any], str]:
    """Return a judge that names the response with a word in it, else a tie."""
    return says(lambda texts: next((name for name, text in texts.items() if word in text), "TIE"))


ALWAYS_A = says(lambda texts: "A")


@pytest.fixture
def generator(cast: Cast) -> Generator:
    return Generator.objects.create(
        campaign=cast.campaign,
        name="Judge",
        backend="transformers",
        model="toy-chat",
        parameters={"temperature": 0.0},
        created_by=cast.manager,
    )


@pytest.fixture
def ask(cast: Cast, generator: Generator) -> Callable[..., GenerationRun]:
    """Ask the judge about every comparison, unless told otherwise."""

    def request(terms: Terms = Terms(seed=7), **changes: Any) -> GenerationRun:  # noqa: B008
        if "constitution" not in changes:
            changes = {"standard": STANDARD, **changes}
        return request_judging(
            campaign=cast.campaign,
            asked=Asked(**{"generator": generator, **changes}),
            terms=terms,
            user=cast.manager,
            now=NOW,
        )

    return request


@pytest.fixture
def run(cast: Cast, ask: Callable[..., GenerationRun]) -> GenerationRun:
    """A run about two pairs, each of a good and a bad response."""
    stock(cast.campaign, 2)
    return ask()


def judge(
    run: GenerationRun, *script: Any, clock: Any = lambda: NOW, batch_size: int = 4
) -> Scripted:
    """Have a scripted judge work on a run; return the judge."""
    backend, part = Scripted(*script, batch_size=batch_size), judging_to_do(run.pk)
    if part is not None:
        worker = Worker(
            open_backend=lambda part: backend, clock=clock, claim_seconds=60, budget_seconds=60.0
        )
        list(judge_run(part=part, worker=worker))
    return backend
