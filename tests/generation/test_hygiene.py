"""The gate tells what is unfit to be compared, and lets everything else through."""

import json
import time
from pathlib import Path

import pytest

from labeling.generation.enums import Flaw
from labeling.generation.hygiene import (
    LONGEST,
    Response,
    flaws_of,
    has_marker,
    is_duplicate,
    is_repetitive,
    names_itself,
)
from labeling.generation.languages import is_in_another_language
from tests.generation.test_demo_content import PROMPTS

pytestmark = pytest.mark.once
RECORDED = Path(__file__).parents[3] / "shared" / "data" / "llmfao" / "pairs-crowd.jsonl"

PLAIN = (
    "Sunlight holds all colours. Air bends blue light far more than red, so that blue comes to "
    "us from every side of the sky, while red goes straight on and shows best in the evening, "
    "when the light has a longer way through the air."
)


def flaws(text, prompt="Why is the sky blue?", **more):
    return flaws_of(Response(text, prompt=prompt, **more))


def test_plain_response_has_no_flaw():
    assert flaws(PLAIN, model="toy-chat") == []


@pytest.mark.parametrize("reason", ["length", "max_tokens", "content_filter"])
def test_response_that_was_cut_off_is_told_by_its_end(reason):
    assert flaws(PLAIN, finish_reason=reason) == [Flaw.CUT_OFF]


def test_response_beyond_the_length_is_too_long():
    text = " ".join(str(number) for number in range(LONGEST))

    assert flaws(text) == [Flaw.TOO_LONG]
    assert flaws_of(Response(PLAIN), longest=len(PLAIN)) == []


def test_flaws_that_are_not_asked_for_are_not_looked_for():
    cut = Response(PLAIN, finish_reason="length")

    assert flaws_of(cut, unchecked=[Flaw.CUT_OFF]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Blue.<|im_end|>", "Blue.<|eot_id|><|start_header_id|>user", "[INST] And why? [/INST]",
        "<<SYS>> be brief", "Blue.</s>", "<think>The user asks", "Blue.<end_of_turn>",
        "Blue.\n\nUser: and at night?", "Blue.\n### Instruction:\nGo on", "* human: hard to scale",
        "Blue.\n<bot>: more", "Blue.<｜end▁of▁sentence｜>", "Blue.\nASSISTANT: sure",
    ],
)  # fmt: skip
def test_markers_of_templates_are_told(text):
    assert has_marker(text, "Why is the sky blue?")


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("The user: whoever signs in.", "Who is the user?"),
        ("Write `x < y` and a <b>bold</b> word.", "How?"),
        ("```html\n<user>\n  <s>old</s>\n</user>\n```", "Show some markup."),
        ("<|im_end|> ends a turn.", "What does <|im_end|> mean?"),
        ("Press | and |> in the shell.", "How?"),
        ("Human: I am tired.\nRobot: Rest.", "Write a dialogue.\nHuman: begin it."),
    ],
)
def test_what_only_looks_like_a_marker_is_let_through(text, prompt):
    assert not has_marker(text, prompt)


@pytest.mark.parametrize(
    "text",
    [
        "I am ChatGPT, and I like this.", "I'm Claude, an AI assistant.",
        "As an AI language model created by OpenAI, I cannot.", "I was trained by Google.",
        "My name is Qwen.", "I am a large language model called Vicuna.",
        "I’m an assistant developed by Mistral AI.", "I am Airoboros and glad to help.",
    ],
)  # fmt: skip
def test_model_that_names_itself_is_told(text):
    assert names_itself(text, prompt="Who made the sky?", model="jondurbin/airoboros-l2-70b-2.1")


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("As an AI language model, I have no feelings.", "How do you feel?"),
        ("Google was founded by two students.", "When did it begin?"),
        ("I'm going to take a koala along.", "Tell a joke."),
        ("I am a big fan of OpenAI.", "Write a blog post."),
        ("I am ChatGPT.", "Are you ChatGPT?"),
        ("I am sure that you will like instruct chat.", "Why?"),
    ],
)
def test_names_of_others_are_let_through(text, prompt):
    assert not names_itself(text, prompt=prompt, model="org/instruct-chat-7b")


