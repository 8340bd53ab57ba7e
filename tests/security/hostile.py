"""The hostile texts, and how they are dealt out to fields."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORPUS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("hostile_texts.json").read_text()
)
# PostgreSQL stores no NUL; the import refuses it.
TEXTS = tuple(str(entry["text"]).replace("\x00", "") for entry in CORPUS)
# No policy stops a page from leading itself elsewhere; what cleans, it must remove.
BEYOND_THE_POLICY = "http-equiv=refresh"
# Ends whatever a text before has left open, so that no text hides the next where nothing cleans.
CLOSER = (
    "\n'\">--></script></style></title></textarea></xmp></noscript></noembed></noframes></iframe>"
    "</select></template></svg></math></object></audio></video></form></dialog></details>\n"
)


@dataclass(frozen=True)
class Deal:
    """What a field gets: at each ``turn`` ``size`` other texts, and over all turns every text.

    With ``is_raw`` the texts are set apart for a page that cleans nothing.
    """

    turn: int
    size: int
    is_raw: bool = False
    corpus: Sequence[str] = TEXTS

    def portion(self, place: int) -> list[str]:
        """Return the texts for one place; neighbours get different ones."""
        start = (self.turn + place) % turns_for(self.size, self.corpus) * self.size
        texts = self.corpus[start : start + self.size]
        if not self.is_raw:
            return list(texts)
        # Nothing ends a `plaintext`, so it comes last.
        within = [text for text in texts if BEYOND_THE_POLICY not in text]
        return sorted(within, key=lambda text: "<plaintext" in text)

    def glued(self, texts: Sequence[str]) -> str:
        """Return the texts as one."""
        return (CLOSER if self.is_raw else "\n\n").join(texts)


def turns_for(size: int, corpus: Sequence[str] = TEXTS) -> int:
    """Return how many turns deal every text to every place, ``size`` at a time."""
    return -(-len(corpus) // size)
