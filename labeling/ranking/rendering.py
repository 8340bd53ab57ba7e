"""Turn hostile Markdown into safe HTML: parsed without HTML, allow-listed afterwards."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from html import escape
from importlib.metadata import version

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from labeling.ranking.formulas import KINDS, find_formulas
from labeling.ranking.highlighting import LANGUAGES, highlight, language_of
from labeling.ranking.invisible import marked
from labeling.ranking.mathml import mathml_of
from labeling.ranking.mathml_core import ATTRIBUTES, CLASSES, SIZES

# Our own rules and whatever else decides what comes out: a number or release that is new makes all
# HTML that is kept out of date.
LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "pygments", "nh3", "latex2mathml")
VERSION = "/".join(["3", *map(version, LIBRARIES)])
LIMIT = 64_000
# A long text is written in parts, of which a browser lays out those that are near what it shows.
LONG, PART = 20_000, 4_000  # characters
MOST_LINES, MOST_MARKS, MOST_CELLS = 4_000, 6_000, 20_000
MARKS = (*"[*_~|`<>&$", "\\(", "\\[")
SCHEMES = frozenset({"http", "https", "mailto"})
REL = "noopener noreferrer nofollow"
TABLE, FORMULA, CODE = "Table in the text", "Formula", "Code"

REGION = {"tabindex": {"0"}, "role": {"region"}}  # what may scroll for itself

Env = MutableMapping[str, object]

BLOCKS = ("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "th", "td", "pre")
CLEANER = nh3.Cleaner(
    tags={*BLOCKS, "div", "table", "thead", "tbody", "tr", "hr", "br"}
    | {"a", "em", "strong", "s", "code", "span"}
    | set(ATTRIBUTES),
    attributes={"a": {"href"}, "ol": {"start"}, **SIZES},
    tag_attribute_values={
        **{tag: {"dir": {"auto", "rtl"}} for tag in BLOCKS},
        **ATTRIBUTES,
        "a": {"target": {"_blank"}},
        "span": {"dir": {"ltr"}, **REGION, "aria-label": {FORMULA}},
        "code": {"dir": {"ltr"}},
        "div": {**REGION, "aria-label": {TABLE, FORMULA}},
        "pre": {
            "dir": {"ltr", "auto"},
            **REGION,
            "aria-label": {CODE, *(f"{CODE}, {name}" for name in LANGUAGES)},
        },
    },
    allowed_classes={
        "span": {"c", "k", "s", "unseen", "address", "dm"},
        "code": {"tex"},
        "div": {"tbl", "dm", "part"},
        "p": {"plain"},
        "th": {"end", "mid"},
        "td": {"end", "mid"},
        **CLASSES,
    },
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=REL,
)


def render(text: str) -> str:
    """Return the text as safe HTML; text that is too long or too twisted stays plain."""
    if len(text) > LIMIT or _is_twisted(text):
        return plain(text)
    env: Env = {}
    blocks = _blocks(PARSER.parse(text, env))
    return _joined(PARSER.renderer.render(block, PARSER.options, env) for block in blocks)


def plain(text: str) -> str:
    """Return the text as it was written: escaped, line by line, hidden characters marked."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (marked(paragraph).replace("\n", "<br>") for paragraph in paragraphs)
    return _joined(f'<p class="plain" dir="auto">{line}</p>' for line in lines)


def _joined(blocks: Iterable[str]) -> str:
    """Return blocks of HTML as one safe text, in parts if it is long."""
    found = list(blocks)
    if sum(map(len, found)) > LONG:
        found = [f'<div class="part">{part}</div>' for part in _parts(found)]
    return CLEANER.clean("".join(found))


def _parts(blocks: Iterable[str]) -> Iterator[str]:
    part = ""
    for block in blocks:
        part += block
        if len(part) >= PART:
            yield part
            part = ""
    if part:
        yield part


