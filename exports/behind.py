"""Have a thread do in order what need not be waited for; plain Python."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any


class Behind:
    """A thread that works a few calls behind: writing and hashing let Python go on meanwhile.

    ``do`` waits while ``most`` calls are open, so that little is held in memory. What a call
    raises, the next ``do`` or ``finish`` raises, and the calls after it are passed over.
    """

    def __init__(self, most: int) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._room = BoundedSemaphore(most)
        self._failed: BaseException | None = None

    def do(self, call: Callable[..., object], *arguments: Any) -> None:
        """Have something done after all that was asked before."""
        self._raise()
        self._room.acquire()
        self._thread.submit(self._do, call, arguments).add_done_callback(self._done)

    def finish(self) -> None:
        """Wait until everything is done."""
        self._thread.shutdown()
        self._raise()

    def abandon(self) -> None:
        """Drop what is not begun, after a failure, and wait for the rest."""
        self._thread.shutdown(cancel_futures=True)

    def _do(self, call: Callable[..., object], arguments: tuple[Any, ...]) -> None:
        if self._failed is None:
            try:
                call(*arguments)
            except BaseException as error:  # noqa: BLE001 - it is raised where the work is asked for
                self._failed = error

    def _done(self, _: Future[None]) -> None:
        self._room.release()

    def _raise(self) -> None:
        if self._failed is not None:
            raise self._failed
