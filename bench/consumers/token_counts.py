"""The tokens that rows state, counted again with the tokenizer that the export names."""

from collections.abc import Iterator

from tokenizers import Tokenizer

from bench.consumers.exported import Exported, Result, Wrong, each, expect, read_each
from bench.consumers.schemas import TYPED, Row, rows_of

COUNTED = ("prompt", "chosen", "rejected", "completion")
CONFIGS = ("trl", "kto", "sft", "prompts", "rankings")


def read(exported: Exported) -> Iterator[Result]:
    """Yield what becomes of every configuration that counts tokens."""
    counting = _Counting(exported)
    yield from read_each("tokens counted again", each(CONFIGS, TYPED), counting.read)


class _Counting:
    def __init__(self, exported: Exported) -> None:
        self._exported = exported
        self._tokenizer = Tokenizer.from_file(str(exported.scratch / "policy" / "tokenizer.json"))

    def read(self, config: str, container: str) -> int:
        """Count every row whose tokens are right; raise Wrong at another one."""
        files = self._exported.files(config, container)
        rows = [row for path in files for row in rows_of(path)]
        for row in rows:
            self._check(row)
        expect(len(rows), self._exported.rows(config), "rows are in the files")
        return len(rows)

    def _check(self, row: Row) -> None:
        for name in COUNTED:
            if name in row and row[f"{name}_tokens"] != self._tokens(row[name]):
                raise Wrong(f"{row[f'{name}_tokens']} tokens are not those of {row[name]}")

    def _tokens(self, turns: list[dict[str, str]]) -> int:
        texts = [turn["content"] for turn in turns]
        encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return sum(len(one.ids) for one in encoded)
