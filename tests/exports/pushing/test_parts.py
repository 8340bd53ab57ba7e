"""What people typed stays here, and what is pushed is described as it is."""

import hashlib
import json
from dataclasses import replace

import pytest

from exports.formats.card import Card
from exports.formats.manifest import FileEntry, fingerprint
from exports.services import writing
from tests.exports.pushing.conftest import (
    REPO,
    TYPED,
    front,
    loaded,
    on_disk,
    push,
    pushed,
    written,
)
from tests.exports.pushing.fake_hub import lay_out

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Of huggingface_hub, which sends large files the old way.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
]


def test_what_people_typed_stays_here_unless_asked_for(hub, export, tmp_path):
    push(export)

    files, kept = pushed(hub), {"trl", "kto", "rankings"}
    gone = [
        path for path in on_disk(export) if path.split("/")[1:2] in (["judgments"], ["helpsteer3"])
    ]
    assert len(gone) == 4
    assert files.keys() == on_disk(export).keys() - set(gone)
    for name in ("README.md", "parquet/README.md", "jsonl/README.md"):
        assert {one["config_name"] for one in front(files[name])["configs"]} == kept
    assert loaded(lay_out(hub.repos[REPO], tmp_path / "some"), tmp_path).keys() == kept
    assert any(TYPED.encode() in content for content in on_disk(export).values())
    assert not any(TYPED.encode() in content for content in [*files.values(), *hub.large.values()])
    assert not any(b"judgments/" in content for content in files.values())


def test_manifest_of_a_part_is_that_of_the_files_that_are_there(hub, export):
    push(export)

    files = pushed(hub)
    manifest = json.loads(files.pop("manifest.json"))
    entries = [FileEntry(**one) for one in manifest["files"]]
    assert [one.path for one in entries] == sorted(files)
    for one in entries:
        assert (one.size, one.sha256) == (
            len(files[one.path]),
            hashlib.sha256(files[one.path]).hexdigest(),
        )
    assert manifest["data_sha256"] == fingerprint(entries)
    assert manifest["counts"]["rows"].keys() == {"trl", "kto", "rankings"}
    described = json.loads(files["croissant.json"])
    assert {one["name"] for one in described["recordSet"]} == {"trl", "kto", "rankings"}


@pytest.mark.parametrize(
    "selection",
    [
        {},
        {"containers": ("jsonl.gz", "csv"), "licence": "cc-by-4.0"},
        {"configs": ("llamafactory", "trl"), "validation_share": 0.3},
        {"configs": ("helpsteer3", "rankings")},
    ],
)
def test_card_of_a_part_is_the_card_that_its_rows_would_have(hub, campaign, monkeypatch, selection):
    cards: list[Card] = []

    def noted(**facts) -> Card:
        cards.append(Card(**facts))
        return cards[-1]

    monkeypatch.setattr(writing, "Card", noted)
    export = written(campaign, **selection)
    push(export)

    files, (card,) = pushed(hub), cards
    manifest = json.loads(files["manifest.json"])
    data = [
        FileEntry(**one)
        for one in manifest["files"]
        if not one["path"].endswith(("README.md", "croissant.json"))
    ]
    part = replace(card, rows=manifest["counts"]["rows"], checksum=fingerprint(data))
    first, second = card.selection.containers
    for name, text in (
        ("README.md", part.text(first, f"{first}/")),
        (f"{first}/README.md", part.text(first, "")),
        (f"{second}/README.md", part.text(second, "")),
    ):
        lines = text.splitlines(keepends=True)
        expected = "".join(one for one in lines if not one.startswith("- `judgments`: "))
        assert files[name].decode() == expected
