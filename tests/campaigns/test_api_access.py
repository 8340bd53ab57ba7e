"""Who gets to what in the campaigns API, and what the others see."""

import pytest
from django.test import Client

from labeling.access import Scope
from labeling.accounts.models import AccessLink, User
from labeling.campaigns.models import Campaign, Guideline, Membership, Round
from tests.campaigns.test_api import ALL, of, refusal_of, send
from tests.factories import Cast, make_bearer, signed_in

pytestmark = pytest.mark.django_db


def routes(campaign: Campaign) -> list[tuple[str, str, object]]:
    member = Membership.objects.filter(campaign=campaign).order_by("-id")[0].pk
    return [
        ("GET", of(campaign), None),
        ("PATCH", of(campaign), {"version": 1, "name": "taken"}),
        ("POST", of(campaign, "state"), {"state": "paused"}),
        ("GET", of(campaign, "guidelines"), None),
        ("POST", of(campaign, "guidelines"), {"text": "taken"}),
        ("GET", of(campaign, "rounds"), None),
        ("POST", of(campaign, "rounds"), {"name": "taken"}),
        ("PATCH", of(campaign, "rounds", 1), {"name": "taken"}),
        ("POST", of(campaign, "rounds", 1, "close"), None),
        ("POST", of(campaign, "rounds", 1, "open"), None),
        ("GET", of(campaign, "members"), None),
        ("POST", of(campaign, "members"), {"members": [{"email": "x@annotate.localhost"}]}),
        ("PATCH", of(campaign, "members", member), {"role": "manager"}),
        ("DELETE", of(campaign, "members", member), None),
    ]


def rows() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Campaign, Membership, Round)]


def test_stranger_finds_nothing_and_changes_nothing(cast: Cast) -> None:
    before = rows()

    for method, url, body in routes(cast.campaign):
        response = send(signed_in(cast.stranger), method, url, body)
        assert refusal_of(response) == (404, "not_found"), (method, url)
        assert cast.campaign.name not in response.content.decode()

    assert rows() == before
    assert (Guideline.objects.count(), AccessLink.objects.count()) == (2, 0)


def test_foreign_and_missing_campaigns_look_the_same(cast: Cast) -> None:
    client = signed_in(cast.stranger)

    foreign, missing = client.get(of(cast.campaign)), client.get(f"{ALL}999999/")

    assert (foreign.status_code, foreign.json()) == (missing.status_code, missing.json())


def test_stranger_reaches_no_member_through_their_own_campaign(cast: Cast) -> None:
    membership = Membership.objects.get(campaign=cast.campaign, user=cast.annotator)
    url = of(cast.foreign, "members", membership.pk)

    for method, body in (("PATCH", {"role": "manager"}), ("DELETE", None)):
        assert refusal_of(send(signed_in(cast.stranger), method, url, body)) == (404, "not_found")


@pytest.mark.parametrize("person", ["annotator", "reviewer"])
def test_only_managers_change_things_and_see_addresses(cast: Cast, person: str) -> None:
    client = signed_in(getattr(cast, person))

    for method, url, body in routes(cast.campaign):
        if method == "GET" and "members" not in url:
            continue
        assert refusal_of(send(client, method, url, body)) == (403, "forbidden"), (method, url)


def test_annotators_see_no_other_persons_address(cast: Cast) -> None:
    client = signed_in(cast.annotator)

    bodies = [
        client.get(url).content.decode()
        for url in (ALL, of(cast.campaign), of(cast.campaign, "guidelines"))
    ]

    assert not any("@annotate.localhost" in body for body in bodies)


def test_token_reads_with_its_scope_and_never_changes_members(cast: Cast) -> None:
    reads = make_bearer(cast.manager, Scope.CAMPAIGNS_READ)
    every = make_bearer(cast.manager)
    body = {"members": [{"email": "new@annotate.localhost", "role": "manager"}]}

    edit = send(Client(), "PATCH", of(cast.campaign), {"version": 1, "name": "x"}, **reads)
    add = send(Client(), "POST", of(cast.campaign, "members"), body, **every)

    assert Client().get(of(cast.campaign), headers=reads).status_code == 200
    assert (refusal_of(edit), refusal_of(add)) == ((403, "forbidden"), (403, "forbidden"))
    assert not User.objects.filter(email="new@annotate.localhost").exists()


def test_nobody_signed_in_is_asked_to(cast: Cast) -> None:
    for method, url, body in [("GET", ALL, None), *routes(cast.campaign)]:
        assert refusal_of(send(Client(), method, url, body)) == (401, "sign_in_needed")
