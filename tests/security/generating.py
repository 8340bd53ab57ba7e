"""Models, runs, revisions and a judge of one side, with marked texts."""

from collections.abc import Callable
from datetime import datetime

from labeling.accounts.models import User
from labeling.generation.enums import Backend, CandidateSource, CandidateState
from labeling.generation.models import (
    Candidate,
    GenerationRun,
    Generator,
    ModelCall,
    ModelHost,
    ModelServer,
    RevisionStep,
)
from labeling.generation.services.constitutions import add_constitution
from labeling.generation.services.opening import Terms
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import request_candidates
from labeling.generation.texts import hash_of
from labeling.judging.enums import Verdict
from labeling.judging.models import AiJudgment
from labeling.judging.services.requests import Asked, request_judging
from tests.security.canaries import MANAGERS, NOBODY, REVIEWERS
from tests.security.sides import Side

Plant = Callable[..., str]


def generate(side: Side, boss: User, plant: Plant, now: datetime) -> dict[str, int]:
    """Add a generator, a run with a response, which is a revision, and what stands behind it."""
    generator = _generator(side, boss, plant)
    run = request_candidates(
        campaign=side.campaign,
        parts=[Wanted(generator, 3)],
        prompt_ids=[side.shared["prompt_id"]],
        seed=1,
        user=boss,
        now=now,
    )
    done, failed, _ = Candidate.objects.filter(run=run).order_by("id")
    _revise(done, plant, now)
    Candidate.objects.filter(pk=failed.pk).update(
        state=CandidateState.FAILED,
        error=plant("why a candidate failed", MANAGERS),
        finished_at=now,
    )
    constitution = add_constitution(
        campaign=side.campaign,
        name=plant("constitution", MANAGERS),
        principles=[plant("principle", MANAGERS)],
        user=boss,
    )
    return {
        "server_id": _server(side, run, boss, plant, now).pk,
        "generator_id": generator.pk,
        "run_id": run.pk,
        "candidate_id": done.pk,
        "constitution_id": constitution.pk,
    }


def ai_judge(side: Side, boss: User, plant: Plant, now: datetime) -> dict[str, int]:
    """Add a judging run about one comparison, with a verdict."""
    run = request_judging(
        campaign=side.campaign,
        asked=Asked(
            generator=Generator.objects.get(pk=side.shared["generator_id"]),
            standard=plant("standard of a judge", MANAGERS),
        ),
        terms=Terms(seed=1),
        user=boss,
        now=now,
    )
    done, failed = run.ai_judgments.order_by("id")[:2]
    AiJudgment.objects.filter(pk=done.pk).update(
        state=CandidateState.DONE,
        forward=Verdict.FIRST,
        backward=Verdict.FIRST,
        outcome=Verdict.FIRST,
        prompt_hash="0" * 64,
        answers={"forward": plant("words of a judge", MANAGERS), "backward": ""},
        model_label=plant("model of a judge", MANAGERS),
        finished_at=now,
    )
    AiJudgment.objects.filter(pk=failed.pk).update(
        state=CandidateState.FAILED, error=plant("why a judge failed", MANAGERS), finished_at=now
    )
    return {"judging_id": run.pk}


def _generator(side: Side, boss: User, plant: Plant) -> Generator:
    return Generator.objects.create(
        campaign=side.campaign,
        name=plant("generator", MANAGERS),
        backend=Backend.OPENAI,
        endpoint=plant("endpoint", MANAGERS),
        model=plant("generator's model", MANAGERS),
        revision=plant("generator's revision", MANAGERS),
        system_prompt=plant("generator's system prompt", MANAGERS),
        chat_template=plant("generator's chat template", MANAGERS),
        parameters={"stop": [plant("sampling parameter", MANAGERS)]},
        created_by=boss,
    )


def _revise(candidate: Candidate, plant: Plant, now: datetime) -> None:
    text = plant("generated response", REVIEWERS)
    original = Candidate.objects.filter(prompt=candidate.prompt_id, source="import").order_by("id")
    Candidate.objects.filter(pk=candidate.pk).update(
        source=CandidateSource.REVISION,
        revises=original[0],
        state=CandidateState.DONE,
        text=text,
        text_hash=hash_of(text),
        model_label=plant("label of a generated response", MANAGERS),
        finished_at=now,
    )
    RevisionStep.objects.create(
        candidate=candidate,
        number=1,
        principle=plant("principle of a step", MANAGERS),
        text=plant("critique", MANAGERS),
        seed=1,
        model_label=plant("model of a step", MANAGERS),
        model_revision=plant("revision of the model of a step", MANAGERS),
        latency_ms=1,
        created_at=now,
    )


def _server(side: Side, run: GenerationRun, boss: User, plant: Plant, now: datetime) -> ModelServer:
    host = ModelHost.objects.create(name=f"models-{side.letter}.example:443".lower())
    ModelCall.objects.create(host=host, run=run, started_at=now, expires_at=now, ended_at=now)
    return ModelServer.objects.create(
        campaign=side.campaign,
        name=plant("model server", MANAGERS),
        base_url="https://models.example/v1",
        sealed_key=plant("sealed key", NOBODY),
        created_by=boss,
    )
