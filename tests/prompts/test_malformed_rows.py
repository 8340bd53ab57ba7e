"""Malformed rows: each is refused with row, field and code, and the good rows go in."""

from typing import Any

import pyarrow as pa
import pytest

from tests.factories import Cast
from tests.prompts.bringing import (
    Content,
    asked,
    bring,
    content_of,
    csv,
    jsonl,
    parquet,
    problems,
    rows_left,
    turn,
)

pytestmark = pytest.mark.django_db


def messages(*turns: Any) -> bytes:
    return jsonl({"messages": list(turns)})


USER, ASSISTANT, SYSTEM = turn("user"), turn("assistant"), turn("system")
NESTED = b'{"prompt": "a", "candidates": [{"text": "b", "metadata": {"k": %s1%s}}]}'


def one(field: str, value: Any) -> bytes:
    """Return a file of one row that is good but for one field."""
    return jsonl(asked(**{field: value}))


# name of the case, file name, content, field, error code
REFUSED_ROWS: list[tuple[str, str, Content, str, str]] = [
    ("not JSON", "a.jsonl", b"hello\n", "", "bad_json"),
    ("cut off in a text", "a.jsonl", b'{"prompt": "Why is', "", "truncated"),
    ("cut off in an object", "a.jsonl", b'{"prompt": "Why?",', "", "truncated"),
    ("row is a text", "a.jsonl", b'"Why?"\n', "", "not_an_object"),
    ("row is a number", "a.jsonl", b"7\n", "", "not_an_object"),
    ("row is null", "a.jsonl", b"null\n", "", "not_an_object"),
    ("raw NUL", "a.jsonl", b'{"prompt": "a\x00b"}\n', "", "nul"),
    ("escaped NUL", "a.jsonl", b'{"prompt": "a\\u0000b"}\n', "prompt", "nul"),
    ("lone surrogate", "a.jsonl", b'{"prompt": "\\ud83d"}\n', "prompt", "lone_surrogate"),
    ("bytes not UTF-8", "a.jsonl", b'{"prompt": "caf\xe9"}\n', "", "bad_utf8"),
    ("surrogate bytes", "a.jsonl", b'{"prompt": "\xed\xa0\xbd"}\n', "", "bad_utf8"),
    ("UTF-16 without mark", "a.jsonl", '{"prompt": "a"}'.encode("utf-16-le"), "", "nul"),
    ("key twice", "a.jsonl", b'{"prompt": "a", "prompt": "b"}\n', "", "duplicate_key"),
    ("NaN", "a.jsonl", b'{"prompt": "a", "score": NaN}\n', "", "not_finite"),
    ("nested 100,000", "a.jsonl", b'{"a":' + b"[" * 100_000, "", "too_deep"),
    ("line of 9 MB", "a.jsonl", b'{"prompt": "' + b"a" * 9_000_000 + b'"}', "", "row_too_long"),
    ("number too long", "a.jsonl", b'{"prompt": %s}' % (b"9" * 5000), "", "number_out_of_range"),
    ("text too long", "a.jsonl", one("prompt", "a" * 1_000_001), "prompt", "too_long"),
    ("prompt a number", "a.jsonl", jsonl({"prompt": 8}), "prompt", "wrong_type"),
    ("prompt blank", "a.jsonl", jsonl({"prompt": " \u3000\n"}), "prompt", "blank"),
    ("prompt and messages", "a.jsonl", one("messages", [USER]), "messages", "ambiguous"),
    ("messages a text", "a.jsonl", jsonl({"messages": "hi"}), "messages", "wrong_type"),
    ("messages empty", "a.jsonl", jsonl({"messages": []}), "messages", "empty"),
    ("message a text", "a.jsonl", messages("hi"), "messages[0]", "wrong_type"),
    ("content null", "a.jsonl", messages(turn("user", None)), "messages[0].content", "wrong_type"),
    (
        "content in parts",
        "a.jsonl",
        messages(turn("user", [{"type": "text", "text": "hi"}])),
        "messages[0].content",
        "wrong_type",
    ),
    ("content blank", "a.jsonl", messages(turn("user", "")), "messages[0].content", "blank"),
    ("role tool", "a.jsonl", messages(USER, turn("tool")), "messages[1].role", "unknown_role"),
    ("no role", "a.jsonl", messages({"content": "a"}), "messages[0].role", "unknown_role"),
    (
        "tool calls",
        "a.jsonl",
        messages(USER | {"tool_calls": [1]}),
        "messages[0].tool_calls",
        "unknown_key",
    ),
    (
        "ends with assistant",
        "a.jsonl",
        messages(USER, ASSISTANT),
        "messages[1].role",
        "last_turn_not_user",
    ),
    (
        "starts with assistant",
        "a.jsonl",
        messages(ASSISTANT, USER),
        "messages[0].role",
        "roles_out_of_order",
    ),
    ("user twice", "a.jsonl", messages(USER, USER), "messages[1].role", "roles_out_of_order"),
    (
        "system inside",
        "a.jsonl",
        messages(USER, SYSTEM, USER),
        "messages[1].role",
        "roles_out_of_order",
    ),
    ("system alone", "a.jsonl", messages(SYSTEM), "messages", "no_user_turn"),
    (
        "system twice",
        "a.jsonl",
        jsonl({"messages": [SYSTEM, USER], "system": "b"}),
        "system",
        "ambiguous",
    ),
    ("1,001 turns", "a.jsonl", messages(*[USER] * 1001), "messages", "too_many"),
    ("history of triples", "a.jsonl", one("history", [["a", "b", "c"]]), "history", "wrong_type"),
    ("history half", "a.jsonl", one("history", [USER]), "prompt[1].role", "roles_out_of_order"),
    ("10 candidates", "a.jsonl", one("candidates", list("abcdefghij")), "candidates", "too_many"),
    ("blank candidate", "a.jsonl", one("candidates", ["a", " "]), "candidates[1]", "blank"),
    (
        "candidate twice",
        "a.jsonl",
        one("candidates", ["a", "a"]),
        "candidates[1]",
        "duplicate_candidate",
    ),
    ("candidates a text", "a.jsonl", one("candidates", "a"), "candidates", "wrong_type"),
    ("candidate a number", "a.jsonl", one("candidates", [1]), "candidates[0]", "wrong_type"),
    (
        "candidate without text",
        "a.jsonl",
        one("candidates", [{"model": "m"}]),
        "candidates[0].text",
        "wrong_type",
    ),
    (
        "candidate with more",
        "a.jsonl",
        one("candidates", [{"text": "a", "score": 1}]),
        "candidates[0].score",
        "unknown_key",
    ),
    (
        "candidates and responses",
        "a.jsonl",
        jsonl(asked(candidates=["a"], responses=["b"])),
        "candidates",
        "ambiguous",
    ),
    (
        "model a number",
        "a.jsonl",
        one("candidates", [{"text": "a", "model": 1}]),
        "candidates[0].model",
        "wrong_type",
    ),
    (
        "metadata nested deep",
        "a.jsonl",
        NESTED % (b'{"k": ' * 60, b"}" * 60),
        "candidates[0].metadata" + ".k" * 33,
        "too_deep",
    ),
    (
        "metadata beyond 64 bits",
        "a.jsonl",
        NESTED % (b"9" * 30, b""),
        "candidates[0].metadata.k",
        "number_out_of_range",
    ),
    (
        "metadata infinite",
        "a.jsonl",
        NESTED % (b"", b"e999"),
        "candidates[0].metadata.k",
        "not_finite",
    ),
    ("tags a text", "a.jsonl", one("tags", "a"), "tags", "wrong_type"),
    ("tag a number", "a.jsonl", one("tags", ["a", 1]), "tags[1]", "wrong_type"),
    ("51 tags", "a.jsonl", one("tags", [str(n) for n in range(51)]), "tags", "too_many"),
    ("external id an object", "a.jsonl", one("external_id", {}), "external_id", "wrong_type"),
    ("external id too long", "a.jsonl", one("external_id", "a" * 201), "external_id", "too_long"),
    ("language not a tag", "a.jsonl", one("language", "en_GB!"), "language", "bad_language"),
    ("csv cells missing", "a.csv", csv("prompt,tags", "Why?"), "", "column_count"),
    ("csv cells too many", "a.csv", csv("prompt,tags", "Well, why?,a"), "", "column_count"),
    ("csv prompt empty", "a.csv", csv("prompt,tags", ",a"), "prompt", "missing"),
    ("csv bytes not UTF-8", "a.csv", b"prompt\r\ncaf\xe9\r\n", "prompt", "bad_utf8"),
    ("csv NUL", "a.csv", b"prompt\r\na\x00b\r\n", "prompt", "nul"),
    ("csv messages not JSON", "a.csv", csv("messages", "hello"), "messages", "bad_json"),
    (
        "csv blank candidate",
        "a.csv",
        csv("prompt,candidate_1", "Why?,  "),
        "candidates[0].text",
        "blank",
    ),
    (
        "csv model alone",
        "a.csv",
        csv("prompt,candidate_1,model_2", "a,b,m"),
        "model_2",
        "model_without_candidate",
    ),
    (
        "csv candidates both ways",
        "a.csv",
        csv("prompt,candidates,candidate_1", 'a,"[""b""]",c'),
        "candidates",
        "ambiguous",
    ),
    ("parquet numbers", "a.parquet", lambda: parquet([{"prompt": 1}]), "prompt", "wrong_type"),
    (
        "parquet nulls",
        "a.parquet",
        lambda: parquet(pa.table({"prompt": pa.array([None], pa.string())})),
        "prompt",
        "missing",
    ),
    ("parquet bytes", "a.parquet", lambda: parquet([{"prompt": b"a"}]), "prompt", "wrong_type"),
    (
        "parquet not UTF-8",
        "a.parquet",
        lambda: parquet(pa.table({"prompt": pa.array([b"\xff"]).view(pa.string())})),
        "prompt",
        "bad_utf8",
    ),
    (
        "parquet no role",
        "a.parquet",
        lambda: parquet([{"messages": [{"content": "a"}]}]),
        "messages[0].role",
        "unknown_role",
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "field", "code"),
    [pytest.param(*case[1:], id=case[0]) for case in REFUSED_ROWS],
)
def test_malformed_row_is_refused_with_row_field_and_code(
    cast: Cast, name: str, content: Content, field: str, code: str
) -> None:
    done = bring(cast.campaign, content_of(content), name)

    assert (done.state, done.error_code) == ("done", "")
    assert problems(done) == [(1, field, code)]
    assert (done.refused_rows, rows_left()) == (1, 0)


def test_malformed_row_after_blank_lines_is_named_by_its_line(cast: Cast) -> None:
    done = bring(cast.campaign, b"\n \n{}\n")

    assert problems(done) == [(3, "prompt", "missing")]


def test_malformed_row_leaves_the_good_rows_in(cast: Cast) -> None:
    data = jsonl(asked(), {"prompt": ""}, asked(prompt="Why is grass green?"))

    done = bring(cast.campaign, data)

    assert (done.stored_rows, done.refused_rows) == (2, 1)
    assert problems(done) == [(2, "prompt", "blank")]


def test_row_with_several_problems_tells_them_all(cast: Cast) -> None:
    done = bring(cast.campaign, jsonl({"prompt": "", "tags": 1, "candidates": [None]}))

    assert problems(done) == [
        (1, "prompt", "blank"),
        (1, "tags", "wrong_type"),
        (1, "candidates[0]", "wrong_type"),
    ]
