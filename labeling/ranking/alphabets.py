"""The alphabets of mathematics: bold, script, fraktur … letters as characters of their own.

MathML Core leaves `mathvariant` out, so a browser draws a bold x only where the text says 𝐱.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping

# What Unicode calls each alphabet; letters that were there before keep their older names.
NAMES = {
    "bold": "MATHEMATICAL BOLD",
    "italic": "MATHEMATICAL ITALIC",
    "bold-italic": "MATHEMATICAL BOLD ITALIC",
    "script": "(?:MATHEMATICAL )?SCRIPT",
    "bold-script": "MATHEMATICAL BOLD SCRIPT",
    "fraktur": "(?:MATHEMATICAL FRAKTUR|BLACK-LETTER)",
    "bold-fraktur": "MATHEMATICAL BOLD FRAKTUR",
    "double-struck": "(?:MATHEMATICAL )?DOUBLE-STRUCK",
    "sans-serif": "MATHEMATICAL SANS-SERIF",
    "bold-sans-serif": "MATHEMATICAL SANS-SERIF BOLD",
    "sans-serif-italic": "MATHEMATICAL SANS-SERIF ITALIC",
    "sans-serif-bold-italic": "MATHEMATICAL SANS-SERIF BOLD ITALIC",
    "monospace": "MATHEMATICAL MONOSPACE",
}
LETTER = "(?:CAPITAL|SMALL|DIGIT) [A-Z]+(?: SYMBOL)?"
PLACES = (*range(0x2100, 0x2150), *range(0x1D400, 0x1D800))


def in_alphabet(text: str, variant: str) -> str:
    """Return the text with every letter and digit that the alphabet has written in it."""
    return text.translate(ALPHABETS.get(variant, {}))


def _alphabets() -> Mapping[str, Mapping[int, str]]:
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for place in PLACES:
        character = chr(place)
        plain = unicodedata.normalize("NFKC", character)
        for variant, name in NAMES.items():
            if len(plain) == 1 and re.fullmatch(f"{name} {LETTER}", _name(character)):
                found[variant][ord(plain)] = character
    return found


def _name(character: str) -> str:
    return unicodedata.name(character, "").replace("PLANCK CONSTANT", "MATHEMATICAL ITALIC SMALL H")


ALPHABETS = _alphabets()
