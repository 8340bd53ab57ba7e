"""Who a session belongs to: the ways to sign in, and the reading of the person behind each."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from labeling.accounts.models import User
from labeling.prepared import Prepared

PERSON = Prepared(lambda pk: User.objects.filter(pk=pk), samples=[-1])


class Links(ModelBackend):
    """People who came in by a link or an API call of ours."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of a session while their account is active."""
        return _active(user_id)


class Passwords(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """People who signed in on the page, by address and password."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of a session while their account is active."""
        return _active(user_id)


def _active(user_id: Any) -> User | None:
    user = PERSON.first(int(user_id))
    return user if user is not None and user.is_active else None
