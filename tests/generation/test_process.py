"""The model's process may die, hang or refuse: its worker goes on, and it holds no secret."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from labeling.generation.backends import process as module
from labeling.generation.backends.port import BackendUnavailable, Completion, Failure
from labeling.generation.backends.process import DIED, ProcessBackend
from labeling.generation.backends.wire import ModelSpec
from tests.generation.conftest import ask, outcomes_of

pytestmark = pytest.mark.once
SPEC = ModelSpec(name="m", revision="", models_dir="/nowhere")

# A process that speaks the protocol and does what the prompts say.
ACTOR = """
    import os, sys, time, json
    def say(message):
        sys.stdout.write(json.dumps(message) + "\\n"); sys.stdout.flush()
    sys.stdin.readline()
    open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
    say({"loaded": {}})
    for line in sys.stdin:
        asked = json.loads(line)["requests"]
        for start in range(0, len(asked), 4):
            places = list(range(start, min(start + 4, len(asked))))
            say({"begun": places})
            words = [asked[at]["messages"][0]["content"] for at in places]
            if "die" in words: os._exit(9)
            if "hang" in words: time.sleep(60)
            made = {"text": "", "finish_reason": "stop", "latency_ms": 1, "model_label": "m",
                    "parameters": {}}
            say({"made": [[at, {"completion": {**made, "text": word.upper()}}]
                          for at, word in zip(places, words)]})
        say({"finished": True})
"""


@pytest.fixture
def actor(tmp_path):
    """Return a backend on the acting process, which notes its number in ``starts``."""
    script = tmp_path / "actor.py"
    script.write_text(textwrap.dedent(ACTOR))
    command = [sys.executable, str(script), str(tmp_path / "starts")]
    backend = ProcessBackend(SPEC, command=command, silent_seconds=0.5)
    yield backend
    backend.close()


def texts(outcomes):
    return [one.text if isinstance(one, Completion) else one for one in outcomes]


def starts(folder):
    return len((folder / "starts").read_text().splitlines())


def test_one_process_answers_one_call_after_another(actor, tmp_path):
    for words in (["a", "b"], ["c"]):
        found = outcomes_of(actor, [ask(word) for word in words])
        assert texts(found) == [word.upper() for word in words]

    assert starts(tmp_path) == 1


@pytest.mark.parametrize("poison", ["die", "hang"])
def test_request_that_ends_the_process_fails_alone(actor, poison, tmp_path):
    words = ["a", "b", "c", "d", "e", poison, "f", "g", "h", "i"]

    found = texts(outcomes_of(actor, [ask(word) for word in words]))

    assert found[5] == DIED
    assert found[:5] + found[6:] == list("ABCDEFGHI")
    # The batch of four is halved twice: no neighbour is asked alone for nothing.
    assert starts(tmp_path) <= 4


def test_two_that_end_the_process_both_fail_and_nobody_else(actor):
    words = ["die", "a", "b", "die", "c"]

    found = texts(outcomes_of(actor, [ask(word) for word in words]))

    assert found == [DIED, "A", "B", DIED, "C"]


def test_process_killed_between_calls_is_started_again(actor, tmp_path):
    outcomes_of(actor, [ask("a")])
    os.kill(int((tmp_path / "starts").read_text()), signal.SIGKILL)

    assert texts(outcomes_of(actor, [ask("b")])) == ["B"]


def test_call_given_up_leaves_nothing_for_the_next(actor):
    answers = actor.complete([ask("a") for _ in range(8)])
    next(answers)
    answers.close()

    assert texts(outcomes_of(actor, [ask("b")])) == ["B"]


def test_process_that_never_starts_is_a_clear_refusal(tmp_path):
    backend = ProcessBackend(SPEC, command=[sys.executable, "-c", "raise SystemExit(1)"])

    with pytest.raises(BackendUnavailable, match="ends each time it is started"):
        backend.start()


def test_more_is_asked_at_once_of_a_fast_process(actor):
    outcomes_of(actor, [ask("a") for _ in range(16)])

    assert actor.batch_size > 16


def test_process_sees_no_secret_of_its_worker(monkeypatch, tmp_path):
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MODEL_ENDPOINTS", "HF_TOKEN"):
        monkeypatch.setenv(name, "canary")
    seen = tmp_path / "seen"
    show = f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))"
    backend = ProcessBackend(SPEC, command=[sys.executable, "-c", show])

    with pytest.raises(BackendUnavailable):
        backend.start()

    assert "canary" not in seen.read_text()
    assert "HF_HUB_OFFLINE" in seen.read_text()


@pytest.mark.local_model
def test_real_process_gives_what_the_model_gives_in_this_one(apart, tiny):
    asked = [ask(f"question {'long ' * (seed % 5)}", seed) for seed in range(20)]

    assert texts(outcomes_of(apart, asked)) == texts(outcomes_of(tiny, asked))


@pytest.mark.local_model
def test_real_process_killed_in_the_midst_loses_nothing(apart):
    asked = [ask("q", seed) for seed in range(100)]
    answers = apart.complete(asked)

    found = dict(next(answers))
    os.kill(apart._process.pid, signal.SIGKILL)  # the only way to its number
    for made in answers:
        found |= made

    assert sorted(found) == list(range(100))
    assert not [one for one in found.values() if isinstance(one, Failure)]


def test_process_ends_with_its_worker_though_its_pipe_stays_open():
    reading, writing = os.pipe()
    start = f"""if True:
        import os, subprocess
        command = [*{module.CHILD!r}, str(os.getpid())]
        child = subprocess.Popen(command, stdin={reading}, stdout=subprocess.DEVNULL)
        print(child.pid, flush=True)
        child.wait()
    """
    worker = subprocess.Popen(
        [sys.executable, "-c", start], stdout=subprocess.PIPE, pass_fds=[reading], cwd=module.ROOT
    )
    os.close(reading)
    assert worker.stdout is not None
    number = int(worker.stdout.readline())

    worker.kill()
    worker.communicate()

    deadline = time.monotonic() + 20
    while is_there(number) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.close(writing)
    assert not is_there(number)


def is_there(number):
    """Tell whether a process runs; one that has ended and waits to be noticed does not."""
    status = Path(f"/proc/{number}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
