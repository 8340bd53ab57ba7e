"""Make comparisons of the groups that are ready, and fit their capacity to the campaign."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from labeling.assignment.designs import candidate_key, candidate_sets, queue_position
from labeling.assignment.models import ComparedCandidate, Comparison
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import lock_campaign
from labeling.generation.enums import CandidateState, GroupState
from labeling.generation.models import CandidateGroup

GROUPS_AT_ONCE = 200


def plan_comparisons(*, campaign_id: int) -> int:
    """Plan every complete group of a campaign, in chunks; return how many comparisons came.

    Safe to run twice and beside itself: planning is one at a time a campaign, a group is
    planned once, and a set of candidates is compared once.
    """
    fit_capacity(campaign_id=campaign_id)
    made = 0
    while (chunk := _plan_chunk(campaign_id)) is not None:
        made += chunk
    return made


def fit_capacity(*, campaign_id: int) -> int:
    """Give open comparisons the campaign's overlap; return how many changed.

    Slots that are leased or judged are never taken away, so capacity stays exact.
    """
    with transaction.atomic():
        campaign = lock_campaign(campaign_id)
        taken = F("wanted") - F("open_slots")
        return (
            Comparison.objects.filter(campaign=campaign)
            .exclude(wanted=campaign.overlap)
            .exclude(wanted__gt=campaign.overlap, open_slots=0)
            .update(
                wanted=Greatest(campaign.overlap, taken),
                open_slots=Greatest(campaign.overlap, taken) - taken,
            )
        )


@transaction.atomic
def _plan_chunk(campaign_id: int) -> int | None:
    campaign = lock_campaign(campaign_id)
    groups = list(
        CandidateGroup.objects.select_for_update(of=("self",))
        .filter(prompt__campaign_id=campaign_id, state=GroupState.COMPLETE)
        .order_by("id")[:GROUPS_AT_ONCE]
    )
    if not groups:
        return None
    made = _store(campaign, groups)
    CandidateGroup.objects.filter(pk__in=[group.pk for group in groups]).update(
        state=GroupState.PLANNED
    )
    return made


def _store(campaign: Campaign, groups: list[CandidateGroup]) -> int:
    planned = _planned_sets(campaign, groups)
    known = set(
        Comparison.objects.filter(campaign=campaign, candidate_key__in=planned).values_list(
            "candidate_key", flat=True
        )
    )
    fresh = {key: found for key, found in planned.items() if key not in known}
    comparisons = Comparison.objects.bulk_create(
        Comparison(
            campaign=campaign,
            prompt_id=group.prompt_id,
            group=group,
            candidate_key=key,
            wanted=campaign.overlap,
            open_slots=campaign.overlap,
            position=queue_position(key, seed=campaign.shuffle_seed),
        )
        for key, (group, _) in fresh.items()
    )
    ComparedCandidate.objects.bulk_create(
        ComparedCandidate(comparison=comparison, candidate_id=candidate, slot=slot)
        for comparison, (_, members) in zip(comparisons, fresh.values(), strict=True)
        for slot, candidate in enumerate(members)
    )
    return len(comparisons)


def _planned_sets(
    campaign: Campaign, groups: list[CandidateGroup]
) -> dict[str, tuple[CandidateGroup, tuple[int, ...]]]:
    """Return the sets to compare by their key, each with the group it came from."""
    members: dict[int, list[int]] = {group.pk: [] for group in groups}
    links = CandidateGroup.candidates.through.objects.filter(
        candidategroup__in=groups, candidate__state=CandidateState.DONE
    )
    for group_id, candidate_id in links.values_list("candidategroup_id", "candidate_id"):
        members[group_id].append(candidate_id)
    return {
        candidate_key(chosen): (group, chosen)
        for group in groups
        for chosen in candidate_sets(
            members[group.pk],
            size=campaign.candidates_per_comparison,
            seed=campaign.shuffle_seed,
        )
    }
