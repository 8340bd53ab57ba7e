"""A person's work, a prompt or a source is revoked for a reason, once, and lifted again."""

import json

import pytest
from django.db import IntegrityError, transaction

from labeling.accounts.models import AuditEvent
from labeling.clock import database_now
from labeling.errors import Invalid
from labeling.prompts.models import Prompt
from labeling.quality.models import Revocation
from labeling.quality.queries import revoked_annotators, revoked_prompts
from labeling.quality.services.revoking import AlreadyRevoked, NotInForce, lift, revoke
from tests.factories import make_campaign, make_cast, make_member, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    found = make_cast()
    stock(found.campaign, 2)
    judge(found.campaign, found.annotator, claim(found.campaign, found.annotator))
    return found


def take_back(cast, reason="It was spam.", **what):
    return revoke(
        campaign=cast.campaign, by=cast.manager, reason=reason, now=database_now(), **what
    )


def test_revoked_is_what_is_in_force(cast):
    prompt = Prompt.objects.filter(campaign=cast.campaign).first()
    person = take_back(cast, annotator=cast.annotator)
    take_back(cast, prompt=prompt)

    assert revoked_annotators(cast.campaign) == [cast.annotator.pk]
    assert list(revoked_prompts(cast.campaign)) == [prompt]
    lift(revocation=person, by=cast.manager, now=database_now())
    assert revoked_annotators(cast.campaign) == []


def test_a_source_stands_for_all_its_prompts_in_this_campaign_alone(cast):
    other = make_campaign()
    stock(other, 1)
    Prompt.objects.update(source="forum")
    take_back(cast, source="forum")

    assert set(revoked_prompts(cast.campaign)) == set(Prompt.objects.filter(campaign=cast.campaign))
    assert not revoked_prompts(other).exists()


def test_revoking_twice_is_refused_and_again_after_lifting_is_not(cast):
    first = take_back(cast, annotator=cast.annotator)
    with pytest.raises(AlreadyRevoked):
        take_back(cast, annotator=cast.annotator)
    lift(revocation=first, by=cast.manager, now=database_now())
    with pytest.raises(NotInForce):
        lift(revocation=first, by=cast.manager, now=database_now())

    assert take_back(cast, annotator=cast.annotator).pk != first.pk


def test_only_what_the_campaign_has_is_revoked(cast):
    foreign = make_campaign()
    stock(foreign, 1)
    for what in (
        {},
        {"annotator": make_member(cast.campaign)},
        {"prompt": Prompt.objects.get(campaign=foreign)},
        {"source": "nowhere"},
        {"annotator": cast.annotator, "source": "forum"},
        {"annotator": cast.annotator, "reason": " "},
    ):
        with pytest.raises(Invalid):
            take_back(cast, **what)
    assert not Revocation.objects.exists()


def test_the_database_keeps_a_revocation_to_one_thing(cast):
    fields = {"campaign": cast.campaign, "made_by": cast.manager, "made_at": database_now()}
    for wrong in (
        {"reason": "x"},
        {"reason": "x", "annotator": cast.annotator, "source": "forum"},
        {"reason": "", "source": "forum"},
        {"reason": "x", "source": "forum", "lifted_at": database_now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Revocation.objects.create(**fields, **wrong)


def test_both_acts_are_in_the_log_with_their_reason(cast):
    made = take_back(cast, annotator=cast.annotator)
    lift(revocation=made, by=cast.manager, now=database_now())

    events = AuditEvent.objects.filter(target=f"revocation:{made.pk}").order_by("id")
    assert [one.action for one in events] == ["quality.revoked", "quality.revocation_lifted"]
    assert events[0].data["reason"] == "It was spam."


def test_over_rest_a_manager_revokes_lists_and_lifts(cast, rings):
    client = signed_in(cast.manager)
    base = f"/api/v1/campaigns/{cast.campaign.pk}/revocations/"
    body = {"annotator": cast.annotator.pk, "reason": "It was spam."}

    made = client.post(base, json.dumps(body), content_type="application/json")
    again = client.post(base, json.dumps(body), content_type="application/json")
    lifted = client.post(f"{base}{made.json()['id']}/lift/")

    assert (made.status_code, again.status_code, lifted.status_code) == (201, 409, 200)
    assert made.json()["annotator"] == cast.annotator.pk
    assert lifted.json()["lifted_by"] == cast.manager.pk
    assert [one["id"] for one in client.get(base).json()["results"]] == [made.json()["id"]]


@pytest.mark.parametrize(
    "body", [{"annotator": 10**9}, {"prompt": 10**9}, {"source": "nowhere"}, {}]
)
def test_over_rest_what_is_not_there_is_refused(cast, body):
    base = f"/api/v1/campaigns/{cast.campaign.pk}/revocations/"
    given = json.dumps({"reason": "It was spam.", **body})

    answer = signed_in(cast.manager).post(base, given, content_type="application/json")

    assert answer.status_code in (400, 404)
    assert not Revocation.objects.exists()


def test_on_the_page_a_manager_revokes_and_lifts(cast, rings):
    client, base = signed_in(cast.manager), f"/campaigns/{cast.campaign.pk}/revocations/"

    posted = client.post(base, {"annotator": cast.annotator.pk, "reason": "It was spam."})
    page = client.get(base).content.decode()
    made = Revocation.objects.get()
    client.post(f"{base}{made.pk}/lift/")

    assert posted.status_code == 302
    assert "It was spam." in page
    made.refresh_from_db()
    assert made.lifted_by == cast.manager


def test_on_the_page_a_refusal_stands_beside_its_field(cast):
    base = f"/campaigns/{cast.campaign.pk}/revocations/"

    answer = signed_in(cast.manager).post(base, {"reason": "It was spam."})

    assert answer.status_code == 400
    assert "Name one person, one prompt or one source." in answer.content.decode()
