"""What a user can set, call or run is written down."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.utils.module_loading import import_string
from drf_spectacular.generators import SchemaGenerator

from annotate.api import CODES
from labeling.errors import DomainError

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
OURS = ("accounts", "campaigns", "prompts", "generation", "assignment", "ranking", "training",
        "quality", "exports")  # fmt: skip
READ = re.compile(r"""(?:env\.\w+\(|whole_number\(|env\.get\()\s*"([A-Z_]+)\"""")


def text(name: str) -> str:
    return (DOCS / name).read_text()


def settings_read() -> set[str]:
    """Return every name that the product reads from the environment."""
    sources = [ROOT / "annotate" / name for name in ("settings.py", "launch.py")]
    return {name for source in sources for name in READ.findall(source.read_text())}


def test_docs_name_every_setting() -> None:
    found = settings_read()

    assert len(found) > 20
    assert [name for name in sorted(found) if f"`{name}`" not in text("settings.md")] == []


def test_docs_name_no_setting_that_is_not_read() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", text("settings.md"), re.MULTILINE))

    assert sorted(named - settings_read()) == []


def test_docs_name_every_command_of_ours() -> None:
    own = {name for name, app in get_commands().items() if app.startswith(("annotate", "labeling"))}

    assert {"load_demo", "import_prompts"} <= own
    assert [name for name in sorted(own) if f"`{name}" not in text("commands.md")] == []


def test_docs_name_every_endpoint() -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    calls = [(method.upper(), path) for path, methods in paths.items() for method in methods]

    assert len(calls) > 20
    missing = [call for call in calls if f"| {call[0]} | `{call[1]}` |" not in text("api.md")]
    assert missing == []


def test_docs_name_every_code_of_a_refusal() -> None:
    import_module("annotate.urls")  # loads every stage
    for name in settings.MIDDLEWARE:
        import_string(name)
    waiting, codes = [DomainError], set(CODES.values())
    while waiting:
        kinds = waiting.pop().__subclasses__()
        waiting += kinds
        codes |= {
            kind.code
            for kind in kinds
            if kind.__module__.startswith(("annotate.", "exports.", "labeling."))
        }

    assert {"body_too_large", "export_file_gone", "invalid"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in text("api.md")] == []


def test_docs_name_every_table() -> None:
    tables = [model.__name__ for app in OURS for model in apps.get_app_config(app).get_models()]

    assert len(tables) > 20
    assert [name for name in tables if f"| `{name}` |" not in text("data-model.md")] == []


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")) + sorted(DOCS.rglob("*.md")))
def test_docs_link_to_what_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []
