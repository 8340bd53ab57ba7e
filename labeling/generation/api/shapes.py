"""What goes in and out of the generation API."""

from typing import Any

from rest_framework import serializers

from labeling.generation.enums import (
    AUTO,
    Backend,
    CandidateSource,
    CandidateState,
    Dtype,
    Flaw,
    Stage,
)
from labeling.generation.hygiene import LONGEST, MOST_CHARACTERS
from labeling.generation.models import (
    MOST_A_PROMPT,
    Candidate,
    GenerationRun,
    Generator,
    RunPart,
)
from labeling.shapes import Strict


class ModelOut(serializers.Serializer[Any]):
    """A local model, or a server that serves any model it knows (then `model` is empty)."""

    backend = serializers.ChoiceField(choices=Backend.choices)
    model = serializers.CharField()
    endpoint = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes fields off the class


class GeneratorIn(Strict):
    """A model with a sampling recipe."""

    name = serializers.CharField(max_length=120)
    backend = serializers.ChoiceField(choices=Backend.choices)
    model = serializers.CharField(max_length=200)
    endpoint = serializers.CharField(
        required=False, allow_blank=True, help_text="An endpoint's name, for `openai`."
    )
    revision = serializers.CharField(required=False, allow_blank=True, max_length=80)
    adapter = serializers.CharField(
        required=False, allow_blank=True, help_text="A LoRA adapter's folder in the models folder."
    )
    dtype = serializers.ChoiceField(required=False, choices=Dtype.choices)
    device = serializers.CharField(
        required=False, help_text=f"{AUTO}, cpu, mps, cuda, or one such as cuda:1."
    )
    stage = serializers.ChoiceField(
        required=False, allow_blank=True, choices=Stage.choices,
        help_text="How far the model is trained; `base` completes without a chat template.",
    )  # fmt: skip
    system_prompt = serializers.CharField(
        required=False, allow_blank=True, help_text="In place of the one that a prompt has."
    )
    chat_template = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False,
        help_text="Jinja, in place of the model's own.",
    )  # fmt: skip
    seed = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=2**63 - 1,
        help_text="The seed of runs that name none.",
    )  # fmt: skip
    price_read = serializers.DecimalField(
        12, 4, required=False, min_value=0, help_text="Money for a million tokens read."
    )
    price_written = serializers.DecimalField(
        12, 4, required=False, min_value=0, help_text="Money for a million tokens written."
    )
    parameters = serializers.DictField(
        required=False, help_text="temperature, top_p, top_k, max_new_tokens, stop (a list)."
    )


class GeneratorOut(serializers.Serializer[Generator]):
    """A generator as it stands; recipes are never edited."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    backend = serializers.ChoiceField(choices=Backend.choices)
    model = serializers.CharField()
    endpoint = serializers.CharField()
    revision = serializers.CharField()
    adapter = serializers.CharField()
    dtype = serializers.ChoiceField(choices=Dtype.choices)
    device = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices, allow_blank=True)
    system_prompt = serializers.CharField()
    chat_template = serializers.CharField()
    seed = serializers.IntegerField(allow_null=True)
    price_read = serializers.DecimalField(12, 4)
    price_written = serializers.DecimalField(12, 4)
    parameters = serializers.DictField()
    created_at = serializers.DateTimeField()


class PartIn(Strict):
    """What one generator makes in a run."""

    generator = serializers.IntegerField(min_value=1)
    per_prompt = serializers.IntegerField(min_value=1, max_value=MOST_A_PROMPT)
    temperature = serializers.FloatField(
        required=False, allow_null=True, help_text="In place of the recipe's."
    )
    together = serializers.BooleanField(
        required=False, help_text="Ask the model once for all of a prompt, made to differ."
    )


class TermsIn(Strict):
    """On which terms a run makes what it makes."""

    seed = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    unchecked = serializers.ListField(
        child=serializers.ChoiceField(choices=Flaw.choices),
        required=False,
        max_length=len(Flaw),
        help_text="Flaws that responses are not held back for.",
    )
    longest = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_CHARACTERS,
        help_text=f"Characters beyond which a response is too long; {LONGEST} unless told.",
    )  # fmt: skip
    ceiling = serializers.DecimalField(
        14, 6, required=False, allow_null=True, min_value=0,
        help_text="What the run may cost at most, in the money of the generators' prices.",
    )  # fmt: skip


class RunIn(TermsIn):
    """What to make, of every prompt unless some are named: 1 to 9 candidates a prompt."""

    parts = serializers.ListField(child=PartIn(), min_length=1, max_length=MOST_A_PROMPT)
    prompts = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=10_000
    )


class CeilingIn(Strict):
    """What a run may cost at most."""

    ceiling = serializers.DecimalField(
        14, 6, min_value=0, allow_null=True, help_text="In the money of the prices; null for none."
    )


class PartOut(serializers.Serializer[RunPart]):
    """What one generator makes in a run."""

    generator = serializers.IntegerField(source="generator_id")
    per_prompt = serializers.IntegerField()
    temperature = serializers.FloatField(allow_null=True)
    together = serializers.BooleanField()
    constitution = serializers.IntegerField(
        source="constitution_id", allow_null=True, help_text="By which it revises responses."
    )
    rounds = serializers.IntegerField(help_text="How often it revises each; 0 where it does not.")
    seed = serializers.IntegerField()


class RunOut(serializers.Serializer[GenerationRun]):
    """One run as it was asked for."""

    id = serializers.IntegerField()
    parts = PartOut(many=True, source="parts.all")
    seed = serializers.IntegerField()
    unchecked = serializers.ListField(child=serializers.ChoiceField(choices=Flaw.choices))
    longest = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(allow_null=True)
    ceiling = serializers.DecimalField(14, 6, allow_null=True)
    spent = serializers.DecimalField(14, 6)
    reserved = serializers.DecimalField(14, 6, help_text="What calls under way may still cost.")


class CountsOut(serializers.Serializer[Any]):
    """A run's candidates by state."""

    pending = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Made, and held back by the hygiene gate.")
    failed = serializers.IntegerField()
    erased = serializers.IntegerField(help_text="Lost their text with their prompt, for good.")
    retried = serializers.IntegerField(help_text="Taken up more than once.")


