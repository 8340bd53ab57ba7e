"""Keep the texts of a prompt from everybody while what was reported of them is not reviewed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from labeling.accounts.models import User
from labeling.assignment.enums import ComparisonState
from labeling.assignment.models import Comparison
from labeling.assignment.queries import withheld_in
from labeling.assignment.services.directing import give_back, hold_comparison, reserved_people
from labeling.assignment.services.marking import record, restore, retire
from labeling.campaigns.queries import lock_campaign
from labeling.prompts.models import Prompt

CAUSE = "personal data was reported"


@dataclass(frozen=True)
class Reported:
    """Who reported personal data in a prompt or its responses, when, and in which judgment."""

    by: User
    at: datetime
    judgment_id: int


def withhold(*, prompt: Prompt, reported: Reported, now: datetime) -> int:
    """Hand no comparison of a prompt out any more until it is reviewed; return how many.

    Neither as work, nor as a repeat, a known answer or an item of a training, and what is kept
    for people by name goes back. Leases that live go on. Safe to run twice: what a manager
    reviewed after the report stays as they decided. Each is a transaction of its own, which waits
    for this one comparison alone, so that nobody waits in a circle.
    """
    withheld = 0
    # What is planned meanwhile is found at the next look; later it comes withheld.
    while found := list(_shown(prompt, reported).values_list("pk", flat=True)):
        withheld += sum(_withhold_one(prompt, each, reported, now) for each in found)
    return withheld


def _shown(prompt: Prompt, reported: Reported) -> QuerySet[Comparison]:
    """Return the comparisons that are not withheld, nor reviewed since the report."""
    before = Q(reviewed_at=None) | Q(reviewed_at__lt=reported.at)
    return Comparison.objects.filter(before, prompt=prompt, withheld_from="").order_by("pk")


@transaction.atomic
def _withhold_one(prompt: Prompt, comparison_id: int, reported: Reported, now: datetime) -> int:
    campaign = lock_campaign(prompt.campaign_id)
    people = reserved_people(comparison_id)
    comparison = hold_comparison(campaign, comparison_id, people)
    if not _shown(prompt, reported).filter(pk=comparison_id).exists():
        return 0
    give_back(comparison, people, now)
    comparison.withheld_from = comparison.state
    comparison.state = ComparisonState.RETIRED
    comparison.save(update_fields=["withheld_from", "state"])
    record(
        reported.by,
        "comparison.withheld",
        comparison,
        cause=CAUSE,
        judgment=reported.judgment_id,
    )
    return 1


def review_prompt(*, prompt: Prompt, hand_out: bool, by: User, now: datetime) -> int:
    """End the withholding of the comparisons of a prompt; return of how many.

    With ``hand_out`` each is again what it was before, otherwise they stay retired, and what is
    set aside stays withheld until it is taken back there.
    """
    ids = withheld_in(prompt.campaign).filter(prompt=prompt).values_list("pk", flat=True)
    return sum(_review_one(prompt, each, hand_out, by, now) for each in list(ids))


@transaction.atomic
def _review_one(prompt: Prompt, comparison_id: int, hand_out: bool, by: User, now: datetime) -> int:
    comparison = hold_comparison(prompt.campaign, comparison_id, [])
    is_item = comparison.set_aside
    if not comparison.withheld_from or (is_item and not hand_out):
        return 0
    was_retired = comparison.withheld_from == ComparisonState.RETIRED and not is_item
    decide = restore if hand_out and not was_retired else retire
    decide(campaign=prompt.campaign, comparison_id=comparison_id, by=by, now=now)
    return 1
