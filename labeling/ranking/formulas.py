"""Find formulas: between dollar signs, and between \\( \\) or \\[ \\] as models write them."""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin

CLOSING = {"\\(": "\\)", "\\[": "\\]"}
KINDS = ("math_inline", "math_inline_double", "math_block")


def find_formulas(parser: MarkdownIt) -> None:
    """Teach the parser to yield tokens of KINDS, with the formula's source as content."""
    dollarmath_plugin(
        parser, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True
    )
    parser.inline.ruler.before("escape", "math_brackets", _brackets)


def _brackets(state: StateInline, silent: bool) -> bool:
    closing = CLOSING.get(state.src[state.pos : state.pos + 2])
    end = state.src.find(closing, state.pos + 2, state.posMax) if closing else -1
    source = state.src[state.pos + 2 : end].strip()
    if end < 0 or not source:
        return False
    if not silent:
        state.push("math_inline", "", 0).content = source
    state.pos = end + 2
    return True
