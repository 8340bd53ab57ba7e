"""The toy model: trained in earnest, put in place in one step, plainly a toy."""

import importlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from labeling.generation.backends.port import BackendUnavailable, Completion
from labeling.generation.models import RunPart
from labeling.generation.services import toy as service
from labeling.generation.services.backends import close_local, open_backend
from tests.generation.conftest import ask, outcomes_of

pytestmark = [pytest.mark.local_model, pytest.mark.once]


@pytest.fixture
def models(settings, tmp_path, monkeypatch):
    """A models folder of its own, and a training that lasts a moment."""
    settings.MODELS_DIR = tmp_path / "models"
    trainer = importlib.import_module("labeling.generation.backends.toy")
    monkeypatch.setattr(trainer, "MOST_SECONDS", 0.01)
    yield settings.MODELS_DIR
    close_local()


def run(*arguments):
    said = StringIO()
    call_command("build_toy_model", *arguments, stdout=said)
    return said.getvalue()


def test_command_builds_a_model_that_says_it_is_a_toy(models):
    said = run()

    assert "It is a toy." in said
    assert [entry.name for entry in models.iterdir()] == ["toy-chat"]
    assert "not a usable language model" in (models / "toy-chat" / "README.md").read_text()
    assert not list((models / "toy-chat").glob("*.bin"))


def test_command_keeps_what_is_there_unless_forced(models):
    run()
    before = (models / "toy-chat").stat().st_ino

    assert "is there already" in run()
    assert (models / "toy-chat").stat().st_ino == before
    assert "Built" in run("--force")
    assert (models / "toy-chat").stat().st_ino != before


def test_build_that_fails_leaves_nothing(models, monkeypatch):
    def fail(**given):
        raise OSError("disk full")

    monkeypatch.setattr(service.import_local("toy"), "train_toy", fail)

    with pytest.raises(OSError, match="disk full"):
        service.build_toy_model(force=False)
    assert list(models.iterdir()) == []


def test_generator_of_the_toy_builds_it_when_it_is_missing(models, generator):
    backend = open_backend(RunPart(generator=generator))

    (one,) = outcomes_of(backend, [ask()])
    assert isinstance(one, Completion)
    assert one.model_label == "toy-chat"


def test_command_without_local_models_says_what_to_do(models, monkeypatch):
    def refuse(name):
        raise BackendUnavailable("No torch.", "Install it.")

    monkeypatch.setattr(service, "import_local", refuse)

    with pytest.raises(CommandError, match=r"No torch\. Install it\."):
        run()
