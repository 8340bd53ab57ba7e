"""What only a training script can do wrong, and what rows and recipes do about it."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from tests.exports.traps.stage import THOUGHT
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
RECIPES = Path(__file__).resolve().parents[3] / "docs" / "recipes"


CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
EMPTY_THOUGHT = "<think>\n\n</think>\n\n"


class Stand:
    """Stands for a tokenizer whose template ends a prompt, not a conversation, with some text."""

    def __init__(self, end: str) -> None:
        self._end = f"<|assistant|>{end}"

    def apply_chat_template(
        self, turns: list[dict[str, str]], *, tokenize: bool, add_generation_prompt: bool = False
    ) -> str:
        said = "".join(f"<|{turn['role']}|>{turn['content']}" for turn in turns)
        return said + (self._end if add_generation_prompt else "")


def calls_in(recipe: str) -> dict[str, dict[str, str]]:
    """Return the calls of a recipe by name, each with its arguments by theirs, as they stand."""
    tree = ast.parse((RECIPES / recipe).read_text("utf-8"))
    return {
        ast.unparse(node.func): {
            argument.arg: ast.unparse(argument.value) for argument in node.keywords if argument.arg
        }
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


@trap(87)
def test_the_recipe_of_kto_compares_more_than_one_row():
    """KTO compares the rows of a batch with one another, and one alone is refused."""
    args = calls_in("kto.py")["KTOConfig"]

    assert int(args["per_device_train_batch_size"]) > 1


@trap(88)
@pytest.mark.parametrize(
    ("recipe", "trainer"), [("dpo.py", "DPOTrainer"), ("kto.py", "KTOTrainer")]
)
def test_recipes_name_the_folder_of_the_model(recipe, trainer):
    """Of a model in memory DPO and KTO look for the reference where it has never been."""
    calls = calls_in(recipe)

    assert calls[trainer]["model"] == "base"
    assert "base" in (RECIPES / recipe).read_text("utf-8").split("= sys.argv")[0]
    assert not [name for name in calls if name.startswith("AutoModel")]


@trap(89)
def test_rows_say_where_the_answer_begins(rich):
    """A template that writes a thought before each answer moves the place where DPO cuts.

    That is between the template and the trainer; the rows give prompt and answer apart, and the
    answer whole, with the thought that the model wrote. The recipes tell such a template.
    """
    names: dict[str, Any] = {}
    exec("".join(CODE.findall((RECIPES / "README.md").read_text("utf-8"))), names)
    told = [names["is_told_apart"](Stand(end), rich.row("thought")) for end in ("", EMPTY_THOUGHT)]
    assert told == [True, False]
    for config in ("trl", "openrlhf"):
        (row,) = [row for row in rich.rows(config) if row["prompt"] == THOUGHT.messages]
        assert row["prompt"][-1]["role"] == "user"
        assert row["chosen"] == [{"role": "assistant", "content": THOUGHT.responses[0]}]
    (single,) = [
        row
        for row in rich.rows("kto")
        if row["prompt"] == THOUGHT.messages and row["label"] is True
    ]
    assert single["completion"][0]["content"].startswith("<think>\n")
