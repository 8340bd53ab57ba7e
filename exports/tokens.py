"""How long texts are in the tokens of a model."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

FILE = "tokenizer.json"


class Tokens:
    """Counts tokens with the tokenizer of a file; without one, texts have no length.

    ``sha256`` is that of the file.
    """

    def __init__(self, file: Path | None) -> None:
        content = None if file is None else file.read_bytes()
        self._tokenizer = None if content is None else Tokenizer.from_buffer(content)
        self.sha256 = None if content is None else hashlib.sha256(content).hexdigest()

    def of(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, without what a chat template adds."""
        if self._tokenizer is None:
            return [0] * len(texts)
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [len(one.ids) for one in encoded]
