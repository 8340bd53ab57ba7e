"""What is at work at the moment of an erasure comes too late: nothing brings a text back."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connection

from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.backends.port import Completion
from labeling.generation.models import Candidate, Generator
from labeling.generation.services.adoption import adopt_responses
from labeling.generation.services.claims import claim_candidates, finish_candidates
from labeling.generation.services.opening import Terms
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import request_candidates, retry_failed
from labeling.judging.models import AiJudgment
from labeling.judging.services.claims import claim_judgments, finish_judgments
from labeling.judging.services.requests import Asked, request_judging
from labeling.prompts.models import Prompt, ReadyResponses
from labeling.quality.services.erasing import erase_person, erase_prompt
from labeling.ranking.models import Judgment, RenderedCandidate, RenderedPrompt
from labeling.ranking.rendering import render
from labeling.ranking.services import rendering
from labeling.ranking.services.answering import ComparisonErased
from tests.factories import make_campaign, make_member
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "The doctor in it is my neighbour."
WROTE = Completion(
    text=WORDS, model_label="m", model_revision="", template_hash="", parameters={"a": WORDS},
    finish_reason="stop", prompt_tokens=1, completion_tokens=1, latency_ms=1,
)  # fmt: skip


@pytest.fixture
def campaign() -> Campaign:
    found = make_campaign(overlap=5)
    stock(found, 1)
    return found


@pytest.fixture
def prompt(campaign) -> Prompt:
    return Prompt.objects.get(campaign=campaign)


@pytest.fixture
def generator(campaign) -> Generator:
    return Generator.objects.create(
        campaign=campaign, name="g", backend="transformers", model="m",
        created_by=campaign.created_by,
    )  # fmt: skip


def erase(prompt: Prompt) -> bool:
    by = prompt.campaign.created_by
    return erase_prompt(prompt=prompt, by=by, reason="Asked by law.", now=database_now())


def at_once(*acts) -> None:
    """Do several things on connections of their own, all begun together."""
    ready = Barrier(len(acts))

    def run(act) -> None:
        try:
            ready.wait()
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result()


def answer(campaign: Campaign, held: Assignment) -> None:
    with suppress(ComparisonErased):
        judge(campaign, held.annotator, held, rationale=WORDS)


def no_words_left() -> bool:
    return not Judgment.objects.exclude(rationale="").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("attempt", range(5))
def test_answers_that_race_with_the_erasure_of_their_prompt_leave_no_words(
    campaign, prompt, attempt
):
    held = [claim(campaign, make_member(campaign)) for _ in range(4)]
    answers = [lambda each=each: answer(campaign, each) for each in held]

    at_once(*answers[:2], lambda: erase(prompt), *answers[2:])

    assert no_words_left()
    comparison = prompt.comparisons.get()
    assert comparison.judged == Judgment.objects.filter(counted=True).count()


@pytest.mark.postgres
@pytest.mark.parametrize("attempt", range(5))
def test_answers_that_race_with_the_erasure_of_their_person_leave_no_words(campaign, attempt):
    stock(campaign, 3)
    person = make_member(campaign)
    held = [claim(campaign, one) for one in (person, make_member(campaign))]

    at_once(
        lambda: erase_person(person=person, by=None, now=database_now()),
        *[lambda each=each: answer(campaign, each) for each in held],
    )

    assert not Judgment.objects.filter(annotator=person).exclude(rationale="").exists()
    assert Judgment.objects.exclude(annotator=person).get().rationale == WORDS


@pytest.mark.postgres
def test_two_erasures_at_once_are_one(campaign, prompt):
    person = make_member(campaign)
    judge(campaign, person, claim(campaign, person), rationale=WORDS)

    at_once(
        lambda: erase(prompt),
        lambda: erase(prompt),
        lambda: erase_person(person=person, by=None, now=database_now()),
    )

    assert no_words_left()
    assert campaign.revocations.filter(prompt=prompt).count() == 1


def test_a_response_in_a_workers_hands_comes_too_late(campaign, prompt, generator):
    run = request_candidates(
        campaign=campaign, parts=[Wanted(generator, 2)], prompt_ids=None, seed=1,
        user=campaign.created_by, now=database_now(),
    )  # fmt: skip
    taken = claim_candidates(part_id=run.parts.get().pk, limit=1, seconds=60, now=database_now())
    assert taken
    erase(prompt)

    outcomes = {row.pk: WROTE for row in taken.rows}
    finished = finish_candidates(claim=taken.token, outcomes=outcomes, now=database_now())
    retry_failed(run=run, by=campaign.created_by, now=database_now())

    assert (finished.done, finished.late) == (0, 1)
    assert set(Candidate.objects.values_list("state", "text")) == {("erased", "")}
    again = claim_candidates(part_id=run.parts.get().pk, limit=9, seconds=60, now=database_now())
    assert again is None


def test_a_verdict_in_a_workers_hands_comes_too_late(campaign, prompt, generator):
    run = request_judging(
        campaign=campaign, asked=Asked(generator=generator, standard="Be true."),
        terms=Terms(seed=1), user=campaign.created_by, now=database_now(),
    )  # fmt: skip
    taken = claim_judgments(run_id=run.pk, limit=1, seconds=60, now=database_now())
    assert taken
    erase(prompt)

    judged = finish_judgments(
        claim=taken.token, answered={row.pk: [] for row in taken.rows},
        prompt_hashes={row.pk: "0" * 64 for row in taken.rows}, now=database_now(),
    )  # fmt: skip

    assert judged.late == 1
    assert not AiJudgment.objects.exists()


def test_ready_responses_that_nobody_adopted_yet_stay_unadopted(campaign, prompt):
    ReadyResponses.objects.create(
        prompt_set=prompt.prompt_set, prompt=prompt, row=9, content_hash="new",
        responses=[{"text": WORDS, "model": "m", "metadata": {}}],
    )  # fmt: skip
    erase(prompt)

    adopt_responses(prompt_set_id=prompt.prompt_set_id, now=database_now())

    assert not Candidate.objects.exclude(text="").exists()


def test_what_was_read_to_be_rendered_before_is_not_kept_after(campaign, prompt, monkeypatch):
    rendered: list[str] = []

    def erased_meanwhile(text: str) -> str:
        if not rendered:
            erase(prompt)
        rendered.append(text)
        return render(text)

    monkeypatch.setattr(rendering, "render", erased_meanwhile)
    rendering.render_ahead(campaign_id=campaign.pk)

    assert any("Question" in text for text in rendered)
    assert not RenderedPrompt.objects.exists()
    assert not RenderedCandidate.objects.exists()


def test_a_new_run_over_every_prompt_leaves_the_erased_one_out(campaign, prompt, generator):
    stock(campaign, 1)
    erase(prompt)

    run = request_candidates(
        campaign=campaign, parts=[Wanted(generator, 1)], prompt_ids=None, seed=1,
        user=campaign.created_by, now=database_now(),
    )  # fmt: skip

    assert prompt.pk not in set(run.candidates.values_list("prompt", flat=True))
    assert run.candidates.count() == 1
