"""Comparisons are judged by a model in both orders, whatever happens on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from labeling.assignment.models import ComparedCandidate, Comparison
from labeling.generation.backends.port import BackendUnavailable, Failure, Postponed
from labeling.generation.enums import CandidateState
from labeling.generation.queries import runs_to_ring
from labeling.generation.services.opening import Terms
from labeling.generation.services.runs import pause_run
from labeling.generation.services.work import Worker
from labeling.judging.models import AiJudgment
from labeling.judging.queries import (
    ai_ranks,
    judging_to_do,
    measures_of,
    with_people,
)
from labeling.judging.services.claims import claim_judgments
from labeling.judging.services.judging import judge_run
from labeling.judging.services.requests import retry_judging, stop_judging
from labeling.ranking.models import Judgment
from tests.generation.conftest import Scripted
from tests.judging.conftest import ALWAYS_A, NOW, STANDARD, judge, prefers, says, shown
from tests.stock import claim, stock
from tests.stock import judge as by_hand

BUSY = Failure("The server answered 429.", "Retry later.", retriable=True)
GONE = Failure("The server answered 401.", "Set the key.")


def texts_of(row):
    slots = ComparedCandidate.objects.filter(comparison=row.comparison)
    text = dict(slots.values_list("slot", "candidate__text"))
    return text[row.first], text[row.second]


def states(run):
    return sorted(run.ai_judgments.values_list("state", flat=True))


def test_better_response_wins_whichever_slot_it_is_in(run):
    judge(run, prefers("good"))

    assert states(run) == ["done", "done"]
    for row in run.ai_judgments.all():
        winner = texts_of(row)[0 if row.outcome == "first" else 1]
        assert winner.startswith("good")
        assert (row.forward, row.backward) == (row.outcome, row.outcome)


def test_each_pair_is_shown_in_both_orders(run):
    backend = judge(run, prefers("good"))

    seen = [tuple(shown(request)[1].values()) for request in backend.seen]
    assert len(seen) == 4
    for row in run.ai_judgments.all():
        one, other = texts_of(row)
        assert {(one, other), (other, one)} <= set(seen)


def test_judge_that_goes_by_the_order_decides_nothing(run):
    judge(run, ALWAYS_A)

    assert set(run.ai_judgments.values_list("outcome", flat=True)) == {"level"}
    measures = measures_of(run)
    assert (measures.flipped, measures.decided, measures.ties) == (2, 0, 0)
    assert (measures.shown_first, measures.named) == (4, 4)


def test_what_was_asked_and_answered_is_kept(run):
    judge(run, prefers("good"))

    row = run.ai_judgments.first()
    assert (row.source, row.model_label, row.model_revision) == ("ai", "scripted", "r1")
    assert row.answers.keys() == {"forward", "backward"}
    assert row.answers["forward"].startswith("I weighed both.")
    assert len(row.prompt_hash) == 64
    assert (row.prompt_tokens, row.completion_tokens, row.latency_ms) == (6, 8, 10)
    assert row.standard == STANDARD


def test_prompts_that_differ_have_hashes_that_differ(run):
    judge(run, prefers("good"))

    assert len(set(run.ai_judgments.values_list("prompt_hash", flat=True))) == 2


def test_marks_differ_from_order_to_order_and_are_in_no_text(run):
    backend = judge(run, prefers("good"))

    nonces = [shown(request)[0] for request in backend.seen]
    assert len(set(nonces)) == 4
    texts = ComparedCandidate.objects.values_list("candidate__text", flat=True)
    assert not any(nonce in text for nonce in nonces for text in texts)


def test_no_judgment_of_a_person_comes_of_it(cast, run):
    before = list(Comparison.objects.order_by("pk").values())

    judge(run, prefers("good"))

    assert not Judgment.objects.exists()
    assert list(Comparison.objects.order_by("pk").values()) == before


def test_comparison_of_four_is_judged_pair_by_pair(cast, ask):
    cast.campaign.candidates_per_comparison = 4
    cast.campaign.save()
    stock(cast.campaign, 1, texts=("best", "fine", "poor", "worst"))
    run = ask()
    order = ("best", "fine", "poor", "worst")

    judge(run, says(lambda texts: min(texts, key=lambda name: order.index(texts[name].split()[0]))))

    assert run.ai_judgments.count() == 6
    comparison = Comparison.objects.get()
    slots = comparison.slots.order_by("slot").values_list("candidate__text", flat=True)
    assert ai_ranks(cast.campaign, [comparison.pk])[comparison.pk] == [
        tuple(order.index(text.split()[0]) + 1 for text in slots)
    ]


@pytest.mark.parametrize("answer", ["A", "[[A]]", "I like both.", " "])
def test_answer_without_a_verdict_is_tried_three_times_each_anew(run, answer):
    seeds = set()
    for _ in range(3):
        seeds |= {request.seed for request in judge(run, answer).seen}

    assert states(run) == ["failed", "failed"]
    assert "did not end with its verdict" in run.ai_judgments.first().error
    assert len(seeds) == 2 * 2 * 3


def test_order_that_was_answered_is_not_asked_again(run):
    good = prefers("good")
    judge(run, good, "no verdict", good, "no verdict")
    assert states(run) == ["pending", "pending"]

    backend = judge(run, good)

    assert states(run) == ["done", "done"]
    assert len(backend.seen) == 2


def test_failure_of_one_pair_leaves_its_neighbour_alone(run):
    good = prefers("good")

    judge(run, good, good, GONE, good)

    assert states(run) == ["done", "failed"]


def test_busy_server_lets_pairs_wait(run):
    judge(run, Postponed())
    assert states(run) == ["pending", "pending"]
    assert set(run.ai_judgments.values_list("attempts", flat=True)) == {0}

    judge(run, BUSY)

    assert set(run.ai_judgments.values_list("failures", flat=True)) == {1}


def test_backend_that_is_gone_fails_what_waits_and_what_was_taken(run):
    def gone(request):
        raise BackendUnavailable("The model is gone.", "Start it.")

    judge(run, gone, batch_size=2)

    assert states(run) == ["failed", "failed"]
    assert "The model is gone." in run.ai_judgments.first().error


def test_text_of_a_withheld_comparison_is_shown_to_no_model(run):
    reported = run.ai_judgments.first()
    Comparison.objects.filter(pk=reported.comparison_id).update(
        state="retired", withheld_from="open"
    )

    backend = judge(run, prefers("good"))

    assert states(run) == ["done", "failed"]
    reported.refresh_from_db()
    assert "personal data was reported" in reported.error
    assert not any(texts_of(reported)[0] in shown(one)[1].values() for one in backend.seen)


def test_answer_that_came_before_the_backend_was_gone_is_kept(run):
    good = prefers("good")

    class Gone(Scripted):
        def complete(self, requests):
            yield {0: self._answer(requests[0], 0)}
            raise BackendUnavailable("The model is gone.", "Start it.")

    backend = Gone(good, batch_size=2)
    worker = Worker(
        open_backend=lambda part: backend, clock=lambda: NOW, claim_seconds=60, budget_seconds=60.0
    )
    part = judging_to_do(run.pk)
    assert part is not None
    list(judge_run(part=part, worker=worker))
    retry_judging(run=run, by=run.requested_by, now=NOW)
    asked = judge(run, good).seen

    assert states(run) == ["done", "done"]
    assert len(asked) == 3


def test_worker_that_ended_gives_its_pairs_back(run):
    lost = claim_judgments(run_id=run.pk, limit=9, seconds=60, now=NOW)
    assert lost is not None
    assert judge(run, prefers("good")).seen == []

    judge(run, prefers("good"), clock=lambda: NOW + timedelta(minutes=2))

    assert states(run) == ["done", "done"]


def test_pair_that_a_worker_left_in_a_stopped_run_is_set_aside(run, cast):
    claim_judgments(run_id=run.pk, limit=1, seconds=60, now=NOW)
    stop_judging(run=run, by=cast.manager, now=NOW)
    later = NOW + timedelta(minutes=2)
    assert runs_to_ring(AiJudgment, later) == [run.pk]

    assert judge(run, prefers("good"), clock=lambda: later).seen == []

    assert states(run) == ["failed", "failed"]
    assert runs_to_ring(AiJudgment, later + timedelta(minutes=2)) == []


def test_paused_and_stopped_runs_are_left_and_failures_retried(run, cast):
    pause_run(run=run, by=cast.manager, now=NOW)
    assert judge(run, prefers("good")).seen == []
    assert runs_to_ring(AiJudgment, NOW + timedelta(minutes=1)) == []

    assert stop_judging(run=run, by=cast.manager, now=NOW) == 2
    assert states(run) == ["failed", "failed"]
    assert retry_judging(run=run, by=cast.manager, now=NOW) == 2
    judge(run, prefers("good"))

    assert states(run) == ["done", "done"]


def test_run_that_a_lost_message_left_is_rung_again(run):
    assert runs_to_ring(AiJudgment, NOW) == []
    assert runs_to_ring(AiJudgment, NOW + timedelta(minutes=1)) == [run.pk]


def test_tokens_cost_by_the_prices_of_the_judge(cast, generator, ask):
    generator.price_read, generator.price_written = Decimal(1000), Decimal(2000)
    generator.save()
    stock(cast.campaign, 1)
    run = ask()

    judge(run, prefers("good"))

    assert run.ai_judgments.get().cost == Decimal("0.022")


def test_people_are_compared_with_the_judge_on_the_same_pairs(cast, run):
    judge(run, prefers("good"))
    by_hand(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    found = with_people(run)

    said = Judgment.objects.get()
    verdict = run.ai_judgments.get(comparison=said.comparison)
    good = (verdict.outcome == "first") == (said.ranks == [1, 2])
    assert (found.answers, found.agreeing) == (1, int(good))


@pytest.mark.parametrize(
    "broken",
    [
        {"outcome": "first", "forward": "first", "backward": "second"},
        {"outcome": "", "forward": "first", "backward": "first"},
        {"outcome": "second", "forward": "first", "backward": "first"},
        {"outcome": "level", "forward": "", "backward": ""},
    ],
)
def test_database_keeps_that_orders_that_differ_are_a_tie(run, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        run.ai_judgments.update(state=CandidateState.DONE, prompt_hash="0" * 64, **broken)


def test_later_run_of_a_generator_takes_the_place_of_its_earlier_one(cast, run, ask):
    judge(run, prefers("good"))
    again = ask(terms=Terms(seed=8))
    judge(again, prefers("bad"))

    for row in again.ai_judgments.all():
        ranks = (1, 2) if row.outcome == "first" else (2, 1)
        assert ai_ranks(cast.campaign, [row.comparison_id]) == {row.comparison_id: [ranks]}
