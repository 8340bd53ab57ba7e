"""What goes in and out of the generation API."""

from typing import Any

from rest_framework import serializers

from labeling.generation.enums import Backend, CandidateSource, CandidateState, Flaw
from labeling.generation.hygiene import LONGEST, MOST_CHARACTERS
from labeling.generation.models import Candidate, GenerationRun, Generator
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
    parameters = serializers.DictField()
    created_at = serializers.DateTimeField()


class RunIn(Strict):
    """What to make: so many candidates a prompt, of every prompt unless some are named."""

    generator = serializers.IntegerField(min_value=1)
    per_prompt = serializers.IntegerField(min_value=1, max_value=9)
    prompts = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=10_000
    )
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


class RunOut(serializers.Serializer[GenerationRun]):
    """One run as it was asked for."""

    id = serializers.IntegerField()
    generator = serializers.IntegerField(source="generator_id")
    per_prompt = serializers.IntegerField()
    seed = serializers.IntegerField()
    unchecked = serializers.ListField(child=serializers.ChoiceField(choices=Flaw.choices))
    longest = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)


class CountsOut(serializers.Serializer[Any]):
    """A run's candidates by state."""

    pending = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Made, and held back by the hygiene gate.")
    failed = serializers.IntegerField()
    retried = serializers.IntegerField(help_text="Taken up more than once.")


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
    sample = serializers.IntegerField()
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
    metadata = serializers.DictField()
    attempts = serializers.IntegerField()
    error = serializers.CharField()
    flaws = serializers.ListField(child=serializers.ChoiceField(choices=Flaw.choices))
    released_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
