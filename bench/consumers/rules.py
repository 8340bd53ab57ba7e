"""What must hold of every row of each configuration, in words and as a check."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Rules = dict[str, Callable[[Row], bool]]
Turns = list[dict[str, str]]
SPLITS = ("train", "validation", "test")


def is_prompt(turns: Turns) -> bool:
    """Tell whether turns are an optional system turn, then user and assistant up to a user."""
    roles = [turn["role"] for turn in turns]
    roles = roles[1:] if roles[:1] == ["system"] else roles
    wanted = ["user", "assistant"] * (len(roles) // 2) + ["user"]
    return roles == wanted and all(turn["content"].strip() for turn in turns)


def is_answer(turns: Turns) -> bool:
    """Tell whether turns are exactly one assistant turn that says something."""
    return [turn["role"] for turn in turns] == ["assistant"] and bool(turns[0]["content"].strip())


def is_whole(turns: Turns) -> bool:
    """Tell whether turns are a prompt and an answer."""
    return is_prompt(turns[:-1]) and is_answer(turns[-1:])


def share_prompt(row: Row) -> bool:
    """Tell whether two whole conversations differ in their answers alone."""
    same = row["chosen"][:-1] == row["rejected"][:-1]
    return same and is_whole(row["chosen"]) and is_whole(row["rejected"])


def is_order(ranks: list[int], size: int) -> bool:
    """Tell whether ranks are one for each of so many, from 1."""
    return len(ranks) == size and min(ranks) == 1 and max(ranks) <= size


PROMPT: Rules = {"the prompt ends with a user's turn": lambda row: is_prompt(row["prompt"])}
SIDES: Rules = {
    "each side is one answer": lambda row: is_answer(row["chosen"]) and is_answer(row["rejected"]),
    "the sides differ": lambda row: row["chosen"] != row["rejected"],
}
MARGIN: Rules = {"a small margin is from 0 to 1": lambda row: 0 <= row["margin"] <= 1}
TURNS: Rules = {
    "the messages end with a user's turn": lambda row: is_prompt(row["messages"]),
    "each side is a turn": lambda row: is_answer([row["chosen"]]) and is_answer([row["rejected"]]),
    "the sides differ": lambda row: row["chosen"] != row["rejected"],
}
TEXTS: Rules = {
    "the prompt asks for an answer": lambda row: row["prompt"].endswith("\n\nAssistant:"),
    "each side begins with a space": lambda row: row["chosen"][0] == row["rejected"][0] == " ",
    "the sides differ": lambda row: row["chosen"] != row["rejected"],
}
WHOLE: Rules = {"the sides are one prompt and two answers": share_prompt}
SPLIT: Rules = {"the split is one of three": lambda row: row["split"] in SPLITS}

RULES: dict[str, Rules] = {
    "trl": PROMPT | SIDES | MARGIN | SPLIT | {
        "it rests on judgments": lambda row: len(row["judgment_ids"]) == row["n_votes"],
        "shares are from 0 to 1": lambda row: 0 < row["agreement"] <= 1 and row["weight"] <= 1,
        "it is more sure than not": lambda row: 0.5 < row["probability"] < 1,
        "it is judged or edited": lambda row: row["origin"] in ("judged", "edited"),
    },
    "trl_implicit": WHOLE | MARGIN,
    "standard": TEXTS | MARGIN,
    "llamafactory": TURNS,
    "nemo_rl": {
        "the context ends with a user's turn": lambda row: is_prompt(row["context"]),
        "there are two, the better first": lambda row: [
            one["rank"] for one in row["completions"]
        ] == [0, 1],
        "each is one answer": lambda row: all(
            is_answer(one["completion"]) for one in row["completions"]
        ),
    },
    "openrlhf": PROMPT | SIDES | MARGIN,
    "axolotl": TURNS,
    "verl": TEXTS,
    "rewardbench": WHOLE | {
        "there is no system turn": lambda row: row["chosen"][0]["role"] == "user",
    },
    "helpsteer3": SPLIT | {
        "the context ends with a user's turn": lambda row: is_prompt(row["context"]),
        "it leans to one of the two": lambda row: 1 <= abs(row["overall_preference"]) <= 3,
        "each answer is from -3 to 3": lambda row: all(
            -3 <= one["score"] <= 3 for one in row["individual_preference"]
        ),
        "somebody answered": lambda row: bool(row["individual_preference"]),
    },
    "kto": PROMPT | SPLIT | {
        "the completion is one answer": lambda row: is_answer(row["completion"]),
        "the label says what it wins": lambda row: row["label"]
        == (row["wins"] > row["losses"] + row["bad"]),
    },
    "sft": PROMPT | SPLIT | {
        "the completion is one answer": lambda row: is_answer(row["completion"]),
        "it was changed": lambda row: row["completion"][0]["content"] != row["edited_from"],
    },
    "prompts": PROMPT | SPLIT,
    "rankings": PROMPT | SPLIT | {
        "there is a rank for each response": lambda row: is_order(
            row["ranks"], len(row["responses"])
        ),
        "each answer orders all, or none": lambda row: all(
            not one["ranks"] or is_order(one["ranks"], len(row["responses"]))
            for one in row["answers"]
        ),
    },
    "chains": PROMPT | SPLIT | {
        "a critique comes first": lambda row: row["steps"][0]["kind"] == "critique",
    },
    "judgments": SPLIT | {
        "every response was shown once": lambda row: sorted(row["display_order"])
        == list(range(len(row["responses"]))),
        "the outcome is known": lambda row: row["outcome"]
        in ("ranked", "tie", "both_bad", "skipped"),
        "ranks are there when they are due": lambda row: bool(row["ranks"])
        == (row["outcome"] in ("ranked", "tie")),
        "the hashes are SHA-256": lambda row: all(
            len(one["text_sha256"]) == 64 for one in row["responses"]
        ),
    },
}  # fmt: skip
