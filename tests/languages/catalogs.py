"""The catalogues of the interface's words: what the sources say, what each language says for it."""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation.template import templatize
from django.views.i18n import JavaScriptCatalog

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "annotate" / "locale"
SCRIPTS = ROOT / "annotate" / "static" / "annotate" / "words"
SOURCES = ("annotate", "labeling", "exports")
LANGUAGES = {code: name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
COMMENT = "Translators:"
HEADER = "# The words of Annotate's interface in {language}."
# Django's catalogue names itself on what ``this`` is, which a module lacks.
MODULE_HEAD = ("const page = {};", "(function () {")
MODULE_FOOT = ("}).call(page);", "export const { gettext, ngettext } = page.django;")
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)  # the history of the repository has the dates


def extract_template(
    file: BytesIO, keywords: Any, comment_tags: Any, options: Any
) -> Generator[Any, None, None]:
    """Yield the messages of a Django template, which Django first turns into Python-like text."""
    code = templatize(file.read().decode())
    # A line's indentation means nothing in a template, and all in Python.
    flat = "\n".join(line.lstrip() for line in code.split("\n"))
    yield from extract_python(BytesIO(flat.encode()), keywords, comment_tags, options)


METHODS: dict[str, dict[str, Any]] = {
    "django": {".py": "python", ".html": extract_template, ".txt": extract_template},
    "djangojs": {".js": "javascript"},
}
DOMAINS = tuple(METHODS)


def in_sources(domain: str) -> Catalog:
    """Return the catalogue of what the sources say to people, in English."""
    catalog = Catalog(project="Annotate", fuzzy=False)
    for path, method in _files(domain):
        with path.open("rb") as file:
            found = extract(method, file, keywords=KEYWORDS, comment_tags=(COMMENT,))
            for line, message, comments, context in found:
                place = (path.relative_to(ROOT).as_posix(), line)
                catalog.add(message, None, [place], auto_comments=comments, context=context)
    return catalog


def _files(domain: str) -> Iterator[tuple[Path, Any]]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            method = METHODS[domain].get(path.suffix)
            is_template = "templates" in path.parts
            is_ours = not {"vendored", "migrations", "words"} & set(path.parts)
            if method and is_ours and (is_template or path.suffix != ".txt"):
                yield path, method


def file_of(language: str, domain: str, suffix: str = ".po") -> Path:
    """Return where a catalogue lies; ``.mo`` is the compiled form that Django reads."""
    return LOCALE / language / "LC_MESSAGES" / f"{domain}{suffix}"


def kept(language: str, domain: str) -> Catalog:
    """Return the catalogue that the repository keeps, empty when there is none yet."""
    path = file_of(language, domain)
    catalog = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.project, catalog.version, catalog.fuzzy = "Annotate", "1", False
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    catalog.creation_date = catalog.revision_date = UNDATED
    catalog.header_comment = HEADER.format(language=LANGUAGES[language])
    return catalog


def brought_up_to_date(language: str, domain: str) -> Catalog:
    """Return the kept catalogue with all that the sources say now, and nothing else."""
    catalog = kept(language, domain)
    catalog.update(in_sources(domain), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = UNDATED
    return catalog


def is_translated(message: Message) -> bool:
    """Tell whether a message, or the header, has all that its language needs."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return not message.id or all(strings)


def as_text(catalog: Catalog) -> bytes:
    """Return a catalogue as its file has it; without line numbers, which change all the time."""
    text = BytesIO()
    write_po(text, catalog, width=100, include_lineno=False, sort_by_file=True)
    return text.getvalue()


def script(language: str) -> bytes:
    """Return what scripts say in a language: Django's catalogue for browsers, made a module."""
    with translation.override(language):
        catalog = JavaScriptCatalog.as_view(domain="djangojs", packages=["annotate"])
        answer = catalog(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    lines = [line.rstrip() for line in answer.content.decode().strip().split("\n")]
    return "\n".join([*MODULE_HEAD, *lines, *MODULE_FOOT, ""]).encode()


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as Django reads it."""
    form = BytesIO()
    write_mo(form, catalog)
    return form.getvalue()
