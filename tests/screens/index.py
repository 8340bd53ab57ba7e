"""Where the pictures lie, which of them are kept, and the page that shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.screens.places import PLACES
from tests.screens.screen import Place, Screen

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
INDEX = FOLDER / "README.md"
HEAD = """# Every page in every state

Made by `make screens`, this page too. Each page and state is photographed 1440, 1024 and 390 pixels
wide, light and dark; the repository keeps the widest in light and the narrowest in dark, and
`.gitignore` leaves the other four on the machine that made them. Times, checksums, secrets and
addresses are written the same in every picture, so that a page that has not changed makes no
difference.
"""


@dataclass(frozen=True)
class Look:
    """One width and theme; ``kept`` ones are in the repository."""

    width: int
    height: int
    theme: Literal["light", "dark"]
    kept: bool = False

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"


LOOKS = (
    Look(1440, 900, "light", kept=True),
    Look(1440, 900, "dark"),
    Look(1024, 768, "light"),
    Look(1024, 768, "dark"),
    Look(390, 844, "light"),
    Look(390, 844, "dark", kept=True),
)


def picture_of(screen: Screen, look: Look) -> Path:
    """Return where the picture of a screen in a look lies."""
    return FOLDER / screen.place / f"{screen.state}-{look}.png"


def write_index() -> None:
    """Write the page that shows the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    INDEX.write_text(index(), encoding="utf-8")


def index() -> str:
    """Return the page that shows the pictures, by page."""
    return HEAD + "".join(map(_part, PLACES))


def _part(place: Place) -> str:
    return f"\n## {place.title}\n\n" + "\n".join(map(_row, place.screens))


def _row(screen: Screen) -> str:
    pictures = " ".join(_tags(screen))
    return f"**{screen.caption}**<br>\n{pictures}\n"


def _tags(screen: Screen) -> Iterator[str]:
    for look in LOOKS:
        if look.kept:
            file = picture_of(screen, look).relative_to(FOLDER).as_posix()
            share = "66%" if look.width > 1000 else "18%"
            yield f'<img src="{file}" width="{share}" alt="{screen.caption}, {look}">'
