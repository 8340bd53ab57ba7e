"""What is answered when no view could: in the one JSON shape under /api/, else as a page."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from labeling.errors import error_body

AGAIN_IN_SECONDS = "5"
BROKE = "This broke on our side."
NOT_UNDERSTOOD = (
    "The request was not understood, and nothing was changed. If you run this site: this is also "
    "the answer to a host name that ALLOWED_HOSTS does not list."
)
AWAY = (
    "The database does not answer right now. Send the request again in a few seconds: with the "
    "same Idempotency-Key it is done once, however far it had come."
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what broke on our side: 503 while the database is away, otherwise 500."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return _away(request)
    if _is_api(request):
        return JsonResponse(error_body("server_error", BROKE), status=500)
    return defaults.server_error(request)


def _away(request: HttpRequest) -> HttpResponse:
    is_api = _is_api(request)
    text = error_body("unavailable", AWAY) if is_api else render_to_string("503.html")
    answer = JsonResponse if is_api else HttpResponse
    return answer(text, status=503, headers={"Retry-After": AGAIN_IN_SECONDS})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be taken for a request, such as one to a host name that is not ours."""
    if _is_api(request):
        return JsonResponse(error_body("bad_request", NOT_UNDERSTOOD), status=400)
    return defaults.bad_request(request, exception)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")
