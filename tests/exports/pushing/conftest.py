"""A Hub on loopback, and an export to push to it."""

from pathlib import Path

import datasets
import pytest
import yaml
from huggingface_hub import close_session, constants
from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]  # documented

from exports.formats.manifest import ARCHIVE
from exports.models import Export
from exports.queries import export_in
from exports.services.folders import ready_folder
from exports.services.pushing import push_export
from labeling.campaigns.models import Campaign
from tests.exports.conftest import export_now, vote
from tests.exports.pushing.fake_hub import TOKEN, FakeHub, fake_hub
from tests.factories import make_campaign, make_member
from tests.stock import stock

REPO = "lab/preferences"
TYPED = "Because it names its source."
CONFIGS = ("trl", "helpsteer3", "kto", "rankings")


@pytest.fixture
def hub(settings, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    disable_progress_bars()
    with fake_hub() as found:
        settings.HF_TOKEN, settings.HF_ENDPOINT = TOKEN, found.url
        monkeypatch.setattr(constants, "ENDPOINT", found.url)  # read from the same variable
        yield found
        close_session()


@pytest.fixture
def campaign() -> Campaign:
    """A campaign in which two people say why they prefer what they prefer."""
    found = make_campaign(overlap=2)
    stock(found, 3)
    for person in (make_member(found), make_member(found)):
        for _ in range(3):
            vote(found, person, rationale=TYPED)
    return found


@pytest.fixture
def export(campaign) -> Export:
    return written(campaign)


def written(campaign: Campaign, configs=CONFIGS, **selection) -> Export:
    """Write an export; return it as entry points get it."""
    return export_in(campaign, export_now(campaign, configs=configs, **selection).pk)


def push(export: Export, repo_id: str = REPO, **options) -> str:
    return push_export(export=export, repo_id=repo_id, by=None, **options)


def on_disk(export: Export) -> dict[str, bytes]:
    folder = ready_folder(export.pk)
    paths = [file.path for file in export.files.all() if file.path != ARCHIVE]
    return {path: (folder / path).read_bytes() for path in paths}


def pushed(hub: FakeHub) -> dict[str, bytes]:
    files = dict(hub.repos[REPO].files)
    del files[".gitattributes"]
    return files


def front(card: bytes) -> dict:
    found: dict = yaml.safe_load(card.decode().split("---\n")[1])
    return found


def loaded(folder: Path, tmp_path: Path) -> dict[str, int]:
    """Load every configuration that a card names; return the rows of each."""
    configs = [one["config_name"] for one in front((folder / "README.md").read_bytes())["configs"]]
    cache = str(tmp_path / "cache")
    return {
        name: sum(datasets.load_dataset(str(folder), name, cache_dir=cache).num_rows.values())
        for name in configs
    }
