"""A text as edits of another one, so that a device need not keep what it was shown.

Edits are a list: a number above 0 keeps so many characters (code points) of the original, one
below 0 drops so many, a string is put in. Together they use the original up.
"""

from collections.abc import Sequence


class EditsInvalid(ValueError):
    """The edits are malformed or belong to another text."""


def normalized(text: str) -> str:
    """Return a text with the line ends that a browser's text field has."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def edited(original: str, edits: Sequence[object]) -> str:
    """Return the text that ``edits`` make of ``normalized(original)``."""
    text, parts, at = normalized(original), [], 0
    for edit in edits:
        if isinstance(edit, str):
            parts.append(edit)
            continue
        if isinstance(edit, bool) or not isinstance(edit, int) or edit == 0:
            raise EditsInvalid(f"not an edit: {edit!r}")
        if edit > 0:
            parts.append(text[at : at + edit])
        at += abs(edit)
    if at != len(text):
        raise EditsInvalid(f"the edits are of {at} characters, the text has {len(text)}")
    return "".join(parts)
