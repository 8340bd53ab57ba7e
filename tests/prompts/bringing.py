"""Bring files into a campaign the way every entry point does."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses
from labeling.prompts.services import import_prompt_set, receive_file

Content = bytes | Callable[[], bytes]


def content_of(content: Content) -> bytes:
    """Return a case's file, made now if it is made by a function."""
    return content if isinstance(content, bytes) else content()


def rows_left() -> int:
    """Count what imports have left in the database."""
    return Prompt.objects.count() + ReadyResponses.objects.count()


def receive(campaign: Campaign, data: bytes, name: str = "prompts.jsonl") -> PromptSet:
    """Receive a file without importing it."""
    prompt_set, _ = receive_file(
        campaign=campaign,
        user=campaign.created_by,
        name=name,
        stream=io.BytesIO(data),
        now=database_now(),
    )
    return prompt_set


def bring(campaign: Campaign, data: bytes, name: str = "prompts.jsonl") -> PromptSet:
    """Receive a file and import it."""
    prompt_set = receive(campaign, data, name)
    return import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now())


def resume(prompt_set: PromptSet) -> PromptSet:
    """Import again as the sweep has it done, when the first runner has been gone for long."""
    later = database_now() + timedelta(minutes=2)
    return import_prompt_set(prompt_set_id=prompt_set.pk, now=later)


def problems(prompt_set: PromptSet) -> list[tuple[int, str, str]]:
    """Return what was refused: row, field and code."""
    return list(prompt_set.problems.order_by("id").values_list("row", "field", "code"))


def jsonl(*rows: Any) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def csv(*lines: str) -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n"


def parquet(rows: list[dict[str, Any]] | pa.Table, **options: Any) -> bytes:
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows)
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def turn(role: str, content: Any = "text") -> dict[str, Any]:
    return {"role": role, "content": content}


def asked(**fields: Any) -> dict[str, Any]:
    """Return a row that is good but for ``fields``."""
    return {"prompt": "Why is the sky blue?", **fields}
