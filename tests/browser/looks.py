"""The widths and themes that pages are looked at in: phone, tablet and desktop, light and dark."""

import os

Look = tuple[int, int, str]
SIZES = ((1440, 900), (1024, 768), (390, 844))
LOOKS: list[Look] = [(*size, theme) for size in SIZES for theme in ("light", "dark")]
USUAL = LOOKS[0]
# ``make test-looks`` runs the tests of pages in each of them, the suite in the usual one.
CHOSEN = LOOKS if os.environ.get("LOOKS") == "all" else [USUAL]


def name_of(look: Look) -> str:
    """Return what a look is called in the names of tests."""
    width, _, theme = look
    return f"{width} {theme}"
