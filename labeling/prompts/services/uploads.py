"""The uploads folder: files under names of our own, gone once they are imported."""

import contextlib
import hashlib
import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from labeling.prompts.enums import UNFINISHED
from labeling.prompts.models import PromptSet
from labeling.prompts.problems import FileTooLarge, UploadCutOff
from labeling.prompts.readers.sniff import HEAD
from labeling.wording import gettext

CHUNK = 1024 * 1024
PARTIAL = ".part"
PARTIAL_KEPT_FOR = 24 * 3600


@dataclass(frozen=True)
class Upload:
    """A file that lies in the uploads folder, complete and synced to the disk."""

    name: str
    size: int
    sha256: str
    head: bytes


def path_of(name: str) -> Path:
    """Return where the upload with this name of ours lies."""
    return Path(settings.UPLOADS_DIR) / name


def refuse_size(size: int) -> None:
    """Raise FileTooLarge when a file of this many bytes is not taken."""
    limit = settings.UPLOAD_LIMIT_MB
    if size > limit * 1024 * 1024:
        reason = gettext(
            "The file is larger than %(most)s MB, the most this site takes. "
            "Split it into several files."
        )
        raise FileTooLarge(reason % {"most": f"{limit:,}"}, limit_mb=limit)


def store_upload(stream: BinaryIO, *, size: int | None) -> Upload:
    """Write a stream to the uploads folder chunk by chunk; nothing stays of a refused one."""
    name = uuid.uuid4().hex
    path, partial = path_of(name), path_of(name + PARTIAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        upload = _copy(stream, partial, name)
        if size is not None and upload.size != size:
            reason = gettext("%(received)s of %(expected)s bytes arrived. Send the file again.")
            raise UploadCutOff(
                reason % {"received": f"{upload.size:,}", "expected": f"{size:,}"},
                received=upload.size,
                expected=size,
            )
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return upload


def _copy(stream: BinaryIO, partial: Path, name: str) -> Upload:
    digest, size, head = hashlib.sha256(), 0, b""
    with partial.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            refuse_size(size)
            head = head or chunk[:HEAD]
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Upload(name, size, digest.hexdigest(), head)


def discard(name: str) -> None:
    """Delete an upload that is no longer needed."""
    path_of(name).unlink(missing_ok=True)


def discard_leftovers() -> None:
    """Delete what crashes left: uploads without an unfinished import, and old partial files."""
    folder = Path(settings.UPLOADS_DIR)
    if not folder.is_dir():
        return
    wanted = set(PromptSet.objects.filter(state__in=UNFINISHED).values_list("upload", flat=True))
    oldest = time.time() - PARTIAL_KEPT_FOR
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.name not in wanted and path.stat().st_mtime < oldest:
                path.unlink()
