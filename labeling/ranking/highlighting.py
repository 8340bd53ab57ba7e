"""Colour code in three classes: comments, keywords and strings."""

from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, find_lexer_class_by_name
from pygments.token import Comment, Keyword, String, _TokenType
from pygments.util import ClassNotFound

from labeling.ranking.invisible import marked

# Enough for answers of models, few enough to have measured each one's worst case.
LANGUAGES = frozenset(
    {"Bash", "C", "C#", "C++", "CSS", "Diff", "Go", "HTML", "Java", "JavaScript", "JSON"}
    | {"Kotlin", "Lua", "PHP", "Python", "R", "Ruby", "Rust", "Scala", "SQL", "Swift"}
    | {"TOML", "TypeScript", "XML", "YAML"}
)
# Some lexers take quadratic time on one endless line; code that people read has short ones.
LONGEST, LONGEST_LINE = 12_000, 600
CLASSES: tuple[tuple[_TokenType, str], ...] = ((Comment, "c"), (Keyword, "k"), (String, "s"))


def language_of(info: str) -> str:
    """Return the name of the language a fence names, or "" when it is not one of ours."""
    word = info.strip().split(" ")[0][:30]
    try:
        name = str(find_lexer_class_by_name(word).name) if word else ""
    except (ClassNotFound, UnicodeError):
        return ""
    return name if name in LANGUAGES else ""


def highlight(code: str, language: str) -> str:
    """Return the code as escaped HTML with its comments, keywords and strings in spans."""
    short = len(code) <= LONGEST and all(len(line) <= LONGEST_LINE for line in code.split("\n"))
    found = find_lexer_class(language) if language and short else None
    if found is None:
        return marked(code)
    lexer: Lexer = found(stripnl=False, ensurenl=False)
    pieces = ((_class_of(kind), value) for kind, value in lexer.get_tokens(code))
    return "".join(
        _piece(name, "".join(value for _, value in run))
        for name, run in groupby(pieces, key=lambda piece: piece[0])
    )


def _class_of(kind: _TokenType) -> str:
    # Pygments' own test for "is a kind of".
    inside = (name for parent, name in CLASSES if kind in parent)  # type: ignore[comparison-overlap]
    return next(inside, "")


def _piece(name: str, value: str) -> str:
    return f'<span class="{name}">{marked(value)}</span>' if name else marked(value)
