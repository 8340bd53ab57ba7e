"""One seed for each candidate, derived so that it can be made again."""

import hashlib

# Every server and library takes 31 bits; some take no more.
SEED_BITS = 31
_WORD = (1 << 64) - 1


def seed_for(*, run_seed: int, content_hash: str, sample: int) -> int:
    """Return the seed of one sample of one prompt, the same wherever and whenever it is asked.

    The prompt counts by its content, so a run can be repeated in another campaign.
    """
    digest = hashlib.sha256(f"{run_seed}\n{content_hash}\n{sample}".encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - SEED_BITS)


def hash_words(seed: int, step: int) -> int:
    """Return 32 bits, as a signed number, that differ for every seed and every step of it.

    They are the finalizer of splitmix64 (Steele et al., OOPSLA 2014) over both.
    """
    state = (seed * 0x9E3779B97F4A7C15 + step * 0xD1B54A32D192ED03) & _WORD
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _WORD
    return ((state ^ (state >> 31)) >> 32) - (1 << 31)
