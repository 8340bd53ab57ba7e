"""Strict bodies and paged lists."""

import base64
from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from labeling.accounts.models import User
from labeling.errors import Invalid
from labeling.shapes import UNKNOWN, PageQuery, Strict, answer_page, page_of, read
from tests.factories import make_user


class LeafIn(Strict):
    size = serializers.IntegerField()


class TreeIn(Strict):
    name = serializers.CharField()
    leaves = serializers.ListField(child=LeafIn(), required=False)


class PersonOut(serializers.Serializer[Any]):
    email = serializers.CharField()


def page(query: str = "", ordering: str = "-id") -> dict[str, Any]:
    request = Request(APIRequestFactory().get(f"/people/?{query}"))
    answer = answer_page(request, User.objects.all(), PersonOut, ordering=ordering)
    data: dict[str, Any] = answer.data
    return data


def cursor(text: str) -> str:
    return f"cursor={base64.b64encode(text.encode()).decode()}"


def test_strict_lets_listed_fields_through() -> None:
    body = {"name": "oak", "leaves": [{"size": 1}]}

    assert read(TreeIn, body) == body


def test_strict_names_every_unknown_field() -> None:
    with pytest.raises(ValidationError) as refused:
        read(TreeIn, {"name": "oak", "b": 1, "a": 2})

    assert refused.value.detail == {"a": [UNKNOWN], "b": [UNKNOWN]}


def test_strict_holds_inside_lists() -> None:
    with pytest.raises(ValidationError) as refused:
        read(TreeIn, {"name": "oak", "leaves": [{"size": 1}, {"size": 2, "is_staff": True}]})

    detail: Any = refused.value.detail
    assert detail == {"leaves": {1: {"is_staff": [UNKNOWN]}}}


@pytest.mark.parametrize("body", [None, [], "x", 1])
def test_strict_refuses_what_is_no_object(body: object) -> None:
    with pytest.raises(ValidationError):
        read(TreeIn, body)


def test_query_refuses_unlisted_parameters() -> None:
    request = Request(APIRequestFactory().get("/people/?limit=5&is_staff=1"))

    with pytest.raises(ValidationError) as refused:
        read(PageQuery, request.query_params)

    assert refused.value.detail == {"is_staff": [UNKNOWN]}


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["id", "-id", "email"])
def test_pages_hold_every_row_once(ordering: str) -> None:
    emails = [make_user(f"p{number}@annotate.localhost").email for number in range(5)]
    seen, query = [], "limit=2"

    while query:
        found = page(query, ordering)
        seen += [row["email"] for row in found["results"]]
        query = (found["next"] or "").partition("?")[2]

    assert seen == sorted(emails, reverse=ordering.startswith("-"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["cursor=!", "cursor=x", cursor("p=abc"), cursor("o=x"), cursor("o=-1"), cursor("q=1")],
)
def test_page_refuses_a_cursor_that_is_not_ours(query: str) -> None:
    make_user()

    with pytest.raises(Invalid) as refused:
        page(query)

    assert list(refused.value.data["fields"]) == ["cursor"]


@pytest.mark.django_db
def test_page_beyond_every_row_is_empty() -> None:
    make_user()

    assert page(cursor(f"p={'9' * 40}"), "id")["results"] == []


def test_page_shape_is_named_after_its_rows() -> None:
    assert type(page_of(PersonOut)).__name__ == "PersonPage"
