"""Text of models and people is shown, never run: by the renderer alone, without the CSP."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from labeling.ranking.mathml_core import ATTRIBUTES, CLASSES, SIZES
from labeling.ranking.rendering import CLEANER, plain, render

CORPUS = json.loads(Path(__file__).with_name("hostile_texts.json").read_text())
ALLOWED = {
    "a": {"href", "target", "rel"},
    "ol": {"dir", "start"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "pre": {"dir", "tabindex", "role", "aria-label"},
    "span": {"class", "dir", "tabindex", "role", "aria-label"},
    **{tag: {"class", "dir"} for tag in ("code", "p", "th", "td")},
    **{tag: {"dir"} for tag in ("h3", "h4", "h5", "h6", "ul", "li", "blockquote")},
    **{tag: set() for tag in ("table", "thead", "tbody", "tr", "hr", "br", "em", "strong", "s")},
    **{tag: {*kept, *SIZES.get(tag, ()), "class"} for tag, kept in ATTRIBUTES.items()},
}
OURS = {"c", "k", "s", "unseen", "address", "tex", "tbl", "dm", "plain", "end", "mid"}
OURS |= set().union(*CLASSES.values())


class Inspector(HTMLParser):
    """Note everything that is not on the list."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.found.append(f"{tag} {name}")
            if name == "href" and not str(value).startswith(("https://", "http://", "mailto:")):
                self.found.append(f"href {value}")
            if name == "class" and not OURS.issuperset(str(value).split()):
                self.found.append(f"class {value}")
        if tag not in ALLOWED:
            self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"declaration {data}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"instruction {data}")


def test_corpus_is_large_enough_and_named():
    assert len(CORPUS) >= 60
    assert len({entry["name"] for entry in CORPUS}) == len(CORPUS)


def test_inspector_finds_what_must_not_be_there():
    hostile = '<p onclick="x" class="btn"><a href="javascript:x">a</a><img><!-- b --></p>'
    assert Inspector(hostile).found == [
        *("p onclick", "class btn", "href javascript:x", "img", "comment  b ")
    ]


@pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry["name"])
@pytest.mark.parametrize("show", [render, plain])
def test_hostile_text_becomes_listed_elements_only(show, entry):
    assert Inspector(show(entry["text"])).found == []


@pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry["name"])
def test_hostile_text_stays_harmless_when_parsed_and_written_again(entry):
    once = render(entry["text"])
    assert CLEANER.clean(once) == once
