"""How accounts are made and entered: by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Refuse every sign-up; accounts come from invitations and operators."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody can make an account for themselves."""
        return False
