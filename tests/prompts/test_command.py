"""`manage.py import_prompts`: the same import from a shell."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from labeling.prompts.models import Prompt, PromptSet
from tests.factories import Cast
from tests.prompts.bringing import asked, jsonl

pytestmark = pytest.mark.django_db


def run(cast: Cast, path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_prompts", str(cast.campaign.pk), str(path), *options, stdout=out)
    return out.getvalue()


def written(folder: Path, data: bytes) -> Path:
    path = folder / "mine.jsonl"
    path.write_bytes(data)
    return path


def test_command_imports_and_prints_problems(cast: Cast, tmp_path: Path) -> None:
    said = run(cast, written(tmp_path, jsonl(asked(), {"prompt": ""})))

    assert "row 2: prompt: The text is empty or only white space. Write something. [blank]" in said
    assert "1 stored, 0 duplicates, 1 refused" in said
    assert Prompt.objects.count() == 1


def test_command_run_twice_says_that_the_file_is_known(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, jsonl(asked()))
    run(cast, path)

    assert "has this file already" in run(cast, path)
    assert (PromptSet.objects.count(), Prompt.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty"),
        (jsonl({"prompt": ""}), "Every row was refused"),
    ],
)
def test_command_fails_when_nothing_goes_in(
    cast: Cast, tmp_path: Path, data: bytes, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(cast, written(tmp_path, data))

    assert Prompt.objects.count() == 0


def test_command_names_who_imports(cast: Cast, tmp_path: Path) -> None:
    run(cast, written(tmp_path, jsonl(asked())), "--as-user", cast.operator.email)

    assert PromptSet.objects.get().created_by == cast.operator


@pytest.mark.parametrize(
    ("options", "message"),
    [(("--as-user", "nobody@annotate.localhost"), "Nobody has"), (("--format", "xlsx"), "xlsx")],
)
def test_command_refuses_unknown_people_and_formats(
    cast: Cast, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(cast, written(tmp_path, jsonl(asked())), *options)

    assert PromptSet.objects.count() == 0


def test_command_refuses_a_missing_file_and_campaign(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        run(cast, tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="There is no campaign 0"):
        call_command("import_prompts", "0", str(tmp_path))
