"""Rows read from the running server as they are needed, by the address of a file and a token."""

import os
from collections.abc import Iterator

from bench.consumers.exported import Exported, Result, expect, read_each
from bench.consumers.stubs import use_wheel

URLS, TOKEN = "EXPORT_URLS", "EXPORT_TOKEN"
KINDS = {"parquet": "parquet", "jsonl": "json", "jsonl.gz": "json", "csv": "csv"}


def read(exported: Exported) -> Iterator[Result]:
    """Yield what becomes of the first configuration in every container, streamed."""
    use_wheel(exported.wheel("streaming"))
    pairs = [("trl", container) for container in KINDS]
    yield from read_each("datasets, streamed over HTTP", pairs, _Stream(exported).read)


class _Stream:
    def __init__(self, exported: Exported) -> None:
        self._exported = exported

    def read(self, config: str, container: str) -> int:
        """Count the rows of the training split; nothing is put on the disk."""
        from datasets import load_dataset  # noqa: PLC0415 - finds aiohttp only now

        place = f"/files/{container}/{config}/"
        urls = [url for url in os.environ[URLS].split() if place in url and "/train-" in url]
        headers = {"Authorization": f"Bearer {os.environ[TOKEN]}"}
        rows = load_dataset(
            KINDS[container],
            data_files=urls,
            split="train",
            streaming=True,
            storage_options={"headers": headers},
        )
        found = list(rows)
        expect(len(found), self._exported.counts[config]["train"], "rows were streamed")
        return len(found)
