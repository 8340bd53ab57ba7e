"""Give back what an erased person holds; ask nobody about an erased prompt any more."""

from datetime import datetime

from labeling.accounts.models import User
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison, Desk
from labeling.assignment.services.directing import give_back, hold_comparison
from labeling.assignment.services.leases import end_leases, release_all
from labeling.assignment.services.marking import retire
from labeling.campaigns.models import Campaign
from labeling.prompts.models import Prompt

HELD = (AssignmentState.LIVE, AssignmentState.RESERVED)


def hold_desks(person: User) -> list[Campaign]:
    """Lock the desks of a person, so that they answer nothing meanwhile; return their campaigns."""
    desks = Desk.objects.select_for_update(of=("self",)).select_related("campaign")
    return [desk.campaign for desk in desks.filter(annotator=person).order_by("pk")]


def give_all_back(*, campaign: Campaign, person: User, now: datetime) -> None:
    """Give every slot back that a person holds in a campaign, or that is kept for them."""
    own = Assignment.objects.filter(desk__campaign=campaign, annotator=person)
    tokens = dict(own.filter(state=AssignmentState.LIVE).values_list("pk", "token"))
    release_all(campaign=campaign, annotator=person, tokens=tokens, now=now)
    kept = own.filter(state=AssignmentState.RESERVED).order_by("comparison_id")
    for comparison_id in list(kept.values_list("comparison_id", flat=True)):
        give_back(hold_comparison(campaign, comparison_id, [person.pk]), [person.pk], now)


def close_comparisons(*, prompt: Prompt, by: User, now: datetime) -> list[int]:
    """Retire every comparison of a prompt, end its leases, and hold it; return their ids.

    An answer on its way is refused: the database takes no judgment of what is erased.
    """
    ids = list(Comparison.objects.filter(prompt=prompt).order_by("pk").values_list("pk", flat=True))
    held = Assignment.objects.filter(comparison__in=ids, state__in=HELD).values("desk")
    # All desks before the first comparison, as everybody locks them.
    list(Desk.objects.select_for_update().filter(pk__in=held).order_by("pk"))
    closed = [
        retire(campaign=prompt.campaign, comparison_id=comparison_id, by=by, now=now)
        for comparison_id in ids
    ]
    end_leases(comparisons=closed, now=now)
    return ids
