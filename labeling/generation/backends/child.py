"""The process that holds a model: it answers lines of JSON until its worker is gone.

It is started without the deployment's secrets, so that nothing a model folder might make a
library do can read them: `python -m labeling.generation.backends.child PID-OF-THE-WORKER`.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

import orjson

from labeling.generation.backends import wire
from labeling.generation.backends.port import BackendUnavailable

TELL_SECONDS = 1.0
LOOK_SECONDS = 1.0


def main() -> None:
    """Load the model that the first line names, then answer every line of requests."""
    answers = _own_answers()
    say = _speaker(answers)
    _end_with(int(sys.argv[1]))
    spec = sys.stdin.buffer.readline()
    if not spec:
        return
    try:
        backend = _load(orjson.loads(spec), say)
    except BackendUnavailable as unavailable:
        say({"unavailable": wire.as_json(unavailable.failure)})
        return
    for asked in sys.stdin.buffer:
        requests = [wire.request_of(one) for one in orjson.loads(asked)["requests"]]
        for made in backend.complete(requests):
            say({"made": [[at, wire.as_json(outcome)] for at, outcome in made.items()]})
        say({"finished": True})


def _load(spec: Mapping[str, Any], say: Callable[[Mapping[str, Any]], None]) -> Any:
    from labeling.generation.backends import loading, local, memory  # noqa: PLC0415 - takes seconds: the worker's death must be looked for before

    memory.keep_within_memory()
    loaded = loading.load_model(wire.spec_of(spec))
    told = Told(say)
    say({"loaded": {"device": str(loaded.model.device), "dtype": str(loaded.model.dtype)[6:]}})
    return local.LocalBackend(loaded, on_batch=told.batch, on_step=told.step)


class Told:
    """Tell the worker what is under way, and about every second how far it is."""

    def __init__(self, say: Callable[[Mapping[str, Any]], None]) -> None:
        self._say, self._tokens, self._last = say, 0, time.monotonic()

    def batch(self, places: Sequence[int]) -> None:
        """Name the places of the requests that are begun."""
        self._say({"begun": list(places)})

    def step(self, rows: int) -> None:
        """Count the tokens of one step."""
        self._tokens += rows
        if time.monotonic() - self._last > TELL_SECONDS:
            self._say({"tokens": self._tokens})
            self._tokens, self._last = 0, time.monotonic()


def _own_answers() -> BinaryIO:
    """Keep standard output for answers; what libraries print goes to the log."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _speaker(answers: BinaryIO) -> Callable[[Mapping[str, Any]], None]:
    def say(message: Mapping[str, Any]) -> None:
        answers.write(wire.line(message))
        answers.flush()

    return say


def _end_with(worker: int) -> None:
    """End this process when the worker that started it is gone, also in the midst of a batch."""

    def look() -> None:
        while os.getppid() == worker:
            time.sleep(LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


if __name__ == "__main__":
    main()
