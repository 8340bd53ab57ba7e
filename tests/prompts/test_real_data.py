"""Published data sets go in whole, in their own words."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeling.prompts.models import Prompt, ReadyResponses
from tests.factories import Cast
from tests.prompts.bringing import bring, jsonl, parquet

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("REAL_DATA", ROOT.parent / "shared" / "data"))

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="no published data beside the repository"),
]


def response(text: str, model: str) -> dict[str, Any]:
    """Return a response; some models answered nothing, and people judged that too."""
    blank = {} if text.strip() else {"empty": True}
    return {"text": text, "model": model, **blank}


def llmfao() -> Iterator[dict[str, Any]]:
    with (DATA / "llmfao" / "pairs-crowd.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            yield {
                "prompt": pair["text"],
                "candidates": [
                    response(pair[f"result_{side}"], f"model-{pair[f'model_{side}']}")
                    for side in "xy"
                ],
            }


def llmbar() -> Iterator[dict[str, Any]]:
    for path in sorted((DATA / "llmbar").glob("*.json")):
        for item in json.loads(path.read_text("utf-8")):
            texts = [item["output_1"], item["output_2"]]
            yield {"prompt": item["input"], "candidates": texts, "tags": [path.stem]}


def test_llmfao_goes_in_as_13_prompts_with_2139_pairs(cast: Cast) -> None:
    done = bring(cast.campaign, jsonl(*llmfao()))

    assert done.counts == "2,139 stored, 0 duplicates, 0 refused"
    assert (Prompt.objects.count(), ReadyResponses.objects.count()) == (13, 2139)
    texts = {one["text"] for ready in ReadyResponses.objects.all() for one in ready.responses}
    assert texts == {one["text"] for row in llmfao() for one in row["candidates"]}


def test_llmbar_goes_in_from_parquet(cast: Cast) -> None:
    rows = list(llmbar())

    done = bring(cast.campaign, parquet(rows), "llmbar.parquet")

    assert (done.handled_rows, done.refused_rows) == (419, 0)
    assert ReadyResponses.objects.count() == done.stored_rows
