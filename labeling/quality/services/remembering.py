"""Remember outside the database what was erased, so that a restored backup loses it again."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db.models import Q

from labeling.accounts.models import Erasure, User
from labeling.errors import DomainError
from labeling.prompts.models import Prompt
from labeling.quality.services.erasing import erase_person, erase_prompt

FILE = "erasures.jsonl"
AGAIN = "Erased again: a backup had brought it back."


class Replayed(NamedTuple):
    """What came of one erasure that was done again."""

    target: str
    outcome: str
    is_refused: bool = False


def note_erasures() -> int:
    """Append to the file what was erased and is not in it yet; return how much that was.

    Keys and times only. Safe to run twice; what a crash kept from the file comes with the next run.
    """
    known = {one["target"] for one in _noted()}
    persons_and_prompts = Q(target__startswith="user:") | Q(target__startswith="prompt:")
    every = Erasure.objects.filter(persons_and_prompts).order_by("pk")
    new = [_line(one) for one in every if one.target not in known]
    if new:
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            # What was cut off keeps a line of its own.
            file.write(b"".join([b"\n" if _is_cut_off(path) else b"", *new]))
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def erase_again(*, now: datetime) -> Iterator[Replayed]:
    """Erase everything that the file names; yield what came of each.

    A number that is another one's by now, made at another time, is left alone.
    """
    for one in _noted():
        found = _find(one["target"])
        if found is None:
            yield Replayed(one["target"], "is not there")
        elif _made_at(found).isoformat() != one["made_at"]:
            yield Replayed(one["target"], "is another one by now, and was left alone", True)
        else:
            yield _erase(one["target"], found, now)


def _erase(target: str, found: User | Prompt, now: datetime) -> Replayed:
    try:
        if isinstance(found, User):
            is_new = erase_person(person=found, by=None, now=now)
        else:
            by = found.campaign.created_by
            is_new = erase_prompt(prompt=found, by=by, reason=AGAIN, now=now)
    except DomainError as refusal:
        return Replayed(target, refusal.message, True)
    return Replayed(target, "was erased" if is_new else "was erased already")


def _noted() -> list[dict[str, Any]]:
    """Return the lines of the file; one that a crash cut off is not among them."""
    path, noted = _path(), []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        with suppress(orjson.JSONDecodeError):
            noted.append(orjson.loads(line))
    return noted


def _is_cut_off(path: Path) -> bool:
    return path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")


def _line(erasure: Erasure) -> bytes:
    found = _find(erasure.target)
    made_at = _made_at(found).isoformat() if found else ""
    line = {"target": erasure.target, "made_at": made_at, "erased_at": erasure.erased_at}
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _find(target: str) -> User | Prompt | None:
    kind, _, key = target.partition(":")
    if kind == "user":
        return User.objects.filter(pk=key).first()
    return Prompt.objects.select_related("campaign__created_by").filter(pk=key).first()


def _made_at(found: User | Prompt) -> datetime:
    return found.date_joined if isinstance(found, User) else found.created_at


def _path() -> Path:
    return Path(settings.DATA_DIR) / FILE
