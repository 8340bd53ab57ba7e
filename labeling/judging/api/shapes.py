"""What goes in and out of the judging API."""

from typing import Any

from rest_framework import serializers

from labeling.generation.api.shapes import TokensOut, TroubleOut
from labeling.generation.enums import CandidateState
from labeling.generation.models import GenerationRun
from labeling.judging.enums import Verdict, Which
from labeling.judging.models import AI, AiJudgment
from labeling.judging.services.requests import LONGEST_STANDARD, MOST_NAMED
from labeling.shapes import Strict

NOT_HERE = (CandidateState.HELD, CandidateState.ERASED)
STATES = [choice for choice in CandidateState.choices if choice[0] not in NOT_HERE]


class JudgingIn(Strict):
    """Which comparisons a model judges, and by what: a standard in words, or a constitution."""

    generator = serializers.IntegerField(min_value=1)
    standard = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_STANDARD,
        help_text="What makes a response better, as the judge is told.",
    )  # fmt: skip
    constitution = serializers.IntegerField(
        required=False, allow_null=True, min_value=1,
        help_text="In place of a standard: each pair draws one of its principles.",
    )  # fmt: skip
    which = serializers.ChoiceField(choices=Which.choices, required=False)
    comparisons = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=MOST_NAMED
    )
    seed = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    ceiling = serializers.DecimalField(
        14, 6, required=False, allow_null=True, min_value=0,
        help_text="What the run may cost at most, in the money of the generator's prices.",
    )  # fmt: skip


class JudgingOut(serializers.Serializer[GenerationRun]):
    """One judging run as it was asked for."""

    id = serializers.IntegerField()
    generator = serializers.SerializerMethodField()
    standard = serializers.CharField(source="judging.standard")
    constitution = serializers.IntegerField(source="judging.constitution_id", allow_null=True)
    seed = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(allow_null=True)
    ceiling = serializers.DecimalField(14, 6, allow_null=True)
    spent = serializers.DecimalField(14, 6)
    reserved = serializers.DecimalField(14, 6, help_text="What calls under way may still cost.")

    def get_generator(self, run: GenerationRun) -> int:
        """Return the generator that judges."""
        return run.parts.all()[0].generator_id


class JudgingCountsOut(serializers.Serializer[Any]):
    """A judging run's pairs by state."""

    pending = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()


class MeasuresOut(serializers.Serializer[Any]):
    """What the verdicts look like together."""

    decided = serializers.IntegerField(help_text="Pairs whose orders name the same winner.")
    ties = serializers.IntegerField(help_text="Pairs that both orders call a tie.")
    flipped = serializers.IntegerField(help_text="Pairs whose orders name different winners.")
    wavering = serializers.IntegerField(help_text="Pairs of which one order calls a tie.")
    shown_first = serializers.IntegerField(
        help_text="Answers for the response shown first, of `named`; half of them without bias."
    )
    named = serializers.IntegerField(help_text="Answers that name a response.")


class WithPeopleOut(serializers.Serializer[Any]):
    """How often people's answers agree with the judge, where both name a winner."""

    agreeing = serializers.IntegerField()
    answers = serializers.IntegerField()


class JudgingProgressOut(JudgingOut):
    """One judging run, how far it is, what failed, and what its verdicts look like."""

    counts = JudgingCountsOut()
    tokens = TokensOut()
    failures = TroubleOut(many=True)
    measures = MeasuresOut()
    with_people = WithPeopleOut()


class PairsOut(serializers.Serializer[Any]):
    """How many pairs an act was about."""

    pairs = serializers.IntegerField()


class AiJudgmentOut(serializers.Serializer[AiJudgment]):
    """What a model says about the responses in two slots of a comparison."""

    id = serializers.IntegerField()
    source = serializers.ChoiceField(choices=[AI])  # type: ignore[assignment]  # DRF takes fields off the class
    comparison = serializers.IntegerField(source="comparison_id")
    first = serializers.IntegerField(help_text="A slot of the comparison.")
    second = serializers.IntegerField(help_text="Another one.")
    state = serializers.ChoiceField(choices=STATES)
    outcome = serializers.ChoiceField(choices=Verdict.choices, allow_blank=True)
    forward = serializers.ChoiceField(
        choices=Verdict.choices, allow_blank=True, help_text="With the first slot shown as A."
    )
    backward = serializers.ChoiceField(
        choices=Verdict.choices, allow_blank=True, help_text="With the second slot shown as A."
    )
    answers = serializers.DictField(help_text="What the model wrote, by order.")
    standard = serializers.CharField()
    prompt_hash = serializers.CharField(help_text="SHA-256 of what was asked in both orders.")
    seed = serializers.IntegerField()
    model_label = serializers.CharField()
    model_revision = serializers.CharField()
    template_hash = serializers.CharField()
    parameters = serializers.DictField()
    prompt_tokens = serializers.IntegerField(allow_null=True)
    completion_tokens = serializers.IntegerField(allow_null=True)
    latency_ms = serializers.IntegerField()
    cost = serializers.DecimalField(14, 6, allow_null=True)
    error = serializers.CharField()
    finished_at = serializers.DateTimeField(allow_null=True)
