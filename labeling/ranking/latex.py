"""Read a formula: LaTeX source to a tree of MathML elements, by the converter and what it lacks."""

import re
from html import escape
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter

from labeling.ranking.invisible import marked

LONGEST = 4_000
# Macros can grow without end; the rest would hide text, draw, or reach outside the formula.
REFUSED = re.compile(
    r"\\(?:def|let|\w*command|\w*phantom|rule|class|style|href|html\w*|include\w*|color\w*box)\b"
)
# The environments that are shown, each by the name under which the converter knows it.
ENVIRONMENTS = {
    **{same: same for same in ("array", "cases", "align*", "equation", "equation*")},
    **{same: same for same in ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix")},
    **dict.fromkeys(("align", "aligned", "split", "eqnarray", "eqnarray*"), "align*"),
    **dict.fromkeys(("gather", "gather*", "gathered", "multline", "multline*"), "matrix"),
    "dcases": "cases",
    "smallmatrix": "smallmatrix",
}
ENVIRONMENT = re.compile(r"\\(begin|end){([^}]*)}")
NAME = re.compile(r"\\operatorname(\*?){([^{}]*)}")
SPACE = re.compile(r"\\[,;:! ]|[~\s]")
REWRITTEN = (
    (re.compile(r"\\not\s*="), r"\\ne "),
    (re.compile(r"\\tag(?=\*?{)"), r"\\qquad\\tag"),
    (re.compile(r"\\bmod\b"), r"\\;\\mathrm{mod}\\;"),
)


class NotShown(Exception):
    """The formula holds what cannot be shown as it is meant."""


def tree_of(source: str, *, block: bool) -> Element:
    """Return the formula as ``math`` with its elements; their texts may hold references (&#x3D;).

    Raises NotShown for what is not read, and whatever the converter raises for bad source.
    """
    if len(source) > LONGEST or REFUSED.search(source) or marked(source) != escape(source):
        raise NotShown
    known = NAME.sub(lambda at: rf"\operatorname{at[1]}{{{SPACE.sub('', at[2])}}}", source)
    for found, written in REWRITTEN:
        known = found.sub(written, known)
    return Converter(display="block" if block else "inline").convert_to_element(
        ENVIRONMENT.sub(_known, known)
    )


def _known(at: re.Match[str]) -> str:
    if at[2] not in ENVIRONMENTS:
        raise NotShown
    return rf"\{at[1]}{{{ENVIRONMENTS[at[2]]}}}"
