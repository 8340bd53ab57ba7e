"""Which rows of an issued export rest on what was revoked since; plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from exports.configs import Config

# What a row is found by in its configuration.
KEYS = {
    Config.HELPSTEER3: "comparison_id",
    Config.KTO: "row_id",
    Config.SFT: "judgment_id",
    Config.PROMPTS: "prompt_id",
    Config.RANKINGS: "comparison_id",
    Config.CHAINS: "revision_response_id",
    Config.JUDGMENTS: "judgment_id",
}
PAIR_KEY = "pair_id"
OF_JUDGMENTS = ("judgment_id", "annotator", "prompt_id", "comparison_id", "counted")
OF_ROWS = ("judgment_ids", "judgment_id", "comparison_id", "prompt_id")


def key_of(config: str) -> str:
    """Return the column by which a row of a configuration is found."""
    return KEYS.get(Config(config), PAIR_KEY)


@dataclass(frozen=True)
class Revoked:
    """What is revoked: people by the names that exports give them, and prompts."""

    names: frozenset[str]
    prompt_ids: frozenset[int]


class Affected:
    """What of an export rests on something revoked, told by its judgments.

    A pair whose comparison somebody revoked has answered rests on them, unless it states one
    answer, which is then somebody's.
    """

    def __init__(self, revoked: Revoked, judgments: Iterable[dict[str, Any]]) -> None:
        self._prompts = revoked.prompt_ids
        self._judgments: set[int] = set()
        self._comparisons: set[int] = set()
        self._comparisons_of_prompts: set[int] = set()
        for one in judgments:
            if one["prompt_id"] in revoked.prompt_ids:
                self._comparisons_of_prompts.add(one["comparison_id"])
            if one["annotator"] in revoked.names:
                self._judgments.add(one["judgment_id"])
                if one["counted"]:
                    self._comparisons.add(one["comparison_id"])

    def has(self, row: dict[str, Any]) -> bool:
        """Tell whether a row, with its key and what it has of OF_ROWS, rests on it."""
        if PAIR_KEY in row:
            return self._has_pair(row[PAIR_KEY])
        if row.get("prompt_id") in self._prompts:
            return True
        if "judgment_id" in row:
            return row["judgment_id"] in self._judgments
        if "judgment_ids" in row:
            return not self._judgments.isdisjoint(row["judgment_ids"])
        return row.get("comparison_id") in self._comparisons | self._comparisons_of_prompts

    def _has_pair(self, pair_id: str) -> bool:
        """Tell by its id, which names the comparison, two places, and the one answer if any."""
        first, *_, last = parts = pair_id.split("-")
        comparison_id = int(first)
        if comparison_id in self._comparisons_of_prompts:
            return True
        if len(parts) > 3:
            return last.isdecimal() and int(last) in self._judgments
        return comparison_id in self._comparisons
