"""How accounts are made and entered: by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.http import HttpRequest

from labeling.accounts.models import User

BACKEND = "labeling.accounts.authentication.Links"


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Refuse every sign-up; accounts come from invitations and operators."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody can make an account for themselves."""
        return False


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign the session in as somebody who came by a link, without a password."""
    login(request, user, backend=BACKEND)
