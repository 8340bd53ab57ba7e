"""Ask for exports, wait for them, and take their files, whole or from where they broke off."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import httpx2

POLL_SECONDS, BYTES_AT_ONCE = 1.0, 1 << 20
OVER = frozenset({"ready", "failed", "canceled"})


class AnnotateError(Exception):
    """The server refused a request: ``code`` and ``status`` say which refusal, the text why."""

    def __init__(self, message: str, *, code: str = "", status: int = 0) -> None:
        """``status`` is 0 where there was no answer."""
        super().__init__(message)
        self.code, self.status = code, status


class ExportFailed(AnnotateError):
    """The export that was waited for holds nothing."""


@dataclass(frozen=True)
class ExportedFile:
    """One file of an export; ``path`` is relative to the export, ``rows`` None for no rows."""

    path: str
    size: int
    sha256: str
    rows: int | None
    url: str


@dataclass(frozen=True)
class Link:
    """A link to one file: whoever has it may download the file without a token, for a while."""

    path: str
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Export:
    """One export as the server describes it; files and manifest are there once it is ready."""

    id: int
    campaign: int
    state: str
    selection: Mapping[str, Any]
    comparisons_read: int
    comparisons_total: int
    pair_count: int
    error: str
    files: tuple[ExportedFile, ...] = ()
    manifest: Mapping[str, Any] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing about it will change any more."""
        return self.state in OVER


