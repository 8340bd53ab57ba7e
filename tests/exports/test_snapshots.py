"""An export is one moment of the data, whatever people write while it is read."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from itertools import cycle
from typing import NoReturn

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

from exports.enums import ExportState
from exports.models import Export
from exports.queries import given
from exports.queries import judged as queries
from exports.services import snapshots
from exports.services.folders import ready_folder
from exports.services.snapshots import snapshot
from labeling.accounts.models import User
from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign
from tests.exports.conftest import export_now, in_thread, judgments_of, rows_of
from tests.factories import make_campaign, make_member
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db(transaction=True)


class Flipper:
    """One person who judges two far-apart comparisons alike, and turns both over at once."""

    def __init__(self, campaign: Campaign, assignments: list[Assignment], person: User) -> None:
        self.campaign, self.person = campaign, person
        self.assignments = assignments
        self.latest: list[int | None] = [None, None]
        self.sides = cycle([0, 1])

    def flip(self) -> None:
        """Prefer the other slot in both comparisons, in one transaction."""
        better = next(self.sides)
        with transaction.atomic():
            for at, assignment in enumerate(self.assignments):
                shown = assignment.display_order.index(better)
                ranks = (1, 2) if shown == 0 else (2, 1)
                self.latest[at] = judge(
                    self.campaign, self.person, assignment, ranks=ranks, revises=self.latest[at]
                )

    def is_torn(self, export: Export) -> bool:
        """Tell whether an export holds one comparison before and the other after a flip."""
        rows = {row["comparison_id"]: row["chosen"][0]["content"] for row in rows_of(export)}
        words = {rows[held.comparison_id].split()[0] for held in self.assignments}
        return len(words) > 1


@pytest.fixture
def campaign():
    found = make_campaign(overlap=1)
    stock(found, 12)
    return found


@pytest.fixture
def flippers(campaign, monkeypatch) -> list[Flipper]:
    """Two people with the first and last, and the second and last but one, of their own."""
    monkeypatch.setattr(queries, "COMPARISONS_AT_ONCE", 1)
    found = []
    for _ in range(2):
        person = make_member(campaign)
        held = []
        for _ in range(6):
            held.append(claim(campaign, person))
            judge(campaign, person, held[-1])
        held.sort(key=lambda assignment: assignment.comparison_id)
        found.append(Flipper(campaign, [held[0], held[-1]], person))
        found[-1].latest = [a.judgments.get().pk for a in found[-1].assignments]
        found[-1].flip()
    return found


@pytest.fixture
def flipped_between(flippers, monkeypatch) -> Callable[[], None]:
    """Have both comparisons turned over once, after the next export has read the first of them."""
    read, first = given.judgments_of, flippers[0].assignments[0].comparison_id

    def arm() -> None:
        waiting = [flippers[0].flip]

        def read_and_flip(compared, scope):
            found = read(compared, scope)
            if waiting and first in {one.comparison_id for one in compared}:
                in_thread(waiting.pop())
            return found

        monkeypatch.setattr(queries, "judgments_of", read_and_flip)

    return arm


def test_export_sees_nothing_of_what_is_written_while_it_reads(campaign, flippers, flipped_between):
    earlier = export_now(campaign)
    flipped_between()
    during, after = export_now(campaign), export_now(campaign)

    assert rows_of(during) == rows_of(earlier)
    assert judgments_of(during) == judgments_of(earlier)
    assert rows_of(after) != rows_of(earlier)
    assert judgments_of(after) != judgments_of(earlier)
    assert not flippers[0].is_torn(after)


@pytest.mark.postgres
def test_without_the_snapshot_the_same_export_would_be_torn(
    campaign, flippers, flipped_between, monkeypatch
):
    monkeypatch.setattr(snapshots, "one_moment", nullcontext)
    flipped_between()

    assert flippers[0].is_torn(export_now(campaign))


@pytest.mark.postgres
def test_ten_exports_while_writers_flip_paired_rows_are_never_torn(campaign, flippers):
    stop = threading.Event()

    def keep_flipping(flipper: Flipper) -> None:
        try:
            while not stop.is_set():
                flipper.flip()
        finally:
            connection.close()

    writers = [threading.Thread(target=keep_flipping, args=(flipper,)) for flipper in flippers]
    for writer in writers:
        writer.start()
    try:
        exports = [export_now(campaign) for _ in range(10)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    assert [export.state for export in exports] == [ExportState.READY] * 10
    assert [f.is_torn(export) for export in exports for f in flippers] == [False] * 20
    assert {len(rows_of(export)) for export in exports} == {12}
    assert len({ready_folder(export.pk) for export in exports}) == 10


def test_snapshot_refuses_to_begin_inside_a_transaction():
    with (
        transaction.atomic(),
        pytest.raises(TransactionManagementError, match="inside a transaction"),
        snapshot(),
    ):
        pass


def test_a_moment_that_cannot_begin_leaves_no_connection_and_takes_none_away(monkeypatch):
    opened: list[int] = []
    closed: list[int] = []
    usual = BaseDatabaseWrapper.close

    def cannot_begin() -> NoReturn:
        connection.ensure_connection()
        opened.append(threading.get_ident())
        raise OperationalError("no more connections")

    def close(own: BaseDatabaseWrapper) -> None:
        closed.append(threading.get_ident())
        usual(own)

    monkeypatch.setattr(snapshots, "one_moment", cannot_begin)
    monkeypatch.setattr(BaseDatabaseWrapper, "close", close)

    with pytest.raises(OperationalError, match="no more connections"), snapshot():
        pass

    assert closed == opened
    assert threading.get_ident() not in opened
