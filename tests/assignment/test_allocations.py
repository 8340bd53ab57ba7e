"""How work is handed out: what may be set, who was first, and what follows from a change."""

from typing import Any

import pytest

from labeling.accounts.models import AuditEvent
from labeling.assignment import tasks
from labeling.assignment.models import Allocation, Comparison
from labeling.assignment.rules import RANGES, faults_of
from labeling.assignment.services.allocations import AllocationChanged, reallocate
from labeling.assignment.services.claiming import Why
from labeling.assignment.services.desks import allocation_of
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid
from tests.factories import Cast, make_campaign, signed_in
from tests.stock import claim, claims, judge, stock


def change(campaign: Campaign, **changes: Any) -> Allocation:
    """Change how a campaign's work is handed out, from the version it is at."""
    version = allocation_of(campaign).version
    return reallocate(campaign=campaign, by=campaign.created_by, version=version, **changes)


def one(campaign: Campaign) -> Comparison:
    return Comparison.objects.get(campaign=campaign)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"most_votes": 1}, "most_votes"),
        ({"most_votes": 26}, "most_votes"),
        ({"slice_percent": 0}, "slice_percent"),
        ({"vote_price": -0.01}, "vote_price"),
        ({"vote_price": float("nan")}, "vote_price"),
        ({"person_limit": 0}, "person_limit"),
        ({"share_percent": 101}, "share_percent"),
        ({"repeat_percent": 21}, "repeat_percent"),
        ({"gold_percent": 51}, "gold_percent"),
        ({"skip_limit": 0}, "skip_limit"),
        ({"pairs_per_prompt": 37}, "pairs_per_prompt"),
        ({"random_percent": 14}, "random_percent"),
        ({"policy": "most"}, "policy"),
        ({"pair_design": "circle"}, "pair_design"),
        ({"pair_design": "anchor", "anchor_model": " "}, "anchor_model"),
        ({"anchor_model": "m" * 201}, "anchor_model"),
        ({"model_weights": {"": 1}}, "model_weights"),
        ({"model_weights": {"m": -1}}, "model_weights"),
        ({"model_weights": {"m": float("inf")}}, "model_weights"),
        ({"model_weights": {f"m{n}": 1 for n in range(201)}}, "model_weights"),
    ],
)
def test_rules_name_the_field_that_does_not_hold(values: dict[str, Any], field: str) -> None:
    assert list(faults_of(values)) == [field]


def test_rules_take_what_lies_within() -> None:
    for name, (least, most, _) in RANGES.items():
        assert faults_of({name: least}) == faults_of({name: most}) == {}
    assert faults_of({"person_limit": None, "pairs_per_prompt": None}) == {}
    assert faults_of({"pair_design": "anchor", "anchor_model": "base"}) == {}
    assert faults_of({"pair_design": "weighted", "model_weights": {"m": 0, "n": 2.5}}) == {}


@pytest.mark.django_db
def test_database_takes_every_value_that_the_rules_take() -> None:
    campaign = make_campaign()

    for end in (0, 1):
        change(campaign, **{name: limits[end] for name, limits in RANGES.items()})

    assert Allocation.objects.get(campaign=campaign).most_votes == 25


@pytest.mark.django_db
def test_change_is_stored_counted_and_in_the_audit_log(cast: Cast) -> None:
    changed = change(cast.campaign, policy="lead", most_votes=5, anchor_model=" base ")

    assert (changed.version, changed.policy, changed.anchor_model) == (2, "lead", "base")
    assert allocation_of(cast.campaign).most_votes == 5
    event = AuditEvent.objects.get(action="allocation.changed")
    assert (event.actor, event.target) == (cast.manager, f"campaign:{cast.campaign.pk}")
    assert event.data == {
        "before": {"anchor_model": "", "most_votes": 7, "policy": "fixed"},
        "after": {"anchor_model": "base", "most_votes": 5, "policy": "lead"},
    }


@pytest.mark.django_db
def test_change_that_changes_nothing_is_no_new_version(cast: Cast) -> None:
    assert change(cast.campaign, policy="fixed").version == 1
    assert not AuditEvent.objects.filter(action="allocation.changed").exists()