class Client:
    """The exports of one installation, seen with one API token.

    The token needs the scope ``export:read``, and ``export:write`` to ask for exports.
    """

    def __init__(self, url: str, token: str, *, timeout: float = 60.0) -> None:
        """``url`` is the address of the installation; ``timeout`` are seconds without an answer."""
        self._http = httpx2.Client(
            base_url=f"{url.rstrip('/')}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout,
        )

    def __enter__(self) -> "Client":
        """Return the client, whose connections end with the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def request(self, campaign: int, **selection: Any) -> Export:
        """Ask for an export; while one with the same selection waits, that one is returned."""
        found = self._json("POST", f"campaigns/{campaign}/exports/", json=selection)
        return _export(campaign, found)

    def export(self, campaign: int, export_id: int) -> Export:
        """Return an export with its files."""
        return _export(campaign, self._json("GET", f"campaigns/{campaign}/exports/{export_id}/"))

    def exports(self, campaign: int) -> Iterator[Export]:
        """Yield the exports of a campaign, newest first."""
        url: str | None = f"campaigns/{campaign}/exports/"
        while url:
            page = self._json("GET", url)
            yield from (_export(campaign, one) for one in page["results"])
            url = page["next"]

    def cancel(self, campaign: int, export_id: int) -> Export:
        """Give up an export that is not over."""
        path = f"campaigns/{campaign}/exports/{export_id}/cancel/"
        return _export(campaign, self._json("POST", path))

    def links(
        self, campaign: int, export_id: int, hours: int = 24, prefix: str = ""
    ) -> tuple[Link, ...]:
        """Make links to the files whose paths begin with ``prefix``, for 1 to 168 hours."""
        path = f"campaigns/{campaign}/exports/{export_id}/links/"
        found = self._json("POST", path, json={"hours": hours, "prefix": prefix})
        return tuple(
            Link(one["path"], one["url"], datetime.fromisoformat(one["expires_at"]))
            for one in found["results"]
        )

    def wait(
        self,
        export: Export,
        *,
        seconds: float = 3600.0,
        told: Callable[[Export], None] = lambda export: None,
    ) -> Export:
        """Return the export once it is ready; ``told`` is called with each change seen.

        Raises ExportFailed when it is over without files, and AnnotateError when the time is up.
        """
        deadline, etag = time.monotonic() + seconds, ""
        while not export.is_over:
            if time.monotonic() > deadline:
                raise AnnotateError(f"export {export.id} is not ready after {seconds:.0f} s")
            time.sleep(POLL_SECONDS)
            found, etag = self._look_again(export, etag)
            if found is not export:
                export = found
                told(export)
        if export.state != "ready":
            raise ExportFailed(export.error or f"export {export.id} was {export.state}")
        return export

    def download(self, file: ExportedFile, into: Path) -> Path:
        """Write a file to its path below ``into``, checked; return where it is.

        What is there already and whole is left; what broke off goes on where it was.
        """
        target = into / file.path
        if _holds(target, file):
            return target
        # Named by what it is a part of: another version of the file goes into another one.
        part = target.with_name(f"{target.name}.{file.sha256[:12]}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        self._fetch(file, part)
        if not _holds(part, file):
            part.unlink()
            raise AnnotateError(f"{file.path}: it is not what its SHA-256 says; try again")
        return part.replace(target)

    def _fetch(self, file: ExportedFile, part: Path) -> None:
        """Append what is missing of a file; begin anew where the server sends all of it."""
        begun = part.stat().st_size if part.exists() else 0
        if begun >= file.size:
            part.unlink(missing_ok=True)
            begun = 0
        headers = {"Range": f"bytes={begun}-", "If-Range": f'"{file.sha256}"'} if begun else {}
        try:
            with self._http.stream("GET", file.url, headers=headers) as response:
                _check(response)
                mode = "ab" if response.status_code == httpx2.codes.PARTIAL_CONTENT else "wb"
                with part.open(mode) as sink:
                    for piece in response.iter_bytes(BYTES_AT_ONCE):
                        sink.write(piece)
        except httpx2.HTTPError as error:
            raise AnnotateError(f"{file.path}: {error}; try again to go on from here") from error

    def _look_again(self, export: Export, etag: str) -> tuple[Export, str]:
        """Return the export with its ETag; the one given while it still has that ETag."""
        path = f"campaigns/{export.campaign}/exports/{export.id}/"
        response = self._send("GET", path, headers={"If-None-Match": etag} if etag else {})
        if response.status_code == httpx2.codes.NOT_MODIFIED:
            return export, etag
        return _export(export.campaign, response.json()), response.headers.get("ETag", "")

    def _json(self, method: str, url: str, **options: Any) -> Any:
        return self._send(method, url, **options).json()

    def _send(self, method: str, url: str, **options: Any) -> httpx2.Response:
        try:
            response = self._http.request(method, url, **options)
        except httpx2.HTTPError as error:
            raise AnnotateError(f"{self._http.base_url}: {error}") from error
        _check(response)
        return response


def _check(response: httpx2.Response) -> None:
    """Raise AnnotateError with what the server says about a refusal."""
    if response.is_success or response.status_code == httpx2.codes.NOT_MODIFIED:
        return
    response.read()
    try:
        error = cast("dict[str, Any]", response.json()["error"])
        fields = (error.get("data") or {}).get("fields") or {}
        reasons = [f"{name}: {' '.join(said)}" for name, said in fields.items()]
        message, code = " ".join([error["message"], *reasons]), error["code"]
    except (ValueError, KeyError, TypeError):
        message, code = f"the server answered {response.status_code}", ""
    raise AnnotateError(message, code=code, status=response.status_code)


def _export(campaign: int, found: Mapping[str, Any]) -> Export:
    return Export(
        id=found["id"],
        campaign=campaign,
        state=found["state"],
        selection=found["selection"],
        comparisons_read=found["comparisons_read"],
        comparisons_total=found["comparisons_total"],
        pair_count=found["pair_count"],
        error=found["error"],
        files=tuple(
            ExportedFile(one["path"], one["size"], one["sha256"], one["rows"], one["url"])
            for one in found.get("files", ())
        ),
        manifest=found.get("manifest") or None,
    )


def _holds(path: Path, file: ExportedFile) -> bool:
    if not path.exists() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest() == file.sha256
