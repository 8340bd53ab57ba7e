"""Push a ready export to the Hub: people's words leave here and do not come back."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from django.db import transaction

from exports.configs import Config, ContainerName
from exports.enums import ExportState
from exports.formats.manifest import ARCHIVE, CARD, CROISSANT, FORMAT, MANIFEST
from exports.formats.published import without_typed
from exports.models import Export, ExportFile
from exports.queries import files_by_path, refuse_withdrawn
from exports.services.folders import at_hand
from exports.services.hub import check_can_push, commit_files
from exports.services.links import ExportNotReady
from exports.services.removing import removed_since
from exports.services.stores import damaged
from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.errors import DomainError, Kind
from labeling.wording import gettext

Say = Callable[[str], object]
Files = dict[str, Path | bytes]


class RestsOnRevoked(DomainError):
    """Rows rest on what was revoked after the export was read."""

    code = "export_rests_on_revoked"
    kind = Kind.CONFLICT


class NothingToPush(DomainError):
    """What was asked for leaves out every row, or cannot be told from the rest."""

    code = "nothing_to_push"
    kind = Kind.CONFLICT


def push_export(
    *,
    export: Export,
    repo_id: str,
    private: bool = True,
    with_judgments: bool = False,
    despite_revoked: bool = False,
    by: User | None,
    say: Say = lambda _: None,
) -> str:
    """Commit the files of an export from ``export_in`` to a repository; return the address.

    Without judgments the reasons that people typed stay here. Every file is read and compared
    with its checksum before anything is sent. Pushing the same again makes no commit. ``by`` is
    None for whoever has the command line. Must not be called inside a transaction.

    Raises ExportNotReady, PushingOff, Invalid, FileGone, StorageUnavailable, RestsOnRevoked,
    NothingToPush, RepoIsPublic and HubRefused.
    """
    if export.state != ExportState.READY:
        raise ExportNotReady(gettext("The export is not ready; there is nothing to push."))
    refuse_withdrawn(export)
    check_can_push(repo_id)
    with _checked(export) as files:
        say(f"{len(files)} files are as they were written.")
        revoked = _revoked_rows(export, accept=despite_revoked)
        files = files if with_judgments else _without_typed(files)
        say(f"Sending {len(files)} files to {repo_id}.")
        commit = commit_files(
            repo_id=repo_id,
            private=private,
            files=files,
            is_ours=_is_ours,
            message=f"Annotate export {export.pk}, data sha256 {export.manifest['data_sha256']}",
        )
    if not commit.is_new:
        say("All of it was there already; there is no new commit.")
    _record(
        export, by, repo=repo_id, commit=commit.url, public=not commit.is_private,
        with_judgments=with_judgments, rows_revoked=revoked,
    )  # fmt: skip
    return commit.url


@contextmanager
def _checked(export: Export) -> Iterator[Files]:
    """Give the published files but the archive; raise FileGone for one that is damaged."""
    files = [file for path, file in files_by_path(export).items() if path != ARCHIVE]
    with at_hand(files) as paths:
        for file in files:
            _compare(file, paths[file.path])
        yield dict(paths)


def _compare(file: ExportFile, path: Path) -> None:
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if digest != file.sha256:
        raise damaged()


def _revoked_rows(export: Export, *, accept: bool) -> int:
    """Count the rows that rest on what is revoked, the newest included; raise RestsOnRevoked."""
    rows = sum(1 for _ in removed_since(export))
    if rows and not accept:
        raise RestsOnRevoked(
            gettext(
                "%(rows)d rows rest on what was revoked since. Make a new export, or push "
                "them all the same with --despite-revoked."
            )
            % {"rows": rows}
        )
    return rows


def _without_typed(files: Files) -> Files:
    """Return the files without what people typed; raise NothingToPush where that is all."""
    manifest = orjson.loads(_content(files[MANIFEST]))
    if manifest["format"] != FORMAT:
        raise NothingToPush(
            gettext(
                "Another version of Annotate wrote this export. Make a new one, or push it "
                "whole with --with-judgments."
            )
        )
    cards = {
        path: _content(content).decode()
        for path, content in files.items()
        if path.rpartition("/")[2] == CARD
    }
    stays = without_typed(manifest, cards)
    if not stays:
        raise NothingToPush(
            gettext("All rows hold what people typed. Push them with --with-judgments.")
        )
    return {path: files[path] if content is None else content for path, content in stays.items()}


def _content(file: Path | bytes) -> bytes:
    return file if isinstance(file, bytes) else file.read_bytes()


def _is_ours(path: str) -> bool:
    """Tell whether an export could have a file of this path: an older one may have left it."""
    container, _, inside = path.partition("/")
    config, _, file = inside.partition("/")
    if container in set(ContainerName):
        return inside == CARD or (config in set(Config) and bool(file))
    return path in {CARD, CROISSANT, MANIFEST}


@transaction.atomic
def _record(export: Export, by: User | None, **data: object) -> None:
    record_event(
        actor=by,
        action="export.pushed",
        target=f"export:{export.pk}",
        campaign=export.campaign_id,
        **data,
    )
