"""One seed for each candidate, derived so that it can be made again."""

import hashlib

# Every server and library takes 31 bits; some take no more.
SEED_BITS = 31


def seed_for(*, run_seed: int, content_hash: str, sample: int) -> int:
    """Return the seed of one sample of one prompt, the same wherever and whenever it is asked.

    The prompt counts by its content, so a run can be repeated in another campaign.
    """
    digest = hashlib.sha256(f"{run_seed}\n{content_hash}\n{sample}".encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - SEED_BITS)
