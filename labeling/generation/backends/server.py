"""Answer through any OpenAI-compatible server's /chat/completions."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

import httpx2
import orjson
import stamina

from labeling.generation.backends.answers import BadAnswer, read_answer
from labeling.generation.backends.port import Completion, Failure, Outcome, Request

AT_ONCE = 8
CONNECT_SECONDS, TOTAL_SECONDS = 10.0, 120.0
MOST_BYTES = 2_000_000
TRIES = 4
LONGEST_PAUSE = 60.0
TRY_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})

TIMED_OUT = Failure(
    f"The server did not finish its answer in {TOTAL_SECONDS:g} s.",
    "Use fewer new tokens, or retry when the server is less busy.",
    retriable=True,
)
UNREACHABLE = Failure(
    "The server could not be reached, or broke the connection off.",
    "Check that it runs and that its base_url in MODEL_ENDPOINTS is right, then retry.",
    retriable=True,
)
REDIRECTED = Failure(
    "The server answered with a redirect, which is never followed.",
    "Set base_url in MODEL_ENDPOINTS to the address it redirects to.",
)
TOO_LARGE = Failure(
    f"The server's answer was larger than {MOST_BYTES // 1_000_000} MB.",
    "Use fewer new tokens, or check what answers at this address.",
)
REMEDIES = {
    400: "It may not know a parameter that was sent, or the prompt is too long for the model.",
    401: "Set the api_key of this endpoint in MODEL_ENDPOINTS.",
    403: "The key of this endpoint may not use this model; check both.",
    404: "Check the model's name, and that base_url in MODEL_ENDPOINTS ends as the server wants.",
    413: "The prompt is too long for this server.",
    422: "It may not know a parameter that was sent.",
    429: "The server limits its use; retry later or raise the limit there.",
}


class Refused(Exception):
    """The server answered with an error; ``wait`` is its Retry-After in seconds, if any."""

    def __init__(self, status: int, wait: float | None) -> None:
        super().__init__(status)
        self.status, self.wait = status, wait

    def failure(self) -> Failure:
        """Return what a candidate records of it."""
        default = "The server has a fault; look at its log, then retry."
        return Failure(
            f"The server answered {self.status}.",
            REMEDIES.get(self.status, default),
            retriable=self.status in TRY_AGAIN,
        )


class TooLarge(Exception):
    """The answer passed the limit; what came of it is dropped."""


class ServerBackend:
    """One model on one server; the key goes to this server only."""

    batch_size = AT_ONCE

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        transport: httpx2.AsyncBaseTransport | None = None,
        total_seconds: float = TOTAL_SECONDS,
        first_wait: float = 0.5,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._model = model
        self._transport = transport
        self._total_seconds = total_seconds
        self._first_wait = first_wait

    def complete(self, requests: Sequence[Request]) -> Iterator[Mapping[int, Outcome]]:
        """Ask for all at the same time, each within the total time, tries included."""
        arrived: SimpleQueue[dict[int, Outcome] | None] = SimpleQueue()
        # A thread of its own, because the caller's thread may have an event loop running.
        with ThreadPoolExecutor(max_workers=1) as thread:
            asking = thread.submit(asyncio.run, self._all(requests, arrived.put))
            asking.add_done_callback(lambda _: arrived.put(None))
            while (made := arrived.get()) is not None:
                yield made | _also_there(arrived)
            asking.result()

    async def _all(
        self, requests: Sequence[Request], tell: Callable[[dict[int, Outcome]], None]
    ) -> None:
        async with httpx2.AsyncClient(
            headers=self._headers,
            timeout=httpx2.Timeout(self._total_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            transport=self._transport,
        ) as client:
            gate = asyncio.Semaphore(AT_ONCE)

            async def ask(at: int, request: Request) -> None:
                tell({at: await self._one(client, gate, request)})

            await asyncio.gather(*(ask(at, one) for at, one in enumerate(requests)))

    async def _one(
        self, client: httpx2.AsyncClient, gate: asyncio.Semaphore, request: Request
    ) -> Completion | Failure:
        body = self._body(request)
        try:
            async with gate, asyncio.timeout(self._total_seconds):
                started = time.monotonic()
                answer = await self._persist(client, orjson.dumps(body))
                spent = round((time.monotonic() - started) * 1000)
                return read_answer(answer, body=body, latency_ms=spent)
        except TimeoutError:
            return TIMED_OUT
        except httpx2.TimeoutException:
            return UNREACHABLE
        except (httpx2.TransportError, httpx2.DecodingError):
            return UNREACHABLE
        except TooLarge:
            return TOO_LARGE
        except BadAnswer as bad:
            return bad.failure
        except Refused as refused:
            return REDIRECTED if 300 <= refused.status < 400 else refused.failure()

    def _body(self, request: Request) -> dict[str, Any]:
        recipe = request.parameters
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [dict(message) for message in request.messages],
            "temperature": recipe.temperature,
            "top_p": recipe.top_p,
            "max_tokens": recipe.max_new_tokens,
            "seed": request.seed,
            "n": 1,
            "stream": False,
        }
        body |= {"top_k": recipe.top_k} if recipe.top_k else {}
        return body | ({"stop": list(recipe.stop)} if recipe.stop else {})

    async def _persist(self, client: httpx2.AsyncClient, content: bytes) -> bytes:
        """Send until an answer comes, a refusal is final, or the tries are used up."""
        async for attempt in self._attempts():
            with attempt:
                return await self._send(client, content)
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

    async def _send(self, client: httpx2.AsyncClient, content: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        async with client.stream("POST", self._url, content=content, headers=headers) as response:
            if response.status_code != httpx2.codes.OK:
                raise Refused(response.status_code, _retry_after(response))
            received = bytearray()
            async for part in response.aiter_bytes():
                received += part
                if len(received) > MOST_BYTES:
                    raise TooLarge
            return bytes(received)


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
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None
