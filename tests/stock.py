"""Put comparisons into a campaign the way an import does, and answer them."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

from labeling.accounts.models import User
from labeling.assignment.models import Assignment
from labeling.assignment.services.claiming import Claim, claim_next
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Campaign, Membership
from labeling.clock import database_now
from labeling.generation.services.adoption import adopt_responses
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses
from labeling.ranking.answers import Answer
from labeling.ranking.services.answering import submit_judgment

_numbers = count(1)


def stock(campaign: Campaign, prompts: int, *, texts: Sequence[str] = ("good", "bad")) -> None:
    """Give a campaign ``prompts`` prompts with these responses each, and plan comparisons.

    Text ``t`` of prompt ``n`` is stored as ``"t n"`` by the model ``model-t``.
    """
    number = next(_numbers)
    digest = sha256(str(number).encode()).hexdigest()
    prompt_set = PromptSet.objects.create(
        campaign=campaign,
        name=f"stock {number}",
        format=FileFormat.JSONL,
        sha256=digest,
        size=1,
        state=PromptSetState.DONE,
        created_by=campaign.created_by,
    )
    for row in range(1, prompts + 1):
        _store_row(prompt_set, row, f"{number}.{row}", texts)
    adopt_responses(prompt_set_id=prompt_set.pk, now=database_now())
    plan_comparisons(campaign_id=campaign.pk)


def _store_row(prompt_set: PromptSet, row: int, name: str, texts: Sequence[str]) -> None:
    prompt = Prompt.objects.create(
        campaign=prompt_set.campaign,
        prompt_set=prompt_set,
        messages=[{"role": "user", "content": f"Question {name}?"}],
        content_hash=sha256(name.encode()).hexdigest(),
        external_id=name,
    )
    ReadyResponses.objects.create(
        prompt_set=prompt_set,
        prompt=prompt,
        row=row,
        responses=[
            {"text": f"{text} {name}", "model": f"model-{text}"[:200], "metadata": {}}
            for text in texts
        ],
        content_hash=sha256(name.encode()).hexdigest(),
    )


def claims(
    campaign: Campaign, annotator: User, now: datetime | None = None, hold: int = 1
) -> Claim:
    """Let a person claim up to ``hold`` comparisons, as the member they are or would be."""
    known = Membership.objects.filter(campaign=campaign, user=annotator).first()
    member = known or Membership(campaign=campaign, user=annotator, role=Role.ANNOTATOR)
    member.campaign = campaign
    return claim_next(member=member, now=now or database_now(), hold=hold)


def next_for(campaign: Campaign, annotator: User, now: datetime | None = None) -> Assignment | None:
    """Lease the person their next comparison, if there is one."""
    return claims(campaign, annotator, now).first


def claim(campaign: Campaign, annotator: User) -> Assignment:
    """Lease the person their next comparison, which must be there."""
    assignment = next_for(campaign, annotator)
    assert assignment is not None
    return assignment


def answer_to(assignment: Assignment, **fields: Any) -> Answer:
    """Return an answer to an assignment: the response shown first is better, unless told."""
    size = len(assignment.display_order)
    given = {"outcome": "ranked", "ranks": tuple(range(1, size + 1)), "token": assignment.token}
    return Answer(**{**given, **fields})


def judge(campaign: Campaign, annotator: User, assignment: Assignment, **fields: Any) -> int:
    """Submit an answer to an assignment; return the judgment's id."""
    once = submit_judgment(
        campaign=campaign,
        annotator=annotator,
        assignment_id=assignment.pk,
        answer=answer_to(assignment, **fields),
        key=uuid4().hex,
        now=database_now(),
    )
    judgment: int = once.answer["judgment"]
    return judgment
