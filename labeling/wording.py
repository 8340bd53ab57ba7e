"""Words of the interface: marked where they stand, said in the language of whoever asks (gettext).

What people type with commas between is read with the commas of their language, too.

To a module without a framework a word is text; this is the one place that knows who translates it.
"""

import re
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import (
    gettext,
    gettext_lazy,
    gettext_noop,
    ngettext,
    ngettext_lazy,
    pgettext,
    pgettext_lazy,
)

# Text that is translated when it is shown, not where it stands.
if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText  # of the stubs alone
else:
    from django.utils.functional import Promise as LazyText

__all__ = [
    "LazyText",
    "format_lazy",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "listed",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
]

COMMAS = re.compile("[,،、]")


def listed(text: str) -> list[str]:
    """Return the parts of what was typed with commas between them."""
    return [part.strip() for part in COMMAS.split(text) if part.strip()]
