"""The pages of AI judges."""

from django.db import transaction

from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.models import GenerationRun
from labeling.generation.services.opening import Terms
from labeling.judging.asking import Said, mark
from labeling.judging.queries import judging_to_do
from labeling.judging.services.claims import Answered, claim_judgments, finish_judgments
from labeling.judging.services.judging import pairs_of
from labeling.judging.services.requests import Asked, request_judging
from tests.screens.places.models import generator_of, made
from tests.screens.screen import Place, Visit, manage
from tests.screens.world import judged, member, stocked

JUDGING = Place("judgings", "judging", "AI judges")
STANDARD = (
    "The response that gets the person further is better: it says what to do first, and it says "
    "nothing that is wrong."
)
WORDS = (
    "Both answer the question. One of them says what to do at once and why; the other stays "
    "general.\n{verdict}"
)


def _asked(campaign: Campaign) -> GenerationRun:
    return request_judging(
        campaign=campaign,
        asked=Asked(generator=generator_of(campaign), standard=STANDARD),
        terms=Terms(seed=7),
        user=campaign.created_by,
        now=database_now(),
    )


@transaction.atomic
def _said(run: GenerationRun, said: str) -> None:
    """Give a verdict on waiting pairs, two letters a pair: in the one order and in the other."""
    assert judging_to_do(run.pk)
    now = database_now()
    claim = claim_judgments(run_id=run.pk, limit=len(said) // 2, seconds=900, now=now)
    assert claim is not None
    pairs = pairs_of(claim.rows)
    letters = {"A": Said.A, "B": Said.B, "=": Said.TIE}
    for at, pair in enumerate(pairs):
        for order, letter in zip(("forward", "backward"), said[2 * at : 2 * at + 2], strict=True):
            nonce = pair.nonces[order]
            text = WORDS.format(verdict=mark(letters[letter], nonce))
            pair.answered.append(Answered(order, nonce, made(text)))
    finish_judgments(
        claim=claim.token,
        answered={pair.row.pk: pair.answered for pair in pairs},
        prompt_hashes={pair.row.pk: pair.prompt_hash for pair in pairs},
        now=now,
    )


@JUDGING.state("first", "Before the first judge")
def judging_first(visit: Visit) -> None:
    campaign, _ = stocked()
    generator_of(campaign)
    manage(visit, campaign, "judging/")


@JUDGING.state("some", "Runs of a judge")
def judging_some(visit: Visit) -> None:
    campaign, _ = stocked()
    _said(_asked(campaign), "ABAB")
    _asked(campaign)
    manage(visit, campaign, "judging/")


@JUDGING.state("running", "Pairs are being judged", route="judging")
def judging_running(visit: Visit) -> None:
    campaign, _ = stocked()
    run = _asked(campaign)
    _said(run, "AB")
    manage(visit, campaign, f"judging/{run.pk}/")


@JUDGING.state("done", "What the verdicts are worth", route="judging")
def judging_done(visit: Visit) -> None:
    campaign, person = stocked()
    judged(campaign, [person, member(campaign, "second")], 6)
    run = _asked(campaign)
    _said(run, "ABBAAA==AB=A" * 20)
    manage(visit, campaign, f"judging/{run.pk}/")
