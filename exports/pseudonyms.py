"""What people are called in exports: keyed hashes, plain Python."""

import hashlib
import hmac

CHARACTERS = 16


class Pseudonyms:
    """The names of a campaign's annotators in its exports, 16 hexadecimal characters each.

    HMAC-SHA-256 (RFC 2104) of the desk under the campaign's own random key: the same in every
    export of the campaign, another one in every other campaign, and nobody without the key can
    tell who it is.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[int, str] = {}

    def of(self, desk_id: int) -> str:
        """Return the name of whoever works at a desk."""
        found = self._known.get(desk_id)
        if found is None:
            digest = hmac.digest(self._key, f"desk {desk_id}".encode(), hashlib.sha256)
            found = self._known[desk_id] = digest.hex()[:CHARACTERS]
        return found
