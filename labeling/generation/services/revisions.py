"""Ask for revisions: each response that is there is criticised and written anew by a model."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.generation.enums import CandidateSource, Stage
from labeling.generation.models import (
    MOST_A_PROMPT,
    MOST_ROUNDS,
    Candidate,
    Constitution,
    GenerationRun,
    Generator,
    RunPart,
)
from labeling.generation.queries import originals_of
from labeling.generation.seeds import seed_for
from labeling.generation.services.opening import (
    MOST_A_RUN,
    ROWS_A_STATEMENT,
    Terms,
    check_run,
    lay_out,
    not_made,
    open_run,
)
from labeling.generation.services.parts import seed_of_part
from labeling.wording import gettext


@transaction.atomic
def request_revisions(
    *,
    campaign: Campaign,
    of: GenerationRun | None,
    generator: Generator,
    constitution: Constitution,
    rounds: int,
    terms: Terms,
    user: User,
    now: datetime,
) -> GenerationRun:
    """Store a run that revises what the run ``of`` made, or else what was imported.

    One revision of each finished response, waiting, in a group with all responses of its prompt.
    Generator, constitution and ``of`` are the campaign's. The whole run is there afterwards or
    nothing of it. Raises Invalid, naming the fields that do not hold.
    """
    check_run(_problems(generator, rounds), terms)
    originals = _originals(campaign, of)
    run = open_run(campaign=campaign, terms=terms, user=user, now=now)
    part = RunPart.objects.create(
        run=run,
        position=0,
        generator=generator,
        per_prompt=max(len(several) for several in originals),
        first_sample=0,
        seed=seed_of_part(run, generator, terms.seed),
        constitution=constitution,
        rounds=rounds,
    )
    for start in range(0, len(originals), ROWS_A_STATEMENT):
        chunk = originals[start : start + ROWS_A_STATEMENT]
        lay_out(run, [one for several in chunk for one in _revisions(part, several)])
    record_event(
        actor=user,
        action="run.requested",
        target=f"run:{run.pk}",
        campaign=campaign.pk,
        generators=[generator.name],
        constitution=constitution.pk,
        candidates=sum(len(several) for several in originals),
    )
    return run


def _problems(generator: Generator, rounds: int) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not 1 <= rounds <= MOST_ROUNDS:
        most = gettext("must be a whole number from 1 to %(most)s")
        problems["rounds"] = [most % {"most": MOST_ROUNDS}]
    if generator.stage == Stage.BASE:
        reason = gettext("%(name)s is a base model: it takes no order to revise")
        problems["generator"] = [reason % {"name": generator.name}]
    return problems


def _originals(campaign: Campaign, of: GenerationRun | None) -> list[list[Candidate]]:
    """Return the responses to revise, those of each prompt together."""
    rows = originals_of(campaign, of).select_related("prompt")[: MOST_A_RUN + 1]
    found = [list(several) for _, several in groupby(rows, key=attrgetter("prompt_id"))]
    if not found:
        raise not_made("run", gettext("there is no finished response to revise"))
    if sum(len(several) for several in found) > MOST_A_RUN:
        problem = gettext("one run makes at most %(most)s candidates, and there are more to revise")
        raise not_made("run", problem % {"most": MOST_A_RUN})
    fullest = max(found, key=len)
    if len(fullest) > MOST_A_PROMPT:
        problem = gettext("prompt %(number)s has more than %(most)s responses to revise")
        named = {"number": fullest[0].prompt_id, "most": MOST_A_PROMPT}
        raise not_made("run", problem % named)
    return found


def _revisions(part: RunPart, originals: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the waiting revisions of one prompt's responses, which are not stored yet."""
    for sample, original in enumerate(originals):
        content_hash = original.prompt.content_hash
        yield Candidate(
            run=part.run,
            part=part,
            prompt=original.prompt,
            sample=sample,
            source=CandidateSource.REVISION,
            revises=original,
            seed=seed_for(run_seed=part.seed, content_hash=content_hash, sample=sample),
        )
