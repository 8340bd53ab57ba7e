"""Create, edit, move and guide campaigns."""

import threading

import pytest
from django.db import connection

from labeling.accounts.models import AuditEvent
from labeling.campaigns.errors import CampaignChanged, GuidelineMissing, ShapeFixed, WrongState
from labeling.campaigns.models import Campaign, Guideline, Membership
from labeling.campaigns.queries import guideline_of
from labeling.campaigns.services import (
    create_campaign,
    edit_campaign,
    publish_guideline,
    set_state,
)
from labeling.errors import Invalid
from tests.factories import make_campaign, make_user


def events(campaign: Campaign) -> list[str]:
    target = f"campaign:{campaign.pk}"
    found = AuditEvent.objects.filter(target=target).order_by("id")
    return list(found.values_list("action", flat=True))


@pytest.mark.django_db
def test_new_campaign_is_a_draft_with_guide_and_manager() -> None:
    user = make_user()

    campaign = create_campaign(user=user, name=" Tone ", guideline="Be kind.", overlap=5)

    assert (campaign.name, campaign.state, campaign.overlap) == ("Tone", "draft", 5)
    assert Guideline.objects.values_list("version", "text").get() == (1, "Be kind.")
    assert Membership.objects.values_list("user", "role").get() == (user.pk, "manager")
    assert events(campaign) == ["campaign.created", "guideline.published"]


@pytest.mark.django_db
def test_new_campaign_with_odd_values_leaves_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        create_campaign(user=make_user(), name="", guideline="x", overlap=99)

    assert set(refused.value.data["fields"]) == {"name", "overlap"}
    assert not Campaign.objects.exists()


@pytest.mark.django_db
def test_new_campaign_with_too_long_a_guide_leaves_nothing() -> None:
    with pytest.raises(Invalid):
        create_campaign(user=make_user(), name="x", guideline="x" * 64_001)

    assert not Campaign.objects.exists()


@pytest.mark.django_db
def test_campaigns_shuffle_differently() -> None:
    assert make_campaign().shuffle_seed != make_campaign().shuffle_seed


@pytest.mark.django_db
def test_edit_changes_what_is_named_and_counts_the_version() -> None:
    campaign = make_campaign(overlap=3)

    edited = edit_campaign(
        campaign=campaign, by=campaign.created_by, version=1, overlap=5, criteria=[" honest "]
    )

    assert (edited.overlap, edited.criteria, edited.version) == (5, ["honest"], 2)
    event = AuditEvent.objects.get(action="campaign.edited")
    assert event.data == {
        "before": {"criteria": [], "overlap": 3},
        "after": {"criteria": ["honest"], "overlap": 5},
    }


@pytest.mark.django_db
def test_edit_that_changes_nothing_is_no_new_version() -> None:
    campaign = make_campaign(overlap=3)

    edited = edit_campaign(campaign=campaign, by=campaign.created_by, version=1, overlap=3)

    assert edited.version == 1
    assert not AuditEvent.objects.filter(action="campaign.edited").exists()


@pytest.mark.django_db
def test_edit_of_an_older_version_is_refused() -> None:
    campaign = make_campaign()
    edit_campaign(campaign=campaign, by=campaign.created_by, version=1, overlap=5)

    with pytest.raises(CampaignChanged) as refused:
        edit_campaign(campaign=campaign, by=campaign.created_by, version=1, overlap=7)

    assert refused.value.data == {"version": 2}
    assert Campaign.objects.get().overlap == 5


@pytest.mark.django_db
def test_edit_takes_no_other_fields() -> None:
    campaign = make_campaign()

    with pytest.raises(TypeError, match="not editable: shuffle_seed, state"):
        edit_campaign(
            campaign=campaign, by=campaign.created_by, version=1, state="draft", shuffle_seed=1
        )


@pytest.mark.django_db
def test_task_shape_is_free_in_a_draft_and_fixed_afterwards() -> None:
    draft, active = make_campaign(state="draft"), make_campaign()
    shape = {"version": 1, "candidates_per_comparison": 4}

    assert edit_campaign(campaign=draft, by=draft.created_by, **shape).version == 2
    with pytest.raises(ShapeFixed):
        edit_campaign(campaign=active, by=active.created_by, **shape)


@pytest.mark.django_db
def test_state_moves_along_the_lifecycle_and_is_logged() -> None:
    campaign = make_campaign(state="draft")

    for state in ("active", "paused", "active", "completed"):
        campaign = set_state(campaign=campaign, state=state, by=campaign.created_by)

    assert campaign.state == "completed"
    moves = AuditEvent.objects.filter(action="campaign.state_set").order_by("id")
    assert [event.data["after"] for event in moves] == ["active", "paused", "active", "completed"]


@pytest.mark.django_db
def test_state_refuses_a_step_that_the_lifecycle_does_not_know() -> None:
    campaign = make_campaign(state="draft")

    with pytest.raises(WrongState) as refused:
        set_state(campaign=campaign, state="completed", by=campaign.created_by)

    assert refused.value.data == {"state": "draft", "allowed": ["active"]}


@pytest.mark.django_db
def test_state_set_again_changes_nothing() -> None:
    campaign = make_campaign()
    before = events(campaign)

    set_state(campaign=campaign, state="active", by=campaign.created_by)

    assert events(campaign) == before


@pytest.mark.django_db
def test_campaign_does_not_start_without_a_guide() -> None:
    campaign = make_campaign(state="draft", guideline="")

    with pytest.raises(GuidelineMissing):
        set_state(campaign=campaign, state="active", by=campaign.created_by)

    assert Campaign.objects.get().state == "draft"


@pytest.mark.django_db
def test_guide_gets_a_new_version_and_keeps_the_old() -> None:
    campaign = make_campaign(guideline="first")

    publish_guideline(campaign=campaign, text="second", by=campaign.created_by)

    assert list(Guideline.objects.order_by("version").values_list("version", "text")) == [
        (1, "first"),
        (2, "second"),
    ]
    assert guideline_of(campaign) == Guideline.objects.get(version=2)


@pytest.mark.django_db
def test_guide_with_the_same_text_is_no_new_version() -> None:
    campaign = make_campaign(guideline="same")

    assert publish_guideline(campaign=campaign, text="same", by=campaign.created_by).version == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_edits_at_once_let_one_through() -> None:
    campaign, outcomes, start = make_campaign(), [], threading.Barrier(4)

    def change(overlap: int) -> None:
        start.wait()
        try:
            edit_campaign(campaign=campaign, by=campaign.created_by, version=1, overlap=overlap)
            outcomes.append("saved")
        except CampaignChanged as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=[number]) for number in (5, 7, 9, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["campaign_changed"] * 3 + ["saved"]
    assert Campaign.objects.get().version == 2
