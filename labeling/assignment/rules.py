"""What an allocation's fields must hold; plain Python."""

from collections.abc import Mapping
from typing import Any

from labeling.assignment.enums import PairDesign, Policy
from labeling.ranges import between, choice_fault, range_faults
from labeling.wording import gettext, gettext_lazy

LEAST_VOTES, MOST_VOTES = 2, 25
MOST_PAIRS = 36
MOST_REPEATS, MOST_GOLD = 20, 50
LEAST_RANDOM = 15
MOST_ANSWERS = 1_000_000
MOST_SKIPS = 100
LONGEST_MODEL, MOST_WEIGHTS, HEAVIEST = 200, 200, 1000
RANGES = {
    "most_votes": between(
        LEAST_VOTES, MOST_VOTES, gettext_lazy("Stop a comparison after {least} to {most} people.")
    ),
    "slice_percent": between(
        1, 100, gettext_lazy("Put 1 to 100 percent of comparisons on the slice.")
    ),
    "vote_price": between(
        0, 1, gettext_lazy("Give the gain that another judgment must promise from 0 to 1.")
    ),
    "person_limit": between(
        1,
        MOST_ANSWERS,
        gettext_lazy("Let one person judge 1 to {most:,}, or leave it empty for no limit."),
    ),
    "share_percent": between(
        1, 100, gettext_lazy("Give one person at most 1 to 100 percent of the judgments.")
    ),
    "repeat_percent": between(0, MOST_REPEATS, gettext_lazy("Repeat 0 to {most} percent.")),
    "gold_percent": between(0, MOST_GOLD, gettext_lazy("Give 0 to {most} percent known answers.")),
    "skip_limit": between(
        1, MOST_SKIPS, gettext_lazy("Retire a comparison after 1 to {most} people skip it.")
    ),
    "pairs_per_prompt": between(
        1,
        MOST_PAIRS,
        gettext_lazy("Make 1 to {most} pairs of a prompt, or leave it empty for no budget."),
    ),
    "random_percent": between(
        LEAST_RANDOM,
        100,
        gettext_lazy("Draw {least} to 100 percent of pairs at random, to keep win rates unbiased."),
    ),
}
CHOICES = {"policy": Policy.values, "pair_design": PairDesign.values}


def faults_of(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what does not hold, by field, with the remedy; fields not given are not judged."""
    faults = range_faults(values, RANGES)
    for name, known in CHOICES.items():
        if name in values and (fault := choice_fault(values[name], known)):
            faults[name] = [fault]
    anchor = values.get("anchor_model", "")
    if len(anchor) > LONGEST_MODEL:
        reason = gettext("Keep the model's name to %(longest)s characters.")
        faults["anchor_model"] = [reason % {"longest": LONGEST_MODEL}]
    elif values.get("pair_design") == PairDesign.ANCHOR and not anchor.strip():
        faults["anchor_model"] = [gettext("Name the model that every other one is compared with.")]
    wrong = weights_fault(values.get("model_weights", {}))
    if wrong:
        faults["model_weights"] = [wrong]
    return faults


def weights_fault(weights: Mapping[str, float]) -> str | None:
    """Return what is wrong with the weights of models, or None."""
    if len(weights) > MOST_WEIGHTS:
        reason = gettext("Weigh at most %(most)s models; a model without a weight has 1.")
        return reason % {"most": MOST_WEIGHTS}
    if any(not 0 < len(name.strip()) <= LONGEST_MODEL for name in weights):
        reason = gettext("Name each model in 1 to %(longest)s characters.")
        return reason % {"longest": LONGEST_MODEL}
    if any(not 0 <= weight <= HEAVIEST for weight in weights.values()):
        reason = gettext("Give each model a weight from 0 (not drawn) to %(most)s.")
        return reason % {"most": HEAVIEST}
    return None
