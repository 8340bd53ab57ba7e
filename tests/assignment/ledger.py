"""What the database says of people's work, and what the plain model says it must be."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tests.assignment.model import Model
from tests.assignment.parts import Hold, Work

Rows = dict[int, tuple[Any, ...]]
WORKS = """id, state, wanted, open_slots, judged, skips, vote_value, value_due, tally
  FROM assignment_comparison"""
HOLDS = """id, comparison_id, annotator_id, kind, state, ordinal, answers, token, expires_at
  FROM assignment_assignment"""
SAID = """id, assignment_id, comparison_id, annotator_id, supersedes_id, counted, outcome, ranks
  FROM ranking_judgment"""
DESKS = "annotator_id, answers, skips, claims FROM assignment_desk"


@dataclass(frozen=True)
class Ledger:
    """Every row that says how the work stands, by its id; of the one campaign there is."""

    works: Rows
    holds: Rows
    said: Rows
    desks: Rows


def recorded() -> Ledger:
    """Return what the database says."""
    return Ledger(
        works={key: (*row[:-1], _plain(row[-1])) for key, row in _rows(WORKS).items()},
        holds={key: (*row[:-2], *_lease(row[3], *row[-2:])) for key, row in _rows(HOLDS).items()},
        said={key: (*row[:4], *_words(*row[4:])) for key, row in _rows(SAID).items()},
        desks=_rows(DESKS),
    )


def _rows(columns: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _lease(state: str, token: UUID | str, until: datetime) -> tuple[str, datetime | None]:
    """Return the token as text, and when the lease ends if it is live; SQLite knows no zones."""
    name = token if isinstance(token, str) else token.hex
    ends = until if until.tzinfo else until.replace(tzinfo=UTC)
    return name, ends if state == "live" else None


def _words(counted: Any, outcome: str, ranks: Any) -> tuple[bool, str]:
    """Return whether a judgment counts and what it says, by slot."""
    if outcome in ("skipped", "undone"):
        return bool(counted), outcome
    said = "bad" if outcome == "both_bad" else ",".join(map(str, _plain(ranks)))
    return bool(counted), said


def differences(found: Ledger, must: Ledger) -> list[str]:
    """Return what the database has otherwise than it must, a line a row."""
    if found == must:
        return []
    pairs = {name: (there, getattr(must, name)) for name, there in vars(found).items()}
    return [
        f"{name} {key}: {there.get(key)} must be {due.get(key)}"
        for name, (there, due) in pairs.items()
        for key in sorted({*there, *due})
        if there.get(key) != due.get(key)
    ]


def expected(model: Model) -> Ledger:
    """Return what the database must say according to the model."""
    return Ledger(
        works={work.id: _work(model, work) for work in model.works.values()},
        holds={hold.id: _hold(hold) for hold in model.holds},
        said={id_: row for hold in model.holds for id_, row in _history(hold).items()},
        desks={who: _desk(model, who) for who in model.people},
    )


def _work(model: Model, work: Work) -> tuple[Any, ...]:
    tally, free = model.tally(work), model.open_slots(work)
    assert free >= 0, "more people hold or have judged it than are wanted"
    state = "retired" if work.retired else "open"
    counts = (work.wanted, free, tally.total(), work.skips)
    return state, *counts, work.value, work.value_due, dict(tally)


def _hold(hold: Hold) -> tuple[Any, ...]:
    until = hold.until if hold.live else None
    counts = (hold.ordinal, len(hold.said), hold.tokens[-1].hex, until)
    return hold.work.id, hold.who, hold.kind, hold.state, *counts


def _history(hold: Hold) -> Rows:
    """Return a person's judgments of one comparison, each superseding the one before."""
    before = [None, *(said.id for said in hold.said)]
    return {
        said.id: (hold.id, hold.work.id, hold.who, earlier, said.counted, said.words)
        for said, earlier in zip(hold.said, before, strict=False)
    }


def _desk(model: Model, who: int) -> tuple[int, int, int]:
    answers, skips = len(model.theirs(who, "submitted")), len(model.theirs(who, "skipped"))
    return answers, skips, model.claims[who]
