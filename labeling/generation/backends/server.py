"""Answer through any OpenAI-compatible server: /chat/completions, of base models /completions."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import Any

import httpx2
import orjson
import stamina

from labeling.generation.backends.addresses import NotAllowed
from labeling.generation.backends.answers import BadAnswer, read_answer, tokens_of
from labeling.generation.backends.faults import (
    CEILING,
    NOT_ALLOWED,
    REDIRECTED,
    TIMED_OUT,
    TOO_LARGE,
    TRY_AGAIN,
    UNREACHABLE,
    Refused,
    TooLarge,
)
from labeling.generation.backends.port import Outcome, Postponed, Request
from labeling.generation.backends.turns import (
    CeilingReached,
    Ending,
    NoLimits,
    NotNow,
    Tokens,
    Turns,
    Waiting,
)

AT_ONCE = 8
CONNECT_SECONDS, TOTAL_SECONDS = 10.0, 120.0
MOST_BYTES = 2_000_000
TRIES = 4
LONGEST_PAUSE, A_DAY = 60.0, 86_400.0
Told = Callable[[dict[int, Outcome]], None]


@dataclass(frozen=True)
class Asked:
    """One call: what it sends where, and the places of the requests that it answers."""

    path: str
    body: Mapping[str, Any]
    places: Sequence[int]

    @property
    def content(self) -> bytes:
        """Return what is sent."""
        return orjson.dumps(self.body)

    @property
    def most(self) -> Tokens:
        """Return the most tokens it may come to: none has less than a byte."""
        return Tokens(len(self.content), self.body["max_tokens"] * self.body["n"])


class ServerBackend:
    """One model on one server; the key goes to this server only."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        turns: Turns | None = None,
        at_once: int = AT_ONCE,
        many: bool = False,
        transport: httpx2.AsyncBaseTransport | None = None,
        total_seconds: float = TOTAL_SECONDS,
        first_wait: float = 0.5,
    ) -> None:
        """``many`` asks for all samples of a prompt in one call (``n``)."""
        self._base = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._model, self._many = model, many
        self._turns = turns or NoLimits()
        self._transport = transport
        self._total_seconds, self._first_wait = total_seconds, first_wait
        self._at_once = self.batch_size = at_once

    def complete(self, requests: Sequence[Request]) -> Iterator[Mapping[int, Outcome]]:
        """Ask for all at the same time, each within the total time."""
        arrived: SimpleQueue[dict[int, Outcome] | None] = SimpleQueue()
        # A thread of its own, because the caller's thread may have an event loop running.
        with ThreadPoolExecutor(max_workers=1) as thread:
            asking = thread.submit(asyncio.run, self._all(requests, arrived.put))
            asking.add_done_callback(lambda _: arrived.put(None))
            while (made := arrived.get()) is not None:
                yield made | _also_there(arrived)
            asking.result()

    async def _all(self, requests: Sequence[Request], tell: Told) -> None:
        gate = asyncio.Semaphore(self._at_once)
        with ThreadPoolExecutor(max_workers=1) as thread:
            waiting = Waiting(self._turns, thread)

            async def ask(asked: Asked) -> None:
                async with gate:
                    tell(await self._outcomes(client, waiting, asked))

            try:
                async with self._client() as client:
                    await asyncio.gather(*map(ask, self._asked(requests)))
            finally:
                thread.submit(self._turns.close).result()

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers=self._headers,
            timeout=httpx2.Timeout(self._total_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            transport=self._transport,
        )

    def _asked(self, requests: Sequence[Request]) -> Iterator[Asked]:
        """Yield the calls: one a request, or one for those that differ by their seed alone."""
        alike: dict[object, list[int]] = defaultdict(list)
        for at, request in enumerate(requests):
            key = (repr(request.messages), request.parameters, request.framing)
            alike[key if self._many else at].append(at)
        for places in alike.values():
            first = requests[places[0]]
            path = "completions" if first.framing.is_plain else "chat/completions"
            yield Asked(f"{self._base}/{path}", self._body(first, len(places)), places)

    def _body(self, request: Request, count: int) -> dict[str, Any]:
        recipe = request.parameters
        body: dict[str, Any] = {
            "model": self._model,
            **_shown(request),
            "temperature": recipe.temperature,
            "top_p": recipe.top_p,
            "max_tokens": recipe.max_new_tokens,
            "seed": request.seed,
            "n": count,
            "stream": False,
        }
        body |= {"top_k": recipe.top_k} if recipe.top_k else {}
        return body | ({"stop": list(recipe.stop)} if recipe.stop else {})

    async def _outcomes(
        self, client: httpx2.AsyncClient, waiting: Waiting, asked: Asked
    ) -> dict[int, Outcome]:
        started = time.monotonic()
        try:
            answer = await self._persist(client, waiting, asked)
            spent = round((time.monotonic() - started) * 1000)
            made = read_answer(answer, body=asked.body, latency_ms=spent)
            return dict(zip(asked.places, made, strict=True))
        except Exception as error:
            outcome = _outcome_of(error)
            if outcome is None:
                raise
            return dict.fromkeys(asked.places, outcome)

    async def _persist(self, client: httpx2.AsyncClient, waiting: Waiting, asked: Asked) -> bytes:
        """Send until an answer comes, a refusal is final, or the tries are used up."""
        async for attempt in self._attempts():
            with attempt:
                return await self._try(client, waiting, asked)
        raise AssertionError("the last try returns or raises")

    def _attempts(self) -> AsyncIterator[Any]:
        return stamina.retry_context(
            on=_worth_another_try,
            attempts=TRIES,
            timeout=self._total_seconds,
            wait_initial=self._first_wait,
            wait_max=20 * self._first_wait,
            wait_jitter=self._first_wait,
        ).__aiter__()

    async def _try(self, client: httpx2.AsyncClient, waiting: Waiting, asked: Asked) -> bytes:
        """Take a turn, send, and settle the turn however the call ended."""
        call = await waiting.begin(asked.most)
        ending, used, again_after = Ending.FAULT, None, None
        try:
            async with asyncio.timeout(self._total_seconds):
                answer = await self._send(client, asked)
            ending, used = Ending.ANSWERED, tokens_of(answer)
            return answer
        except Refused as refused:
            used, again_after = Tokens(0, 0), refused.wait
            ending = Ending.FAULT if refused.status >= 500 else Ending.REFUSED
            raise
        except (httpx2.ConnectError, NotAllowed):
            used = Tokens(0, 0)  # nothing was sent
            raise
        except TooLarge:
            ending = Ending.ANSWERED
            raise
        finally:
            await waiting.end(call, ending, used, again_after)

    async def _send(self, client: httpx2.AsyncClient, asked: Asked) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        async with client.stream(
            "POST", asked.path, content=asked.content, headers=headers
        ) as response:
            if response.status_code != httpx2.codes.OK:
                raise Refused(response.status_code, _retry_after(response))
            received = bytearray()
            async for part in response.aiter_bytes():
                received += part
                if len(received) > MOST_BYTES:
                    raise TooLarge
            return bytes(received)


