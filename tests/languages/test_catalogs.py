"""Every word that a page says is said in every language, with the same places for values."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.template.base import TextNode
from django.template.engine import Engine
from django.template.loader_tags import BlockNode

from tests.languages.catalogs import (
    DOMAINS,
    LANGUAGES,
    LOCALE,
    ROOT,
    SCRIPTS,
    brought_up_to_date,
    compiled,
    file_of,
    is_translated,
    kept,
    script,
)

PLACE = re.compile(r"%(?:\((\w+)\))?[sd]|\{(\w+)(?::,)?\}")
TAG = re.compile(r"</?([a-z][a-z0-9]*)")
every_catalog = pytest.mark.parametrize(
    ("language", "domain"), [(code, domain) for code in LANGUAGES for domain in DOMAINS]
)


def strings(message: Message) -> list[str]:
    found = message.string
    return list(map(str, found)) if isinstance(found, tuple | list) else [str(found)]


def ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def held(text: str) -> tuple[Counter[str], Counter[str]]:
    """Return the places for values and the elements of a text, each with how often it is there."""
    return Counter(map(str, PLACE.findall(text))), Counter(TAG.findall(text))


@every_catalog
def test_every_message_of_the_sources_is_translated(language: str, domain: str) -> None:
    lacking = [
        message.id for message in brought_up_to_date(language, domain) if not is_translated(message)
    ]

    assert lacking == []


@every_catalog
def test_kept_catalogue_is_that_of_the_sources(language: str, domain: str) -> None:
    sources = {(message.id, message.context) for message in brought_up_to_date(language, domain)}

    assert {(message.id, message.context) for message in kept(language, domain)} == sources


@every_catalog
def test_translations_keep_every_place_and_every_element(language: str, domain: str) -> None:
    wrong = [
        (message.id, text)
        for message in kept(language, domain)
        if message.id
        for text in strings(message)
        if held(text) not in map(held, ids(message))
    ]

    assert wrong == []


@every_catalog
def test_compiled_catalogue_is_that_of_the_words(language: str, domain: str) -> None:
    assert file_of(language, domain, ".mo").read_bytes() == compiled(kept(language, domain))


@pytest.mark.parametrize("language", LANGUAGES)
def test_script_with_the_words_is_that_of_the_catalogue(language: str) -> None:
    assert (SCRIPTS / f"{language}.js").read_bytes() == script(language)


def test_catalogues_are_those_of_the_languages_offered() -> None:
    assert sorted(path.name for path in LOCALE.iterdir() if path.is_dir()) == sorted(LANGUAGES)


# What a template may say in no language: names, keys, signs.
NO_WORDS = {"annotate", "Annotate", "API", "JSON", "UTC", "Esc", "Tab", "Enter"}
# The API, for programmers.
ENGLISH_ONLY = {"reference.html", "reference_body.html", "operation.html", "fields_table.html"}
VISIBLE = ("aria-label", "title", "alt", "placeholder")
TEMPLATES = sorted(
    path
    for source in ("annotate", "labeling", "exports")
    for path in (ROOT / source).rglob("templates/**/*.html")
    if path.name not in ENGLISH_ONLY
)


def said(path: Path) -> str:
    """Return what a template says by itself, its tags and variables taken out."""
    name = path.as_posix().split("/templates/", 1)[1]
    nodes = Engine.get_default().get_template(name).nodelist
    classes = {
        id(text)
        for block in nodes.get_nodes_by_type(BlockNode)
        if isinstance(block, BlockNode) and block.name.endswith("_class")
        for text in block.get_nodes_by_type(TextNode)
    }
    texts = [node for node in nodes.get_nodes_by_type(TextNode) if id(node) not in classes]
    return "\x00".join(node.s for node in texts if isinstance(node, TextNode))


def words_in(text: str) -> set[str]:
    """Return the words that people read or hear in a piece of HTML."""
    text = re.sub(r"<(script|style|svg|code|kbd)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r'<(\w+)\b[^>]*translate="no".*?</\1>', " ", text, flags=re.DOTALL)
    heard = re.findall(rf'(?:{"|".join(VISIBLE)})="([^"]*)"', text)
    shown = re.sub(r"<[^>]*>?", " ", text)
    return set(re.findall(r"[A-Za-z]{3,}", " ".join([shown, *heard]))) - NO_WORDS


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_says_nothing_that_no_catalogue_holds(path: Path) -> None:
    assert words_in(said(path)) == set()