class TokensOut(serializers.Serializer[Any]):
    """What models have read and written for a run, as far as they told."""

    read = serializers.IntegerField(source="tokens_read")
    written = serializers.IntegerField(source="tokens_written")


class TroubleOut(serializers.Serializer[Any]):
    """Failures that have one cause."""

    cause = serializers.CharField()
    remedy = serializers.CharField()
    count = serializers.IntegerField()


class HeldOut(serializers.Serializer[Any]):
    """How many candidates are held back for one flaw; one may have several."""

    flaw = serializers.ChoiceField(choices=Flaw.choices)
    count = serializers.IntegerField()


class RunProgressOut(RunOut):
    """One run, how far it is, what failed and what is held back."""

    counts = CountsOut()
    tokens = TokensOut()
    speed = serializers.IntegerField(
        allow_null=True, help_text="Candidates a minute, over the last hundred."
    )
    minutes_left = serializers.IntegerField(allow_null=True, help_text="At this speed.")
    failures = TroubleOut(many=True)
    held = HeldOut(many=True)


class ReleaseHeldIn(Strict):
    """Which held candidates to release: those named, those with a flaw, or all of the run."""

    candidates = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=10_000
    )
    flaw = serializers.ChoiceField(choices=Flaw.choices, required=False)


class ActedOut(serializers.Serializer[Any]):
    """How many candidates an act was about."""

    candidates = serializers.IntegerField()


class CandidateOut(serializers.Serializer[Candidate]):
    """One response with its full provenance; never shown to people who judge it."""

    id = serializers.IntegerField()
    run = serializers.IntegerField(source="run_id", allow_null=True)
    generator = serializers.IntegerField(source="part.generator_id", allow_null=True, default=None)
    sample = serializers.IntegerField()
    revises = serializers.IntegerField(
        source="revises_id", allow_null=True, help_text="The response it was made of."
    )
    source = serializers.ChoiceField(choices=CandidateSource.choices)  # type: ignore[assignment]  # as above
    state = serializers.ChoiceField(choices=CandidateState.choices)
    text = serializers.CharField()
    text_hash = serializers.CharField(help_text="SHA-256.")
    model_label = serializers.CharField()
    model_revision = serializers.CharField()
    template_hash = serializers.CharField(help_text="SHA-256 of the chat template.")
    parameters = serializers.DictField()
    seed = serializers.IntegerField(allow_null=True)
    finish_reason = serializers.CharField()
    prompt_tokens = serializers.IntegerField(allow_null=True)
    completion_tokens = serializers.IntegerField(allow_null=True)
    latency_ms = serializers.IntegerField(allow_null=True)
    response_id = serializers.CharField(help_text="What the server called it.")
    cost = serializers.DecimalField(14, 6, allow_null=True)
    metadata = serializers.DictField()
    attempts = serializers.IntegerField()
    error = serializers.CharField()
    flaws = serializers.ListField(child=serializers.ChoiceField(choices=Flaw.choices))
    released_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