def _outcome_of(error: Exception) -> Outcome | None:
    """Return what candidates record of an error, None for one that is our own fault."""
    match error:
        case NotNow():
            return Postponed()
        case CeilingReached():
            return CEILING
        case NotAllowed():
            return NOT_ALLOWED
        case TooLarge():
            return TOO_LARGE
        case BadAnswer():
            return error.failure
        case Refused():
            return REDIRECTED if 300 <= error.status < 400 else error.failure()
        case httpx2.TransportError() | httpx2.DecodingError():
            return UNREACHABLE
        case TimeoutError():
            return TIMED_OUT
    return None


def _shown(request: Request) -> dict[str, Any]:
    """Return the prompt as the server takes it; a chat template of ours is vLLM's extension."""
    framing = request.framing
    if framing.is_plain:
        return {"prompt": framing.text(request.messages)}
    template = {"chat_template": framing.template} if framing.template else {}
    return {"messages": framing.turns(request.messages), **template}


def _also_there(arrived: "SimpleQueue[dict[int, Outcome] | None]") -> dict[int, Outcome]:
    """Return what else has arrived, so that it is handed in together; leave the end in place."""
    found: dict[int, Outcome] = {}
    try:
        while (made := arrived.get_nowait()) is not None:
            found |= made
        arrived.put(None)
    except Empty:
        return found
    return found


def _worth_another_try(error: Exception) -> bool | float:
    """Decide whether to send again: True by the usual pauses, a number after that many seconds."""
    if isinstance(error, Refused) and error.status in TRY_AGAIN:
        if error.wait is None:
            return True
        return error.wait if error.wait <= LONGEST_PAUSE else False
    return isinstance(error, httpx2.TransportError)


def _retry_after(response: httpx2.Response) -> float | None:
    """Return the seconds that a server asks for, as a number or as a date (RFC 9110, 10.2.3)."""
    asked = response.headers.get("Retry-After", "")
    try:
        seconds = float(asked)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(asked).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, min(seconds, A_DAY))
