"""Ask a model once for several responses that differ on purpose, and take them apart again."""

import re
from collections.abc import Mapping, Sequence

Messages = Sequence[Mapping[str, str]]

ASK = (
    "Write {count} different responses to what stands above. Each must be good by itself; they "
    "must differ from one another as much as good responses can: in what they say, in how they "
    "go about it, in length and tone. Do not compare them or refer to one another. Begin each "
    "with a line that holds nothing but its mark. The marks are, in this order: {marks}."
)


class BadSet(ValueError):
    """The model did not write so many responses under the marks it was given."""


def marks(count: int, nonce: str) -> list[str]:
    """Return the line that each response begins with; the nonce keeps a prompt from guessing it."""
    return [f"[[{nonce}-{number}]]" for number in range(1, count + 1)]


def asked_together(messages: Messages, count: int, nonce: str) -> list[dict[str, str]]:
    """Return the turns with the request for ``count`` responses at their end."""
    *earlier, last = [dict(message) for message in messages]
    ask = ASK.format(count=count, marks=", ".join(marks(count, nonce)))
    return [*earlier, {**last, "content": f"{last['content']}\n\n{ask}"}]


def taken_apart(text: str, count: int, nonce: str) -> list[str]:
    """Return the responses in order; raise BadSet unless each mark comes once, in order."""
    pattern = rf"^[ \t]*(\[\[{re.escape(nonce)}-\d+\]\])[ \t]*$"
    _, *found = re.split(pattern, text, flags=re.MULTILINE)
    texts = [part.strip() for part in found[1::2]]
    if found[::2] != marks(count, nonce) or not all(texts):
        raise BadSet
    return texts
