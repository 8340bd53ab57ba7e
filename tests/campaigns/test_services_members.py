"""Who belongs to a campaign, how they come in, and who can let them in."""

import threading

import pytest
from django.db import connection

from labeling.accounts.errors import LinkNotGiven, LinkRevoked
from labeling.accounts.models import AccessLink, AuditEvent, User
from labeling.accounts.queries import link_for
from labeling.accounts.services.links import use_link
from labeling.campaigns.errors import AlreadyMember, LastManager
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import member_of
from labeling.campaigns.services import (
    Added,
    add_member,
    add_members,
    change_role,
    invite_again,
    remove_member,
)
from labeling.clock import database_now
from labeling.errors import Forbidden, Invalid, NotFound
from tests.factories import PASSWORD, Cast, add_person, make_campaign, make_user

NEW = "new@annotate.localhost"


def add(campaign: Campaign, email: str = NEW, role: str = "annotator") -> Added:
    by = campaign.created_by
    return add_member(campaign=campaign, email=email, role=role, by=by, now=database_now())


def membership_of(campaign: Campaign, user: User) -> Membership:
    return Membership.objects.get(campaign=campaign, user=user)


@pytest.mark.django_db
def test_unknown_address_gets_an_account_that_only_its_link_opens() -> None:
    added = add(make_campaign(), " New@Annotate.localhost ")

    user = User.objects.get(email=NEW)
    assert (added.membership.user, user.has_usable_password()) == (user, False)
    assert added.link is not None
    entered = use_link(signed=added.link, now=database_now(), password=PASSWORD, display_name="New")
    assert entered == user


@pytest.mark.django_db
def test_known_person_is_added_without_a_link() -> None:
    user = make_user("known@annotate.localhost")

    added = add(make_campaign(), "KNOWN@annotate.localhost", "reviewer")

    assert (added.membership.user, added.membership.role, added.link) == (user, "reviewer", None)
    assert not AccessLink.objects.exists()


@pytest.mark.django_db
def test_member_is_not_added_twice() -> None:
    campaign = make_campaign()
    add(campaign)

    with pytest.raises(AlreadyMember):
        add(campaign, role="manager")

    assert Membership.objects.get(user__email=NEW).role == "annotator"


