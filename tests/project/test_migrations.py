"""What people did before an upgrade is there after it, and goes on where it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from labeling.assignment.models import Allocation, Assignment, Comparison, Desk
from labeling.campaigns.models import Campaign, Round
from labeling.ranking.models import Judgment
from tests.factories import make_campaign
from tests.stock import judge, next_for

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [
    ("assignment", "0001_initial_tables"),
    ("campaigns", "0001_initial_tables"),
    ("generation", "0002_run_rung_at"),
    ("ranking", "0002_append_only"),
]


@pytest.fixture
def old_tables() -> Iterator[Any]:
    """The tables as they were before lanes and rounds; all as it is now afterwards."""
    now = MigrationExecutor(connection).loader.graph.leaf_nodes()
    before = [name for app, name in BEFORE]
    known = {name for _, name in MigrationExecutor(connection).loader.graph.nodes}
    assert known.issuperset(before)
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield MigrationExecutor(connection).loader.project_state(BEFORE).apps
    MigrationExecutor(connection).migrate(now)


def upgrade() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def one_judged_comparison(apps: Any) -> tuple[int, int]:
    """Make a campaign with a comparison that one person judged and one skipped, and a new one."""
    now = timezone.now()
    people = [
        apps.get_model("accounts", "User").objects.create(email=f"person{at}@annotate.localhost")
        for at in range(2)
    ]
    campaign = apps.get_model("campaigns", "Campaign").objects.create(
        name="Old", state="active", shuffle_seed=7, overlap=2, created_by=people[0]
    )
    apps.get_model("campaigns", "Guideline").objects.create(
        campaign=campaign, version=3, text="Prefer what is true.", created_by=people[0]
    )
    for at, open_slots in ((1, 1), (2, 2)):
        comparison = _comparison(apps, campaign, people[0], at, open_slots)
        if at == 1:
            _judged(apps, comparison, people, now)
    return campaign.pk, people[1].pk


def _comparison(apps: Any, campaign: Any, person: Any, at: int, open_slots: int) -> Any:
    prompt_set = apps.get_model("prompts", "PromptSet").objects.create(
        campaign=campaign, name="a", format="jsonl", sha256=str(at), size=1, upload="a",
        state="done", created_by=person,
    )  # fmt: skip
    prompt = apps.get_model("prompts", "Prompt").objects.create(
        campaign=campaign,
        prompt_set=prompt_set,
        messages=[{"role": "user", "content": f"Question {at}?"}],
        content_hash=str(at),
    )
    ready = apps.get_model("prompts", "ReadyResponses").objects.create(
        prompt_set=prompt_set, prompt=prompt, row=1, responses=[], content_hash=str(at)
    )
    group = apps.get_model("generation", "CandidateGroup").objects.create(
        prompt=prompt, imported=ready, state="planned"
    )
    comparison = apps.get_model("assignment", "Comparison").objects.create(
        campaign=campaign, prompt=prompt, group=group, candidate_key=str(at), wanted=2,
        open_slots=open_slots, judged=2 - open_slots, position=at * 1000,
    )  # fmt: skip
    for slot, text in enumerate(("first", "second")):
        candidate = apps.get_model("generation", "Candidate").objects.create(
            prompt=prompt, source="import", state="done", text=text, text_hash=f"{text}{at}"
        )
        apps.get_model("assignment", "ComparedCandidate").objects.create(
            comparison=comparison, candidate=candidate, slot=slot
        )
    return comparison


def _judged(apps: Any, comparison: Any, people: list[Any], now: Any) -> None:
    for person, state in zip(people, ("submitted", "skipped"), strict=True):
        assignment = apps.get_model("assignment", "Assignment").objects.create(
            comparison=comparison, annotator=person, state=state, display_order=[1, 0],
            leased_at=now, expires_at=now, ended_at=now,
        )  # fmt: skip
        answered = state == "submitted"
        apps.get_model("ranking", "Judgment").objects.create(
            comparison=comparison, assignment=assignment, annotator=person,
            outcome="ranked" if answered else "skipped", ranks=[2, 1] if answered else [],
            skip_reason="" if answered else "broken", counted=answered,
            display_order=[1, 0], created_at=now,
        )  # fmt: skip


def test_upgrade_keeps_counts_history_and_places_in_the_queue(old_tables: Any) -> None:
    campaign_id, person_id = one_judged_comparison(old_tables)

    upgrade()

    campaign = Campaign.objects.get(pk=campaign_id)
    assert campaign.guideline_version == 3
    assert Round.objects.get(campaign=campaign).number == 1
    allocation = Allocation.objects.get(campaign=campaign)
    assert (allocation.repeat_percent, allocation.share_percent) == (0, 100)
    check_counts()
    with pytest.raises(IntegrityError, match="append-only"):
        Judgment.objects.update(rationale="other")
    check_work_goes_on(campaign, person_id)


def check_counts() -> None:
    judged, new = Comparison.objects.order_by("position")
    assert (judged.tally, judged.judged, judged.open_slots, judged.size) == ({"2,1": 1}, 1, 1, 2)
    assert (new.tally, new.judged, new.open_slots, new.size) == ({}, 0, 2, 2)
    assert list(Desk.objects.order_by("pk").values_list("answers", "skips")) == [(1, 0), (0, 1)]
    assert set(Assignment.objects.values_list("answers", flat=True)) == {1}


def check_work_goes_on(campaign: Campaign, person_id: int) -> None:
    """Whoever skipped the first comparison is given the other one, and nothing after it."""
    person = Desk.objects.get(annotator=person_id).annotator
    assignment = next_for(campaign, person)
    assert assignment is not None
    judge(campaign, person, assignment)
    assert assignment.comparison.candidate_key == "2"
    assert next_for(campaign, person) is None


def test_upgrade_has_adaptive_campaigns_fitted_again_for_what_is_due() -> None:
    adaptive, fixed = make_campaign(), make_campaign()
    for campaign, policy in ((adaptive, "adaptive"), (fixed, "fixed")):
        Allocation.objects.create(campaign=campaign, policy=policy, fitted=policy)
    MigrationExecutor(connection).migrate([("assignment", "0005_drawn_pairs_and_orders")])

    upgrade()

    assert Allocation.objects.get(campaign=adaptive).fitted == ""
    assert Allocation.objects.get(campaign=fixed).fitted == "fixed"