def _blocks(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield what stands side by side: a paragraph, a list with all its items, a table."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _is_twisted(text: str) -> bool:
    """Tell whether parsing would cost far more than any honest answer does."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES or any(text.count(mark) > MOST_MARKS for mark in MARKS):
        return True
    return max((line.count("|") for line in lines), default=0) * len(lines) > MOST_CELLS


class Renderer(RendererHTML):
    """Write each token; every piece of text goes through ``marked``."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return marked(tokens[idx].content)

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f'<code dir="ltr">{marked(tokens[idx].content)}</code>'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return _code(tokens[idx].content, "")

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return _code(tokens[idx].content, tokens[idx].info)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f'<div class="tbl" tabindex="0" role="region" aria-label="{TABLE}"><table>'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return "</table></div>"

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return _formula(tokens[idx].content, block=False)

    def math_inline_double(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env
    ) -> str:
        return _displayed("span", tokens[idx].content)

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return _displayed("div", tokens[idx].content.strip())

    def address(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f' <span class="address" dir="ltr">({marked(tokens[idx].content)})</span>'


def _displayed(tag: str, source: str) -> str:
    """Return a formula on lines of its own, which scrolls for itself."""
    formula = _formula(source, block=True)
    return f'<{tag} class="dm" tabindex="0" role="region" aria-label="{FORMULA}">{formula}</{tag}>'


def _formula(source: str, *, block: bool) -> str:
    shown = mathml_of(source, block=block)
    return shown or f'<code class="tex" dir="ltr">{marked(source)}</code>'


def _code(content: str, info: str) -> str:
    language = language_of(info)
    label = escape(f"{CODE}, {language}" if language else CODE)
    body = highlight(content.rstrip("\n"), language)
    return (
        f'<pre tabindex="0" role="region" aria-label="{label}" dir="ltr"><code>{body}</code></pre>'
    )


def _has_good_scheme(url: str) -> bool:
    """Accept absolute addresses only, so that text cannot point into this site."""
    return url.partition(":")[0].lower() in SCHEMES


def _finish(state: StateCore) -> None:
    """Set directions, lower the headings under the page's own, spell out link addresses."""
    for index, token in enumerate(state.tokens):
        if token.type == "inline" and token.children:
            token.children = list(_with_addresses(token.children))
        if token.type.startswith("heading_"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        if token.nesting == 1 and token.tag in BLOCKS:
            _dress(state.tokens, index)


def _dress(tokens: list[Token], index: int) -> None:
    token = tokens[index]
    style = str(token.attrs.pop("style", ""))
    if style.startswith("text-align"):
        token.attrSet("class", {"right": "end", "center": "mid"}.get(style.split(":")[1], ""))
    # A block whose children have directions of their own finds none to follow by itself.
    follows = token.tag in {"ul", "ol", "li", "blockquote"}
    token.attrSet("dir", "rtl" if follows and _is_rtl(tokens, index) else "auto")


def _is_rtl(tokens: list[Token], index: int) -> bool:
    for token in tokens[index + 1 : index + 8]:
        for character in token.content[:200] if token.type == "inline" else "":
            kind = unicodedata.bidirectional(character)
            if kind in {"L", "R", "AL"}:
                return kind != "L"
    return False


def _with_addresses(children: list[Token]) -> Iterator[Token]:
    """Yield the tokens with each link's address after its text, unless they are the same."""
    href, said = "", ""
    for token in children:
        if token.type == "link_open":
            href, said = str(token.attrs["href"]), ""
            token.attrs = {"href": href, "target": "_blank"}
        said += token.content
        yield token
        if token.type == "link_close" and said != href:
            yield Token("address", "", 0, content=href)


def _parser() -> MarkdownIt:
    options = {"html": False, "breaks": True, "maxNesting": 20}
    parser = MarkdownIt("commonmark", options, renderer_cls=Renderer)
    parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    find_formulas(parser)
    for kind in KINDS:
        parser.add_render_rule(kind, getattr(Renderer, kind))
    parser.validateLink = _has_good_scheme  # type: ignore[method-assign]  # its documented hook
    parser.core.ruler.push("finish", _finish)
    return parser


PARSER = _parser()
