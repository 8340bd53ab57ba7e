"""Which split a prompt's rows go to: by its group, and never another one as the data grows."""

import hashlib

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)
# Changing this moves rows between splits, so it never changes.
SPLIT_SALT = b"annotate split 1\n"


def place_of(group: str) -> float:
    """Return where a group stands, 0 to 1, whatever else there is."""
    digest = hashlib.sha256(SPLIT_SALT + group.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_at(place: float, validation_share: float, test_share: float) -> str:
    """Return the split of a place: validation from below and test from above, train between.

    So a row that is in validation or test stays there when that share grows.
    """
    if place < validation_share:
        return VALIDATION
    return TEST if place >= 1 - test_share else TRAIN
