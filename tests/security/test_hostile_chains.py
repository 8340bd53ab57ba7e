"""What models say on the way to a revision or as judges is kept as it was said."""

from typing import Any

import pytest

from annotate.endpoints import Endpoint
from labeling.clock import database_now
from labeling.generation.backends.port import Completion
from labeling.generation.models import Generator, RevisionStep
from labeling.generation.services.chains import keep_steps, open_chains
from labeling.generation.services.claims import claim_candidates
from labeling.generation.services.constitutions import add_constitution
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.opening import Terms
from labeling.generation.services.revisions import request_revisions
from labeling.judging.asking import Said, mark
from labeling.judging.models import AiJudgment
from labeling.judging.services.claims import Answered, claim_judgments, finish_judgments
from labeling.judging.services.requests import Asked, request_judging
from tests.factories import Cast
from tests.security.hostile import TEXTS
from tests.stock import stock

pytestmark = [pytest.mark.once, pytest.mark.django_db]
SOME = [text for text in TEXTS[::4] if text.strip()]
LAST = mark(Said.A, "nonce")


@pytest.fixture
def generator(cast: Cast, settings: Any) -> Generator:
    settings.MODEL_ENDPOINTS = {"lab": Endpoint("http://lab.invalid/v1", "sk-secret")}
    stock(cast.campaign, len(SOME) // 2 + 1)
    draft = Draft("lab", "openai", "m", endpoint="lab")
    return add_generator(campaign=cast.campaign, user=cast.manager, draft=draft)


def said(text: str) -> Completion:
    return Completion(text, text, 1, text, {"stop": [text]}, model_revision=text)


def test_chain_keeps_hostile_texts_of_models(cast: Cast, generator: Generator):
    house = add_constitution(
        campaign=cast.campaign, name="House", principles=SOME[:100], user=cast.manager
    )
    run = request_revisions(
        campaign=cast.campaign, of=None, generator=generator, constitution=house, rounds=1,
        terms=Terms(seed=1), user=cast.manager, now=database_now(),
    )  # fmt: skip
    part, now = run.parts.get(), database_now()
    claim = claim_candidates(part_id=part.pk, limit=len(SOME), seconds=60, now=now)
    assert claim is not None

    chains = open_chains(part, claim.rows)
    made = [(chain, said(text)) for chain, text in zip(chains, SOME, strict=True)]
    keep_steps(claim=claim.token, made=made, now=now)

    steps = RevisionStep.objects.order_by("candidate")
    stored = steps.values_list("text", "finish_reason", "model_label", "model_revision")
    assert list(stored) == [(text, text[:40], text[:200], text[:80]) for text in SOME]
    principles = {text.strip() for text in SOME[:100]}
    assert set(steps.values_list("principle", flat=True)) <= principles


def test_judge_keeps_hostile_texts_of_models(cast: Cast, generator: Generator):
    run = request_judging(
        campaign=cast.campaign, asked=Asked(generator=generator, standard="Be kind."),
        terms=Terms(seed=1), user=cast.manager, now=database_now(),
    )  # fmt: skip
    now = database_now()
    claim = claim_judgments(run_id=run.pk, limit=len(SOME), seconds=60, now=now)
    assert claim is not None

    for row, text in zip(claim.rows, SOME, strict=False):
        made = Completion(f"{text}\n{LAST}", "stop", 1, text, {"stop": [text]}, model_revision=text)
        finish_judgments(
            claim=claim.token,
            answered={
                row.pk: [Answered(order, "nonce", made) for order in ("forward", "backward")]
            },
            prompt_hashes={row.pk: "0" * 64},
            now=now,
        )

    stored = AiJudgment.objects.order_by("id").values_list(
        "answers", "model_label", "model_revision", "parameters"
    )
    assert len(stored) == len(claim.rows)
    for (answers, label, revision, parameters), text in zip(stored, SOME, strict=False):
        assert answers["forward"] == f"{text}\n{LAST}"[:20_000]
        assert (label, revision, parameters) == (text[:200], text[:80], {"stop": [text]})
