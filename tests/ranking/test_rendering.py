"""Markdown becomes safe, readable HTML, whatever was written."""

import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from labeling.ranking.rendering import LIMIT, PART, plain, render

OURS = {
    *("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "hr", "br", "a", "em", "strong", "s"),
}


class Reader(HTMLParser):
    """Collect what a browser would see: elements with attributes, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_render_keeps_emphasis_and_line_breaks():
    assert render("**a** ~~b~~\nc") == ('<p dir="auto"><strong>a</strong> <s>b</s><br>\nc</p>\n')


def test_render_shows_html_as_text():
    assert render("<b>x</b>") == '<p dir="auto">&lt;b&gt;x&lt;/b&gt;</p>\n'


@pytest.mark.parametrize(("level", "tag"), [(1, "h3"), (2, "h4"), (4, "h6"), (6, "h6")])
def test_render_lowers_headings_under_the_pages_own(level: int, tag: str):
    assert render(f"{'#' * level} x") == f'<{tag} dir="auto">x</{tag}>\n'


def test_render_spells_out_where_a_link_goes():
    assert render("[bank](https://evil.example/a)") == (
        '<p dir="auto"><a href="https://evil.example/a" target="_blank" '
        'rel="noopener noreferrer nofollow">bank</a> '
        '<span class="address" dir="ltr">(https://evil.example/a)</span></p>\n'
    )


def test_render_shows_a_look_alike_host_in_its_real_letters():
    assert "(https://xn--pypal-4ve.com)" in render("[PayPal](https://pаypal.com)")


@pytest.mark.parametrize("target", ["/operators/", "//x.example", "?a=1", "javascript:x", "ftp:x"])
def test_render_leaves_other_targets_as_they_were_written(target: str):
    assert render(f"[x]({target})") == f'<p dir="auto">[x]({target})</p>\n'


def test_render_never_makes_an_image():
    html = render("![a](https://evil.example/a.png) ![b][r]\n\n[r]: https://evil.example/b.png")
    assert {tag for tag, _ in Reader(html).elements} == {"p", "a", "span"}


def test_render_wraps_a_table_in_a_region_that_scrolls():
    elements = Reader(render("|a|b|\n|-|-:|\n|1|2|")).elements
    assert elements[0] == (
        "div",
        {"class": "tbl", "tabindex": "0", "role": "region", "aria-label": "Table in the text"},
    )
    assert elements[-1] == ("td", {"class": "end", "dir": "auto"})


def test_render_colours_code_in_three_classes():
    assert render('```py\nif x: # c\n    y = "s"\n```') == (
        '<pre tabindex="0" role="region" aria-label="Code, Python" dir="ltr"><code>'
        '<span class="k">if</span> x: <span class="c"># c</span>\n'
        '    y = <span class="s">"s"</span></code></pre>'
    )


@pytest.mark.parametrize("info", ["", "nosuch", '"onclick=1', "\ud800", "py" * 999])
def test_render_leaves_code_of_other_languages_plain(info: str):
    assert render(f"```{info}\nif <x>\n```") == (
        '<pre tabindex="0" role="region" aria-label="Code" dir="ltr">'
        "<code>if &lt;x&gt;</code></pre>"
    )


@pytest.mark.parametrize("text", ["$a$", "$a$ 1", r"so \(a\)", r"\( a \)", r"1\(a\)"])
def test_render_shows_a_formula_in_its_line(text: str):
    assert '<math dir="ltr"><mrow><mi>a</mi></mrow></math>' in render(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("$$a$$", "div"),
        ("$$\na\n$$", "div"),
        ("\\[\na\n\\]", "span"),
        ("$$a$$ 1", "span"),
        ("so $$ a $$", "span"),
    ],
)
def test_render_shows_a_formula_on_its_own_lines(text: str, tag: str):
    assert (
        f'<{tag} class="dm" tabindex="0" role="region" aria-label="Formula">'
        '<math dir="ltr" display="block"><mrow><mi>a</mi></mrow></math>'
        f"</{tag}>"
    ) in render(text)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (r"$\nosuch{a}<b$", r"\nosuch{a}&lt;b"),
        (r"so \(\nosuch a_1*b_1*\)", r"\nosuch a_1*b_1*"),
        ("$$\n\\nosuch\n$$", r"\nosuch"),
    ],
)
def test_render_shows_the_source_of_what_is_no_formula(text: str, source: str):
    assert f'<code class="tex" dir="ltr">{source}</code>' in render(text)


@pytest.mark.parametrize("text", [r"\( open", r"\[ \]", r"\(\)"])
def test_render_leaves_brackets_without_a_formula_alone(text: str):
    assert "tex" not in render(text)


@pytest.mark.parametrize(
    "text", ["from $5 to $10", "5$ or 6$", "$ 5 or $ 6", "a$b", "$$", "$", "$ $"]
)
def test_render_leaves_prices_alone(text: str):
    assert render(text) == f'<p dir="auto">{text}</p>\n'


def test_render_follows_the_direction_of_the_script():
    html = render("> مرحبا\n\n- שלום\n\n1. hello")
    directions = [(tag, attrs["dir"]) for tag, attrs in Reader(html).elements if "dir" in attrs]
    assert directions == [
        *(("blockquote", "rtl"), ("p", "auto"), ("ul", "rtl"), ("li", "rtl")),
        *(("ol", "auto"), ("li", "auto")),
    ]


HIDDEN = [
    *"\x00\x01\x08\x0b\x1b\x7f\x9b\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u202a\u202b",
    *"\u202c\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\u206f\u3164\ufeff\ufff9\ufffb\ud800",
    *"\U000e0001\U000e0041\U000e007f\U000e0100",
]


@pytest.mark.parametrize("character", HIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_plain_names_each_hidden_character(character: str):
    label = f'<span class="unseen" dir="ltr">U+{ord(character):04X}</span>'
    assert plain(f"a{character}b") == f'<p class="plain" dir="auto">a{label}b</p>'


@pytest.mark.parametrize(
    "template", ["a{}b", "`a{}b`", "```py\n'a{}b'\n```", "$a{}b$", "|a{}b|\n|-|"]
)
def test_render_names_hidden_characters_everywhere(template: str):
    html = render(template.format("\u202e"))
    assert 'a<span class="unseen" dir="ltr">U+202E</span>b' in html
    assert "\u202e" not in html


def test_render_names_hidden_characters_written_as_entities():
    assert "U+202E" in render("a &#x202E; b")


@pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "👩‍👩‍👧", "❤️‍🔥"])
def test_render_keeps_the_joiners_that_scripts_and_emoji_need(text: str):
    assert render(text) == f'<p dir="auto">{text}</p>\n'


def test_render_cuts_piles_of_accents():
    kept = "Z" + "\u0301" * 4
    assert render("Z" + "\u0301" * 100) == (
        f'<p dir="auto">{kept}<span class="unseen" dir="ltr">+96 marks</span></p>\n'
    )


def test_render_leaves_a_very_long_text_plain():
    assert render("# a\n\nb\nc" + " " * LIMIT).startswith(
        '<div class="part"><p class="plain" dir="auto"># a</p><p class="plain" dir="auto">b<br>c'
    )


BLOCKS: dict[Callable[[str], str], list[str]] = {
    render: [f"## Part {n}\n\n- one\n- two\n\n  three\n\n|a|\n|-|\n|b|" for n in range(250)],
    plain: [f"Line {n},\nand another." for n in range(1_000)],
}


@pytest.mark.parametrize("way", BLOCKS)
def test_a_long_text_comes_in_parts_that_hold_whole_blocks_and_lose_none(way: Callable[[str], str]):
    html = way("\n\n".join(BLOCKS[way]))
    seen = [Reader(way(block)) for block in BLOCKS[way]]

    assert Reader(html).words == "".join(each.words for each in seen)
    elements = [each for each in Reader(html).elements if each != ("div", {"class": "part"})]
    assert elements == [found for each in seen for found in each.elements]
    parts = html.split('<div class="part">')[1:]
    assert len(parts) > 5
    assert max(map(len, parts)) < 2 * PART


def test_a_text_of_usual_length_is_not_parted():
    assert 'class="part"' not in render("A paragraph.\n\n" * 300)


COSTLY = {
    "brackets": "[" * 50_000,
    "images": "![[" * 20_000,
    "brackets under the limit": "[" * 6_000,
    "links": "[a](" * 5_900,
    "emphasis": "*a **a " * 1_900,
    "quotes": "> - " * 5_900,
    "lists": "- a\n" * 3_900,
    "deep list": "\n".join("  " * depth + "- a" for depth in range(240)),
    "backticks": "".join("`" * width + "a" for width in range(1, 100)),
    "wide table": "|x" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "a\n" * 3_000,
    "long table": "|x" * 20 + "\n" + "|-" * 20 + "\n" + "a\n" * 29_000,
    "filled table": "|x" * 15 + "\n" + "|-" * 15 + "\n" + ("|a" * 15 + "\n") * 370,
    "formula brackets": "\\(" * 5_900,
    "dollars": "$a" * 5_900,
    "fences": "```py\n'\n```\n" * 1_300,
    "one line of code": "```ts\n" + "a." * 25_000 + "\n```",
    "escapes": "```js\n" + '"\\' * 5_900 + "\n```",
    "hidden characters": "\u200b\u200c" * 30_000,
    "accents": "a" + "\u0301" * 60_000,
    "spaces": " " * 60_000 + "a",
}


def cost_of(text: str) -> float:
    """Return the processor seconds of rendering a text, the better of two tries."""
    tries = []
    for _ in range(2):
        start = time.process_time()
        render(text)
        tries.append(time.process_time() - start)
    return min(tries)


@pytest.mark.parametrize("name", COSTLY)
def test_render_of_twisted_text_costs_little_more_than_of_ordinary_text(name: str):
    assert cost_of(COSTLY[name]) < 8 * cost_of(COSTLY["lists"])


def test_render_gives_only_elements_of_ours():
    text = "# a\n\n- b\n\n1. c\n\n> d\n\n---\n\n`e` *f* **g** ~~h~~ <https://i.example>\n\n|j|\n|-|\n|k|"
    assert {tag for tag, _ in Reader(render(text)).elements} <= OURS
