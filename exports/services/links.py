"""Signed links to the files of an export: whoever holds one may download its file for a while."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.dateformat import format as date_in_words

from exports.enums import ExportState
from exports.models import Export, ExportFile
from exports.queries import file_in, files_by_path, refuse_withdrawn
from labeling.accounts.errors import LinkExpired, LinkRevoked, LinkUnknown
from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.enums import Role
from labeling.campaigns.queries import membership_of
from labeling.errors import DomainError, Invalid, Kind, NotFound
from labeling.wording import gettext

SIGNER = Signer(sep=".", salt="exports.services.links")
USUAL_HOURS, MOST_HOURS = 24, 168


class ExportNotReady(DomainError):
    """An export has no files before it is ready, nor when it failed or was canceled."""

    code = "export_not_ready"
    kind = Kind.CONFLICT


@dataclass(frozen=True)
class FileLink:
    """A link to one file: what is signed of it, and the file's own name, which ends it."""

    path: str
    signed: str
    expires_at: datetime

    @property
    def name(self) -> str:
        """The file's own name; readers of data sets go by its extension."""
        return name_of(self.path)


class Claims(NamedTuple):
    """What the signature of a link vouches for, in the order in which it is written."""

    export_id: int
    path: str
    maker_id: int
    expires: int


def name_of(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


@transaction.atomic
def link_files(
    *, export: Export, by: User, now: datetime, hours: int = USUAL_HOURS, prefix: str = ""
) -> list[FileLink]:
    """Return links to the files of an export whose paths begin with ``prefix``.

    They need no other key, and hold for ``hours`` while ``by`` manages the campaign. Raises
    ExportNotReady, and Invalid where no file begins so.
    """
    if export.state != ExportState.READY:
        raise ExportNotReady(gettext("The export is not ready; it has no files to link to."))
    refuse_withdrawn(export)
    paths = [path for path in files_by_path(export) if path.startswith(prefix)]
    if not paths:
        reason = gettext("No file of this export has a path that begins so.")
        raise Invalid(reason, fields={"prefix": [reason]})
    expires_at = (now + timedelta(hours=hours)).replace(microsecond=0)
    record_event(
        actor=by,
        action="export.linked",
        target=f"export:{export.pk}",
        campaign=export.campaign_id,
        prefix=prefix,
        files=len(paths),
        expires_at=expires_at.isoformat(),
    )
    expires = int(expires_at.timestamp())
    return [
        FileLink(path, SIGNER.sign_object(Claims(export.pk, path, by.pk, expires)), expires_at)
        for path in paths
    ]


def linked_file(*, signed: str, name: str, now: datetime) -> ExportFile:
    """Return the file that a link leads to.

    Raises LinkUnknown for what was not signed here or ends in another name, LinkExpired and
    LinkRevoked, and NotFound when the export is gone.
    """
    link = _claims(signed)
    if name != name_of(link.path):
        raise _unknown()
    _check_time(link, now)
    export = Export.objects.select_related("campaign").filter(pk=link.export_id).first()
    if export is None:
        raise NotFound(gettext("There is no such file in this export."))
    _check_maker(link, export)
    return file_in(export.campaign, export.pk, link.path)


def _claims(signed: str) -> Claims:
    try:
        return Claims(*SIGNER.unsign_object(signed))
    except BadSignature as error:
        raise _unknown() from error


def _unknown() -> LinkUnknown:
    return LinkUnknown(
        gettext("A part of the link is missing, or it was never given out here. Copy it whole.")
    )


def _check_time(link: Claims, now: datetime) -> None:
    expires_at = datetime.fromtimestamp(link.expires, tz=UTC)
    if now >= expires_at:
        reason = gettext("The link worked until %(time)s UTC. Make a new one.")
        raise LinkExpired(reason % {"time": date_in_words(expires_at, gettext("j F Y, H:i"))})


def _check_maker(link: Claims, export: Export) -> None:
    maker = User.objects.filter(pk=link.maker_id, is_active=True).first()
    if maker is None or not _manages(maker, export):
        raise LinkRevoked(
            gettext("Whoever made the link no longer manages the campaign. Ask for a new one.")
        )


def _manages(user: User, export: Export) -> bool:
    try:
        return membership_of(user, export.campaign_id).role == Role.MANAGER
    except NotFound:
        return False
