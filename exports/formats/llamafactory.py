"""What LLaMA-Factory must be told about a dataset: its ``dataset_info.json``."""

from collections.abc import Iterable
from typing import Any


def dataset_info(splits: Iterable[str]) -> dict[str, Any]:
    """Return one entry a split, each a folder of files beside the description.

    Set ``dataset_dir`` to the folder of the description and ``dataset`` to the name of the entry.
    """
    return {f"annotate_{split}": _entry(split) for split in dict.fromkeys(splits)}


def _entry(split: str) -> dict[str, Any]:
    return {
        "file_name": split,
        "ranking": True,
        "formatting": "sharegpt",
        "columns": {"messages": "messages", "chosen": "chosen", "rejected": "rejected"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
            "system_tag": "system",
        },
    }
