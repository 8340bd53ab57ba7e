"""What an allocation's fields must hold; plain Python."""

from collections.abc import Mapping
from typing import Any

from labeling.assignment.enums import PairDesign, Policy

LEAST_VOTES, MOST_VOTES = 2, 25
MOST_PAIRS = 36
MOST_REPEATS, MOST_GOLD = 20, 50
LEAST_RANDOM = 15
MOST_ANSWERS = 1_000_000
MOST_SKIPS = 100
LONGEST_MODEL, MOST_WEIGHTS, HEAVIEST = 200, 200, 1000
RANGES = {
    "most_votes": (
        LEAST_VOTES,
        MOST_VOTES,
        f"Stop a comparison after {LEAST_VOTES} to {MOST_VOTES} people.",
    ),
    "slice_percent": (1, 100, "Put 1 to 100 percent of comparisons on the slice."),
    "vote_price": (0, 1, "Give the gain that another judgment must promise from 0 to 1."),
    "person_limit": (
        1,
        MOST_ANSWERS,
        f"Let one person judge 1 to {MOST_ANSWERS:,}, or leave it empty for no limit.",
    ),
    "share_percent": (1, 100, "Give one person at most 1 to 100 percent of the judgments."),
    "repeat_percent": (0, MOST_REPEATS, f"Repeat 0 to {MOST_REPEATS} percent."),
    "gold_percent": (0, MOST_GOLD, f"Give 0 to {MOST_GOLD} percent known answers."),
    "skip_limit": (1, MOST_SKIPS, f"Retire a comparison after 1 to {MOST_SKIPS} people skip it."),
    "pairs_per_prompt": (
        1,
        MOST_PAIRS,
        f"Make 1 to {MOST_PAIRS} pairs of a prompt, or leave it empty for no budget.",
    ),
    "random_percent": (
        LEAST_RANDOM,
        100,
        f"Draw {LEAST_RANDOM} to 100 percent of pairs at random, to keep win rates unbiased.",
    ),
}
CHOICES = {"policy": Policy.values, "pair_design": PairDesign.values}


def faults_of(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what does not hold, by field, with the remedy; fields not given are not judged."""
    faults: dict[str, list[str]] = {}
    for name, (least, most, remedy) in RANGES.items():
        given = values.get(name)
        if given is not None and not least <= given <= most:
            faults[name] = [remedy]
    for name, known in CHOICES.items():
        if name in values and values[name] not in known:
            faults[name] = [f"Choose one of: {', '.join(known)}."]
    anchor = values.get("anchor_model", "")
    if len(anchor) > LONGEST_MODEL:
        faults["anchor_model"] = [f"Keep the model's name to {LONGEST_MODEL} characters."]
    elif values.get("pair_design") == PairDesign.ANCHOR and not anchor.strip():
        faults["anchor_model"] = ["Name the model that every other one is compared with."]
    wrong = weights_fault(values.get("model_weights", {}))
    if wrong:
        faults["model_weights"] = [wrong]
    return faults


def weights_fault(weights: Mapping[str, float]) -> str | None:
    """Return what is wrong with the weights of models, or None."""
    if len(weights) > MOST_WEIGHTS:
        return f"Weigh at most {MOST_WEIGHTS} models; a model without a weight has 1."
    if any(not 0 < len(name.strip()) <= LONGEST_MODEL for name in weights):
        return f"Name each model in 1 to {LONGEST_MODEL} characters."
    if any(not 0 <= weight <= HEAVIEST for weight in weights.values()):
        return f"Give each model a weight from 0 (not drawn) to {HEAVIEST}."
    return None