@pytest.mark.django_db
def test_many_are_added_and_members_stay_as_they_are(cast: Cast) -> None:
    people = [(cast.annotator.email, "manager"), ("a@x.org", "annotator"), ("b@x.org", "reviewer")]

    added = add_members(campaign=cast.campaign, people=people, by=cast.manager, now=database_now())

    assert [(each.membership.role, each.is_new, bool(each.link)) for each in added] == [
        ("annotator", False, False),
        ("annotator", True, True),
        ("reviewer", True, True),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("people", "faults"),
    [
        (
            [("a@x.org", "annotator"), ("nobody", "annotator")],
            ["Entry 2: 'nobody' is not an e-mail address."],
        ),
        (
            [("a@x.org", "annotator"), ("A@x.org", "annotator")],
            ["Entry 2: a@x.org is there twice."],
        ),
        (
            [("a@x.org", "owner")],
            ["Entry 1: the role must be one of manager, reviewer, annotator."],
        ),
        ([], ["Add 1 to 500 people at a time."]),
        ([(f"p{n}@x.org", "annotator") for n in range(501)], ["Add 1 to 500 people at a time."]),
    ],
)
def test_one_bad_entry_adds_nobody(people: list[tuple[str, str]], faults: list[str]) -> None:
    campaign = make_campaign()

    with pytest.raises(Invalid) as refused:
        add_members(campaign=campaign, people=people, by=campaign.created_by, now=database_now())

    assert refused.value.data["fields"]["members"] == faults
    assert (Membership.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_new_link_ends_the_first() -> None:
    campaign = make_campaign()
    first = add(campaign)

    again = invite_again(membership=first.membership, by=campaign.created_by, now=database_now())

    assert link_for(again, now=database_now()).user == first.membership.user
    with pytest.raises(LinkRevoked):
        link_for(str(first.link), now=database_now())


@pytest.mark.django_db
def test_new_link_is_not_given_for_somebody_who_came() -> None:
    campaign = make_campaign()
    membership = add_person(campaign, make_user())

    with pytest.raises(LinkNotGiven):
        invite_again(membership=membership, by=campaign.created_by, now=database_now())


@pytest.mark.django_db
def test_new_link_cannot_open_the_way_into_another_campaign(cast: Cast) -> None:
    add(cast.campaign)
    theirs = add(cast.foreign).membership

    with pytest.raises(Forbidden):
        invite_again(membership=theirs, by=cast.stranger, now=database_now())
    assert invite_again(membership=theirs, by=cast.operator, now=database_now())


@pytest.mark.django_db
def test_new_link_cannot_open_an_operators_account() -> None:
    campaign = make_campaign()
    operator = User.objects.create_superuser("root@annotate.localhost")
    membership = add_person(campaign, operator)

    with pytest.raises(Forbidden):
        invite_again(membership=membership, by=campaign.created_by, now=database_now())


@pytest.mark.django_db
def test_role_is_changed_and_logged(cast: Cast) -> None:
    membership = membership_of(cast.campaign, cast.annotator)

    change_role(membership=membership, role="reviewer", by=cast.manager)

    assert membership_of(cast.campaign, cast.annotator).role == "reviewer"
    event = AuditEvent.objects.get(action="member.role_changed")
    assert event.data == {"user": cast.annotator.pk, "before": "annotator", "after": "reviewer"}


@pytest.mark.django_db
def test_role_that_is_none_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        change_role(
            membership=membership_of(cast.campaign, cast.annotator), role="owner", by=cast.manager
        )


@pytest.mark.django_db
def test_last_manager_stays(cast: Cast) -> None:
    membership = membership_of(cast.campaign, cast.manager)

    with pytest.raises(LastManager):
        change_role(membership=membership, role="annotator", by=cast.manager)
    with pytest.raises(LastManager):
        remove_member(membership=membership, by=cast.manager, now=database_now())


@pytest.mark.django_db
def test_one_of_two_managers_may_go(cast: Cast) -> None:
    change_role(
        membership=membership_of(cast.campaign, cast.reviewer), role="manager", by=cast.manager
    )

    remove_member(
        membership=membership_of(cast.campaign, cast.manager),
        by=cast.operator,
        now=database_now(),
    )

    assert not Membership.objects.filter(campaign=cast.campaign, user=cast.manager).exists()


@pytest.mark.django_db
def test_removal_withdraws_an_open_invitation() -> None:
    campaign = make_campaign()
    added = add(campaign)

    remove_member(membership=added.membership, by=campaign.created_by, now=database_now())

    with pytest.raises(LinkRevoked):
        link_for(str(added.link), now=database_now())


@pytest.mark.django_db
def test_removal_leaves_the_invitation_that_another_campaign_counts_on(cast: Cast) -> None:
    added = add(cast.campaign)
    theirs = add(cast.foreign).membership

    remove_member(membership=theirs, by=cast.stranger, now=database_now())

    assert link_for(str(added.link), now=database_now()).user == theirs.user


@pytest.mark.django_db
def test_member_of_another_campaign_is_not_found(cast: Cast) -> None:
    foreign = membership_of(cast.foreign, cast.stranger)

    with pytest.raises(NotFound):
        member_of(cast.campaign, foreign.pk)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_leave_at_once_leave_one() -> None:
    campaign = make_campaign()
    first, second = campaign.created_by, make_user()
    add_person(campaign, second, "manager")
    outcomes, start = [], threading.Barrier(2)

    def leave(user: User) -> None:
        membership = membership_of(campaign, user)
        start.wait()
        try:
            remove_member(membership=membership, by=user, now=database_now())
            outcomes.append("gone")
        except LastManager as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[user]) for user in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["gone", "last_manager"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_same_new_address_in_two_campaigns_at_once_is_one_account() -> None:
    campaigns, outcomes, start = [make_campaign(), make_campaign()], [], threading.Barrier(2)

    def invite(campaign: Campaign) -> None:
        start.wait()
        try:
            outcomes.append(add(campaign).link is not None)
        finally:
            connection.close()

    threads = [threading.Thread(target=invite, args=[campaign]) for campaign in campaigns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, True]
    assert Membership.objects.filter(user__email=NEW).count() == 2
