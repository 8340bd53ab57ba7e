"""Formulas as models write them are shown as mathematics; nothing of them is hidden or moved."""

from html import unescape
from pathlib import Path
from re import sub

import pytest

from labeling.ranking.mathml import mathml_of

USUAL = Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").splitlines()


def inner(source: str, *, block: bool = False) -> str:
    """Return what is inside of the outermost row."""
    return sub(r"^<math[^>]*><mrow>|</mrow></math>$", "", mathml_of(source, block=block))


def words(source: str) -> str:
    """Return the characters that are shown, without the elements around them."""
    return unescape(sub(r"<[^>]*>", "", mathml_of(source, block=True)))


def test_usual_formulas_are_shown_as_mathematics():
    assert len(USUAL) > 200
    assert [source for source in USUAL if not mathml_of(source, block=True)] == []


def test_formula_on_lines_of_its_own_says_so():
    assert mathml_of("x", block=True).startswith('<math dir="ltr" display="block">')


@pytest.mark.parametrize(
    ("source", "mathml"),
    [
        (r"\frac{1}{2}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>"),
        ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\sqrt{x}", "<msqrt><mrow><mi>x</mi></mrow></msqrt>"),
        (r"\mathbf{x}", "<mi>𝐱</mi>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\mathrm{H}", '<mi mathvariant="normal">H</mi>'),
        (r"\textbf{so}", '<mtext class="bold">so</mtext>'),
        (r"\boxed{1}", '<mrow class="boxed"><mrow><mn>1</mn></mrow></mrow>'),
        (r"\cancel{x}", '<mrow class="struck"><mrow><mi>x</mi></mrow></mrow>'),
        ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"a \sim b", "<mi>a</mi><mo>∼</mo><mi>b</mi>"),
    ],
)
def test_formula_is_written_as_mathml(source: str, mathml: str):
    assert inner(source) == mathml


@pytest.mark.parametrize("command", [r"\lim", r"\max", r"\sum", r"\bigoplus"])
def test_limits_stand_under_what_has_some(command: str):
    assert inner(rf"{command}_x").startswith("<munder><mo")


def test_prime_is_not_raised_twice():
    assert inner("f'") == '<mrow><mi>f</mi><mo lspace="0em" rspace="0em">′</mo></mrow>'


@pytest.mark.parametrize("source", ["-x", "(-x)", "a=-x", "a,-x", r"\sin -x"])
def test_sign_stands_close_to_what_it_belongs_to(source: str):
    assert '<mo form="prefix">−</mo>' in inner(source)


@pytest.mark.parametrize("source", ["a-x", "(a)-x", "|a|-x", r"\dots-x"])
def test_minus_between_two_terms_is_an_operation(source: str):
    assert "<mo>−</mo>" in inner(source)


def test_bars_grow_with_a_table_only():
    assert inner("|x|").count('stretchy="false"') == 2
    assert inner(r"\begin{vmatrix}1\\2\end{vmatrix}").count('stretchy="true"') == 2


def test_table_keeps_its_lines_and_sides():
    table = inner(r"\begin{array}{l|r} 1 & 2 \\ \hline 3 & 4 \end{array}")

    assert table.count('<mtr class="ruled">') == 1
    assert table.count('<mtd class="left barred">') == 2
    assert table.count('<mtd class="right">') == 2


@pytest.mark.parametrize("name", ["aligned", "align", "align*", "split"])
def test_lines_are_aligned(name: str):
    table = inner(rf"\begin{{{name}}} a &= b \\ c &= d \end{{{name}}}")

    assert (table.count("<mtr>"), table.count('class="right"')) == (2, 2)


def test_lines_outside_of_an_environment_stand_under_each_other():
    assert inner(r"a = 5 \\ b = 6").count("<mtr>") == 2


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\color{white}{x}y", "xy"),
        (r"\textcolor{red}{x}", "x"),
        (r"\llap{x}y", "xy"),
        (r"\smash{x}", "x"),
        (r"\tiny x", "x"),
    ],
)
def test_nothing_is_repainted_moved_or_made_small(source: str, shown: str):
    written = mathml_of(source, block=True)

    assert words(source) == shown
    assert not any(word in written for word in ("color", "mpadded", "mathsize", "width"))


@pytest.mark.parametrize(
    "source",
    [
        r"\nosuch{x}",
        r"\phantom{x}",
        r"x\hspace{-9em}y",
        r"x\hspace{99em}y",
        r"\rule{1em}{1em}",
        r"\href{https://example.org}{x}",
        r"\class{btn}{x}",
        r"\style{color:red}{x}",
        r"\def\a{b}\a",
        r"\newcommand{\a}{b}\a",
        r"\begin{nosuch}x\end{nosuch}",
        r"\begin{matrix}x",
        r"\frac{1}",
        r"\left( x",
        "a & b",
        "x\u200by",
        "\u202ex",
        r"\text{so $x$}",
        "{" * 3_000,
        "x" * 4_001,
        "",
    ],
)
def test_what_would_not_be_shown_faithfully_is_not_converted(source: str):
    assert mathml_of(source, block=True) == ""


@pytest.mark.parametrize("source", [r"\text{<b>&amp;</b>}", "<b>", r"\operatorname{<i>}"])
def test_what_looks_like_html_is_escaped(source: str):
    assert "<b>" not in mathml_of(source, block=True)
    assert "<i>" not in mathml_of(source, block=True)
