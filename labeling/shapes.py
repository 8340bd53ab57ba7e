"""What every API body and list has in common: nothing unknown goes in, pages come out."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.errors import Invalid

UNKNOWN = "There is no such field here."
MOST_A_PAGE = 200


class Strict(serializers.Serializer[Any]):
    """A shape that refuses fields it does not list, so that nothing is dropped unsaid."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the checked values, or refuse, naming each unknown field."""
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in data if name not in known)
            if unknown:
                raise serializers.ValidationError({name: [UNKNOWN] for name in unknown})
        return super().to_internal_value(data)


class PageQuery(Strict):
    """The query parameters of a paged list; subclass it to add filters."""

    cursor = serializers.CharField(required=False, help_text="Where to go on, from `next`.")
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_A_PAGE, help_text="Rows a page; 50 unless told."
    )


def read(shape: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the values of a body (or of query parameters) in this shape, or refuse with 400."""
    values: dict[str, Any] = _made(shape).run_validation(data)
    return values


def show(shape: type[serializers.Serializer[Any]], value: object) -> dict[str, Any]:
    """Return what a body in this shape says of a value."""
    shown: dict[str, Any] = _made(shape).to_representation(value)
    return shown


@cache
def _made(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """Return a shape's fields, made once: checking and showing leave nothing behind in them."""
    return shape()


class _Pages(CursorPagination):
    page_size = 50
    max_page_size = MOST_A_PAGE
    page_size_query_param = "limit"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:  # a position that is no value of the column
            raise _not_ours() from error

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise _not_ours() from error
        if cursor is not None and not any(cursor):  # what cannot be read is passed over there
            raise _not_ours()
        return cursor


def _not_ours() -> Invalid:
    reason = "The cursor is not one of ours. Start again without it."
    return Invalid(reason, fields={"cursor": [reason]})


def answer_page(
    request: Request,
    rows: QuerySet[Any],
    out: type[serializers.Serializer[Any]],
    *,
    ordering: str = "-id",
) -> Response:
    """Answer one page of ``rows`` as ``{"next", "previous", "results"}``.

    ``ordering`` is one unique column, with "-" for descending. Check the query parameters
    with ``read(PageQuery, request.query_params)``, or a subclass with filters, before.
    """
    pages = _Pages()
    pages.ordering = ordering
    found: list[Model] = pages.paginate_queryset(rows, request) or []
    return pages.get_paginated_response(out(found, many=True).data)


def page_of(out: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """Return the shape of a page of ``out``, for ``extend_schema(responses=…)``."""
    return inline_serializer(
        name=f"{out.__name__.removesuffix('Out')}Page",
        fields={
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": out(many=True),
        },
    )
