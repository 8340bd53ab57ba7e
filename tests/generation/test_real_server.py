"""A real OpenAI-compatible server, `transformers serve`, answers our real client."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from annotate.endpoints import Endpoint
from labeling.generation.enums import CandidateState
from labeling.generation.models import Generator
from labeling.generation.services.backends import open_backend
from labeling.generation.services.parts import Wanted
from tests.generation.conftest import counts, fill

HAS_SERVER = all(map(importlib.util.find_spec, ("fastapi", "uvicorn", "openai")))
pytestmark = [
    pytest.mark.local_model,
    pytest.mark.once,  # what the database does with answers, other tests show on each
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not HAS_SERVER, reason="`transformers[serving]` is not installed"),
]
START_SECONDS = 120


@pytest.fixture(scope="module")
def served(tiny, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve the tiny model; yield the server's address and the name it knows the model by."""
    folder = str(Path(tiny.spec.models_dir) / "tiny")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path_factory.mktemp("served") / "log").open("w")
    command = [str(Path(sys.executable).with_name("transformers")), "serve", folder]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
        stdout=log, stderr=log, env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    try:
        wait_until_healthy(process, port, Path(log.name))
        yield f"http://127.0.0.1:{port}/v1", folder
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def wait_until_healthy(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.mark.parametrize("stage", ["", "base"])
def test_candidates_are_made_through_a_real_server(
    served, stage, settings, add_prompt, request_run, campaign, manager
):
    url, model = served
    settings.MODEL_ENDPOINTS = {"real": Endpoint(url, "")}
    generator = Generator.objects.create(
        campaign=campaign, name="Real", backend="openai", endpoint="real", model=model,
        stage=stage, parameters={"temperature": 0.9, "max_new_tokens": 8}, created_by=manager,
    )  # fmt: skip
    for number in range(3):
        add_prompt(f"Why, {number}?")
    run = request_run(
        parts=[Wanted(generator, 2)], unchecked=["cut_off", "duplicate", "repetitive"]
    )

    fill(run, open_backend)

    assert counts(run) == {CandidateState.DONE: 6}, set(run.candidates.values_list("error"))
    for one in run.candidates.all():
        assert one.text
        assert one.model_label == model
        assert one.completion_tokens
        assert one.prompt_tokens
        assert one.response_id
