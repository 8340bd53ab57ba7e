"""Take revisions step by step from critique to revision, and keep each step that was made."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from labeling.generation.backends.port import Backend, Completion, Outcome, Request
from labeling.generation.models import Candidate, Constitution, RevisionStep, RunPart
from labeling.generation.revising import asked_to_criticise, asked_to_revise, drawn
from labeling.generation.seeds import seed_for
from labeling.generation.services.work import Claim
from labeling.generation.texts import storable


@dataclass
class Chain:
    """One revision under way: its candidate with prompt and original, and the steps so far."""

    part: RunPart
    constitution: Constitution
    candidate: Candidate
    steps: list[RevisionStep] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Return the number of the next step."""
        return len(self.steps) + 1

    @property
    def is_at_its_end(self) -> bool:
        """Tell whether the next step is the last revision, which is the candidate itself."""
        return self.number == 2 * self.part.rounds

    @property
    def principles(self) -> list[str]:
        """Return the principle of each round."""
        return drawn(self.constitution.principles, self.part.rounds, self.candidate.seed or 0)

    @property
    def seed(self) -> int:
        """Return the seed of the next step."""
        return seed_for(
            run_seed=self.candidate.seed or 0,
            content_hash=self.candidate.prompt.content_hash,
            sample=self.number,
        )

    def request(self) -> Request:
        """Return what the model is asked for the next step."""
        original, revised = self.candidate.revises, self.steps[1::2]
        assert original is not None  # noqa: S101 - the database keeps that revisions revise
        messages = self.candidate.prompt.messages
        response = revised[-1].text if revised else original.text
        principle = self.principles[len(revised)]
        if len(self.steps) == 2 * len(revised):
            asked = asked_to_criticise(messages, response, principle)
        else:
            asked = asked_to_revise(messages, response, principle, self.steps[-1].text)
        return Request(asked, self.seed, self.part.recipe, self.part.generator.framing)

    def step(self, made: Completion, now: datetime) -> RevisionStep:
        """Return the next step, which is not stored yet."""
        return RevisionStep(
            candidate=self.candidate,
            number=self.number,
            principle=self.principles[(self.number - 1) // 2],
            text=storable(made.text),
            seed=self.seed,
            model_label=storable(made.model_label)[:200],
            model_revision=storable(made.model_revision)[:80],
            finish_reason=storable(made.finish_reason)[:40],
            prompt_tokens=made.prompt_tokens,
            completion_tokens=made.completion_tokens,
            latency_ms=made.latency_ms,
            created_at=now,
        )

    def whole(self, last: Completion) -> Completion:
        """Return the last revision with the tokens and the time of the whole chain."""
        told = {
            "constitution": self.constitution.name,
            "version": self.constitution.version,
            "principles": self.principles,
        }
        return replace(
            last,
            parameters={**last.parameters, **told},
            prompt_tokens=_sum([one.prompt_tokens for one in self.steps], last.prompt_tokens),
            completion_tokens=_sum(
                [one.completion_tokens for one in self.steps], last.completion_tokens
            ),
            latency_ms=last.latency_ms + sum(one.latency_ms for one in self.steps),
        )


def revised(
    part: RunPart, backend: Backend, claim: Claim[Candidate], clock: Callable[[], datetime]
) -> Iterator[dict[int, Outcome]]:
    """Take claimed revisions to their end; yield the outcome of each as it comes.

    All take the next step together, and each step is kept before the one after it is asked for.
    """
    going = open_chains(part, claim.rows)
    while going:
        asked, going = going, []
        for made in backend.complete([chain.request() for chain in asked]):
            steps: list[tuple[Chain, Completion]] = []
            ended: dict[int, Outcome] = {}
            for chain, answer in ((asked[at], answer) for at, answer in made.items()):
                if not isinstance(answer, Completion):
                    ended[chain.candidate.pk] = answer
                elif answer.text.strip() and not chain.is_at_its_end:
                    steps.append((chain, answer))
                else:
                    ended[chain.candidate.pk] = chain.whole(answer)
            going += keep_steps(claim=claim.token, made=steps, now=clock())
            yield ended


def open_chains(part: RunPart, candidates: Sequence[Candidate]) -> list[Chain]:
    """Return the chains of claimed revisions, each after the last step that was kept."""
    assert part.constitution is not None  # noqa: S101 - only parts with one revise
    rows = Candidate.objects.select_related("prompt", "revises").prefetch_related("steps")
    found = rows.in_bulk([one.pk for one in candidates]).values()
    return [Chain(part, part.constitution, one, list(one.steps.all())) for one in found]


@transaction.atomic
def keep_steps(
    *, claim: uuid.UUID, made: Sequence[tuple[Chain, Completion]], now: datetime
) -> list[Chain]:
    """Keep a step of each chain that is still held under ``claim``; return these chains.

    The others were taken over by another worker, which makes their steps itself.
    """
    ids = [chain.candidate.pk for chain, _ in made]
    rows = Candidate.objects.select_for_update(of=("self",)).filter(pk__in=ids, claim=claim)
    held = set(rows.order_by("id").values_list("pk", flat=True))
    kept = [(chain, chain.step(one, now)) for chain, one in made if chain.candidate.pk in held]
    RevisionStep.objects.bulk_create([step for _, step in kept])
    for chain, step in kept:
        chain.steps.append(step)
    return [chain for chain, _ in kept]


def _sum(earlier: Sequence[int | None], last: int | None) -> int | None:
    """Return the sum of token counts; None where one of them was not told."""
    every = [*earlier, last]
    return None if None in every else sum(one for one in every if one is not None)
