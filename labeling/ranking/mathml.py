"""Write a formula as MathML Core; what would not be shown faithfully stays source.

Neither the formula nor its tree is trusted: only what is in ``mathml_core`` is written, every text
is escaped, and nothing may hide, move or repaint what was written.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from html import escape, unescape
from xml.etree.ElementTree import Element

from labeling.ranking.alphabets import in_alphabet
from labeling.ranking.latex import NotShown, tree_of
from labeling.ranking.mathml_core import ATTRIBUTES, CLASSES, PARTS, SIZES

ENCLOSED = {"box": "boxed", "updiagonalstrike": "struck", "downdiagonalstrike": "struck"}
SIZE = re.compile(r"(-?\d*\.?\d+)(em|ex|mu|pt|px)?")
EM = {"em": 1.0, "ex": 0.5, "mu": 1 / 18, "pt": 0.1, "px": 0.06, None: 1.0}
NAMED = {"negativethinmathspace": "-0.167em"}
NARROWEST, WIDEST = -0.3, 10.0  # in em: beyond, text would be moved over other text or away

# The converter's characters for what the operators of MathML are written with otherwise.
PROPER = str.maketrans({"~": "∼", "⟂": "⊥", "⧵": "∖", "―": "‾"})
BRACES = {r"\{": "{", r"\}": "}", r"\|": "‖"}
UNREAD = re.compile(r"\\.|⧸", re.DOTALL)  # the converter hands on what it does not know
UPRIGHT = re.compile("&#x0*(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]);")  # it writes \mathrm{H} so
FUNCTION = re.compile("[A-Za-z]{2,}(?:[\u2006\u2009 ][a-z]+)?")
LIMITED = re.compile("[∏∐∑⋀-⋃⨀-⨆]|(?:arg.?|lim.?)?(?:max|min|sup|inf)|lim|det|gcd|Pr")
UNDER = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
SIGNS, PRIMES, FENCES, ENDS = "+−-±∓", "′″‴⁗", "()[]{}|‖⟨⟩⌈⌉⌊⌋", ")]}!|‖⟩⌉⌋…⋯"
SPACES = {
    ":": {"lspace": "0.278em", "rspace": "0.278em"},
    **{alone: {"lspace": "0em", "rspace": "0em"} for alone in (*PRIMES, "|", "‖")},
}


def mathml_of(source: str, *, block: bool) -> str:
    """Return MathML for the LaTeX source, or "" where the source itself says it better."""
    try:
        inner = _converted(source, block)
    except Exception:  # noqa: BLE001 - the converter tells bad source in a dozen ways
        return ""
    return _tagged("math", {"dir": "ltr", **({"display": "block"} if block else {})}, inner)


def _converted(source: str, block: bool) -> str:
    try:
        return _inner(tree_of(source, block=block))
    except NotShown:
        if r"\\" not in source:
            raise
        # Lines outside of any environment are set under each other.
        lines = rf"\begin{{gathered}}{source}\end{{gathered}}"
        return _inner(tree_of(lines, block=block))


def _inner(element: Element) -> str:
    children = list(element)
    for at, each in enumerate(children):
        if each.tag == "mo":
            _set_form(each, children[max(at - 1, 0) : at], children[at + 1 : at + 2])
    return "".join(map(_write, children))


def _set_form(each: Element, before: list[Element], after: list[Element]) -> None:
    """Tell a sign from an operation, and let a fence grow beside a table only."""
    text = _text(each)
    if text in SIGNS and all(map(_is_operator, before)):
        each.set("form", "prefix")
    if text in FENCES and "stretchy" not in each.attrib:
        grows = "minsize" in each.attrib or any(near.tag == "mtable" for near in before + after)
        each.set("stretchy", "true" if grows else "false")


def _is_operator(element: Element) -> bool:
    text = _text(element)
    acts = element.tag == "mo" or _is_symbol(text) or FUNCTION.fullmatch(text) is not None
    return acts and text not in ENDS


def _is_symbol(text: str) -> bool:
    return len(text) == 1 and unicodedata.category(text) == "Sm"


def _text(element: Element) -> str:
    return unescape(element.text or "").translate(PROPER)


def _write(element: Element) -> str:
    tag = element.tag
    if tag in {"mi", "mn", "mo", "mtext"} and not len(element):
        return _leaf(element)
    if _text(element).strip() or (element.tail or "").strip() or "linebreak" in element.attrib:
        raise NotShown
    if tag == "menclose":
        return _tagged("mrow", {"class": ENCLOSED[element.attrib["notation"]]}, _inner(element))
    if tag == "mpadded":  # it would move or shrink what it holds
        return _tagged("mrow", {}, _inner(element))
    if tag == "mtable":
        return _table(element)
    return _group(element)


def _leaf(element: Element) -> str:
    text, variant = _text(element), element.get("mathvariant", "")
    text = BRACES.get(text, text)
    if UNREAD.search(text) or element.text == "&":
        raise NotShown
    if element.tag == "mtext":
        return _words(text, variant)
    kept = _kept(element)
    if FUNCTION.fullmatch(text):  # its name, spaced as TeX does
        return _tagged("mo", {**kept, "lspace": "0em", "rspace": "0.167em"}, escape(text))
    if UPRIGHT.fullmatch(element.text or ""):
        kept["mathvariant"] = "normal"
    tag = "mo" if _is_symbol(text) or text in SPACES else element.tag
    return _tagged(tag, {**kept, **SPACES.get(text, {})}, escape(in_alphabet(text, variant)))


def _words(text: str, variant: str) -> str:
    if "$" in text:
        raise NotShown
    return _tagged("mtext", {"class": variant} if variant in CLASSES["mtext"] else {}, escape(text))


def _group(element: Element) -> str:
    tag = element.tag
    if len(element) != PARTS.get(tag, len(element)):
        raise NotShown
    base = _text(element[0]) if tag in UNDER else ""
    if LIMITED.fullmatch(base):
        element[0].tag, tag = "mo", UNDER[tag]
        element[0].set("movablelimits", "true")
    elif tag == "msup" and _text(element[1]) in set(PRIMES):
        tag = "mrow"  # a prime is as high as it should be
    return _tagged(tag, _kept(element, tag), _inner(element))


def _table(table: Element) -> str:
    """Write a table; lines and the sides its cells keep to are classes, as Core has none."""
    rules = table.get("rowlines", "").split()
    bars = table.get("columnlines", "").split()
    rows = []
    for at, row in enumerate(table):
        cells = (_cell(cell, _is_solid(bars, column)) for column, cell in enumerate(row))
        ruled = {"class": "ruled"} if _is_solid(rules, at) else {}
        rows.append(_tagged("mtr", ruled, "".join(cells)))
    tight = {"class": "tight"} if table.get("columnspacing", "").startswith("0em") else {}
    return _tagged("mtable", {**_kept(table), **tight}, "".join(rows))


def _cell(cell: Element, barred: bool) -> str:
    side = cell.get("columnalign", "")
    classes = [*([side] if side in CLASSES["mtd"] else []), *(["barred"] if barred else [])]
    return _tagged("mtd", {"class": " ".join(classes)} if classes else {}, _inner(cell))


def _is_solid(lines: Sequence[str], at: int) -> bool:
    return at < len(lines) and lines[at] != "none"


def _kept(element: Element, tag: str = "") -> dict[str, str]:
    name = tag or element.tag
    if name not in ATTRIBUTES:
        raise NotShown
    values, given = ATTRIBUTES[name], element.attrib
    kept = {key: value for key, value in given.items() if value in values.get(key, ())}
    return kept | {key: _size(given[key]) for key in sorted(SIZES.get(name, set()) & set(given))}


def _size(value: str) -> str:
    found = SIZE.fullmatch(NAMED.get(value, value))
    size = float(found[1]) * EM[found[2]] if found else WIDEST + 1
    if not NARROWEST <= size <= WIDEST:
        raise NotShown
    return f"{size:.3g}em"


def _tagged(tag: str, attributes: Mapping[str, str], inner: str) -> str:
    given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{given}>{inner}</{tag}>"
