"""Files of exports in a bucket: objects under a prefix for each claim that wrote one.

Imported only where a bucket is configured: boto3 is an extra.
"""

import hashlib
import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages

from exports.formats.manifest import FileEntry
from exports.ranges import BYTES_AT_ONCE, Span
from exports.services.stores import StorageUnavailable, Wanted, damaged, missing
from labeling.wording import gettext

log = logging.getLogger(__name__)

SHA256 = "sha256"  # the name under which an object states its checksum
GONE = (404, 412, 416)  # it is not there, it is another one, it is shorter
TRIES = 3


@dataclass(frozen=True)
class InBucket:
    """One object, pinned to the version that was found: another one under its key is refused."""

    client: Any
    bucket: str
    key: str
    size: int
    sha256: str
    etag: str
    copies: Path

    def read(self, span: Span) -> Iterator[bytes]:
        """Yield some of its bytes; where a connection breaks, another one goes on."""
        at, tries = span.start, 0
        while at < span.stop:
            begun = at
            try:
                for piece in self._answered(Span(at, span.stop)):
                    at += len(piece)
                    yield piece
            except BotoCoreError as error:
                tries = 1 if at > begun else tries + 1
                if tries == TRIES:
                    raise _unavailable(error) from error

    def open(self) -> BinaryIO:
        """Return a copy without a name, which is gone with its last reader."""
        self.copies.mkdir(parents=True, exist_ok=True)
        copy = tempfile.TemporaryFile(dir=self.copies)  # noqa: SIM115 - the reader closes it
        try:
            self._copy_into(copy)
        except BaseException:
            copy.close()
            raise
        return copy

    def path_in(self, folder: Path) -> Path:
        """Return the path of a copy in ``folder``."""
        path = folder / self.sha256
        with path.open("wb") as copy:
            self._copy_into(copy)
        return path

    def _copy_into(self, copy: Any) -> None:
        """Write all of it, and compare its checksum."""
        digest = hashlib.sha256()
        for piece in self.read(Span(0, self.size)):
            digest.update(piece)
            copy.write(piece)
        if digest.hexdigest() != self.sha256:
            raise damaged()
        copy.seek(0)

    def _answered(self, span: Span) -> Iterator[bytes]:
        with _finding():
            answer = self.client.get_object(
                Bucket=self.bucket,
                Key=self.key,
                IfMatch=self.etag,
                Range=f"bytes={span.start}-{span.stop - 1}",
            )
        with closing(answer["Body"]) as body:
            _check(answer, self.sha256)
            if answer["ContentLength"] != span.length:  # what is in between knows no ranges
                raise damaged()
            while piece := body.read(BYTES_AT_ONCE):
                yield piece


class Bucket:
    """The configured bucket and prefix. ``copies`` is where copies of objects are made."""

    def __init__(self, copies: Path) -> None:
        storage: Any = storages["exports"]
        with _reaching():
            self._client = storage.connection.meta.client
        self._bucket, self._prefix, self._copies = storage.bucket_name, storage.location, copies

    def send(self, folder: Path, place: str, entries: Iterable[FileEntry]) -> None:
        """Make an object of each file, which states the file's checksum."""
        for entry in entries:
            with (folder / entry.path).open("rb") as file, _reaching():
                self._client.upload_fileobj(
                    file,
                    self._bucket,
                    self._key(place, entry.path),
                    ExtraArgs={"Metadata": {SHA256: entry.sha256}},
                )

    def publish(self, folder: Path, place: str) -> None:
        """Do nothing: the row that names the place publishes it."""

    def find(self, place: str, file: Wanted) -> InBucket:
        """Return the object, if it has its size and states the file's checksum."""
        with _finding():
            found = self._client.head_object(Bucket=self._bucket, Key=self._key(place, file.path))
        _check(found, file.sha256)
        return self._pinned(place, file, found["ContentLength"], found["ETag"])

    def find_all(self, place: str, files: Sequence[Wanted]) -> list[InBucket]:
        """Return the objects, if each has its size; what they state is compared when they open."""
        found = {one["Key"]: one for one in self._listed(place)}
        keys = [self._key(place, file.path) for file in files]
        if not found.keys() >= set(keys):
            raise missing()
        return [
            self._pinned(place, file, found[key]["Size"], found[key]["ETag"])
            for file, key in zip(files, keys, strict=True)
        ]

    def beside(self, place: str, path: str) -> bytes | None:
        """Return the content of a small object, if it is the one it says."""
        with _finding(), _reaching():
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(place, path))
            with closing(answer["Body"]) as body:
                content: bytes = body.read()
        _check(answer, hashlib.sha256(content).hexdigest())
        return content

    def remove(self, place: str) -> None:
        """Delete the objects, one by one: not every server takes many at once."""
        with _reaching():
            for one in self._listed(place):
                self._client.delete_object(Bucket=self._bucket, Key=one["Key"])

    def address(self, place: str) -> str:
        """Return the address of the prefix."""
        return f"s3://{self._bucket}/{self._key(place, '')}"

    def _pinned(self, place: str, file: Wanted, size: int, etag: str) -> InBucket:
        if size != file.size:
            raise damaged()
        key = self._key(place, file.path)
        return InBucket(self._client, self._bucket, key, size, file.sha256, etag, self._copies)

    def _listed(self, place: str) -> Iterator[Mapping[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2")
        with _reaching():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._key(place, "")):
                yield from page.get("Contents", ())

    def _key(self, place: str, path: str) -> str:
        return "/".join(filter(None, (self._prefix, place))) + f"/{path}"


def _check(answer: Mapping[str, Any], sha256: str) -> None:
    if answer["Metadata"].get(SHA256) != sha256:
        raise damaged()


@contextmanager
def _finding() -> Iterator[None]:
    """Raise FileGone for an object that is not what was found or published."""
    with _reaching():
        try:
            yield
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in GONE:
                raise missing() from error
            raise


@contextmanager
def _reaching() -> Iterator[None]:
    """Give what the library raises the words of a refusal."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise _unavailable(error) from error


def _unavailable(error: Exception) -> StorageUnavailable:
    log.warning("the bucket of exports cannot be used: %s", error)
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    return StorageUnavailable(
        gettext("The bucket that holds the files cannot be used (%(reason)s). Try again later.")
        % {"reason": code or type(error).__name__}
    )
