"""The OpenAPI schema and the page that shows it."""

from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate.errors import STATUS_OF
from annotate.openapi import document
from annotate.operations import groups_of, shapes_of
from labeling.access import PUBLIC, Rule, declare


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
    schema = document()
    page = {
        "info": schema["info"],
        "groups": groups_of(schema),
        "shapes": shapes_of(schema),
        "statuses": [(status, kind.value) for kind, status in STATUS_OF.items()],
        "base_url": settings.BASE_URL,
    }
    return render(request, "reference.html", page)
