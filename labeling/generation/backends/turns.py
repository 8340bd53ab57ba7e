"""Taking turns at a model server: what a backend asks for before a call, and says after it."""

import asyncio
import random
from concurrent.futures import Executor
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

LONGEST_WAIT = 5.0  # seconds; for longer nobody keeps candidates from other work


class Ending(Enum):
    """How a call ended, as far as the server is concerned."""

    ANSWERED = "answered"
    REFUSED = "refused"  # it is well, and said no; that costs nothing
    FAULT = "fault"  # it did not answer, or said that something is wrong with it


class CeilingReached(Exception):
    """Another call might cost more than the run may."""


class NotNow(Exception):
    """The server takes no call for longer than is worth waiting."""


@dataclass(frozen=True)
class Tokens:
    """How many tokens a call reads and writes."""

    read: int
    written: int


@dataclass(frozen=True)
class Turn:
    """A call that may be made now, or the seconds after which to ask again."""

    call_id: int | None = None
    wait: float = 0.0


class Turns(Protocol):
    """What all workers share about one server; its methods may block."""

    def begin(self, most: Tokens) -> Turn:
        """Take a turn for a call of at most so many tokens; raise CeilingReached."""

    def end(
        self, call_id: int, ending: Ending, used: Tokens | None, again_after: float | None
    ) -> None:
        """Settle a call; ``used`` is None where nobody knows, ``again_after`` in seconds."""

    def close(self) -> None:
        """Let go of what the calling thread holds."""


class NoLimits:
    """Turns of a server that nobody else calls."""

    def begin(self, most: Tokens) -> Turn:
        """Take a turn at once."""
        return Turn(call_id=0)

    def end(
        self, call_id: int, ending: Ending, used: Tokens | None, again_after: float | None
    ) -> None:
        """Settle nothing."""

    def close(self) -> None:
        """Hold nothing."""


class Waiting:
    """The turns of many requests at once: each waits without keeping the others."""

    def __init__(self, turns: Turns, thread: Executor) -> None:
        """``thread`` is where the blocking methods run."""
        self._turns, self._thread = turns, thread

    async def begin(self, most: Tokens) -> int:
        """Return the call that may be made; raise NotNow or CeilingReached."""
        loop = asyncio.get_running_loop()
        while True:
            turn = await loop.run_in_executor(self._thread, self._turns.begin, most)
            if turn.call_id is not None:
                return turn.call_id
            if turn.wait > LONGEST_WAIT:
                raise NotNow
            # Nobody's secret hangs on it: those who wait must not all come back together.
            await asyncio.sleep(turn.wait * random.uniform(1, 1.5))  # noqa: S311

    async def end(
        self, call_id: int, ending: Ending, used: Tokens | None, again_after: float | None
    ) -> None:
        """Settle a call, also when its request is being cancelled."""
        loop = asyncio.get_running_loop()
        settled = loop.run_in_executor(
            self._thread, self._turns.end, call_id, ending, used, again_after
        )
        await asyncio.shield(settled)
