"""Each comparison gets its judgments exactly, whoever stalls, and each guard is why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from labeling.assignment.models import Allocation, Comparison
from labeling.campaigns.models import Campaign
from labeling.ranking.models import Judgment
from tests.factories import make_campaign, make_member
from tests.faults.crew import Crew, Order, Report
from tests.faults.recount import Wrong, recount
from tests.pipeline.test_worker import database_url
from tests.plugin import FIGURES, FULL, Record
from tests.stock import stock

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("faults"),
]
PROCESSES, PEOPLE_EACH = (8, 4) if FULL else (4, 2)
MUTANT_CLAIMS, MUTANT_STALLS = 240 if FULL else 120, 30
RESPONSES = 5  # of each prompt, which makes ten pairs
PAIRS_EACH = RESPONSES * (RESPONSES - 1) // 2
CLAIMS = 12_800 if FULL else 120
OVERLAPS = (1, 2, 3, 5) if FULL else (2,)
MUTANTS_AT = [("no row lock", 1), ("read, then write", 1), ("no token", 2)]
LEASE = 60
# When the slowest has come back: at once, and twice more before lease and a minute are over.
AFTERWARDS = (LEASE, LEASE + 20, LEASE + 40)


@pytest.fixture(scope="module")
def crew(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crew]:
    """Processes on the database of the tests."""
    with django_db_blocker.unblock():
        crew = Crew(PROCESSES, database_url())
    yield crew
    crew.end()


def open_campaign(overlap: int, claims: int) -> Campaign:
    """Make a campaign with as many pairs as take at least so many claims."""
    campaign = make_campaign(overlap=overlap, lease_seconds=LEASE)
    Allocation.objects.update_or_create(
        campaign=campaign,
        defaults={"share_percent": 100, "repeat_percent": 0, "skip_limit": 1000},
    )
    prompts = -(-claims // overlap // PAIRS_EACH)
    stock(campaign, prompts, texts=[f"answer {number}" for number in range(RESPONSES)])
    return campaign


def orders(campaign: Campaign) -> list[Order]:
    """Give each process its people, and the first of its neighbour's, who has two windows."""
    people = [make_member(campaign).pk for _ in range(PROCESSES * PEOPLE_EACH)]
    around = people + people[:1]
    return [
        Order(campaign.pk, around[start : start + PEOPLE_EACH + 1], seed=start)
        for start in range(0, len(people), PEOPLE_EACH)
    ]


def race(
    crew: Crew, overlap: int, claims: int, mutant: str = "", stalls: int = 6
) -> tuple[Wrong, str]:
    """Let the crew work a campaign off; return what went wrong, and a line of figures."""
    campaign = open_campaign(overlap, claims)
    given = [replace(each, mutant=mutant, stall_percent=stalls) for each in orders(campaign)]
    reports = crew.work(given)
    for ahead in AFTERWARDS:
        reports += crew.work([replace(each, ahead=ahead, calm=True) for each in given])
    return recount(campaign, reports), figures(campaign, reports)


def figures(campaign: Campaign, reports: Sequence[Report]) -> str:
    """Say how hard the race was."""
    names = ("claims", "prefetched", "stalls", "late", "skips", "releases", "retries", "heartbeats")
    sums = {name: sum(getattr(report, name) for report in reports) for name in names}
    answers = Judgment.objects.filter(comparison__campaign=campaign).exclude(outcome="skipped")
    sums |= {"surplus": answers.filter(counted=False).count(), "answers": answers.count()}
    refused = sum((Counter(report.refused) for report in reports), Counter())
    thrown = Counter(each for report in reports for each in report.broken)
    said = ", ".join(f"{count} {name}" for name, count in (sums | dict(refused)).items())
    return f"overlap {campaign.overlap}: {said}; thrown: {thrown.most_common(3)}"


@pytest.fixture
def unchecked(transactional_db: None) -> Iterator[None]:
    """Take the constraints away that refuse a comparison with too many judgments."""
    table = Comparison._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND conname = ANY(%s)",
            [table, [f"{table}_open_slots_check", "comparison_never_over_capacity"]],
        )
        checks = cursor.fetchall()
        assert len(checks) == 2
        for name, _ in checks:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    with connection.cursor() as cursor:
        for name, check in checks:  # the rows of this test still break them
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {check} NOT VALID')


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_race_gives_each_comparison_its_overlap_and_keeps_each_answer(
    crew: Crew, overlap: int, record_property: Record
) -> None:
    wrong, said = race(crew, overlap, CLAIMS)

    show(record_property, said, wrong)
    assert wrong == Wrong(), said


@pytest.mark.parametrize(("mutant", "overlap"), MUTANTS_AT)
def test_race_without_a_guard_runs_into_the_constraints(
    crew: Crew, mutant: str, overlap: int, record_property: Record
) -> None:
    wrong, said = race(crew, overlap, MUTANT_CLAIMS, mutant, MUTANT_STALLS)

    show(record_property, f"{mutant}: {said}", wrong)
    assert wrong.broken > 0
    assert wrong.doubles == 0, said


@pytest.mark.skipif(not FULL, reason="make test-faults only")
@pytest.mark.parametrize(("mutant", "overlap"), MUTANTS_AT)
def test_race_without_a_guard_and_the_constraints_gives_doubles(
    crew: Crew, unchecked: None, mutant: str, overlap: int, record_property: Record
) -> None:
    wrong, said = race(crew, overlap, MUTANT_CLAIMS, mutant, MUTANT_STALLS)

    show(record_property, f"{mutant}, no constraints: {said}", wrong)
    assert wrong.doubles > 0


def show(record_property: Record, said: str, wrong: Wrong) -> None:
    """Have the figures printed at the end of the run."""
    record_property(FIGURES, f"{said}\n  {wrong}")
