"""The demo campaign's content keeps its promises: shape, variety and balance."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "labeling" / "generation" / "demo"
LINES = (FOLDER / "prompts.jsonl").read_text(encoding="utf-8").splitlines()
PROMPTS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
MANNERS = {
    "demo/excellent",
    "demo/flattering",
    "demo/hedging",
    "demo/padded",
    "demo/refusing",
    "demo/terse",
    "demo/wrong-but-fluent",
}
RIGHT_TO_LEFT = {"ar", "he"}
EAST_ASIAN = {"zh", "ja", "ko"}

each_prompt = pytest.mark.parametrize("prompt", PROMPTS, ids=lambda p: p["external_id"])


def tagged(tag: str) -> list[dict[str, Any]]:
    return [prompt for prompt in PROMPTS if tag in prompt["tags"]]


def turns(prompt: dict[str, Any]) -> list[str]:
    return [message["role"] for message in prompt["messages"] if message["role"] != "system"]


def words(text: str) -> int:
    return len(text.split())


def all_candidates() -> list[dict[str, str]]:
    return [candidate for prompt in PROMPTS for candidate in prompt["candidates"]]


@each_prompt
def test_prompt_has_exactly_the_fields_of_the_import_format(prompt: dict[str, Any]) -> None:
    assert list(prompt) == ["external_id", "messages", "tags", "language", "candidates"]
    assert [set(message) for message in prompt["messages"]] == [{"role", "content"}] * len(
        prompt["messages"]
    )
    assert [set(candidate) for candidate in prompt["candidates"]] == [{"text", "model"}] * len(
        prompt["candidates"]
    )


@each_prompt
def test_prompt_roles_alternate_and_end_with_user(prompt: dict[str, Any]) -> None:
    roles = [message["role"] for message in prompt["messages"]]
    dialogue = turns(prompt)

    expected = ["user", "assistant"] * (len(dialogue) // 2) + ["user"]
    assert dialogue == expected
    assert roles in (dialogue, ["system", *dialogue])


@each_prompt
def test_prompt_texts_are_plain_and_not_empty(prompt: dict[str, Any]) -> None:
    texts = [message["content"] for message in prompt["messages"]]
    texts += [candidate["text"] for candidate in prompt["candidates"]]

    assert [text for text in texts if not text or text != text.strip() or "\0" in text] == []


@each_prompt
def test_prompt_has_two_to_four_candidates_of_different_manners(prompt: dict[str, Any]) -> None:
    manners = [candidate["model"] for candidate in prompt["candidates"]]

    assert len(manners) in (2, 3, 4)
    assert len(set(manners)) == len(manners)
    assert set(manners) <= MANNERS


@each_prompt
def test_prompt_fenced_code_is_closed(prompt: dict[str, Any]) -> None:
    texts = [message["content"] for message in prompt["messages"]]
    texts += [candidate["text"] for candidate in prompt["candidates"]]

    assert [text for text in texts if text.count("```") % 2] == []


def test_content_has_enough_prompts() -> None:
    assert len(PROMPTS) >= 24


def test_external_ids_are_unique() -> None:
    ids = Counter(prompt["external_id"] for prompt in PROMPTS)

    assert ids.most_common(1)[0][1] == 1


def test_prompt_and_candidate_texts_are_unique() -> None:
    asked = Counter(prompt["messages"][-1]["content"] for prompt in PROMPTS)
    answered = Counter(candidate["text"] for candidate in all_candidates())

    assert [text for text, count in (asked + answered).items() if count > 1] == []


def test_every_manner_is_used_at_least_four_times() -> None:
    used = Counter(candidate["model"] for candidate in all_candidates())

    assert set(used) == MANNERS
    assert min(used.values()) >= 4


def test_excellent_candidate_stands_in_every_place_about_equally_often() -> None:
    places = Counter(
        place
        for prompt in PROMPTS
        for place, candidate in enumerate(prompt["candidates"])
        if candidate["model"] == "demo/excellent"
    )

    assert sum(places.values()) > len(PROMPTS) // 2
    assert min(places[0], places[1], places[2]) >= 8
    assert places.most_common(1)[0][1] <= sum(places.values()) // 2


@pytest.mark.parametrize(
    ("tag", "at_least"),
    [
        ("code", 5),
        ("cjk", 3),
        ("long", 3),
        ("maths", 5),
        ("multi-turn", 5),
        ("rtl", 3),
        ("safety", 2),
        ("system", 4),
        ("table", 2),
    ],
)
def test_tag_is_covered(tag: str, at_least: int) -> None:
    assert len(tagged(tag)) >= at_least


def test_tags_agree_with_the_messages() -> None:
    multi_turn = [prompt for prompt in PROMPTS if len(turns(prompt)) > 1]
    with_system = [prompt for prompt in PROMPTS if prompt["messages"][0]["role"] == "system"]

    assert tagged("multi-turn") == multi_turn
    assert tagged("system") == with_system
    assert max(turns(prompt).count("user") for prompt in PROMPTS) >= 5


def test_tags_agree_with_the_languages() -> None:
    assert tagged("rtl") == [p for p in PROMPTS if p["language"] in RIGHT_TO_LEFT]
    assert tagged("cjk") == [p for p in PROMPTS if p["language"] in EAST_ASIAN]
    assert {p["language"] for p in PROMPTS} == {"de", "en", "es"} | RIGHT_TO_LEFT | EAST_ASIAN


def test_long_prompts_hold_a_long_context_and_long_answers() -> None:
    context = [p for p in tagged("long") if words(p["messages"][-1]["content"]) >= 900]
    answers = [c for p in tagged("long") for c in p["candidates"] if words(c["text"]) >= 600]

    assert len(context) >= 1
    assert len(answers) >= 2


def test_guideline_names_the_criteria_in_order_and_every_grade() -> None:
    guideline = (FOLDER / "guideline.md").read_text(encoding="utf-8")
    criteria = [guideline.index(f"**{name}.**") for name in ("Helpful", "Honest", "Harmless")]
    grades = [guideline.index(f"**{name}**") for name in ("Much", "Better", "Slightly", "Barely")]

    assert criteria == sorted(criteria)
    assert grades == sorted(grades)
    assert words(guideline) <= 600
