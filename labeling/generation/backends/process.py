"""Answer with a model in a process of its own, which may die without its worker."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import orjson

from labeling.generation.backends import wire
from labeling.generation.backends.port import BackendUnavailable, Failure, Outcome, Request
from labeling.generation.backends.wire import ModelSpec

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
CHILD = [sys.executable, "-m", "labeling.generation.backends.child"]
# Enough to find programs, caches and graphics cards; no key, address or password is among them.
PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "CUDA_HOME",
    "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "NVIDIA_VISIBLE_DEVICES", "HF_HOME",
    "HF_HUB_CACHE", "XDG_CACHE_HOME", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
    "PYTORCH_CUDA_ALLOC_CONF", "PYTHONDONTWRITEBYTECODE",
)  # fmt: skip
NEVER_OUT = {
    "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1", "TOKENIZERS_PARALLELISM": "false",
}  # fmt: skip
LOAD_SECONDS, SILENT_SECONDS = 900.0, 300.0
# Requests are best given for some seconds of work at once: as many as were answered in them.
FIRST_AT_ONCE, FEWEST_AT_ONCE, MOST_AT_ONCE, AIM_SECONDS = 16, 4, 512, 15.0
MOST_DEATHS = 3

DIED = Failure(
    "The model's process ended while it made this response.",
    "It may take more memory than the worker has: use fewer new tokens, then retry.",
    retriable=True,
)
WILL_NOT_RUN = (
    "The model's process ends each time it is started.",
    "Look at the worker's log; the machine may lack memory for this model.",
)


class Died(Exception):
    """The process is gone, or was silent for so long that it was ended."""


class ProcessBackend:
    """One model in one process, started when it is first asked and again when it dies."""

    def __init__(
        self,
        spec: ModelSpec,
        *,
        command: Sequence[str] = CHILD,
        load_seconds: float = LOAD_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        self._spec, self._command = spec, command
        self._load_seconds, self._silent_seconds = load_seconds, silent_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._said: Queue[bytes] = Queue()
        self.batch_size = FIRST_AT_ONCE

    def start(self) -> None:
        """Start the process and load the model, unless it runs; raise BackendUnavailable."""
        for _ in range(MOST_DEATHS):
            if self._process is not None and self._process.poll() is None:
                return
            self.close()
            try:
                self._launch()
            except Died:
                continue
            return
        raise BackendUnavailable(*WILL_NOT_RUN)

    def complete(self, requests: Sequence[Request]) -> Iterator[Mapping[int, Outcome]]:
        """Yield the outcomes as the process makes them.

        When it dies, the batch that was under way is tried again in halves, so that one
        request that ends the process fails alone; a failure says that trying again may help.
        """
        waiting = [list(range(len(requests)))] if requests else []
        started, idle_deaths = time.monotonic(), 0
        while waiting:
            places = waiting.pop()
            left: set[int] = set(places)
            begun: list[int] = []
            try:
                for told in self._ask([requests[at] for at in places]):
                    if "begun" in told:
                        begun = [places[at] for at in told["begun"]]
                        continue
                    made = {places[at]: wire.outcome_of(one) for at, one in told["made"]}
                    left -= made.keys()
                    yield made
            except Died:
                idle_deaths += not begun
                if idle_deaths > MOST_DEATHS:
                    raise BackendUnavailable(*WILL_NOT_RUN) from None
                suspects = [at for at in begun if at in left]
                waiting += [part for part in _parts(sorted(left), suspects) if part]
                if len(suspects) == 1:
                    yield {suspects[0]: DIED}
        self._measure(len(requests), time.monotonic() - started)

    def close(self) -> None:
        """End the process; it is started anew when it is asked again."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                # What could not be written any more is of no use to a process that is gone.
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._process = None

    def _measure(self, answered: int, seconds: float) -> None:
        if answered:
            found = round(AIM_SECONDS * answered / max(seconds, 0.001))
            self.batch_size = max(FEWEST_AT_ONCE, min(MOST_AT_ONCE, found))

    def _ask(self, requests: Sequence[Request]) -> Iterator[dict[str, Any]]:
        self.start()
        self._write({"requests": [asdict(one) for one in requests]})
        is_over = False
        try:
            while not is_over:
                told = self._hear(self._silent_seconds)
                is_over = "finished" in told
                if not is_over and "tokens" not in told:  # those only say that it is alive
                    yield told
        finally:
            if not is_over:
                # Whoever asked went away: what is still said would be taken for the next answer.
                self.close()

    def _launch(self) -> None:
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(
            [*self._command, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**env, **NEVER_OUT, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
            close_fds=True,
        )
        self._said = Queue()
        threading.Thread(target=_listen, args=(self._process, self._said), daemon=True).start()
        self._write(asdict(self._spec))
        told = self._hear(self._load_seconds)
        if "unavailable" in told:
            self.close()
            failure = told["unavailable"]["failure"]
            raise BackendUnavailable(failure["cause"], failure["remedy"])
        log.info("loaded %s: %s", self._spec.name, told["loaded"])

    def _write(self, message: Mapping[str, Any]) -> None:
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - started
        try:
            self._process.stdin.write(wire.line(message))
            self._process.stdin.flush()
        except OSError as error:
            self.close()
            raise Died from error

    def _hear(self, seconds: float) -> dict[str, Any]:
        """Return the next message; end a process that is silent for longer."""
        try:
            said = self._said.get(timeout=seconds)
        except Empty:
            log.warning("the model's process was silent for %g s and is ended", seconds)
            said = b""
        if not said:
            self.close()
            raise Died
        told: dict[str, Any] = orjson.loads(said)
        return told


def _parts(left: Sequence[int], suspects: Sequence[int]) -> list[list[int]]:
    """Return what is asked next: the rest, and what the process died of in halves, if several."""
    half = len(suspects) // 2
    rest = [at for at in left if at not in suspects]
    return [rest, [*suspects[:half]], [*suspects[half:]] if half else []]


def _listen(process: "subprocess.Popen[bytes]", said: "Queue[bytes]") -> None:
    """Pass on what the process says, and an empty line at its end."""
    assert process.stdout is not None  # noqa: S101 - piped
    try:
        for message in process.stdout:
            said.put(message if message.endswith(b"\n") else b"")
    except (OSError, ValueError):
        log.debug("the pipe of a model's process was closed")
    said.put(b"")
