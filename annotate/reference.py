"""The OpenAPI schema and the page that shows it."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

from labeling.access import PUBLIC, Rule, declare


class Schema(SpectacularAPIView):
    """Answer the OpenAPI schema (YAML or JSON)."""

    access: ClassVar[dict[str, Rule]] = {"GET": PUBLIC}


@declare(GET=PUBLIC)
def reference(request: HttpRequest) -> HttpResponse:
    """Show every operation of the REST API with its fields."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "reference.html", {"operations": operations, "schema": schema})
