"""The import format's page names every code that an import can answer with."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(
    r'(?:Problem\(\s*(?:f?"[^"]*"|[\w.]+|f"[^"]*"),\s*|FileRefused\(\s*|BadJson\(\s*)"(\w+)"'
)


def test_every_code_of_an_import_is_documented() -> None:
    files = (ROOT / "labeling" / "prompts").rglob("*.py")
    codes = {code for path in files for code in CODE.findall(path.read_text("utf-8"))}
    documented = set(re.findall(r"`(\w+)`", (ROOT / "docs/import-format.md").read_text("utf-8")))

    assert len(codes) > 25
    assert codes - documented == set()
