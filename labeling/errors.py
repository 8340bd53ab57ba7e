"""The base of every refusal the product can give, named by the domain."""

from collections.abc import Mapping
from enum import Enum
from typing import Any


class Kind(Enum):
    """What sort of refusal it is; entry points map each kind to one answer."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    SIGN_IN = "sign_in"
    CONFLICT = "conflict"
    GONE = "gone"
    MISMATCH = "mismatch"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


def error_body(code: str, message: str, **data: Any) -> dict[str, Any]:
    """Return the one JSON shape of every error: ``{"error": {"code", "message", "data"}}``."""
    return {"error": {"code": code, "message": message, "data": data}}


class DomainError(Exception):
    """A refusal with a stable ``code``, a message that names the remedy, and data.

    Subclasses set ``code`` and ``kind``; ``code`` is part of the public API and never changes.
    One with a ``title`` has a page of its own words: the title, and the message under it.
    """

    code = "refused"
    kind = Kind.INVALID
    title: Any = ""  # text, or text that is translated when it is shown

    def __init__(self, message: str, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data: Mapping[str, Any] = data

    def as_json(self) -> dict[str, Any]:
        """Return the refusal in the one JSON shape."""
        return error_body(self.code, self.message, **self.data)


class NotFound(DomainError):
    """The object does not exist, or is not this person's to see: the two are not told apart."""

    code = "not_found"
    kind = Kind.NOT_FOUND


class Forbidden(DomainError):
    """The person is known and the object is theirs to see, but the act is not theirs to do."""

    code = "forbidden"
    kind = Kind.FORBIDDEN


class SignInNeeded(DomainError):
    """Nobody is signed in, or the token given is unknown, expired or revoked."""

    code = "sign_in_needed"
    kind = Kind.SIGN_IN


class Invalid(DomainError):
    """A value given does not hold; ``data['fields']`` maps field names to reasons."""

    code = "invalid"
    kind = Kind.INVALID
