"""API tokens: shown once, hashed, scoped, expiring, revocable."""

from datetime import timedelta

import pytest

from labeling.access import Scope
from labeling.accounts.models import ApiToken, AuditEvent, User
from labeling.accounts.queries import digest_of, own_token, token_for
from labeling.accounts.services.tokens import make_token, note_token_use, revoke_token
from labeling.clock import database_now
from labeling.errors import Invalid, NotFound
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make(user: User, days: float = 1, scopes: tuple[str, ...] = (Scope.EXPORT_READ,)) -> str:
    now = database_now()
    return make_token(
        user=user, name="nightly", scopes=scopes, expires_at=now + days * DAY, now=now
    )[1]


def test_token_is_kept_as_digest_only() -> None:
    secret = make(make_user())

    row = ApiToken.objects.values().get()
    assert row["digest"] == digest_of(secret)
    assert secret.startswith(row["prefix"])
    assert not any(secret.rpartition("_")[2] in str(value) for value in row.values())


def test_token_opens_its_owners_account() -> None:
    user = make_user()

    token = token_for(make(user), now=database_now())

    assert token is not None
    assert (token.user, token.scopes) == (user, ["export:read"])


def test_token_ends_when_its_time_is_over() -> None:
    secret = make(make_user())

    assert token_for(secret, now=database_now() + DAY) is None


def test_token_ends_when_revoked() -> None:
    user = make_user()
    secret = make(user)

    revoke_token(token=ApiToken.objects.get(), by=user, now=database_now())

    assert token_for(secret, now=database_now()) is None


def test_token_ends_with_its_owners_account() -> None:
    user = make_user()
    secret = make(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert token_for(secret, now=database_now()) is None


def test_token_revoked_twice_is_one_event() -> None:
    user = make_user()
    make(user)
    token = ApiToken.objects.get()

    for _ in range(2):
        revoke_token(token=token, by=user, now=database_now())

    assert AuditEvent.objects.filter(action="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("days", "scopes", "field"),
    [
        (0, ("export:read",), "days"),
        (366, ("export:read",), "days"),
        (1, (), "scopes"),
        (1, ("export:read", "everything"), "scopes"),
    ],
)
def test_token_refuses_odd_values(days: float, scopes: tuple[str, ...], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(make_user(), days, scopes)

    assert list(refused.value.data["fields"]) == [field]
    assert not ApiToken.objects.exists()


def test_token_of_somebody_else_is_not_found() -> None:
    make(make_user())

    with pytest.raises(NotFound):
        own_token(make_user(), ApiToken.objects.get().pk)


def test_token_use_is_noted_to_within_five_minutes() -> None:
    make(make_user())
    token, now = ApiToken.objects.get(), database_now()

    for minutes in (0, 4, 6):
        token.refresh_from_db()
        note_token_use(token=token, now=now + timedelta(minutes=minutes))

    token.refresh_from_db()
    assert token.last_used_at == now + timedelta(minutes=6)
