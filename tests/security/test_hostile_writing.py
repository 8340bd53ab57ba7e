"""Services keep hostile text as it was written, or refuse it; nothing is half taken or changed."""

from typing import Any

import pytest

from annotate.endpoints import Endpoint
from labeling.campaigns.services import edit_campaign
from labeling.clock import database_now
from labeling.errors import DomainError
from labeling.generation.backends.port import Completion
from labeling.generation.models import Candidate
from labeling.generation.services.claims import claim_candidates, finish_candidates
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import request_candidates
from labeling.prompts.models import Prompt
from labeling.ranking.answers import Ideal
from labeling.ranking.models import Judgment
from tests.factories import Cast
from tests.plugin import FULL
from tests.prompts.bringing import bring, jsonl
from tests.security.columns import OPEN
from tests.security.hostile import TEXTS
from tests.security.writing import WRITERS
from tests.security.written import BROUGHT, STRAIGHT
from tests.stock import claim, judge, stock

pytestmark = [pytest.mark.once, pytest.mark.django_db]
# ``make test-faults`` writes every text with every service.
SOME = TEXTS if FULL else TEXTS[::4]


def test_every_open_column_is_written_by_a_service_or_planted_for_a_reason():
    assert WRITERS.keys() | BROUGHT | STRAIGHT.keys() == OPEN.keys()
    assert WRITERS.keys() & BROUGHT == WRITERS.keys() & STRAIGHT.keys() == set()


@pytest.fixture(autouse=True)
def _endpoint(settings: Any) -> None:
    settings.MODEL_ENDPOINTS = {"lab": Endpoint("http://lab.invalid/v1", "sk-secret")}
    settings.MODEL_HOSTS = frozenset({"models.example:443"})


@pytest.mark.parametrize("label", WRITERS)
def test_service_keeps_hostile_text_as_it_is_or_refuses_it(label: str, cast: Cast):
    kept = 0
    for text in SOME:
        try:
            stored = WRITERS[label](cast, text)
        except DomainError:
            continue
        assert stored == text.strip() or stored == text
        kept += 1
    assert kept >= len(SOME) // 4


def test_import_keeps_hostile_texts(cast: Cast):
    # Labels lose the white space around them.
    rows = [row_of(at, text, text.strip()) for at, text in enumerate(SOME)]

    prompt_set = bring(cast.campaign, jsonl(*rows))

    assert prompt_set.refused_rows == 0
    assert [seen(prompt) for prompt in Prompt.objects.order_by("id")] == rows


def row_of(at: int, text: str, label: str) -> dict[str, Any]:
    return {
        "system": text,
        "prompt": f"{at} {text}",
        "external_id": f"{at} {label}"[:200].strip(),
        "tags": [label[:90].strip()],
        "source": label[:200].strip(),
        "candidates": [{"text": text, "model": label[:200].strip(), "metadata": {text[:50]: text}}],
    }


def seen(prompt: Prompt) -> dict[str, Any]:
    system, user = prompt.messages
    (ready,) = prompt.ready_responses.all()
    return {
        "system": system["content"],
        "prompt": user["content"],
        "external_id": prompt.external_id,
        "tags": prompt.tags,
        "source": prompt.source,
        "candidates": ready.responses,
    }


def test_run_keeps_hostile_texts_of_models(cast: Cast):
    bring(cast.campaign, jsonl(*({"prompt": f"Question {at}?"} for at in range(len(SOME)))))
    generator = add_generator(
        campaign=cast.campaign,
        user=cast.manager,
        draft=Draft("lab", "openai", "m", endpoint="lab"),
    )
    now = database_now()
    run = request_candidates(
        campaign=cast.campaign, parts=[Wanted(generator, 1)], prompt_ids=None, seed=1,
        user=cast.manager, now=now,
    )  # fmt: skip
    work = claim_candidates(part_id=run.parts.get().pk, limit=len(SOME), seconds=60, now=now)
    assert work is not None

    finish_candidates(
        claim=work.token,
        outcomes={
            one.pk: Completion(
                text, text, 1, text, {"stop": [text]}, model_revision=text, response_id=text
            )
            for one, text in zip(work.rows, SOME, strict=True)
        },
        now=now,
    )

    stored = Candidate.objects.order_by("id").values_list(
        "text", "finish_reason", "model_label", "parameters", "model_revision", "response_id"
    )
    assert list(stored) == [
        (text, text[:40], text[:200], {"stop": [text]}, text[:80], text[:200]) for text in SOME
    ]


def test_answer_keeps_hostile_texts(cast: Cast):
    stock(cast.campaign, 2)
    campaign, texts = cast.campaign, [text.strip() for text in SOME]
    held = claim(campaign, cast.annotator)
    latest = None
    for text in texts:
        campaign = edit_campaign(
            campaign=campaign, by=cast.manager, version=campaign.version, ideal="optional",
            criteria=[text[:40].strip()], reason_tags=[text[:40].strip()],
        )  # fmt: skip
        latest = judge(
            campaign, cast.annotator, held,
            criteria={text[:40].strip(): "same"}, reason_tags=(text[:40].strip(),),
            rationale=text, ideal=Ideal("A", text), client={"page": text}, revises=latest,
        )  # fmt: skip

    stored = Judgment.objects.order_by("id").values_list(
        "criteria", "reason_tags", "rationale", "ideal", "client"
    )
    assert list(stored) == [
        ({text[:40].strip(): None}, [text[:40].strip()], text, text, {"page": text})
        for text in texts
    ]
