"""Conversations come back exactly as they went in, whatever characters they hold."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeling.prompts.enums import FileFormat
from labeling.prompts.messages import Message, canonical_json, hash_of_json
from labeling.prompts.models import Prompt
from labeling.prompts.readers.files import read_file
from labeling.prompts.rows import Row, read_row
from tests.factories import Cast
from tests.prompts.bringing import bring, jsonl, parquet, turn

ODD = [
    "a\u200bb\u200d", "\u202eevil\u202c", "👩‍👩‍👧‍👦 🇩🇪", "\U000e0041\U000e007f", "e\u0301 é",
    "a\r\nb\rc\u2028d\u2029", "\ufeffmark", "\x1b[31mred\x07", "Z̷̡a̸͝l̴g̵o", "\uffff\ufffe",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
CONTENT = (TEXT | st.sampled_from(ODD)).filter(str.strip)


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    """Draw any conversation that holds."""
    system = draw(st.booleans())
    turns = draw(st.integers(0, 3)) * 2 + 1
    roles = ["system"] * system + [("user", "assistant")[at % 2] for at in range(turns)]
    return [Message(role=role, content=draw(CONTENT)) for role in roles]


@given(conversations(), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_conversation_round_trips_byte_exact(
    tmp_path: Path, messages: list[Message], ascii_only: bool
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"messages": messages}, ensure_ascii=ascii_only), "utf-8")

    (raw,) = read_file(path, FileFormat.JSONL)
    row = read_row(raw.fields or {})

    assert isinstance(row, Row)
    assert row.messages == messages
    assert canonical_json(row.messages) == canonical_json(messages)


@given(conversations())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_conversation_in_parquet_is_the_same_prompt(
    tmp_path: Path, messages: list[Message]
) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet([{"messages": messages}]))

    (raw,) = read_file(path, FileFormat.PARQUET)
    row = read_row(raw.fields or {})

    assert isinstance(row, Row)
    assert row.content_hash == hash_of_json(messages)


@pytest.mark.django_db
def test_odd_texts_are_stored_exactly(cast: Cast) -> None:
    bring(cast.campaign, jsonl(*({"prompt": text} for text in ODD)))

    stored = [prompt.messages for prompt in Prompt.objects.order_by("id")]
    assert stored == [[turn("user", text)] for text in ODD]


def test_hash_ignores_the_order_of_keys() -> None:
    turns = {"role": "user", "content": "a"}, {"content": "a", "role": "user"}

    assert hash_of_json([turns[0]]) == hash_of_json([turns[1]])
