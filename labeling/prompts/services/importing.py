"""Import a received file: check all of it, then store it chunk by chunk, each row once."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models.functions import Now

from labeling.errors import NotFound
from labeling.prompts.enums import UNFINISHED, FileFormat, PromptSetState
from labeling.prompts.models import PromptSet
from labeling.prompts.problems import FileRefused
from labeling.prompts.queries import UNTOUCHED
from labeling.prompts.readers.files import read_file
from labeling.prompts.readers.raw import RawRow
from labeling.prompts.services.storing import store_chunk
from labeling.prompts.services.uploads import discard, path_of

ROWS_A_TRANSACTION = 500
# A chunk of very long rows ends early, so that memory stays bounded.
BYTES_A_TRANSACTION = 16 * 1024 * 1024
TOUCHED_EVERY = 1.0
Report = Callable[[PromptSet], None]


def import_prompt_set(
    *, prompt_set_id: int, now: datetime, report: Report = lambda prompt_set: None
) -> PromptSet:
    """Bring a received file in, or mark it failed with nothing of it stored.

    Safe to run again after a crash at any point: what was stored is passed over. A second
    runner leaves an import alone that somebody touched within a minute. ``report`` is called
    after each step with the import as it stands.
    """
    prompt_set = _take(prompt_set_id, now)
    if prompt_set is None:
        return PromptSet.objects.get(pk=prompt_set_id)
    if prompt_set.state == PromptSetState.CHECKING:
        try:
            _check(prompt_set, report)
        except FileRefused as refusal:
            return _fail(prompt_set, refusal)
    return _store(prompt_set, report)


def _take(prompt_set_id: int, now: datetime) -> PromptSet | None:
    """Return the import to work on, or None when it is finished or in other hands."""
    if not PromptSet.objects.filter(pk=prompt_set_id).exists():
        raise NotFound("There is no such import.")
    with transaction.atomic():
        sets = PromptSet.objects.select_for_update(skip_locked=True)
        prompt_set = sets.filter(pk=prompt_set_id, state__in=UNFINISHED).first()
        if prompt_set is None:
            return None
        if prompt_set.state == PromptSetState.UPLOADED:
            prompt_set.state = PromptSetState.CHECKING
        elif prompt_set.touched_at > now - UNTOUCHED:
            return None
        _touch(prompt_set, state=prompt_set.state)
    return prompt_set


def _touch(prompt_set: PromptSet, **values: object) -> bool:
    """Note that somebody is at work; tell whether the import is still unfinished."""
    sets = PromptSet.objects.filter(pk=prompt_set.pk, state__in=UNFINISHED)
    return bool(sets.update(touched_at=Now(), **values))


def _check(prompt_set: PromptSet, report: Report) -> None:
    """Read the file to its end; raises FileRefused when it cannot be used as a whole."""
    rows, touched = 0, time.monotonic()
    for _ in _rows_of(prompt_set):
        rows += 1
        if time.monotonic() - touched > TOUCHED_EVERY:
            touched = time.monotonic()
            prompt_set.checked_rows = rows
            _touch(prompt_set, checked_rows=rows)
            report(prompt_set)
    prompt_set.checked_rows = rows
    prompt_set.state = PromptSetState.STORING
    checking = PromptSet.objects.filter(pk=prompt_set.pk, state=PromptSetState.CHECKING)
    checking.update(touched_at=Now(), checked_rows=rows, state=PromptSetState.STORING)
    report(prompt_set)


def _rows_of(prompt_set: PromptSet) -> Iterator[RawRow]:
    return read_file(path_of(prompt_set.upload), FileFormat(prompt_set.format))


def _store(prompt_set: PromptSet, report: Report) -> PromptSet:
    prompt_set.refresh_from_db()
    if prompt_set.state != PromptSetState.STORING:
        return prompt_set
    rows = islice(_rows_of(prompt_set), prompt_set.handled_rows, None)
    while chunk := _chunk(rows):
        if not store_chunk(prompt_set=prompt_set, rows=chunk):
            return PromptSet.objects.get(pk=prompt_set.pk)
        report(prompt_set)
    return _finish(prompt_set, PromptSetState.DONE)


def _chunk(rows: Iterator[RawRow]) -> list[RawRow]:
    chunk: list[RawRow] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += row.size
        if len(chunk) >= ROWS_A_TRANSACTION or size >= BYTES_A_TRANSACTION:
            break
    return chunk


def _fail(prompt_set: PromptSet, refusal: FileRefused) -> PromptSet:
    error = {"error": refusal.message, "error_code": refusal.code}
    return _finish(prompt_set, PromptSetState.FAILED, **error)


def _finish(prompt_set: PromptSet, state: PromptSetState, **values: object) -> PromptSet:
    _touch(prompt_set, state=state, finished_at=Now(), **values)
    discard(prompt_set.upload)
    prompt_set.refresh_from_db()
    return prompt_set
