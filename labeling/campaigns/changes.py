"""What changed between two versions of a guide, word by word; plain Python."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

MOST_WORDS = 3000  # of one changed passage; longer ones are shown as replaced whole
TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(NamedTuple):
    """A run of text that is in both versions, in the earlier one only, or in the later one."""

    kind: Kind
    text: str


def changed_passages(before: str, after: str) -> list[list[Piece]]:
    """Return the passages of whole lines that differ, in their order, each as pieces."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    passages = [
        _pieces("".join(old[a:b]).strip("\n"), "".join(new[c:d]).strip("\n"))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]
    return [passage for passage in passages if any(each.text.strip() for each in passage)]


def _pieces(gone: str, new: str) -> list[Piece]:
    a, b = TOKENS.findall(gone), TOKENS.findall(new)
    if not a or not b or max(len(a), len(b)) > MOST_WORDS:
        return [Piece(kind, text) for kind, text in ((Kind.GONE, gone), (Kind.NEW, new)) if text]
    found: list[Piece] = []
    for tag, start, end, begin, stop in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(Kind.SAME, "".join(a[start:end])))
            continue
        sides = ((Kind.GONE, a[start:end]), (Kind.NEW, b[begin:stop]))
        found += [Piece(kind, "".join(words)) for kind, words in sides if words]
    return found
