"""A server with twelve faults: everything wanted is delivered once, within limits and ceiling."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal

import httpx2
import pytest
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from labeling.generation.backends.addresses import PinnedTransport
from labeling.generation.backends.server import ServerBackend
from labeling.generation.backends.turns import Ending
from labeling.generation.enums import CandidateState
from labeling.generation.models import Candidate, GenerationRun, ModelHost, RunPart
from labeling.generation.services import calls
from labeling.generation.services.calls import Limits, SharedTurns
from labeling.generation.services.filling import fill_run
from labeling.generation.services.runs import retry_failed
from labeling.generation.services.work import Worker
from tests.generation import fake_server as fakes
from tests.plugin import FIGURES, FULL, Record

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PROMPTS, EACH, WORKERS = (500, 4, 8) if FULL else (15, 4, 4)
NAME, OUTSIDE = "models.example", "203.0.113.7"
LIMITS = Limits(at_once=6)
FAULT_PERCENT, SECONDS = 30, 0.7
CEILING = Decimal(1_000)
Step = Callable[[fakes.Handler, dict[str, object]], None]


class Unruly:
    """Draws a fault for some of the requests, and knows what it has done."""

    def __init__(self, fake: fakes.FakeServer, elsewhere: str) -> None:
        self.fake, self.drawn, self.lock = fake, random.Random(1), threading.Lock()
        self.done: Counter[str] = Counter()
        self.under_way = self.most_under_way = self.openings = 0
        self.ill_until = 0.0
        self.faults: dict[str, Step] = {
            "hangs": self._hang,
            "429": fakes.status(429),
            "429 with Retry-After": fakes.status(429, Retry_After="0.1"),
            "500": fakes.status(500),
            "cut short": fakes.cut_short,
            "bad JSON": fakes.content(b'{"choices": ['),
            "another model": fakes.changed(model="another"),
            "huge": fakes.endless,
            "slow bytes": fakes.drip(fake),
            "redirect": fakes.status(307, Location=elsewhere),
            "hangs up": fakes.hang_up,
            "an id twice": fakes.changed(id="chatcmpl-the-same"),
        }

    def __call__(self, handler: fakes.Handler, asked: dict[str, object]) -> None:
        with self.lock:
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            name = self._draw()
            self.done[name] += 1
        try:
            (self.faults.get(name) or fakes.answer)(handler, asked)
        finally:
            with self.lock:
                self.under_way -= 1

    def _draw(self) -> str:
        if self.done.total() == 20:  # once it is ill for a while, and every call fails
            self.ill_until = time.monotonic() + 1
        if time.monotonic() < self.ill_until:
            return "500"
        is_faulty = self.drawn.random() * 100 < FAULT_PERCENT
        return self.drawn.choice([*self.faults]) if is_faulty else "answers"

    def _hang(self, handler: fakes.Handler, asked: dict[str, object]) -> None:
        self.fake.ended.wait(2 * SECONDS)


class Outside(httpx2.AsyncBaseTransport):
    """The world as the test has it: one address leads to the server, any other is told."""

    def __init__(self, told: list[str]) -> None:
        self._inner, self._told = httpx2.AsyncHTTPTransport(trust_env=False), told

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host != OUTSIDE:
            self._told.append(request.url.host)
        request.url = request.url.copy_with(host="127.0.0.1")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch):
    """Yield the server, what was asked of others, and how a worker opens the backend."""
    monkeypatch.setattr(calls, "CLOSED_FIRST", calls.CLOSED_FIRST / 50)
    honest = calls._note

    def note(row: ModelHost, ending: Ending, again_after: float | None, now: datetime) -> None:
        before = row.closed_until
        honest(row, ending, again_after, now)
        if row.closed_until not in {None, before}:
            unruly.openings += 1

    monkeypatch.setattr(calls, "_note", note)
    with fakes.fake_server() as fake, fakes.fake_server() as other:
        unruly, told, looked_up = Unruly(fake, other.url), list[str](), Counter[str]()
        fake.steps = [unruly]
        port = int(fake.url.rsplit(":")[2].partition("/")[0])

        async def look_up(name: str, asked_port: int) -> list[str]:
            looked_up[name] += 1
            # One answer in ten leads to this machine: what was allowed a moment ago is not now.
            return ["127.0.0.1" if looked_up[name] % 10 == 0 else OUTSIDE]

        def open_backend(part: RunPart) -> ServerBackend:
            turns = SharedTurns(
                host=f"{NAME}:{port}", limits=LIMITS, generator=part.generator,
                run_id=part.run_id, seconds=4 * SECONDS, clock=timezone.now,
            )  # fmt: skip
            return ServerBackend(
                base_url=f"http://{NAME}:{port}/v1", api_key="sk-secret", model="m", turns=turns,
                at_once=LIMITS.at_once, total_seconds=SECONDS, first_wait=0.01,
                transport=PinnedTransport(
                    {f"{NAME}:{port}"}, inner=Outside(told), look_up=look_up
                ),
            )  # fmt: skip

        yield unruly, told, other, open_backend


def work(run: GenerationRun, open_backend: Callable[[RunPart], ServerBackend]) -> None:
    """Do what a worker does until nothing of the run waits any more."""
    worker = Worker(
        open_backend=open_backend, clock=timezone.now, claim_seconds=30, budget_seconds=60
    )
    unfinished = (CandidateState.PENDING, CandidateState.RUNNING)
    try:
        while Candidate.objects.filter(run=run, state__in=unfinished).exists():
            for _ in fill_run(run=run, worker=worker):
                pass
            time.sleep(0.05)
    finally:
        connection.close()


def test_everything_wanted_is_delivered_once_whatever_the_server_does(
    world, add_prompt, request_run, generator, manager, record_property: Record
) -> None:
    unruly, told, other, open_backend = world
    generator.price_read, generator.price_written = Decimal(1), Decimal(4)
    generator.save()
    for number in range(PROMPTS):
        add_prompt(f"prompt {number}")
    run = request_run(per_prompt=EACH, unchecked=["duplicate"])
    GenerationRun.objects.filter(pk=run.pk).update(ceiling=CEILING)

    rounds = 0
    while not rounds or retry_failed(run=run, by=manager, now=timezone.now()):
        rounds += 1
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lambda _: work(run, open_backend), range(WORKERS)))

    run.refresh_from_db()
    done = run.candidates.filter(state=CandidateState.DONE)
    assert done.count() == PROMPTS * EACH
    assert done.values("response_id").distinct().count() == PROMPTS * EACH
    assert (told, other.asked) == ([], [])
    assert unruly.most_under_way <= LIMITS.at_once
    assert unruly.openings > 0
    assert run.reserved == 0
    assert run.spent <= CEILING
    record_property(
        FIGURES,
        f"{PROMPTS * EACH} wanted, {done.count()} delivered with {WORKERS} workers in {rounds} "
        f"rounds; at most {unruly.most_under_way} calls at once of {LIMITS.at_once}; "
        f"spent {run.spent}; tries {done.aggregate(most=Max('attempts'))['most']} at most; "
        f"breaker opened {unruly.openings} times; {dict(unruly.done)}",
    )


def test_ceiling_holds_with_all_workers_and_what_is_left_says_why(
    world, add_prompt, request_run, generator
) -> None:
    unruly, _, _, open_backend = world
    generator.price_written = Decimal(1_000)
    generator.save()
    for number in range(PROMPTS):
        add_prompt(f"prompt {number}")
    run = request_run(per_prompt=EACH)
    ceiling = Decimal("0.2")
    GenerationRun.objects.filter(pk=run.pk).update(ceiling=ceiling)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda _: work(run, open_backend), range(WORKERS)))

    run.refresh_from_db()
    errors = set(run.candidates.filter(state=CandidateState.FAILED).values_list("error", flat=True))
    assert Decimal(0) < run.spent <= ceiling
    assert run.reserved == 0
    assert any(error.startswith("The run has reached the most") for error in errors)
    assert unruly.done.total() > 0
