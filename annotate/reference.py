"""The OpenAPI schema and the page that shows it."""

from functools import cache
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate.errors import STATUS_OF
from annotate.openapi import document
from annotate.operations import groups_of, shapes_of
from labeling.access import PUBLIC, Rule, declare
from labeling.errors import Kind

MEANINGS = {
    Kind.INVALID: "A value does not hold; data.fields names the fields and the reasons.",
    Kind.SIGN_IN: "No token, or one that is unknown, expired or revoked. Make a new one.",
    Kind.FORBIDDEN: "Your role or the token's scopes do not allow it; data names what is missing.",
    Kind.NOT_FOUND: "It does not exist, or it is not yours to see.",
    Kind.CONFLICT: "It has changed meanwhile. Read it again, then decide.",
    Kind.GONE: "It was there and is over, like an expired lease or a used link.",
    Kind.TOO_LARGE: "The body or the file is over the limit that the message names.",
    Kind.MISMATCH: "The Idempotency-Key was used before with another body. Use a new key.",
    Kind.TOO_MANY: "Too many requests in a short time. Wait, then try again.",
    Kind.UNAVAILABLE: "Something needed does not answer. Try again after a while.",
}


class Schema(APIView):
    """Answer the OpenAPI schema: YAML, or JSON with ``?format=json``."""

    access: ClassVar[dict[str, Rule]] = {"GET": PUBLIC}
    renderer_classes = [OpenApiYamlRenderer, OpenApiJsonRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Answer the schema of every operation."""
        return Response(document())


@declare(GET=PUBLIC)
def reference(request: HttpRequest) -> HttpResponse:
    """Show every operation of the REST API with its fields."""
    return render(request, "reference.html", {"body": _body(settings.BASE_URL)})


@cache
def _body(base_url: str) -> SafeString:
    """Return what the page says, written once: it is long, and the same for everybody."""
    schema = document()
    content = {
        "groups": groups_of(schema),
        "shapes": shapes_of(schema),
        "statuses": [(STATUS_OF[kind], meaning) for kind, meaning in MEANINGS.items()],
        "base_url": base_url,
    }
    return render_to_string("annotate/partials/reference_body.html", content)
