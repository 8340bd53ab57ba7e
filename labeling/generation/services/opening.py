"""Store a run and the candidates that wait in it."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid
from labeling.generation.enums import CandidateState, Flaw, Makes
from labeling.generation.hygiene import LONGEST, MOST_CHARACTERS
from labeling.generation.models import Candidate, CandidateGroup, GenerationRun
from labeling.generation.seeds import SEED_BITS
from labeling.generation.services.ceilings import check_ceiling
from labeling.wording import gettext

MOST_A_RUN = 50_000
ROWS_A_STATEMENT = 500


@dataclass(frozen=True)
class Terms:
    """On which terms a run makes what it makes; ``GenerationRun`` says what the values mean."""

    seed: int | None = None
    unchecked: Sequence[str] = ()
    longest: int = LONGEST
    ceiling: Decimal | None = None


def check_run(problems: Mapping[str, list[str]], terms: Terms) -> None:
    """Raise Invalid for these problems and for terms that do not hold, all of them together."""
    found = {**problems, **check_ceiling(terms.ceiling)}
    if terms.seed is not None and not 0 <= terms.seed < 2**63:
        found["seed"] = [gettext("must be a whole number from 0 to 9223372036854775807")]
    if not set(terms.unchecked) <= set(Flaw.values):
        names = ", ".join(Flaw.values)
        found["unchecked"] = [gettext("must be some of %(names)s") % {"names": names}]
    if not 1 <= terms.longest <= MOST_CHARACTERS:
        most = gettext("must be a whole number from 1 to %(most)s")
        found["longest"] = [most % {"most": MOST_CHARACTERS}]
    if found:
        raise Invalid(gettext("The run cannot be made as asked; see data.fields."), fields=found)


def not_made(field: str, problem: str) -> Invalid:
    """Return the refusal of a run for one problem with one field."""
    message = gettext("The run was not made: %(problem)s.") % {"problem": problem}
    return Invalid(message, fields={field: [problem]})


def open_run(
    *,
    campaign: Campaign,
    terms: Terms,
    user: User,
    now: datetime,
    makes: Makes = Makes.RESPONSES,
) -> GenerationRun:
    """Store a run without any part; a seed is drawn where the terms name none."""
    return GenerationRun.objects.create(
        campaign=campaign,
        makes=makes,
        seed=secrets.randbits(SEED_BITS) if terms.seed is None else terms.seed,
        unchecked=sorted(set(terms.unchecked)),
        longest=terms.longest,
        ceiling=terms.ceiling,
        requested_by=user,
        rung_at=now,
    )


def lay_out(run: GenerationRun, waiting: Sequence[Candidate]) -> None:
    """Store waiting candidates with the groups of their prompts, all of a prompt's at once.

    What the prompts have already is compared with them.
    """
    stored = Candidate.objects.bulk_create(waiting, batch_size=ROWS_A_STATEMENT)
    counts = Counter(one.prompt_id for one in stored)
    groups = CandidateGroup.objects.bulk_create(
        CandidateGroup(run=run, prompt_id=pk, unfinished=count) for pk, count in counts.items()
    )
    group_of = {group.prompt_id: group.pk for group in groups}
    earlier = Candidate.objects.filter(prompt_id__in=list(counts), state=CandidateState.DONE)
    members = [
        *((one.prompt_id, one.pk) for one in stored),
        *earlier.order_by("id").values_list("prompt_id", "pk"),
    ]
    link = CandidateGroup.candidates.through
    link.objects.bulk_create(
        [link(candidategroup_id=group_of[prompt], candidate_id=pk) for prompt, pk in members],
        batch_size=ROWS_A_STATEMENT,
    )
