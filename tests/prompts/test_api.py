"""Prompts over REST: files in by form or as the body, imports, problems and prompts out."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from labeling.access import Scope
from labeling.prompts.models import PromptSet
from tests.factories import Cast, make_bearer, signed_in
from tests.prompts.bringing import asked, bring, csv, jsonl, parquet

pytestmark = pytest.mark.django_db

ROWS = jsonl(
    asked(tags=["sky"], external_id="q1", language="en"), {"prompt": "Why is grass green?"}
)


def sets_url(cast: Cast) -> str:
    return reverse("api-prompt-sets", args=[cast.campaign.pk])


def upload(client: Client, cast: Cast, data: bytes = ROWS, **extra: Any) -> Any:
    return client.post(sets_url(cast), {"file": SimpleUploadedFile("a.jsonl", data), **extra})


def test_file_by_form_answers_202_with_the_import(cast: Cast) -> None:
    response = upload(signed_in(cast.manager), cast)

    body = response.json()
    assert response.status_code == 202
    assert (body["name"], body["format"], body["state"]) == ("a.jsonl", "jsonl", "uploaded")
    assert response.headers["Location"] == reverse(
        "api-prompt-set", args=[cast.campaign.pk, body["id"]]
    )


def test_same_file_answers_200_with_the_same_import(cast: Cast) -> None:
    client = signed_in(cast.manager)

    first, again = upload(client, cast), upload(client, cast, name="b.jsonl")

    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("media_type", "data", "format"),
    [
        ("application/jsonl", ROWS, "jsonl"),
        ("application/x-ndjson; charset=utf-8", ROWS, "jsonl"),
        ("text/csv", csv("prompt", "Why?"), "csv"),
        ("application/vnd.apache.parquet", parquet([asked()]), "parquet"),
    ],
)
def test_file_as_the_body_is_taken_by_its_media_type(
    cast: Cast, media_type: str, data: bytes, format: str
) -> None:
    headers = make_bearer(cast.manager, Scope.PROMPTS_WRITE)

    response = Client().post(
        sets_url(cast) + "?name=mine", data, content_type=media_type, headers=headers
    )

    body = response.json()
    assert (response.status_code, body["name"], body["format"]) == (202, "mine", format)
    assert body["size"] == len(data)


def test_empty_body_is_refused(cast: Cast) -> None:
    client = signed_in(cast.manager)

    response = client.post(sets_url(cast), b"", content_type="application/jsonl")

    assert (response.status_code, PromptSet.objects.count()) == (400, 0)
    assert list(response.json()["error"]["data"]["fields"]) == ["file"]


@pytest.mark.parametrize(
    ("extra", "field"),
    [({"format": "xlsx"}, "format"), ({"campaign": 1}, "campaign"), ({"name": "a" * 201}, "name")],
)
def test_unknown_or_wrong_form_field_is_refused(
    cast: Cast, extra: dict[str, Any], field: str
) -> None:
    response = upload(signed_in(cast.manager), cast, **extra)

    assert response.status_code == 400
    assert list(response.json()["error"]["data"]["fields"]) == [field]
    assert PromptSet.objects.count() == 0


def test_form_without_a_file_is_refused(cast: Cast) -> None:
    response = signed_in(cast.manager).post(sets_url(cast), {"format": "csv"})

    assert list(response.json()["error"]["data"]["fields"]) == ["file"]


def test_other_media_type_is_refused(cast: Cast) -> None:
    response = signed_in(cast.manager).post(sets_url(cast), {}, content_type="application/json")

    assert (response.status_code, response.json()["error"]["code"]) == (
        415,
        "unsupported_media_type",
    )


def test_body_beyond_the_limit_is_refused_before_it_is_read(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_LIMIT_MB = 1

    response = upload(signed_in(cast.manager), cast, b"a" * 1_200_000)

    assert (response.status_code, response.json()["error"]["code"]) == (413, "file_too_large")
    assert PromptSet.objects.count() == 0


def test_import_shows_state_counts_and_problems(cast: Cast) -> None:
    done = bring(cast.campaign, ROWS + jsonl({"prompt": ""}))
    client = signed_in(cast.manager)
    where = [cast.campaign.pk, done.pk]

    shown = client.get(reverse("api-prompt-set", args=where)).json()
    problems = client.get(reverse("api-problems", args=where)).json()

    assert (shown["state"], shown["stored_rows"], shown["refused_rows"]) == ("done", 2, 1)
    assert problems["results"] == [
        {
            "row": 3,
            "field": "prompt",
            "code": "blank",
            "reason": "The text is empty or only white space. Write something.",
            "excerpt": '{"prompt": ""}',
        }
    ]


def test_failed_import_says_why(cast: Cast) -> None:
    failed = bring(cast.campaign, b"")

    body = signed_in(cast.manager).get(sets_url(cast)).json()["results"]

    assert [(one["id"], one["error_code"], one["error"]) for one in body] == [
        (failed.pk, "empty_file", "The file is empty (0 bytes). Pick another file.")
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 2),
        ({"tag": "sky"}, 1),
        ({"tag": "sk"}, 0),
        ({"external_id": "q1"}, 1),
        ({"language": "en", "tag": "sky"}, 1),
        ({"language": "de"}, 0),
    ],
)
def test_prompts_are_listed_by_the_filters_given(
    cast: Cast, query: dict[str, str], found: int
) -> None:
    bring(cast.campaign, ROWS)

    url = reverse("api-prompts", args=[cast.campaign.pk])
    body = signed_in(cast.reviewer).get(url, query).json()

    assert len(body["results"]) == found


def test_unknown_filter_is_refused(cast: Cast) -> None:
    url = reverse("api-prompts", args=[cast.campaign.pk])

    response = signed_in(cast.manager).get(url, {"tags": "sky"})

    assert list(response.json()["error"]["data"]["fields"]) == ["tags"]


def test_prompts_come_in_pages(cast: Cast) -> None:
    bring(cast.campaign, jsonl(*({"prompt": str(number)} for number in range(5))))
    client, seen = signed_in(cast.manager), []
    url = reverse("api-prompts", args=[cast.campaign.pk]) + "?limit=2"

    while url:
        body = client.get(url).json()
        seen += [one["messages"][0]["content"] for one in body["results"]]
        url = body["next"]

    assert seen == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_prompts_takes_the_same_queries_for_any_number(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bring(cast.campaign, jsonl(*({"prompt": str(number)} for number in range(count))))
    client = signed_in(cast.manager)

    with django_assert_num_queries(4):  # session, person, membership, prompts
        client.get(reverse("api-prompts", args=[cast.campaign.pk]))


def test_one_prompt_shows_its_conversation(cast: Cast) -> None:
    bring(cast.campaign, ROWS)
    prompt = cast.campaign.prompts.order_by("id")[0]

    url = reverse("api-prompt", args=[cast.campaign.pk, prompt.pk])
    body = signed_in(cast.manager).get(url).json()

    assert body["messages"] == [{"role": "user", "content": "Why is the sky blue?"}]
    assert (body["tags"], body["external_id"], body["language"]) == (["sky"], "q1", "en")


def test_strangers_see_nothing_by_any_number(cast: Cast) -> None:
    done = bring(cast.campaign, ROWS)
    prompt = cast.campaign.prompts.order_by("id")[0]
    client, own = signed_in(cast.stranger), cast.foreign.pk
    ids = {"api-prompt-set": done.pk, "api-problems": done.pk, "api-prompt": prompt.pk}

    statuses = [
        client.get(reverse(name, args=[campaign, number])).status_code
        for name, number in ids.items()
        for campaign in (cast.campaign.pk, own)
    ]

    assert statuses == [404] * 6


@pytest.mark.parametrize("person", ["annotator", "reviewer"])
def test_only_managers_import(cast: Cast, person: str) -> None:
    response = upload(signed_in(getattr(cast, person)), cast)

    assert (response.status_code, PromptSet.objects.count()) == (403, 0)


def test_token_without_the_scope_does_not_import(cast: Cast) -> None:
    headers = make_bearer(cast.manager, Scope.PROMPTS_READ)

    response = Client().post(
        sets_url(cast), ROWS, content_type="application/jsonl", headers=headers
    )

    assert (response.status_code, PromptSet.objects.count()) == (403, 0)
