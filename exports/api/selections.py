"""The choices of an export, as JSON."""

from rest_framework import serializers

from exports.configs import Config, ContainerName
from exports.policies import Policy
from exports.selection import (
    CHOICES,
    LARGEST_SHARE,
    LONGEST_NAME,
    MOST_NAMED,
    MOST_PAIRS,
    MOST_TOKENS,
    MOST_VOTES,
    Selection,
)
from labeling.shapes import Strict

DEFAULT = Selection().as_json()


def one_of(name: str) -> serializers.ChoiceField:
    """Return the field of a policy, with what each choice means."""
    kind = CHOICES[name]
    return serializers.ChoiceField(names(kind), default=DEFAULT[name], help_text=meanings(kind))


def names(kind: type[Policy]) -> list[str]:
    """Return the names of the choices."""
    return [str(one) for one in kind]


def meanings(kind: type[Policy]) -> str:
    """Return what each choice means."""
    named = [(one or '""', one.words) for one in kind]
    return "\n".join(f"- `{name}`: {words}" for name, words in named)


class SelectionShape(Strict):
    """What the export holds; what is left out has its default."""

    policy = one_of("policy")
    min_votes = serializers.IntegerField(default=1, min_value=1, max_value=MOST_VOTES)
    min_agreement = serializers.FloatField(default=0, min_value=0, max_value=1)
    min_probability = serializers.FloatField(default=0, min_value=0, max_value=1)
    ties = one_of("ties")
    both_bad = one_of("both_bad")
    pairs = one_of("pairs")
    max_pairs = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=MOST_PAIRS,
        help_text="The most pairs of a comparison, the surest first; 0 takes all.",
    )
    edits = one_of("edits")
    margin = one_of("margin")
    weight = one_of("weight")
    judges = one_of("judges")
    rounds = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        default=list,
        max_length=MOST_NAMED,
        help_text="The numbers of the rounds whose comparisons are taken; empty takes all.",
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_NAME),
        default=list,
        max_length=MOST_NAMED,
        help_text="Prompts with one of these tags are taken; empty takes all.",
    )
    without = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_NAME),
        default=list,
        max_length=MOST_NAMED,
        help_text="Annotators, by the names that exports give them, whose answers do not count.",
    )
    system = one_of("system")
    tokenizer = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=LONGEST_NAME,
        help_text="A folder of the models folder with a tokenizer.json: rows state their lengths.",
    )
    max_tokens = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=MOST_TOKENS,
        help_text="Rows of which prompt and response are longer are left out; 0 leaves out none.",
    )
    contradictions = one_of("contradictions")
    duplicates = one_of("duplicates")
    validation_share = serializers.FloatField(
        default=0,
        min_value=0,
        max_value=LARGEST_SHARE,
        help_text="The share of prompt groups that go to the validation split.",
    )
    test_share = serializers.FloatField(
        default=0,
        min_value=0,
        max_value=LARGEST_SHARE,
        help_text="The share of prompt groups that go to the test split.",
    )
    licence = one_of("licence")
    configs = serializers.ListField(
        child=serializers.ChoiceField(names(Config)),
        default=DEFAULT["configs"],
        help_text=f"The shapes of rows; judgments are always there.\n{meanings(Config)}",
    )
    containers = serializers.ListField(
        child=serializers.ChoiceField(names(ContainerName)),
        default=DEFAULT["containers"],
        help_text=meanings(ContainerName),
    )
