"""Make characters visible that would hide, reorder or repaint text."""

import re
from html import escape

# Joiners that a script or an emoji needs are text, not tricks.
SHAPED = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefe"
PICTURES = "\u00a9\u00ae\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
NEEDED = f"(?<=[{SHAPED}])[\u200c\u200d](?=[{SHAPED}])|(?<=[{PICTURES}])\u200d(?=[{PICTURES}])"
HIDDEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
)
ACCENTS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
FEW = 4
FOUND = re.compile(
    f"(?P<needed>{NEEDED})|(?P<hidden>{HIDDEN})(?P=hidden)*|(?P<pile>[{ACCENTS}]{{{FEW + 1},}})"
)


def marked(text: str) -> str:
    """Return the text escaped for HTML, with a label in place of each hidden character.

    Piles of combining marks keep their first few, so that they cannot paint over other lines.
    """
    parts, done = [], 0
    for found in FOUND.finditer(text):
        parts += [escape(text[done : found.start()]), _label(found)]
        done = found.end()
    return "".join([*parts, escape(text[done:])])


def _label(found: re.Match[str]) -> str:
    if found["needed"]:
        return found["needed"]
    if found["pile"]:
        return found["pile"][:FEW] + _span(f"+{len(found['pile']) - FEW} marks")
    times = f" ×{len(found[0])}" if len(found[0]) > 1 else ""
    return _span(f"U+{ord(found['hidden']):04X}{times}")


def _span(label: str) -> str:
    return f'<span class="unseen" dir="ltr">{label}</span>'
