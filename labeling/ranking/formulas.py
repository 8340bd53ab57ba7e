"""Find formulas: between dollar signs, and between \\( \\) or \\[ \\] as models write them."""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin

IN_LINE, DISPLAYED, BLOCK = "math_inline", "math_inline_double", "math_block"
KINDS = (IN_LINE, DISPLAYED, BLOCK)
BRACKETS = {"\\(": ("\\)", IN_LINE), "\\[": ("\\]", DISPLAYED)}
# A price is no formula: a digit stands before its dollar sign, or a digit or space after it.
DOLLARS = {
    DISPLAYED: re.compile(r"\$\$((?:\\.|[^\\$])+)\$\$", re.DOTALL),
    IN_LINE: re.compile(r"(?<!\d)\$(?![\s$])((?:\\.|[^\\$])+)(?<!\s)\$(?![\d$])", re.DOTALL),
}


class Formula(NamedTuple):
    """A formula that was found, and where the text goes on after it."""

    kind: str
    source: str
    end: int


def find_formulas(parser: MarkdownIt) -> None:
    """Teach the parser to yield tokens of KINDS, with the formula's source as content."""
    dollarmath_plugin(parser, allow_labels=False)
    # The rule of the plug-in takes the end of a text for what stands before its beginning.
    parser.inline.ruler.disable(IN_LINE)
    parser.inline.ruler.before("escape", "formulas", _formula)


def _formula(state: StateInline, silent: bool) -> bool:
    find = {"$": _in_dollars, "\\": _in_brackets}.get(state.src[state.pos])
    found = find(state.src, state.pos) if find else None
    if found is None or not found.source.strip():
        return False
    if not silent:
        state.push(found.kind, "", 0).content = found.source.strip()
    state.pos = found.end
    return True


def _in_brackets(text: str, start: int) -> Formula | None:
    closing, kind = BRACKETS.get(text[start : start + 2], ("", ""))
    end = text.find(closing, start + 2) if closing else -1
    return Formula(kind, text[start + 2 : end], end + 2) if end >= 0 else None


def _in_dollars(text: str, start: int) -> Formula | None:
    for kind, form in DOLLARS.items():
        found = form.match(text, start)
        if found:
            return Formula(kind, found[1], found.end())
    return None
