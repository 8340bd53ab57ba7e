"""Every shape of rows says what the record says, as its trainers read it."""

from typing import Any

import pytest

from exports.configs import Config
from exports.formats.variants import VARIANTS, in_order
from exports.records import Answer, Pair, Ranking
from exports.selection import Selection
from tests.exports.made import BAD, GOOD, PAIR, PROMPT, answer, one_of_each, replace, turns

# Columns of these names change what TRL does with a row (TRL 1.16).
RESERVED = {
    "chosen_ids", "rejected_ids", "prompt_ids", "completion_ids", "images", "image", "tools",
    "chat_template_kwargs", "ref_chosen_logps", "ref_rejected_logps",
}  # fmt: skip
BESIDE_PAIRS = {"messages", "completion", "label"}
OF_TRL = (Config.TRL, Config.TRL_IMPLICIT, Config.STANDARD, Config.OPENRLHF)
SYSTEM = replace(
    PAIR, prompt=replace(PROMPT, messages=turns("system", content="Be brief.") + PROMPT.messages)
)
WHY, BECAUSE, NO = (
    {"role": "user", "content": "Why?"},
    {"role": "assistant", "content": "Because."},
    {"role": "assistant", "content": "No."},
)
BRIEF = {"role": "system", "content": "Be brief."}


def row(config: Config, record: Any = PAIR) -> Any:
    return VARIANTS[config].row(record)


@pytest.mark.parametrize("config", [one for one in Config if one != Config.JUDGMENTS])
def test_every_column_is_in_the_row(config):
    variant = VARIANTS[config]

    written = row(config, one_of_each()[variant.of])

    assert {column.name for column in variant.columns} <= written.keys()
    names = [column.name for column in variant.columns]
    assert len(names) == len(set(names))
    assert all(column.meaning for column in variant.columns)


@pytest.mark.parametrize("config", OF_TRL)
def test_no_column_has_a_name_that_trl_takes_for_its_own(config):
    names = {column.name for column in VARIANTS[config].columns}

    assert names & (RESERVED | BESIDE_PAIRS) == set()


@pytest.mark.parametrize("config", [Config.TRL, Config.OPENRLHF])
def test_explicit_pairs_have_one_assistant_turn_on_each_side(config):
    written = row(config, SYSTEM)

    assert list(written["prompt"]) == [BRIEF, WHY]
    assert list(written["chosen"]) == [BECAUSE]
    assert list(written["rejected"]) == [NO]


def test_implicit_pairs_are_whole_conversations():
    written = row(Config.TRL_IMPLICIT, SYSTEM)

    assert list(written["chosen"]) == [BRIEF, WHY, BECAUSE]
    assert list(written["rejected"]) == [BRIEF, WHY, NO]


@pytest.mark.parametrize("config", [Config.STANDARD, Config.VERL])
def test_strings_join_without_another_blank(config):
    written = row(config, SYSTEM)

    said = written["prompt"] + written["chosen"]
    assert said == "Be brief.\n\nHuman: Why?\n\nAssistant: Because."
    assert written["rejected"] == " No."


@pytest.mark.parametrize("config", [Config.LLAMAFACTORY, Config.AXOLOTL])
def test_single_answers_are_turns_and_no_lists(config):
    written = row(config, SYSTEM)

    assert list(written["messages"]) == [BRIEF, WHY]
    assert (written["chosen"], written["rejected"]) == (BECAUSE, NO)


def test_nemo_rl_has_exactly_two_completions_with_unequal_ranks():
    first, second = row(Config.NEMO_RL)["completions"]

    assert first == {"rank": 0, "completion": [BECAUSE]}
    assert second == {"rank": 1, "completion": [NO]}


def test_rewardbench_has_no_system_turn():
    written = row(Config.REWARDBENCH, SYSTEM)

    roles = [turn["role"] for turn in written["chosen"]]
    assert roles == ["user", "assistant"]
    assert written["chosen"][0]["content"] == "Be brief.\n\nWhy?"


def test_margin_and_weight_are_columns_only_where_they_are_chosen():
    def names(**choices):
        return {column.name for column in VARIANTS[Config.TRL].chosen(Selection(**choices))}

    assert {"margin", "weight"} & names() == set()
    assert names(margin="small") - names() == {"margin"}
    assert names(weight="agreement") - names() == {"weight"}


def test_label_of_a_single_response_is_a_truth_value():
    written = row(Config.KTO, one_of_each()[VARIANTS[Config.KTO].of])

    assert written["label"] is True
    assert list(written["completion"]) == [BECAUSE]


def ranking(*answers: Answer) -> Ranking:
    found = one_of_each()[Ranking]
    assert isinstance(found, Ranking)
    return replace(found, answers=answers)


@pytest.mark.parametrize(
    ("ranks", "strength", "overall"),
    [((1, 2), 4, -3), ((1, 2), 1, -1), ((1, 2), 0, -1), ((2, 1), 3, 2)],
)
def test_helpsteer3_is_below_0_for_the_first_response(ranks, strength, overall):
    written = row(Config.HELPSTEER3, ranking(answer(ranks, strength=strength, rationale="Hm.")))

    assert written["overall_preference"] == overall
    assert written["individual_preference"] == [{"score": overall, "reasoning": "Hm."}]


def test_helpsteer3_never_says_that_both_are_the_same():
    assert row(Config.HELPSTEER3, ranking(answer((1, 2)), answer((2, 1)))) is None
    assert row(Config.HELPSTEER3, ranking(answer(None))) is None


@pytest.mark.parametrize("text", [GOOD.text, f" {GOOD.text}\n"])
def test_helpsteer3_is_of_two_texts(text):
    same = replace(ranking(answer((1, 2))), responses=(GOOD, replace(BAD, text=text)))

    assert row(Config.HELPSTEER3, same) is None


def test_helpsteer3_is_of_two_responses_only():
    three = replace(ranking(answer((1, 2, 3))), responses=(GOOD, GOOD, GOOD))

    assert row(Config.HELPSTEER3, three) is None


def test_all_configurations_of_pairs_name_the_pair():
    for variant in VARIANTS.values():
        if variant.of is Pair:
            assert "pair_id" in {column.name for column in variant.columns}


def test_configurations_come_in_one_order_judgments_last():
    mixed = {"judgments": 1, "kto": 2, "trl": 3}

    assert list(in_order(mixed)) == ["trl", "kto", "judgments"]
