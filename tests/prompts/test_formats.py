"""Every format and shape that the import takes, and what becomes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from labeling.prompts.models import Prompt, ReadyResponses
from tests.factories import Cast
from tests.prompts.bringing import asked, bring, csv, jsonl, parquet, turn

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).resolve().parents[2] / "labeling/prompts/static/prompts"
HISTORY = [turn("user", "Hi"), turn("assistant", "Hello")]
WHOLE: dict[str, Any] = {
    "messages": [turn("system", "Be brief."), *HISTORY, turn("user", "Why?")],
    "external_id": "q-1",
    "tags": ["a", "b"],
    "language": "en",
    "source": "survey",
    "candidates": [
        {"text": "Because.", "model": "m1", "metadata": {"seed": 7}},
        {"text": "No idea.", "model": "m2", "metadata": {}},
    ],
}
AS_CSV = csv(
    "messages,external_id,tags,language,source,candidates",
    ",".join(
        '"{}"'.format(value.replace('"', '""'))
        for value in (
            json.dumps(WHOLE["messages"]), "q-1", "a; b", "en", "survey",
            json.dumps(WHOLE["candidates"]),
        )
    ),
)  # fmt: skip
AS_PARQUET = [
    {
        **WHOLE,
        "candidates": [
            {**candidate, "metadata": json.dumps(candidate["metadata"])}  # Parquet has no free maps
            for candidate in WHOLE["candidates"]
        ],
    }
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", jsonl(WHOLE)),
        ("a.txt", b"\xef\xbb\xbf" + jsonl(WHOLE).strip()),
        ("a.csv", AS_CSV),
        ("bom.csv", b"\xef\xbb\xbf" + AS_CSV),
        ("unix.csv", AS_CSV.replace(b"\r\n", b"\n")),
        ("a.parquet", parquet(AS_PARQUET)),
        ("no-suffix", parquet(AS_PARQUET)),
    ],
)
def test_whole_row_arrives_from_every_format(cast: Cast, name: str, data: bytes) -> None:
    done = bring(cast.campaign, data, name)

    prompt, ready = Prompt.objects.get(), ReadyResponses.objects.get()
    assert done.counts == "1 stored, 0 duplicates, 0 refused"
    assert {key: getattr(prompt, key) for key in WHOLE if key != "candidates"} == {
        key: value for key, value in WHOLE.items() if key != "candidates"
    }
    assert (ready.prompt, ready.row, ready.responses) == (prompt, 1, WHOLE["candidates"])


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        ({"prompt": "Why?"}, [turn("user", "Why?")]),
        ({"prompt": [turn("user", "Why?")]}, [turn("user", "Why?")]),
        ({"prompt": "Why?", "system": "S"}, [turn("system", "S"), turn("user", "Why?")]),
        ({"prompt": "Why?", "history": HISTORY}, [*HISTORY, turn("user", "Why?")]),
        ({"prompt": "Why?", "history": [["Hi", "Hello"]]}, [*HISTORY, turn("user", "Why?")]),
        ({"prompt": "Why?", "history": [], "system": ""}, [turn("user", "Why?")]),
        ({"prompt": "Why?", "messages": None, "rank": 3}, [turn("user", "Why?")]),
        ({"messages": [{**turn("user", "Why?"), "name": None}]}, [turn("user", "Why?")]),
    ],
)
def test_prompt_is_read_from_every_shape(
    cast: Cast, row: dict[str, Any], messages: list[dict[str, str]]
) -> None:
    bring(cast.campaign, jsonl(row))

    assert Prompt.objects.get().messages == messages


@pytest.mark.parametrize(
    ("fields", "texts"),
    [
        ({"candidates": ["a", "b"]}, ["a", "b"]),
        ({"responses": ["a"]}, ["a"]),
        ({"candidates": [{"text": "a", "model": "m"}, {"text": "a", "model": "n"}]}, ["a", "a"]),
        ({"candidates": [{"text": "", "model": "m", "empty": True}, "b"]}, ["", "b"]),
        ({"candidates": list("abcdefghi")}, list("abcdefghi")),
    ],
)
def test_responses_are_read_from_every_shape(
    cast: Cast, fields: dict[str, Any], texts: list[str]
) -> None:
    bring(cast.campaign, jsonl(asked(**fields)))

    assert [one["text"] for one in ReadyResponses.objects.get().responses] == texts


@pytest.mark.parametrize("fields", [{}, {"candidates": []}, {"candidates": None}])
def test_row_without_responses_stores_the_prompt_alone(cast: Cast, fields: dict[str, Any]) -> None:
    bring(cast.campaign, jsonl(asked(**fields)))

    assert (Prompt.objects.count(), ReadyResponses.objects.count()) == (1, 0)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_columns_of_candidates_go_together_with_their_models(
    cast: Cast, separator: str
) -> None:
    header = ["prompt", "candidate_1", "model_1", "candidate_3", "model_3", "note"]
    cells = ["Why?", "a", "m1", "c", "", "passed over"]

    bring(cast.campaign, csv(separator.join(header), separator.join(cells)), "a.csv")

    assert ReadyResponses.objects.get().responses == [
        {"text": "a", "model": "m1", "metadata": {}},
        {"text": "c", "model": "", "metadata": {}},
    ]


def test_csv_cells_keep_line_breaks_quotes_and_formulas(cast: Cast) -> None:
    bring(cast.campaign, csv("prompt", '"=1+1\n""two""\r\nthree"', "", "next"), "a.csv")

    asked_texts = [prompt.asked for prompt in Prompt.objects.order_by("id")]
    assert asked_texts == ['=1+1\n"two"\r\nthree', "next"]


def test_number_as_external_id_becomes_text(cast: Cast) -> None:
    bring(cast.campaign, jsonl(asked(external_id=42)))

    assert Prompt.objects.get().external_id == "42"


@pytest.mark.parametrize(("name", "stored"), [("sample.jsonl", 3), ("sample.csv", 2)])
def test_samples_offered_for_download_import_whole(cast: Cast, name: str, stored: int) -> None:
    done = bring(cast.campaign, (SAMPLES / name).read_bytes(), name)

    assert (done.stored_rows, done.handled_rows) == (stored, stored)
