"""No column has a name that a trainer takes for its own."""

import re

import pytest

from exports.formats.variants import VARIANTS
from tests.exports.traps.exported import PAIRS
from tests.exports.traps.traps import trap

NAMES = {config: [one.name for one in variant.columns] for config, variant in VARIANTS.items()}
ANYWHERE = {
    48: "chosen_ids|rejected_ids",
    49: "prompt_ids|completion_ids|input_ids",
    50: "images?",
    51: "tools",
    52: "chat_template_kwargs",
    53: "ref_.*logps",
}
BESIDE_PAIRS = {"messages", "completion", "label"}
THEIR_OWN_SHAPE = ("llamafactory", "axolotl")
# What TRL passes to a reward function itself (1.16); another of the name is a TypeError.
TOLD_BY_TRL = {"prompts", "completions", "trainer_state", "log_extra", "log_metric"}


@trap(*ANYWHERE)
@pytest.mark.parametrize("number", ANYWHERE)
@pytest.mark.parametrize("config", NAMES)
def test_no_column_has_a_reserved_name(config, number):
    """TRL believes that rows with ids are tokenised, and stops at a null among the others."""
    assert not [name for name in NAMES[config] if re.fullmatch(ANYWHERE[number], name)]


@trap(54)
@pytest.mark.parametrize("config", [one for one in PAIRS if one not in THEIR_OWN_SHAPE])
def test_no_column_of_another_shape_stands_beside_pairs(config):
    """TRL asks one of these names, which the seed decides, whether rows are conversations."""
    assert BESIDE_PAIRS.isdisjoint(NAMES[config])
    assert {"chosen", "rejected"} <= set(NAMES[config]) or config == "nemo_rl"


@trap(46)
def test_no_column_of_the_prompts_is_told_to_reward_functions_twice():
    """All other columns are passed to reward functions, beside what TRL tells these itself."""
    assert TOLD_BY_TRL.isdisjoint(NAMES["prompts"])
    assert NAMES["prompts"][0] == "prompt"
    assert {"chosen", "rejected", "completion"}.isdisjoint(NAMES["prompts"])


@trap(47)
def test_demonstrations_are_a_shape_of_their_own():
    """A set of pairs is no set of demonstrations: half of its answers nobody wants."""
    assert NAMES["sft"][:2] == ["prompt", "completion"]
    assert {"chosen", "rejected", "label", "messages", "text"}.isdisjoint(NAMES["sft"])
