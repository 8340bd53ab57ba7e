"""The design tokens keep their contrast in both themes (WCAG 2.2: 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "annotate" / "static" / "annotate"
PAIRS = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
MORE = "@media (prefers-contrast: more)"
SHEET, _, IN_CONTRAST = (STATIC / "tokens.css").read_text().partition(MORE)
TOKENS = {name: (light, dark) for name, light, dark in PAIRS.findall(SHEET)}
MORE_TOKENS = TOKENS | {name: (light, dark) for name, light, dark in PAIRS.findall(IN_CONTRAST)}
TEXT = [
    *((ink, sheet) for ink in ("ink", "ink2", "ink3") for sheet in ("desk", "sheet", "sunken")),
    *(("ink", sheet) for sheet in ("raised", "pencil-wash", "marker", "bad-wash", "warn-wash")),
    ("pencil", "sheet"),
    ("pencil", "desk"),
    ("pencil-hi", "pencil-wash"),
    ("on-pencil", "pencil"),
    ("on-pencil", "pencil-hi"),
    ("bad", "sheet"),
    ("ink2", "raised"),
    ("ink3", "raised"),
    *((state, f"{state}-wash") for state in ("ok", "warn", "bad")),
]
SHAPES = [("edge", "sheet"), ("pencil", "desk"), ("pencil", "sheet"), ("pencil", "line")]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [*((*pair, 4.5) for pair in TEXT), *((*pair, 3.0) for pair in SHAPES)],
)
def test_colours_keep_their_contrast(front: str, back: str, least: float, theme: int) -> None:
    assert contrast(TOKENS[front][theme], TOKENS[back][theme]) >= least


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *((ink, sheet, 7.0) for ink in ("ink", "ink2", "ink3") for sheet in ("desk", "sheet")),
        *((*pair, 4.5) for pair in TEXT),
        ("line", "sheet", 4.5),
        ("edge", "sheet", 4.5),
        ("pencil", "sheet", 7.0),
    ],
)
def test_who_asks_for_more_contrast_gets_it(
    front: str, back: str, least: float, theme: int
) -> None:
    assert contrast(MORE_TOKENS[front][theme], MORE_TOKENS[back][theme]) >= least


def test_only_the_tokens_hold_raw_colours() -> None:
    raw = {
        sheet.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text())
        for sheet in STATIC.glob("*.css")
        if sheet.name != "tokens.css"
    }

    assert {name: found for name, found in raw.items() if found} == {}


def test_style_sheets_fetch_nothing_from_outside() -> None:
    addresses = [
        address
        for sheet in STATIC.glob("*.css")
        for address in re.findall(r"url\(([^)]+)\)", sheet.read_text())
    ]

    assert sorted(addresses) == ["fonts/ahm.woff2", "fonts/ahn.woff2", "fonts/stm.woff2"]
    assert all((STATIC / address).is_file() for address in addresses)
