"""The client and its command: what they take is what was published, however it broke off."""

import random
from datetime import timedelta
from itertools import count
from pathlib import Path

import datasets
import httpx2
import pytest
from pytest_django.live_server_helper import LiveServer

from exports.client import AnnotateError, Client, Export, ExportFailed
from exports.client.cli import main
from exports.models import ExportFile
from exports.services.writing import write_export
from labeling.access import Scope
from labeling.clock import database_now
from tests.exports.conftest import export_now, published
from tests.factories import Cast, make_bearer

pytestmark = pytest.mark.django_db(transaction=True)
CUTS = 20


@pytest.fixture
def token(cast: Cast) -> str:
    bearer = make_bearer(cast.manager, Scope.EXPORT_READ, Scope.EXPORT_WRITE)
    return bearer["Authorization"].removeprefix("Bearer ")


@pytest.fixture
def client(live_server: LiveServer, token: str):
    with Client(live_server.url, token) as found:
        yield found


@pytest.fixture
def ready(cast: Cast, client: Client) -> Export:
    made = export_now(cast.campaign)
    return client.export(cast.campaign.pk, made.pk)


def whole(export: Export, path: str) -> bytes:
    return published(ExportFile.objects.get(export=export.id, path=path))


def test_export_is_asked_for_and_waited_for(cast, client):
    asked = client.request(cast.campaign.pk, configs=["trl", "kto"], min_votes=1)
    again = client.request(cast.campaign.pk, configs=["trl", "kto"], min_votes=1)
    seen: list[str] = []

    def work(export: Export) -> None:
        seen.append(export.state)
        if export.state == "requested":
            write_export(export_id=export.id, now=database_now())

    found = client.wait(asked, told=work)

    assert again.id == asked.id
    assert (seen[0], seen[-1]) == ("requested", "ready")
    assert found.selection["configs"] == ["trl", "kto"]
    assert {one.path.split("/")[1] for one in found.files if one.rows} == {
        "trl", "kto", "judgments",
    }  # fmt: skip


def test_waiting_asks_only_for_what_has_changed(client, cast, monkeypatch):
    asked = client.request(cast.campaign.pk)
    statuses: list[int] = []
    client._http.event_hooks["response"] = [lambda answer: statuses.append(answer.status_code)]
    monkeypatch.setattr("exports.client.api.POLL_SECONDS", 0)
    pauses = count()

    def work(seconds: float) -> None:
        if next(pauses) == 3:
            write_export(export_id=asked.id, now=database_now())

    monkeypatch.setattr("exports.client.api.time.sleep", work)
    seen: list[str] = []

    found = client.wait(asked, told=lambda export: seen.append(export.state))

    assert statuses == [200, 304, 304, 200]
    assert seen == ["requested", "ready"]
    assert found.files == client.export(asked.campaign, asked.id).files != ()


def test_links_need_no_token_and_say_how_long(client, ready):
    before = database_now()

    links = client.links(ready.campaign, ready.id, hours=2, prefix="parquet/trl/")

    (link,) = links
    assert link.path == "parquet/trl/train-00000-of-00001.parquet"
    assert timedelta(hours=1, minutes=59) < link.expires_at - before < timedelta(hours=2, minutes=1)
    assert httpx2.get(link.url).content == whole(ready, link.path)
    assert len(client.links(ready.campaign, ready.id)) == len(ready.files)
    with pytest.raises(AnnotateError, match="begins so") as refused:
        client.links(ready.campaign, ready.id, prefix="parquet/kto/")
    assert refused.value.status == 400


def test_every_file_comes_as_it_was_published(client, ready, tmp_path):
    for file in ready.files:
        assert client.download(file, tmp_path).read_bytes() == whole(ready, file.path)
    assert not list(tmp_path.rglob("*.part"))


def test_download_cut_anywhere_goes_on_and_is_equal(client, ready, tmp_path, monkeypatch):
    file = max(ready.files, key=lambda one: one.size)
    held = whole(ready, file.path)
    asked: list[str] = []
    client._http.event_hooks["request"] = [
        lambda request: asked.append(request.headers.get("Range", "all"))
    ]
    cuts = random.Random(6).sample(range(1, file.size), CUTS)

    for number, cut in enumerate(cuts):
        into = tmp_path / str(number)
        part = into / f"{file.path}.{file.sha256[:12]}.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(held[:cut])
        assert client.download(file, into).read_bytes() == held

    assert asked == [f"bytes={cut}-" for cut in cuts]


def test_part_of_another_version_is_never_mixed_in(client, ready, tmp_path):
    file = max(ready.files, key=lambda one: one.size)
    other = tmp_path / f"{file.path}.{'0' * 12}.part"
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_bytes(b"another version")

    assert client.download(file, tmp_path).read_bytes() == whole(ready, file.path)


