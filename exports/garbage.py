"""Spare Python its search for garbage while very many rows go by; plain Python."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New containers after which Python looks for rings of them that nothing reaches; usually 700.
LOOKS_AFTER = 100_000


@contextmanager
def rarely_searched() -> Iterator[None]:
    """Have Python look for rings of objects rarely, and only among those made meanwhile.

    Rows form no rings: they go as soon as nothing needs them. Looking for some takes a third of
    the time of an export, because everything that the process has loaded is gone through.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(LOOKS_AFTER, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
