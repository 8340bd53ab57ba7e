"""REST glue: one JSON shape for every error."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate.errors import STATUS_OF
from labeling.access import PUBLIC, Rule
from labeling.errors import DomainError, NotFound, SignInNeeded, error_body

CODES = {
    exceptions.NotAuthenticated: "sign_in_needed",
    exceptions.AuthenticationFailed: "sign_in_needed",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.ParseError: "malformed",
    exceptions.ValidationError: "invalid",
    exceptions.Throttled: "throttled",
}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Translate a refusal or a framework error into its status and the one JSON shape."""
    if isinstance(error, DomainError):
        return _answer_refusal(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), "error")
    if isinstance(error, exceptions.ValidationError):
        body = error_body(code, "Some fields do not hold; see data.fields.", fields=error.detail)
    else:
        body = error_body(code, str(error.detail))
    return Response(body, status=error.status_code, headers=_auth_headers(error))


def _answer_refusal(refusal: DomainError) -> Response:
    headers = {}
    if isinstance(refusal, SignInNeeded):
        headers["WWW-Authenticate"] = 'Bearer realm="annotate"'
    body = refusal.as_json()
    return Response(body, status=STATUS_OF[refusal.kind], headers=headers)


def _auth_headers(error: exceptions.APIException) -> dict[str, str]:
    header = getattr(error, "auth_header", None)
    return {"WWW-Authenticate": header} if header else {}


class NotHere(APIView):
    """Answer an API address that does not exist in the one JSON shape."""

    access: ClassVar[dict[str, Rule]] = dict.fromkeys(
        ("GET", "POST", "PUT", "PATCH", "DELETE"), PUBLIC
    )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse before anything else is looked at."""
        raise NotFound("There is no such address.")
