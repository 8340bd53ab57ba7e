"""Have a model judge the waiting pairs of a run, each in both orders."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.utils.crypto import salted_hmac

from labeling.assignment.models import ComparedCandidate, Comparison
from labeling.generation.backends.port import Backend, BackendUnavailable, Failure, Outcome, Request
from labeling.generation.models import RunPart
from labeling.generation.queries import has_open
from labeling.generation.seeds import seed_for
from labeling.generation.services.runs import note_rung
from labeling.generation.services.work import Claim, Worker, set_aside_lost, worked_through
from labeling.judging.asking import asked_to_judge, is_apart
from labeling.judging.models import AiJudgment
from labeling.judging.services.claims import (
    Answered,
    Judged,
    claim_judgments,
    finish_judgments,
)
from labeling.judging.services.requests import fail_waiting
from labeling.prompts.models import Prompt

ORDERS = ("forward", "backward")
NONCE_DIGITS = 16
WITHHELD = Failure(
    "The comparison is withheld: personal data was reported in it.",
    "Review the report on the comparison's page, then retry.",
)


@dataclass
class Pair:
    """A claimed pair with its texts, and the answers that came so far."""

    row: AiJudgment
    comparison: Comparison
    texts: tuple[str, str]
    answered: list[Answered] = field(default_factory=list)

    @property
    def prompt(self) -> Prompt:
        """Return what both texts answer."""
        return self.comparison.prompt

    @property
    def open_orders(self) -> list[str]:
        """Return the orders that no verdict has been given in."""
        return [order for order in ORDERS if not getattr(self.row, order)]

    @cached_property
    def nonces(self) -> dict[str, str]:
        """Return what marks the frames and the verdict of each order.

        Nobody can know it, and no text holds it.
        """
        return {order: self._nonce(order) for order in ORDERS}

    @cached_property
    def asked(self) -> dict[str, list[dict[str, str]]]:
        """Return the messages that the model is asked with in each order."""
        shown = {"forward": self.texts, "backward": self.texts[::-1]}
        return {
            order: asked_to_judge(
                self.prompt.messages, a, b, standard=self.row.standard, nonce=self.nonces[order]
            )
            for order, (a, b) in shown.items()
        }

    @property
    def prompt_hash(self) -> str:
        """Return the SHA-256 of what is asked in both orders."""
        asked = [self.asked[order] for order in ORDERS]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def request(self, part: RunPart, order: str) -> Request:
        """Return the request of an order; another try draws anew."""
        seed = seed_for(run_seed=self.row.seed, content_hash=order, sample=self.row.failures)
        return Request(self.asked[order], seed, part.recipe, part.generator.framing)

    def fail(self, failure: Failure) -> "Pair":
        """Answer with a failure what has no answer yet; return the pair."""
        answered = {one.order for one in self.answered}
        lacking = [order for order in self.open_orders if order not in answered]
        self.answered += [Answered(order, "", failure) for order in lacking]
        return self

    def _nonce(self, order: str) -> str:
        held = (*self.texts, *(turn["content"] for turn in self.prompt.messages))
        for again in range(100):
            secret = salted_hmac("labeling.judging", f"{self.row.seed}\n{order}\n{again}")
            if is_apart(nonce := secret.hexdigest()[:NONCE_DIGITS], *held):
                return nonce
        raise AssertionError("a text that holds a hundred secrets")


def judge_run(*, part: RunPart, worker: Worker) -> Iterator[Judged]:
    """Judge pairs of a run until none is free or the time is used up; yield what is handed in."""
    ends_at, run_id = time.monotonic() + worker.budget_seconds, part.run_id
    note_rung(run_ids=[run_id], now=worker.clock())
    with transaction.atomic():
        set_aside_lost(AiJudgment, run_id=run_id, now=worker.clock())
    if not has_open(AiJudgment, run_id):
        return
    try:
        backend = worker.open_backend(part)
        made = worked_through(
            worker,
            ends_at,
            take=lambda: claim_judgments(
                run_id=run_id,
                limit=max(1, backend.batch_size // len(ORDERS)),
                seconds=worker.claim_seconds,
                now=worker.clock(),
            ),
            make=lambda claim: _judge(part, backend, claim, worker),
        )
        yield from (judged for judged, _ in made)
    except BackendUnavailable as unavailable:
        fail_waiting(run_id=run_id, failure=unavailable.failure, now=worker.clock())


def _judge(
    part: RunPart, backend: Backend, claim: Claim[AiJudgment], worker: Worker
) -> Iterator[Judged]:
    """Have claimed pairs judged; hand each in once all its open orders are answered."""
    every = pairs_of(claim.rows)
    withheld = [pair.fail(WITHHELD) for pair in every if pair.comparison.withheld_from]
    if withheld:
        yield _hand_in(claim, withheld, worker)
    pairs = [pair for pair in every if pair not in withheld]
    asked = [(pair, order) for pair in pairs for order in pair.open_orders]
    left = {pair.row.pk: pair for pair in pairs}
    try:
        for made in backend.complete([pair.request(part, order) for pair, order in asked]):
            whole = [pair for pair in _answered(asked, made) if left.pop(pair.row.pk, None)]
            yield _hand_in(claim, whole, worker)
    except BackendUnavailable as unavailable:
        failed = [pair.fail(unavailable.failure) for pair in left.values()]
        yield _hand_in(claim, failed, worker)
        raise


def pairs_of(rows: Sequence[AiJudgment]) -> list[Pair]:
    """Return claimed rows with the prompt and the two texts of each."""
    comparisons = {row.comparison_id for row in rows}
    slots = ComparedCandidate.objects.filter(comparison__in=comparisons)
    texts = {
        (comparison, slot): text
        for comparison, slot, text in slots.values_list("comparison_id", "slot", "candidate__text")
    }
    found = Comparison.objects.select_related("prompt").in_bulk(comparisons)
    return [
        Pair(
            row,
            found[row.comparison_id],
            (texts[row.comparison_id, row.first], texts[row.comparison_id, row.second]),
        )
        for row in rows
    ]


def _answered(asked: Sequence[tuple[Pair, str]], made: Mapping[int, Outcome]) -> Iterator[Pair]:
    """Note some answers; yield the pairs that wait for no other."""
    for at, outcome in made.items():
        pair, order = asked[at]
        pair.answered.append(Answered(order, pair.nonces[order], outcome))
        if len(pair.answered) == len(pair.open_orders):
            yield pair


def _hand_in(claim: Claim[AiJudgment], pairs: Sequence[Pair], worker: Worker) -> Judged:
    return finish_judgments(
        claim=claim.token,
        answered={pair.row.pk: pair.answered for pair in pairs},
        prompt_hashes={pair.row.pk: pair.prompt_hash for pair in pairs},
        now=worker.clock(),
    )