@pytest.mark.django_db
def test_change_from_an_old_version_is_refused_and_changes_nothing(cast: Cast) -> None:
    change(cast.campaign, gold_percent=5)

    with pytest.raises(AllocationChanged) as refused:
        reallocate(campaign=cast.campaign, by=cast.manager, version=1, gold_percent=9)

    assert refused.value.data == {"version": 2}
    assert allocation_of(cast.campaign).gold_percent == 5


@pytest.mark.django_db
def test_change_is_judged_together_with_what_stays(cast: Cast) -> None:
    change(cast.campaign, pair_design="anchor", anchor_model="base")

    with pytest.raises(Invalid) as refused:
        change(cast.campaign, anchor_model="", skip_limit=0)

    assert set(refused.value.data["fields"]) == {"anchor_model", "skip_limit"}
    assert allocation_of(cast.campaign).anchor_model == "base"


@pytest.mark.django_db
def test_change_of_what_the_services_keep_is_an_error(cast: Cast) -> None:
    with pytest.raises(TypeError, match="share_limit"):
        change(cast.campaign, share_limit=5)


@pytest.mark.django_db
def test_claim_reads_a_changed_cap_at_once(cast: Cast) -> None:
    stock(cast.campaign, 3)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    change(cast.campaign, person_limit=1)

    assert claims(cast.campaign, cast.annotator).why == Why.LIMIT_REACHED
    assert claims(cast.campaign, cast.teammate).first is not None


@pytest.mark.django_db
def test_share_is_a_number_as_soon_as_it_is_changed(cast: Cast) -> None:
    stock(cast.campaign, 10)

    changed = change(cast.campaign, share_percent=60)

    assert changed.share_limit == 18  # 60 % of 10 comparisons by 3 people each


@pytest.mark.django_db
def test_plan_fits_what_is_open_to_a_changed_policy(cast: Cast) -> None:
    stock(cast.campaign, 1)
    assert one(cast.campaign).wanted == 3

    change(cast.campaign, policy="tie_break")
    tasks.plan(campaign_id=cast.campaign.pk)

    assert (one(cast.campaign).wanted, one(cast.campaign).open_slots) == (2, 2)


@pytest.mark.django_db
def test_sweep_fits_what_a_lost_ring_left_at_the_old_policy(cast: Cast) -> None:
    stock(cast.campaign, 1)
    change(cast.campaign, policy="tie_break")

    tasks.sweep()

    assert one(cast.campaign).wanted == 2


@pytest.mark.django_db
def test_lowered_skip_limit_retires_what_was_skipped_that_often(cast: Cast) -> None:
    stock(cast.campaign, 1)
    Comparison.objects.update(skips=2)

    change(cast.campaign, skip_limit=2)
    tasks.sweep()

    assert one(cast.campaign).state == "retired"


@pytest.mark.django_db
def test_api_answers_how_work_is_handed_out_and_changes_it(cast: Cast) -> None:
    client, url = signed_in(cast.manager), f"/api/v1/campaigns/{cast.campaign.pk}/allocation/"
    body = {"version": 1, "policy": "adaptive", "vote_price": 0.05, "model_weights": {"m": 2}}

    changed = client.patch(url, body, content_type="application/json")

    assert (changed.status_code, changed.json()["model_weights"]) == (200, {"m": 2.0})
    assert client.get(url).json() == changed.json()
    assert (changed.json()["version"], changed.json()["policy"]) == (2, "adaptive")
    again = client.patch(url, body, content_type="application/json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "allocation_changed")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"repeat_percent": 21}, "repeat_percent"),
        ({"vote_price": "a lot"}, "vote_price"),
        ({"model_weights": {"m": 1001}}, "model_weights"),
        ({"pair_design": "anchor"}, "anchor_model"),
        ({"share_limit": 5}, "share_limit"),
    ],
)
def test_api_refuses_by_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    url = f"/api/v1/campaigns/{cast.campaign.pk}/allocation/"
    body = {"version": 1, **change}

    refused = signed_in(cast.manager).patch(url, body, content_type="application/json")

    assert refused.status_code == 400
    assert list(refused.json()["error"]["data"]["fields"]) == [field]
    assert allocation_of(cast.campaign).version == 1