def test_part_that_was_spoilt_is_thrown_away(client, ready, tmp_path):
    file = max(ready.files, key=lambda one: one.size)
    part = tmp_path / f"{file.path}.{file.sha256[:12]}.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"spoilt")

    with pytest.raises(AnnotateError, match="SHA-256"):
        client.download(file, tmp_path)
    assert client.download(file, tmp_path).read_bytes() == whole(ready, file.path)


def test_refusal_says_what_the_server_says(client, cast):
    with pytest.raises(AnnotateError, match=r"min_votes: .* 25") as refused:
        client.request(cast.campaign.pk, min_votes=99)
    assert refused.value.status == 400


def test_export_without_rows_is_a_failure_with_its_reason(client, cast):
    asked = client.request(cast.campaign.pk, min_votes=9)
    write_export(export_id=asked.id, now=database_now())

    with pytest.raises(ExportFailed, match="No row passes this selection"):
        client.wait(asked)


def test_canceled_export_is_a_failure(client, cast):
    asked = client.request(cast.campaign.pk)

    canceled = client.cancel(cast.campaign.pk, asked.id)

    assert canceled.state == "canceled"
    assert write_export(export_id=asked.id, now=database_now()) is None
    with pytest.raises(ExportFailed, match="was canceled"):
        client.wait(canceled)
    with pytest.raises(AnnotateError, match="nothing to cancel"):
        client.cancel(cast.campaign.pk, asked.id)


def run(live_server: LiveServer, token: str, *arguments: str) -> int:
    return main(["--url", live_server.url, "--token", token, *arguments])


def test_command_pulls_the_latest(cast, ready, live_server, token, tmp_path, capsys):
    campaign = str(cast.campaign.pk)
    into = tmp_path / "data"

    code = run(live_server, token, "pull", campaign, "--export", "latest", "--into", str(into))

    assert code == 0
    pulled = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {str(path.relative_to(into)) for path in pulled} == {
        "README.md", "manifest.json", "parquet/README.md",
        "parquet/trl/train-00000-of-00001.parquet",
    }  # fmt: skip


def test_command_pulls_several_shapes_with_the_card_of_their_container(
    cast, ready, live_server, token, tmp_path
):
    wanted = ["--variant", "trl", "--variant", "judgments", "--container", "jsonl"]
    into = ["--into", str(tmp_path / "data")]

    code = run(
        live_server, token, "pull", str(cast.campaign.pk), "--export", "latest", *wanted, *into
    )

    assert code == 0
    folder = str(tmp_path / "data" / "jsonl")
    assert datasets.load_dataset(folder, "trl", split="train").num_rows == 3
    assert datasets.load_dataset(folder, "judgments", split="train").num_rows == 3


def test_command_says_which_shapes_there_are(cast, ready, live_server, token, tmp_path, capsys):
    campaign = str(cast.campaign.pk)

    code = run(live_server, token, "pull", campaign, "--export", "latest", "--variant", "kto")

    assert code == 1
    assert "no rows in parquet/kto/. It has: jsonl/judgments/" in capsys.readouterr().err


def test_command_prints_links_one_a_line(cast, ready, live_server, token, capsys):
    campaign = str(cast.campaign.pk)
    shapes = ["--variant", "trl", "--variant", "judgments", "--container", "jsonl"]

    code = run(live_server, token, "links", campaign, "--export", "latest", *shapes, "--hours", "1")

    assert code == 0
    urls = capsys.readouterr().out.splitlines()
    assert [httpx2.get(url).content for url in urls] == [
        whole(ready, f"jsonl/{shape}/train-00000-of-00001.jsonl") for shape in ("trl", "judgments")
    ]


def test_command_links_to_no_shape_that_is_not_there(cast, ready, live_server, token, capsys):
    campaign = str(cast.campaign.pk)

    assert run(live_server, token, "links", campaign, "--variant", "kto") == 1
    said = capsys.readouterr()
    assert (said.out, "no rows in parquet/kto/. It has:" in said.err) == ("", True)
    assert run(live_server, token, "links", campaign, "--hours", "169") == 1
    assert "hours: Ensure this value is less than or equal to 168." in capsys.readouterr().err


def test_command_lists_exports(cast, ready, live_server, token, capsys):
    assert run(live_server, token, "list", str(cast.campaign.pk)) == 0
    assert capsys.readouterr().out == f"{ready.id}\tready\t3\ttrl\n"


def test_command_without_an_address_says_what_to_set(capsys, monkeypatch):
    monkeypatch.delenv("ANNOTATE_URL", raising=False)
    monkeypatch.delenv("ANNOTATE_TOKEN", raising=False)

    assert main(["list", "1"]) == 2
    assert "ANNOTATE_URL" in capsys.readouterr().err


def test_rows_are_streamed_through_links(client, ready):
    urls = [link.url for link in client.links(ready.campaign, ready.id, prefix="parquet/trl/")]

    rows = datasets.load_dataset("parquet", data_files=urls, split="train", streaming=True)

    assert [len(row["chosen"]) for row in rows] == [1, 1, 1]
