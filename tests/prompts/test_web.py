"""The pages: upload a file, follow its import, find and read prompts."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from labeling.prompts.models import PromptSet
from labeling.prompts.refusals_csv import safe_cell
from tests.factories import Cast, signed_in
from tests.prompts.bringing import asked, bring, jsonl, receive

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


def page(client: Client, name: str, *args: object, **query: Any) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def send(client: Client, cast: Cast, data: bytes, **extra: Any) -> Any:
    url = reverse("prompt-import", args=[cast.campaign.pk])
    return client.post(url, {"file": SimpleUploadedFile("mine.jsonl", data), **extra})


def test_upload_leads_to_the_page_of_its_import(cast: Cast) -> None:
    response = send(signed_in(cast.manager), cast, jsonl(asked()))

    made = PromptSet.objects.get()
    assert response.headers["Location"] == reverse("prompt-set", args=[cast.campaign.pk, made.pk])
    assert (made.name, made.format, made.state) == ("mine.jsonl", "jsonl", "uploaded")


def test_upload_of_a_known_file_says_so_and_changes_nothing(cast: Cast) -> None:
    known = bring(cast.campaign, jsonl(asked()), "first.jsonl")
    client = signed_in(cast.manager)

    response = client.get(send(client, cast, jsonl(asked())).headers["Location"])

    assert "came in as “first.jsonl”" in response.content.decode()
    assert list(PromptSet.objects.all()) == [known]


def test_format_that_was_picked_counts_more_than_the_name(cast: Cast) -> None:
    send(signed_in(cast.manager), cast, b"prompt\nWhy?\n", format="csv")

    assert PromptSet.objects.get().format == "csv"


def test_upload_without_a_file_shows_the_reason_beside_the_field(cast: Cast) -> None:
    response = signed_in(cast.manager).post(reverse("prompt-import", args=[cast.campaign.pk]))

    assert response.status_code == 400
    assert "Pick a file first." in response.content.decode()


def test_upload_beyond_the_limit_shows_the_reason_beside_the_field(
    cast: Cast, settings: Any
) -> None:
    settings.UPLOAD_LIMIT_MB = 1

    response = send(signed_in(cast.manager), cast, b"a" * 1_100_000)

    assert response.status_code == 400
    assert "larger than 1 MB" in response.content.decode()


def test_import_page_shows_refused_rows_as_text(cast: Cast) -> None:
    data = jsonl(asked(), {"messages": [{"role": HOSTILE, "content": "a"}]})
    done = bring(cast.campaign, data, "odd.jsonl")

    shown = page(signed_in(cast.manager), "prompt-set", cast.campaign.pk, done.pk)

    assert "messages[0].role" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert HOSTILE not in shown


def test_import_page_of_a_refused_file_shows_the_remedy(cast: Cast) -> None:
    failed = bring(cast.campaign, b"[]")

    shown = page(signed_in(cast.manager), "prompt-set", cast.campaign.pk, failed.pk)

    assert "Nothing was imported" in shown
    assert "Line 1 starts a JSON array" in shown


def test_status_is_not_sent_again_until_it_changes(cast: Cast) -> None:
    made = receive(cast.campaign, jsonl(asked()))
    client = signed_in(cast.manager)
    url = reverse("prompt-set-status", args=[cast.campaign.pk, made.pk])
    tag = {"If-None-Match": client.get(url).headers["ETag"]}

    same = client.get(url, headers=tag)
    PromptSet.objects.filter(pk=made.pk).update(checked_rows=5)
    other = client.get(url, headers=tag)

    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
    assert 'data-finished="no"' in other.content.decode()


def test_refused_rows_download_as_csv_without_formulas(cast: Cast) -> None:
    done = bring(cast.campaign, jsonl({"prompt": "", "tags": []}) + b'=HYPERLINK("x")\n')

    response: Any = signed_in(cast.manager).get(
        reverse("prompt-set-problems", args=[cast.campaign.pk, done.pk])
    )

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert lines[0] == "\ufeffrow,field,code,reason,start_of_row"
    assert lines[1].startswith("1,prompt,blank,")
    assert lines[2].endswith(""","'=HYPERLINK(""x"")\"""")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "  ="])
def test_cell_that_starts_a_formula_is_disarmed(start: str) -> None:
    assert safe_cell(f"{start}1") == f"'{start}1"


def test_cell_of_plain_text_stays(cast: Cast) -> None:
    assert safe_cell('{"prompt": "=1"}') == '{"prompt": "=1"}'


def test_list_of_prompts_narrows_by_tag_and_pages(cast: Cast) -> None:
    data = jsonl(
        *({"prompt": f"Question {n}.", "tags": ["even"] * (n % 2 == 0)} for n in range(60))
    )
    bring(cast.campaign, data)
    client = signed_in(cast.manager)

    first = page(client, "prompts", cast.campaign.pk)
    even = page(client, "prompts", cast.campaign.pk, tag="even")
    fiftieth = cast.campaign.prompts.order_by("pk")[49]
    last = page(client, "prompts", cast.campaign.pk, after=fiftieth.pk)

    assert [text.count("Question ") for text in (first, even, last)] == [50, 30, 10]
    assert "60 prompts" in first
    assert "30 prompts" in even


def test_list_without_prompts_leads_to_the_import(cast: Cast) -> None:
    shown = page(signed_in(cast.manager), "prompts", cast.campaign.pk)

    assert "No prompts yet" in shown
    assert reverse("prompt-import", args=[cast.campaign.pk]) in shown


def test_prompt_page_shows_turns_as_text(cast: Cast) -> None:
    bring(cast.campaign, jsonl({"prompt": HOSTILE, "candidates": [f"**{HOSTILE}**"]}))
    prompt = cast.campaign.prompts.get()

    shown = page(signed_in(cast.manager), "prompt", cast.campaign.pk, prompt.pk)

    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert HOSTILE not in shown


def test_strangers_find_no_page(cast: Cast) -> None:
    done = bring(cast.campaign, jsonl(asked()))
    prompt = cast.campaign.prompts.get()
    numbers = {
        "prompt-set": done.pk,
        "prompt-set-status": done.pk,
        "prompt-set-problems": done.pk,
        "prompt": prompt.pk,
    }
    client = signed_in(cast.stranger)

    statuses = {
        client.get(reverse(name, args=[campaign.pk, number])).status_code
        for name, number in numbers.items()
        for campaign in (cast.campaign, cast.foreign)
    }

    assert statuses == {404}
