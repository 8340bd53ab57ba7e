"""An export goes to the Hub only when it may, and whole."""

import pytest

from exports.models import Export
from exports.queries import export_in
from exports.selection import Selection
from exports.services.folders import ready_folder
from exports.services.hub import HubRefused, PushingOff
from exports.services.links import ExportNotReady
from exports.services.pushing import NothingToPush, RestsOnRevoked
from exports.services.requests import request_export
from exports.services.stores import FileGone
from labeling.accounts.models import AuditEvent
from labeling.clock import database_now
from labeling.errors import Invalid
from labeling.quality.services.revoking import revoke
from tests.exports.pushing.conftest import REPO, push, pushed, written
from tests.exports.pushing.fake_hub import TOKEN, FakeHub, Refusal

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Of huggingface_hub, which sends large files the old way.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
]


def refuses(hub: FakeHub, export: Export, kind: type[Exception], match: str, **options) -> None:
    """Expect a refusal before anything is sent."""
    with pytest.raises(kind, match=match):
        push(export, **options)
    assert hub.asked == []
    assert not AuditEvent.objects.filter(action="export.pushed").exists()


def test_export_that_is_not_ready_is_refused(hub, campaign):
    asked, _ = request_export(
        campaign=campaign,
        user=campaign.created_by,
        selection=Selection(),
        now=database_now(),
    )

    refuses(hub, export_in(campaign, asked.pk), ExportNotReady, "not ready")


def test_pushing_is_off_without_a_token(hub, export, settings):
    settings.HF_TOKEN = ""

    refuses(hub, export, PushingOff, "Set HF_TOKEN")


@pytest.mark.parametrize(
    "name",
    ["", "alone", "a/b/c", "a b/c", "lab/-x", "lab/x--y", "lab/x.git", "../x", "datasets/a/b"],
)
def test_malformed_name_is_refused(hub, export, name):
    refuses(hub, export, Invalid, "owner/name", repo_id=name)


@pytest.mark.parametrize("damage", [b"", b"\0" * 9, None])
def test_damaged_file_is_refused(hub, export, damage):
    path = ready_folder(export.pk) / "jsonl/judgments/train-00000-of-00001.jsonl"
    if damage is None:
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(damage + content[len(damage) :] if damage else damage)

    refuses(hub, export, FileGone, "Make a new export")


def test_rows_that_rest_on_what_was_revoked_are_refused_before_anybody_counted_them(
    hub, campaign, export
):
    person = campaign.memberships.exclude(user=campaign.created_by).first().user
    revoke(
        campaign=campaign,
        annotator=person,
        by=campaign.created_by,
        reason="It was spam.",
        now=database_now(),
    )

    refuses(hub, export, RestsOnRevoked, r"^\d+ rows rest on what was revoked since")
    push(export, despite_revoked=True)
    (event,) = AuditEvent.objects.filter(action="export.pushed")
    assert event.data["rows_revoked"] > 0


def test_export_of_what_people_typed_alone_is_refused(hub, campaign):
    export = written(campaign, configs=("helpsteer3",))

    refuses(hub, export, NothingToPush, "--with-judgments")


def test_part_of_another_versions_export_is_refused(hub, export, monkeypatch):
    monkeypatch.setattr("exports.services.pushing.FORMAT", "annotate-export/999")

    refuses(hub, export, NothingToPush, "Another version")


@pytest.mark.parametrize("token", ["revoked", "reads-only"])
@pytest.mark.parametrize("is_there", [False, True])
def test_token_that_the_hub_does_not_take_is_refused(hub, export, settings, token, is_there):
    settings.HF_TOKEN, hub.readers = token, {"reads-only"}
    if is_there:
        hub.add_repo(REPO)

    with pytest.raises(HubRefused, match=r"does not take the token\. Give HF_TOKEN") as refused:
        push(export)

    assert token not in refused.value.message
    assert not AuditEvent.objects.filter(action="export.pushed").exists()


@pytest.mark.parametrize(
    ("where", "refusal", "reason"),
    [
        ("/commit/", Refusal(500, f"Broken by {TOKEN}"), "The Hub answered 500: Broken by …"),
        ("/commit/", Refusal(412, "Another parent"), "changed meanwhile. Push again"),
        ("/large/", Refusal(403, "Expired"), "does not take the token"),
        ("/preupload/", Refusal(400, "Too large"), "The Hub answered 400: Too large"),
    ],
)
def test_what_the_hub_refuses_is_said_without_the_token(hub, export, where, refusal, reason):
    hub.refusals[where] = refusal

    with pytest.raises(HubRefused, match=reason) as refused:
        push(export)

    assert TOKEN not in refused.value.message
    assert pushed(hub) == {}


def test_hub_that_is_not_there_is_a_refusal(hub, export, settings):
    settings.HF_ENDPOINT = "http://127.0.0.1:9"

    refuses(hub, export, HubRefused, "The Hub could not be used")
