"""The Idempotency-Key of the REST API: what is refused, and what happens when many come at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from annotate.idempotency import HEADER, REPLAYED
from labeling.accounts.models import IdempotencyKey
from labeling.accounts.services.idempotency import LONGEST_KEY
from labeling.campaigns.models import Campaign
from tests.factories import Cast, make_cast, signed_in

THREADS = 8


def edit(client: Client, cast: Cast, key: str, **fields: Any) -> Any:
    url = reverse("api-campaign", args=[cast.campaign.pk])
    return client.patch(url, fields, content_type="application/json", headers={HEADER: key})


@pytest.mark.django_db
def test_another_body_or_address_under_the_same_key_is_422(cast: Cast) -> None:
    client = signed_in(cast.manager)
    edit(client, cast, "k", name="One", version=1)

    other = edit(client, cast, "k", name="Two", version=2)
    elsewhere = client.post(
        reverse("api-campaign-state", args=[cast.campaign.pk]),
        {"state": "paused"},
        content_type="application/json",
        headers={HEADER: "k"},
    )

    for refused in (other, elsewhere):
        assert refused.status_code == 422
        assert refused.json()["error"]["code"] == "idempotency_key_reused"
    assert Campaign.objects.get(pk=cast.campaign.pk).name == "One"


@pytest.mark.django_db
def test_the_same_body_written_otherwise_is_the_same_request(cast: Cast) -> None:
    client = signed_in(cast.manager)
    edit(client, cast, "k", name="One", version=1)

    assert edit(client, cast, "k", version=1, name="One").headers[REPLAYED] == "true"


@pytest.mark.django_db
def test_a_refused_write_leaves_nothing_and_its_key_can_be_used_again(cast: Cast) -> None:
    client = signed_in(cast.manager)

    assert edit(client, cast, "k", name="", version=1).status_code == 400
    assert edit(client, cast, "k", name="One", version=9).status_code == 409
    assert not IdempotencyKey.objects.exists()
    assert edit(client, cast, "k", name="One", version=1).status_code == 200


@pytest.mark.django_db
def test_a_key_is_one_persons_own(cast: Cast) -> None:
    edit(signed_in(cast.manager), cast, "k", name="One", version=1)

    assert edit(signed_in(cast.operator), cast, "k", name="One", version=1).status_code == 409


@pytest.mark.django_db
def test_who_may_no_longer_write_gets_no_replay(cast: Cast) -> None:
    client = signed_in(cast.manager)
    edit(client, cast, "k", name="One", version=1)
    cast.campaign.memberships.filter(user=cast.manager).update(role="annotator")

    assert edit(client, cast, "k", name="One", version=1).status_code == 403


@pytest.mark.django_db
def test_a_key_that_is_too_long_is_refused(cast: Cast) -> None:
    response = edit(signed_in(cast.manager), cast, "k" * (LONGEST_KEY + 1), name="One", version=1)

    assert response.status_code == 400
    assert list(response.json()["error"]["data"]["fields"]) == [HEADER]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_under_one_key_one_is_done_and_the_others_wait_or_replay() -> None:
    cast = make_cast()
    client = signed_in(cast.manager)
    versions = reverse("api-guidelines", args=[cast.campaign.pk])

    def publish(number: int) -> Any:
        turn = number // THREADS
        try:
            sender = Client()
            sender.cookies = client.cookies
            return sender.post(
                versions,
                {"text": f"Prefer what is short ({turn})."},
                content_type="application/json",
                headers={HEADER: f"turn {turn}"},
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(publish, range(5 * THREADS)))

    for start in range(0, len(found), THREADS):
        answers = found[start : start + THREADS]
        done = [each for each in answers if each.status_code == 201]
        waiting = [each for each in answers if each.status_code == 409]
        assert len(done) + len(waiting) == THREADS
        assert sum(REPLAYED not in each.headers for each in done) == 1
        assert len({each.content for each in done}) == 1
        assert {each.json()["error"]["code"] for each in waiting} <= {"request_in_flight"}
    assert cast.campaign.guidelines.count() == 1 + 5
