"""How alike two texts are, and keys that alike texts share; plain Python and numpy.

A text is the set of all five characters that follow one another in it, whatever its case, its
punctuation and its blanks. Likeness is the share of those that two texts have in common among all
that either has (Paul Jaccard, 1901). Keys are bands of its smallest hashes (Andrei Broder, On the
resemblance and containment of documents, 1997): of texts with a likeness of 0.9 two in a
thousand share no key, of those with 0.8 forty.
"""

import hashlib
import re
import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.uint64]

CHARACTERS = 5
BANDS, HASHES_A_BAND = 6, 4
WORDS = re.compile(r"\w+")
# Changing anything here moves prompts between groups, so it never changes.
SALT = b"annotate likeness 1\n"


def _odd_numbers(count: int) -> Marks:
    digest = hashlib.shake_256(SALT).digest(8 * count)
    return np.frombuffer(digest, dtype="<u8").astype(np.uint64) | np.uint64(1)


PLACES, FACTORS = np.split(_odd_numbers(CHARACTERS + BANDS * HASHES_A_BAND), [CHARACTERS])


def marks_of(text: str) -> Marks:
    """Return the hashes of what a text is made of, each once, in order; never none."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = " ".join(WORDS.findall(folded)) or folded or " "
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = np.pad(codes, (0, max(0, CHARACTERS - len(codes)))).astype(np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(codes, CHARACTERS)
    return np.unique(_mixed((windows * PLACES).sum(axis=1, dtype=np.uint64)))


def keys_of(marks: Marks) -> tuple[int, ...]:
    """Return the keys of a text, signed 64-bit numbers: one a band."""
    least = _mixed(marks * FACTORS[:, np.newaxis]).min(axis=1)
    bands = least.astype("<u8").reshape(BANDS, HASHES_A_BAND)
    return tuple(_key(number, band) for number, band in enumerate(bands))


def likeness(one: Marks, other: Marks) -> float:
    """Return how alike two texts are, 0 to 1."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def _mixed(values: Marks) -> Marks:
    """Spread numbers so that every bit of the result depends on every bit (SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _key(number: int, band: NDArray[Any]) -> int:
    digest = hashlib.blake2b(band.tobytes(), digest_size=8, salt=bytes([number])).digest()
    return int.from_bytes(digest, "little", signed=True)
