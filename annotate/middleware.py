"""What holds for every request and answer, whichever view they are for."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from annotate.gate import answer_refusal
from labeling.errors import DomainError, Kind
from labeling.wording import gettext

Answer = Callable[[HttpRequest], HttpResponse]


class BrowserDefences:
    """Keep private pages out of caches and switch off browser features nobody uses here."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class BodyTooLarge(DomainError):
    """The request's body is larger than any form or JSON document of ours."""

    code = "body_too_large"
    kind = Kind.TOO_LARGE


class BodyLimit:
    """Refuse large bodies by their stated length, before anything reads or spools them.

    Views that take files have their own, larger limit. Servers pass on a body only as far
    as its stated length, so one without a length is empty.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Answer 413 in place of the view when the body is too large for it."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if getattr(getattr(view, "cls", view), "takes_files", False):
            most = settings.UPLOAD_LIMIT_MB * 1024 * 1024 + most
        if not length.isdecimal() or int(length) <= most:
            return None
        reason = gettext("The request is larger than %(most)s bytes. Send less at once.")
        refusal = BodyTooLarge(reason % {"most": f"{most:,}"})
        if request.path.startswith("/api/"):
            return JsonResponse(refusal.as_json(), status=413)
        return answer_refusal(request, refusal)


class PersonsLanguage:
    """Answer each request in the language that its person chose or their browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_for(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def language_for(request: HttpRequest) -> str:
    """Return the code of the language to answer in.

    A program reads the API by its words too, so that these do not depend on who asks.
    """
    if request.path.startswith("/api/"):
        return settings.LANGUAGE_CODE
    chosen: str = getattr(request.user, "language", "")
    is_spoken = chosen in dict(settings.LANGUAGES)
    return chosen if is_spoken else translation.get_language_from_request(request)
