"""Each write once, however often it is sent."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection

from labeling.accounts.models import AuditEvent, IdempotencyKey, User
from labeling.accounts.services import idempotency
from labeling.accounts.services.audit import record_event
from labeling.accounts.services.idempotency import (
    Answer,
    Once,
    SameKeyOtherBody,
    StillInFlight,
    do_once,
    forget_old_keys,
)
from labeling.accounts.tasks import sweep
from labeling.clock import database_now
from labeling.errors import NotFound
from tests.factories import make_user


def act() -> Answer:
    return {"event": record_event(actor=None, action="test.act", target="x").pk}


def once(user: User, key: str = "k", body: object = None) -> Once:
    return do_once(user=user, key=key, body=body, now=database_now(), act=act)


@pytest.mark.django_db
def test_retry_gets_the_first_answer() -> None:
    user = make_user()

    first, second = once(user), once(user)

    assert (first.replayed, second.replayed) == (False, True)
    assert first.answer == second.answer
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_replay_has_its_fields_in_the_order_of_the_first_answer() -> None:
    user = make_user()

    def odd() -> Answer:
        return {"zz": 1, "a": {"y": "\u0000é", "x": None}}

    for _ in range(2):
        found = do_once(user=user, key="k", body=None, now=database_now(), act=odd)
        assert json.dumps(found.answer) == json.dumps(odd())


@pytest.mark.django_db
def test_without_a_key_nothing_is_remembered() -> None:
    user = make_user()
    for _ in range(2):
        found = do_once(user=user, key=None, body=None, now=database_now(), act=act)
        assert not found.replayed

    assert (AuditEvent.objects.count(), IdempotencyKey.objects.count()) == (2, 0)


@pytest.mark.django_db
def test_a_refusal_of_what_was_just_done_is_answered_with_the_first_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The look may be older than the lock: the first request ended between the two."""
    user, first = make_user(), {"event": 1}
    do_once(user=user, key="k", body=None, now=database_now(), act=lambda: first)
    monkeypatch.setattr(idempotency, "_take", lambda user, key: None)

    def refuse() -> Answer:
        raise NotFound("It is done already.")

    for rival in (refuse, act):
        found = do_once(user=user, key="k", body=None, now=database_now(), act=rival)
        assert (found.answer, found.replayed) == (first, True)
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db
def test_body_in_another_order_is_the_same_body() -> None:
    user = make_user()
    once(user, body={"a": 1, "b": 2})

    assert once(user, body={"b": 2, "a": 1}).replayed


@pytest.mark.django_db
def test_same_key_with_another_body_is_refused() -> None:
    user = make_user()
    once(user, body={"a": 1})

    with pytest.raises(SameKeyOtherBody):
        once(user, body={"a": 2})
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_key_belongs_to_one_person() -> None:
    once(make_user())

    assert not once(make_user()).replayed


@pytest.mark.django_db
def test_refused_act_is_not_remembered() -> None:
    user = make_user()

    def refuse() -> Answer:
        record_event(actor=None, action="test.act", target="x")
        raise NotFound("There is nothing.")

    with pytest.raises(NotFound):
        do_once(user=user, key="k", body=None, now=database_now(), act=refuse)

    assert (AuditEvent.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert not once(user).replayed


@pytest.mark.django_db
def test_key_is_forgotten_after_a_day() -> None:
    user, now = make_user(), database_now()
    once(user)

    assert forget_old_keys(now=now + timedelta(hours=23)) == 0
    assert forget_old_keys(now=now + timedelta(hours=25)) == 1
    assert not once(user).replayed


@pytest.mark.django_db
def test_sweep_forgets_old_keys_only() -> None:
    user, now = make_user(), database_now()
    for key, age in (("old", 25), ("new", 23)):
        created = now - timedelta(hours=age)
        do_once(user=user, key=key, body=None, now=created, act=act)

    sweep()

    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_second_request_while_the_first_is_under_way_is_refused() -> None:
    user, refusals = make_user(), []

    def rival() -> None:
        try:
            once(user)
        except StillInFlight as refusal:
            refusals.append(refusal.code)
        finally:
            connection.close()

    def slow_act() -> Answer:
        thread = threading.Thread(target=rival)
        thread.start()
        thread.join()
        return act()

    do_once(user=user, key="k", body=None, now=database_now(), act=slow_act)

    assert refusals == ["request_in_flight"]
    assert AuditEvent.objects.count() == 1
