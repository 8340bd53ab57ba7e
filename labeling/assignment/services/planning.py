"""Make comparisons of the groups that are ready, in the lanes of those who may judge them."""

from collections import defaultdict
from functools import cache, partial

from django.db import transaction

from labeling.assignment.designs import (
    Chosen,
    Design,
    candidate_key,
    choose_sets,
    queue_position,
)
from labeling.assignment.enums import ComparisonState
from labeling.assignment.lanes import needs_of
from labeling.assignment.models import Allocation, ComparedCandidate, Comparison
from labeling.assignment.policies import wanted
from labeling.assignment.queries import withheld_in
from labeling.assignment.services.capacity import rule_of
from labeling.assignment.services.desks import allocation_of
from labeling.assignment.services.directing import bar
from labeling.assignment.services.fitting import fit_capacity
from labeling.assignment.services.lanes import lane_for, lower_heads
from labeling.assignment.services.shares import forget_share, share_out
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import current_round, lock_campaign
from labeling.generation.enums import CandidateState, GroupState
from labeling.generation.models import Candidate, CandidateGroup

GROUPS_AT_ONCE = 200
OPEN, RETIRED = ComparisonState.OPEN, ComparisonState.RETIRED
Planned = dict[str, tuple[CandidateGroup, Chosen]]


def plan_comparisons(*, campaign_id: int) -> int:
    """Plan every complete group of a campaign, in chunks; return how many comparisons came.

    Safe to run twice and beside itself: planning is one at a time a campaign, a group is
    planned once, and a set of candidates is compared once.
    """
    fit_capacity(campaign_id=campaign_id)
    made = 0
    while (chunk := _plan_chunk(campaign_id)) is not None:
        made += chunk
    share_out(campaign_id=campaign_id)
    return made


@transaction.atomic
def _plan_chunk(campaign_id: int) -> int | None:
    campaign = lock_campaign(campaign_id)
    groups = list(
        CandidateGroup.objects.select_for_update(of=("self",))
        .select_related("prompt")
        .filter(prompt__campaign_id=campaign_id, state=GroupState.COMPLETE)
        .order_by("id")[:GROUPS_AT_ONCE]
    )
    if not groups:
        return None
    made = _store(campaign, groups)
    CandidateGroup.objects.filter(pk__in=[group.pk for group in groups]).update(
        state=GroupState.PLANNED
    )
    forget_share(campaign_id=campaign_id)
    return made


def _store(campaign: Campaign, groups: list[CandidateGroup]) -> int:
    planned = _planned_sets(campaign, groups)
    known = set(
        Comparison.objects.filter(campaign=campaign, candidate_key__in=planned).values_list(
            "candidate_key", flat=True
        )
    )
    fresh = {key: found for key, found in planned.items() if key not in known}
    new = _comparisons(campaign, fresh)
    lower_heads(_lowest_positions(new))
    comparisons = Comparison.objects.bulk_create(new)
    ComparedCandidate.objects.bulk_create(
        ComparedCandidate(comparison=comparison, candidate_id=candidate, slot=slot)
        for comparison, (_, chosen) in zip(comparisons, fresh.values(), strict=True)
        for slot, candidate in enumerate(chosen.members)
    )
    _bar_authors(campaign, comparisons, fresh)
    return len(comparisons)


def _comparisons(campaign: Campaign, fresh: Planned) -> list[Comparison]:
    """Return the comparisons to store, each in the lane of what its prompt asks for."""
    allocation = allocation_of(campaign)
    rule, round_ = rule_of(allocation, campaign.overlap), current_round(campaign)
    lane = cache(partial(lane_for, round_))
    withheld = _withheld_prompts(campaign, fresh)
    new = []
    for key, (group, chosen) in fresh.items():
        prompt = group.prompt
        needs = needs_of(prompt.tags, prompt.language, by_language=allocation.by_language)
        wants = wanted(rule, key=key, tally={})
        new.append(
            Comparison(
                campaign=campaign,
                prompt=prompt,
                group=group,
                lane=lane(needs),
                candidate_key=key,
                size=len(chosen.members),
                drawn=chosen.drawn,
                state=RETIRED if prompt.pk in withheld else OPEN,
                withheld_from=OPEN if prompt.pk in withheld else "",
                wanted=wants,
                open_slots=wants,
                position=queue_position(key, seed=campaign.shuffle_seed),
            )
        )
    return new


