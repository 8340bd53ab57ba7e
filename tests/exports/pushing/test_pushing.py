"""An export goes to the Hub in one commit, and the command says so."""

import json
import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from huggingface_hub import HfApi

from exports.formats.manifest import ARCHIVE
from exports.services.hub import RepoIsPublic
from exports.services.pushing import push_export
from labeling.accounts.models import AuditEvent
from tests.exports.conftest import published
from tests.exports.pushing.conftest import CONFIGS, REPO, loaded, on_disk, push, pushed, written
from tests.exports.pushing.fake_hub import TOKEN, lay_out
from tests.factories import make_campaign

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Of huggingface_hub, which sends large files the old way.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
]


def test_whole_export_is_committed_at_once_and_loads(hub, export, tmp_path):
    address = push(export, with_judgments=True)

    repo = hub.repos[REPO]
    assert pushed(hub) == on_disk(export)
    assert address == f"{hub.url}/datasets/{REPO}/commit/{repo.head}"
    assert repo.messages[1:] == [
        f"Annotate export {export.pk}, data sha256 {export.manifest['data_sha256']}"
    ]
    rows = {
        name: sum(splits.values()) for name, splits in export.manifest["counts"]["rows"].items()
    }
    folder = lay_out(repo, tmp_path / "preferences")
    assert loaded(folder, tmp_path) == rows
    assert loaded(folder / "jsonl", tmp_path) == rows
    assert rows.keys() == {*CONFIGS, "judgments"}


@pytest.mark.once
@pytest.mark.usefixtures("bucket")
def test_export_in_a_bucket_is_committed_as_it_is(hub, campaign, exports_dir):
    export = written(campaign)

    push(export, with_judgments=True)

    assert pushed(hub) == {
        file.path: published(file) for file in export.files.all() if file.path != ARCHIVE
    }
    assert list((exports_dir / "copies").iterdir()) == []


def test_repository_is_private_unless_said_otherwise(hub, export):
    push(export)
    push(export, "lab/open", private=False)

    assert hub.repos[REPO].private
    assert not hub.repos["lab/open"].private


def test_who_may_see_a_repository_never_changes(hub, export):
    hub.add_repo("lab/closed", private=True)
    hub.add_repo("lab/open", private=False)

    push(export, "lab/closed", private=False)
    push(export, "lab/open", private=False)
    with pytest.raises(RepoIsPublic, match=r"lab/open is public already\. Say --public"):
        push(export, "lab/open")

    assert hub.repos["lab/closed"].private
    assert not hub.repos["lab/open"].private
    assert len(hub.repos["lab/open"].commits) == 2


def test_pushing_again_makes_no_commit_and_sends_no_file(hub, export):
    first = push(export)
    del hub.asked[:]
    said: list[str] = []
    second = push(export, say=said.append)

    assert first == second
    assert said[-1] == "All of it was there already; there is no new commit."
    assert len(hub.repos[REPO].commits) == 2
    assert [one.path for one in hub.asked if one.method == "PUT" or "/commit/" in one.path] == []


def test_next_export_takes_the_place_of_the_last(hub, campaign, export):
    push(export, with_judgments=True)
    theirs = {"notes.md": b"Ours.", "csv/notes.csv": b"a\n", "parquet/others/a.parquet": b""}
    hub.repos[REPO].files |= theirs
    later = written(campaign, configs=("trl",), containers=("jsonl",))
    push(later)

    files = pushed(hub)
    ours = {path for path in on_disk(later) if "/judgments/" not in path}
    assert files.keys() == ours | theirs.keys()


def test_token_goes_in_its_header_to_the_hub_alone_and_in_no_log(hub, export, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    push(export)

    assert {"POST", "GET", "PUT"} == {one.method for one in hub.asked}
    for method, path, headers, body in hub.asked:
        assert headers.pop("authorization", None) == (
            None if method == "PUT" else f"Bearer {TOKEN}"
        )
        assert TOKEN not in f"{path}{headers}{body.decode('latin-1')}"
    logged = caplog.text + "".join(capfd.readouterr())
    assert TOKEN not in logged
    assert "/large/" not in logged
    (event,) = AuditEvent.objects.filter(action="export.pushed")
    assert TOKEN not in json.dumps(event.data)


def test_audit_log_says_what_went_where(hub, export, campaign):
    address = push_export(export=export, repo_id=REPO, by=campaign.created_by)

    (event,) = AuditEvent.objects.filter(action="export.pushed")
    assert (event.actor, event.target) == (campaign.created_by, f"export:{export.pk}")
    assert event.data == {
        "campaign": campaign.pk,
        "repo": REPO,
        "commit": address,
        "public": False,
        "with_judgments": False,
        "rows_revoked": 0,
    }


def test_hub_is_asked_outside_of_transactions(hub, export, monkeypatch):
    seen, commit = [], HfApi.create_commit

    def noted(*args, **options):
        seen.append(connection.in_atomic_block)
        return commit(*args, **options)

    monkeypatch.setattr(HfApi, "create_commit", noted)
    push(export)

    assert seen == [False]


def command(*arguments: object) -> list[str]:
    said = StringIO()
    call_command("push_export", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_command_says_what_it_does_and_where_the_commit_is(hub, export, campaign):
    said = command(campaign.pk, export.pk, REPO, "--as-user", campaign.created_by.email.upper())

    every, sent = len(on_disk(export)), len(pushed(hub))
    assert said == [
        f"{every} files are as they were written.",
        f"Sending {sent} files to {REPO}.",
        f"{hub.url}/datasets/{REPO}/commit/{hub.repos[REPO].head}",
    ]
    (event,) = AuditEvent.objects.filter(action="export.pushed")
    assert event.actor == campaign.created_by
    assert hub.repos[REPO].private


def test_command_takes_each_choice(hub, export, campaign):
    command(campaign.pk, export.pk, REPO, "--public", "--with-judgments", "--despite-revoked")

    (event,) = AuditEvent.objects.filter(action="export.pushed")
    assert event.actor is None
    assert not hub.repos[REPO].private
    assert pushed(hub) == on_disk(export)


def test_refusals_of_the_command_say_why(hub, export, campaign, settings):
    elsewhere = make_campaign()
    for arguments, reason in (
        ((99999, export.pk, REPO), "no campaign 99999"),
        ((elsewhere.pk, export.pk, REPO), "no such export in this campaign"),
        ((campaign.pk, export.pk, "alone"), "owner/name"),
        ((campaign.pk, export.pk, REPO, "--as-user", "nobody@annotate.invalid"), "Nobody has"),
    ):
        with pytest.raises(CommandError, match=reason):
            command(*arguments)
    assert hub.asked == []
