"""Single-use links: who they let in, once, and when no more."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.signing import Signer
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from labeling.accounts.enums import LinkPurpose
from labeling.accounts.errors import LinkExpired, LinkNotGiven, LinkRevoked, LinkUsed
from labeling.accounts.models import AccessLink, AuditEvent, User
from labeling.accounts.queries import LINK_SIGNER, digest_of, link_for
from labeling.accounts.services.links import give_link, use_link
from labeling.clock import database_now
from labeling.errors import Invalid, NotFound
from tests.factories import PASSWORD, make_user

NOW = database_now


def newcomer() -> User:
    return User.objects.create_user("newcomer@annotate.localhost")


def invite(user: User) -> str:
    return give_link(user=user, purpose=LinkPurpose.INVITATION, created_by=None, now=NOW())


def sign_in_link(user: User) -> str:
    return give_link(user=user, purpose=LinkPurpose.SIGN_IN, created_by=None, now=NOW())


@pytest.mark.django_db
def test_link_is_kept_as_digest_only() -> None:
    signed = invite(newcomer())

    secret = LINK_SIGNER.unsign(signed)

    row = AccessLink.objects.values().get()
    assert row["digest"] == digest_of(secret)
    assert not any(secret in str(value) for value in row.values())
    assert len(secret) >= 43  # 32 random bytes


@pytest.mark.django_db
def test_invitation_sets_name_and_password() -> None:
    user = newcomer()

    entered = use_link(signed=invite(user), now=NOW(), password=PASSWORD, display_name=" New ")

    user.refresh_from_db()
    assert (entered, user.display_name, user.check_password(PASSWORD)) == (user, "New", True)


@pytest.mark.django_db(transaction=True)
def test_password_is_hashed_while_nothing_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    signed = invite(newcomer())
    locked: list[bool] = []

    def hashed(password: str) -> str:
        locked.append(connection.in_atomic_block)
        return make_password(password)

    monkeypatch.setattr("labeling.accounts.services.links.make_password", hashed)
    user = use_link(signed=signed, now=NOW(), password=PASSWORD, display_name="New")

    assert locked == [False]
    assert user.check_password(PASSWORD)


@pytest.mark.django_db
def test_invitation_refuses_weak_password_and_stays_usable() -> None:
    signed = invite(newcomer())

    with pytest.raises(Invalid) as refused:
        use_link(signed=signed, now=NOW(), password="password", display_name="")

    assert set(refused.value.data["fields"]) == {"display_name", "password"}
    assert link_for(signed, now=NOW()).used_at is None


@pytest.mark.django_db
def test_sign_in_link_changes_neither_name_nor_password() -> None:
    user = make_user(display_name="before")

    use_link(signed=sign_in_link(user), now=NOW(), password="another long one", display_name="x")

    user.refresh_from_db()
    assert (user.display_name, user.check_password(PASSWORD)) == ("before", True)


@pytest.mark.django_db
def test_link_works_once() -> None:
    signed = sign_in_link(make_user())
    use_link(signed=signed, now=NOW())

    with pytest.raises(LinkUsed):
        use_link(signed=signed, now=NOW())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("purpose", "hours"), [(LinkPurpose.INVITATION, 72), (LinkPurpose.SIGN_IN, 24)]
)
def test_link_expires_to_the_second(purpose: LinkPurpose, hours: int) -> None:
    now = NOW()
    signed = give_link(user=newcomer(), purpose=purpose, created_by=None, now=now)
    end = now + timedelta(hours=hours)

    assert link_for(signed, now=end - timedelta(seconds=1)).expires_at == end
    with pytest.raises(LinkExpired):
        link_for(signed, now=end)


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["", "x", "a.b", f"{'A' * 43}.{'B' * 43}"])
def test_forged_link_never_reaches_the_database(
    forged: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = NOW()

    with django_assert_num_queries(0), pytest.raises(NotFound):
        link_for(forged, now=now)


@pytest.mark.django_db
def test_link_signed_for_another_use_is_refused() -> None:
    secret = LINK_SIGNER.unsign(sign_in_link(make_user()))

    with pytest.raises(NotFound):
        link_for(Signer(sep=".", salt="something else").sign(secret), now=NOW())


@pytest.mark.django_db
def test_new_invitation_withdraws_the_earlier_one() -> None:
    user = newcomer()
    first, second = invite(user), invite(user)

    with pytest.raises(LinkRevoked):
        link_for(first, now=NOW())
    assert link_for(second, now=NOW()).user == user


@pytest.mark.django_db
def test_link_of_a_closed_account_is_refused() -> None:
    user = make_user()
    signed = sign_in_link(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(LinkRevoked):
        use_link(signed=signed, now=NOW())


@pytest.mark.django_db
def test_invitation_is_not_given_for_an_account_in_use() -> None:
    with pytest.raises(LinkNotGiven):
        invite(make_user())


@pytest.mark.django_db
def test_invitation_ends_when_the_person_comes_another_way() -> None:
    user = newcomer()
    invitation = invite(user)
    User.objects.filter(pk=user.pk).update(last_login=NOW())

    with pytest.raises(LinkRevoked):
        use_link(signed=invitation, now=NOW(), password=PASSWORD, display_name="Somebody else")

    user.refresh_from_db()
    assert not user.has_usable_password()


@pytest.mark.django_db
def test_links_are_in_the_audit_log_without_their_secret() -> None:
    user = newcomer()
    signed = invite(user)
    use_link(signed=signed, now=NOW(), password=PASSWORD, display_name="New")

    events = list(AuditEvent.objects.order_by("id").values_list("action", "target", "data"))
    assert events == [
        ("link.given", f"user:{user.pk}", {"purpose": "invitation"}),
        ("link.used", f"user:{user.pk}", {"purpose": "invitation"}),
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_link_lets_one_of_two_threads_in() -> None:
    signed = sign_in_link(make_user())
    start, outcomes = threading.Barrier(2), []

    def enter() -> None:
        start.wait()
        try:
            outcomes.append(use_link(signed=signed, now=NOW()).email)
        except LinkUsed as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome == "link_used" for outcome in outcomes) == [False, True]
    assert AuditEvent.objects.filter(action="link.used").count() == 1
