"""The bare loop beside the product: one COPY, one dictionary a row, straight into the files.

Writes the same rows as the product without anything that makes them worth having: no policy, no
check, no snapshot but the statement's own, no checksum, no manifest, no progress. Runs as a process
of its own: ``python -m bench.export.bare parquet FOLDER``.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import django

django.setup()

import orjson  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from django.db import connection  # noqa: E402

from bench.export.measured import measured  # noqa: E402
from exports.formats.columns import schema_of  # noqa: E402
from exports.formats.variants import VARIANTS  # noqa: E402
from exports.models import PseudonymKey  # noqa: E402
from exports.pseudonyms import Pseudonyms  # noqa: E402
from exports.selection import Selection  # noqa: E402

ROWS_A_GROUP = 1000
QUERY = """COPY (
    SELECT c.id, j.id, p.id, p.messages, p.content_hash, p.source, p.external_id, p.language,
        p.tags, f.id, f.text, f.text_hash, f.model_label, s.id, s.text, s.text_hash, s.model_label,
        r.number, r.checkpoint, a.desk_id, a.kind, j.outcome, j.ranks, j.strength, j.criteria,
        j.flags, j.rationale, j.reason_tags, j.ideal, j.skip_reason, j.display_order,
        j.guideline_version, j.active_ms, j.created_at
    FROM assignment_comparison c
    JOIN prompts_prompt p ON p.id = c.prompt_id
    JOIN assignment_lane l ON l.id = c.lane_id
    JOIN campaigns_round r ON r.id = l.round_id
    JOIN assignment_comparedcandidate x ON x.comparison_id = c.id AND x.slot = 0
    JOIN assignment_comparedcandidate y ON y.comparison_id = c.id AND y.slot = 1
    JOIN generation_candidate f ON f.id = x.candidate_id
    JOIN generation_candidate s ON s.id = y.candidate_id
    JOIN ranking_judgment j ON j.comparison_id = c.id AND j.counted
    JOIN assignment_assignment a ON a.id = j.assignment_id
    ORDER BY c.prompt_id, c.id
) TO STDOUT"""
TYPES = [
    "int8",
    "int8",
    "int8",
    "text",
    "text",
    "text",
    "text",
    "text",
    "text",
    "int8",
    "text",
    "text",
    "text",
    "int8",
    "text",
    "text",
    "text",
    "int4",
    "text",
    "int8",
    "text",
    "text",
    "text",
    "int2",
    "text",
    "text",
    "text",
    "text",
    "text",
    "text",
    "text",
    "int4",
    "int4",
    "text",
]
NAMES = ("trl", "judgments")


def main() -> None:
    """Write the rows, and say what it took."""
    container, folder = sys.argv[1], Path(sys.argv[2])
    with measured():
        write = {"parquet": to_parquet, "jsonl": to_jsonl}[container]
        write(folder)


def rows() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each pair with the judgment behind it."""
    names = Pseudonyms(bytes(PseudonymKey.objects.get().secret))
    with connection.cursor() as cursor, cursor.copy(QUERY) as copied:
        copied.set_types(TYPES)
        for row in copied.rows():
            yield both(row, names)


def both(row: tuple[Any, ...], names: Pseudonyms) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the two rows that come of one."""
    (
        comparison_id, judgment_id, prompt_id, messages, prompt_hash, source, external_id, language,
        tags, first_id, first, first_hash, first_model, second_id, second, second_hash,
        second_model, number, checkpoint, desk_id, kind, outcome, ranks, strength, criteria, flags,
        rationale, reason_tags, ideal, skip_reason, display_order, guideline_version, active_ms,
        created_at,
    ) = row  # fmt: skip
    ranked = orjson.loads(ranks)
    forward = ranked[0] < ranked[1]
    chosen, rejected = (first, second) if forward else (second, first)
    ids = (first_id, second_id) if forward else (second_id, first_id)
    models = (first_model, second_model) if forward else (second_model, first_model)
    pair = {
        "prompt": orjson.loads(messages),
        "chosen": [{"role": "assistant", "content": chosen}],
        "rejected": [{"role": "assistant", "content": rejected}],
        "pair_id": f"{comparison_id}-0-1",
        "comparison_id": comparison_id,
        "judgment_ids": [judgment_id],
        "n_votes": 1,
        "n_ai_votes": 0,
        "agreement": 1.0,
        "probability": 0.75,
        "strength": float(strength),
        "strength_votes": 1,
        "origin": "judged",
        "chosen_response_id": ids[0],
        "rejected_response_id": ids[1],
        "chosen_model": models[0],
        "rejected_model": models[1],
        "guideline_version": guideline_version,
        "round": number,
        "round_checkpoint": checkpoint,
        "prompt_id": prompt_id,
        "source": source,
        "external_id": external_id,
        "language": language,
        "tags": tags,
        "split": "train",
    }
    judgment = {
        "judgment_id": judgment_id,
        "annotator": names.of(desk_id),
        "prompt_id": prompt_id,
        "prompt_sha256": prompt_hash,
        "comparison_id": comparison_id,
        "responses": [
            {"response_id": first_id, "text_sha256": first_hash, "model": first_model},
            {"response_id": second_id, "text_sha256": second_hash, "model": second_model},
        ],
        "display_order": orjson.loads(display_order),
        "kind": kind,
        "source": "human",
        "outcome": outcome,
        "ranks": ranked,
        "strength": strength,
        "acceptable_to": -1,
        "criteria": criteria,
        "flags": flags,
        "rationale": rationale,
        "reason_tags": reason_tags,
        "ideal": ideal,
        "ideal_response_id": 0,
        "skip_reason": skip_reason,
        "counted": True,
        "guideline_version": guideline_version,
        "round": number,
        "round_checkpoint": checkpoint,
        "active_ms": active_ms,
        "created_at": datetime.fromisoformat(created_at),
        "split": "train",
    }
    return pair, judgment


def to_jsonl(folder: Path) -> None:
    """Write JSON Lines."""
    paths = [folder / f"{name}.jsonl" for name in NAMES]
    with paths[0].open("wb") as pairs, paths[1].open("wb") as judgments:
        for pair, judgment in rows():
            pairs.write(orjson.dumps(pair, option=orjson.OPT_APPEND_NEWLINE))
            judgments.write(orjson.dumps(judgment, option=orjson.OPT_APPEND_NEWLINE))


def to_parquet(folder: Path) -> None:
    """Write Parquet in row groups of the product's size."""
    schemas = [schema_of(VARIANTS[name].chosen(Selection())) for name in NAMES]
    files = [
        pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd")
        for name, schema in zip(NAMES, schemas, strict=True)
    ]
    stream = rows()
    while chunk := list(islice(stream, ROWS_A_GROUP)):
        for file, schema, of in zip(files, schemas, zip(*chunk, strict=True), strict=True):
            file.write_table(pa.Table.from_pylist(list(of), schema))
    for file in files:
        file.close()


if __name__ == "__main__":
    main()
