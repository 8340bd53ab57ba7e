"""One transaction a request: what runs inside it is a part of it, not a savepoint of its own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from django.db import transaction

_within: ContextVar[bool] = ContextVar("_within", default=False)


@contextmanager
def whole() -> Iterator[None]:
    """Run a block as one transaction, to which every ``part`` inside it belongs."""
    with transaction.atomic():
        entered = _within.set(True)
        try:
            yield
        finally:
            _within.reset(entered)


def part() -> AbstractContextManager[object]:
    """Run a block as a transaction, or as a part of the ``whole`` that it is called in.

    A part is not undone by itself: whoever catches a refusal from it inside a whole goes on with
    what it had written.
    """
    return nullcontext() if _within.get() else transaction.atomic()
