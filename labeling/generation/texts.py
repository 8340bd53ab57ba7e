"""What a response's text may hold, and the hash it goes by."""

import hashlib
import re

# Neither can be stored in a database text column; both come out of real models and servers.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "�"


def storable(text: str) -> str:
    """Return the text with NUL characters and lone surrogates replaced by U+FFFD."""
    return _UNSTORABLE.sub(REPLACEMENT, text)


def hash_of(text: str) -> str:
    """Return the SHA-256 (hex) of a storable text."""
    return hashlib.sha256(text.encode()).hexdigest()