@pytest.mark.parametrize(
    "text",
    [
        "The charger is for a phone.\n" * 12,
        "Kubernetes: " + "a swarm " * 40,
        "It is a theory of particles, not the particles. " * 6,
        "One fine day. " + "I like it, it is good, and it is what I like and want. " * 20,
    ],
)
def test_text_in_circles_is_told(text):
    assert is_repetitive(text)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n" + "-" * 80,
        "No, no, no, no!",
        "\n".join(f"{n}. Step {n} of the way is to look at part {n * n}." for n in range(1, 30)),
        "Row, row, row your boat,\nGently down the stream.\nMerrily, merrily, merrily, merrily,",
        "\n\n\n\n\n\n\n\n",
    ],
)
def test_text_that_only_repeats_a_little_is_let_through(text):
    assert not is_repetitive(text)


def test_same_words_are_a_duplicate_whatever_stands_between_them():
    assert is_duplicate("The sky is BLUE!", ["the sky, is blue"])
    assert is_duplicate("🙂", [" 🙂 "])
    assert not is_duplicate("The sky is blue.", ["The sky is red."])
    assert not is_duplicate("🙂", ["🙃"])


def test_long_texts_may_differ_in_a_few_words_but_in_no_number():
    assert is_duplicate(PLAIN.replace("far more", "much more"), [PLAIN])
    longer = f"{PLAIN} It takes 8 minutes to come here."
    assert not is_duplicate(longer, [longer.replace("8", "9")])
    assert not is_duplicate(PLAIN + " " + PLAIN.replace("blue", "green"), [PLAIN])


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("Der Himmel ist blau, weil die Luft das blaue Licht stärker streut als das rote.", "Why?"),
        ("天空之所以是蓝色的，是因为空气散射蓝光比红光更强，所以我们看到蓝色的天空。", "Why blue?"),
        ("Небо голубое, потому что воздух рассеивает синий свет сильнее красного.", "Why blue?"),
    ],
)
def test_response_in_another_language_is_told(text, prompt):
    assert is_in_another_language(text, prompt=f"{prompt} Please explain the colour of the sky.")
    assert is_in_another_language(text, prompt="?", asked="en-GB")


@pytest.mark.parametrize(
    ("text", "prompt", "asked"),
    [
        (
            "Le ciel est bleu parce que l'air diffuse la lumière bleue.",
            "Translate this, please",
            "",
        ),
        ("Le ciel est bleu parce que l'air diffuse la lumière bleue.", "In French: why?", "en"),
        ("Le ciel est bleu parce que l'air diffuse la lumière bleue.", "?", ""),
        ("Oui.", "Please explain the colour of the sky.", ""),
        ("def f(x):\n    return x", "Please write me a function that does nothing.", ""),
        (PLAIN, "Please explain the colour of the sky.", "en-US"),
    ],
)
def test_what_may_be_meant_so_is_let_through(text, prompt, asked):
    assert not is_in_another_language(text, prompt=prompt, asked=asked)


def test_responses_of_the_demo_are_all_let_through():
    for row in PROMPTS:
        prompt = "\n".join(message["content"] for message in row["messages"])
        for candidate in row["candidates"]:
            assert flaws(candidate["text"], prompt, language=row.get("language", "")) == []


def test_recorded_responses_are_held_back_for_what_is_wrong_with_them():
    if not RECORDED.exists():
        pytest.skip("the recorded responses are not beside this clone")
    pairs = [json.loads(line) for line in RECORDED.read_text().splitlines()]
    texts = {(pair["text"], pair[side]) for pair in pairs for side in ("result_x", "result_y")}

    found = [flaws(text, prompt) for prompt, text in texts if text]

    # Looked at one by one: what is held back goes in circles or spills its template.
    share = sum(bool(each) for each in found) / len(found)
    assert 0.1 < share < 0.2
    # One begins in English and goes on in Spanish, about something else.
    assert sum(Flaw.WRONG_LANGUAGE in each for each in found) <= 1


@pytest.mark.parametrize("unit", ["a", "ab ", "<|", "i am a a a a ", "`", "\n", "user ", "1 2 "])
def test_no_text_takes_long(unit):
    text = (unit * 100_000)[:100_000]
    started = time.process_time()

    flaws(text, text[:1000])
    is_duplicate(text, [text[::-1]])

    assert time.process_time() - started < 20