def _withheld_prompts(campaign: Campaign, fresh: Planned) -> set[int]:
    """Return the prompts of which something is withheld; what comes of them now is withheld too."""
    prompts = {group.prompt_id for group, _ in fresh.values()}
    found = withheld_in(campaign).filter(prompt__in=prompts)
    return set(found.values_list("prompt_id", flat=True))


def _lowest_positions(comparisons: list[Comparison]) -> dict[int, int]:
    lowest: dict[int, int] = {}
    for each in comparisons:
        lowest[each.lane_id] = min(each.position, lowest.get(each.lane_id, each.position))
    return lowest


def _bar_authors(campaign: Campaign, comparisons: list[Comparison], fresh: Planned) -> None:
    """Keep whoever wrote a response from judging it."""
    members = {candidate for _, chosen in fresh.values() for candidate in chosen.members}
    written = dict(
        Candidate.objects.filter(pk__in=members).exclude(author=None).values_list("pk", "author_id")
    )
    if written:
        bar(campaign, [
            (comparison, written[candidate])
            for comparison, (_, chosen) in zip(comparisons, fresh.values(), strict=True)
            for candidate in chosen.members
            if candidate in written
        ])  # fmt: skip


def _planned_sets(campaign: Campaign, groups: list[CandidateGroup]) -> Planned:
    """Return the sets to compare by their key, each with the group it came from."""
    design = _design_of(allocation_of(campaign))
    models, earlier = _models_by_group(groups), _planned_earlier(groups)
    planned: Planned = {}
    for group in groups:
        before = earlier[group.prompt_id]
        chosen = choose_sets(
            models[group.pk],
            design,
            size=campaign.candidates_per_comparison,
            seed=campaign.shuffle_seed,
            earlier=before,
        )
        planned |= {candidate_key(found.members): (group, found) for found in chosen}
        before.append(set(models[group.pk]))
    return planned


def _design_of(allocation: Allocation) -> Design:
    return Design(
        name=allocation.pair_design,
        budget=allocation.pairs_per_prompt,
        random_percent=allocation.random_percent,
        anchor_model=allocation.anchor_model,
        model_weights=allocation.model_weights,
    )


def _models_by_group(groups: list[CandidateGroup]) -> dict[int, dict[int, str]]:
    """Return the model of every finished candidate, by group and candidate."""
    models: dict[int, dict[int, str]] = {group.pk: {} for group in groups}
    links = CandidateGroup.candidates.through.objects.filter(
        candidategroup__in=groups, candidate__state=CandidateState.DONE
    )
    for group_id, candidate, model in links.values_list(
        "candidategroup_id", "candidate_id", "candidate__model_label"
    ):
        models[group_id][candidate] = model
    return models


def _planned_earlier(groups: list[CandidateGroup]) -> dict[int, list[set[int]]]:
    """Return by prompt the candidates of each group that was planned before.

    Of a group that is planned anew, after candidates that had failed, these are the ones that
    its comparisons show.
    """
    prompts = {group.prompt_id for group in groups}
    found: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    finished = CandidateGroup.candidates.through.objects.filter(
        candidategroup__prompt_id__in=prompts,
        candidategroup__state=GroupState.PLANNED,
        candidate__state=CandidateState.DONE,
    ).values_list("candidategroup__prompt_id", "candidategroup_id", "candidate_id")
    compared = ComparedCandidate.objects.filter(comparison__prompt_id__in=prompts).values_list(
        "comparison__prompt_id", "comparison__group_id", "candidate_id"
    )
    for prompt, group, candidate in [*finished, *compared]:
        found[prompt, group].add(candidate)
    earlier: defaultdict[int, list[set[int]]] = defaultdict(list)
    for (prompt, _), members in sorted(found.items()):
        earlier[prompt].append(members)
    return earlier
