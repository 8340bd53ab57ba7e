"""Sign requests in by API token."""

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from labeling.accounts.models import ApiToken, User
from labeling.accounts.queries import token_for
from labeling.accounts.services.tokens import note_token_use
from labeling.errors import SignInNeeded


class BearerToken(BaseAuthentication):
    """Sign a request in by ``Authorization: Bearer <token>`` (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's owner and the token; None when no token is given."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = token_for(secret.strip(), now=now)
        if token is None:
            raise SignInNeeded("The API token is unknown, expired or revoked. Make a new one.")
        note_token_use(token=token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme in the WWW-Authenticate header of a 401."""
        return 'Bearer realm="annotate"'


class BearerTokenSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library is untyped
    """Describe the API token in the OpenAPI schema."""

    target_class = "annotate.tokens.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer"}
