"""Planning makes each comparison once, by the campaign's design, and keeps capacity exact."""

from typing import Any

import pytest

from labeling.assignment.enums import Drawn, PairDesign
from labeling.assignment.models import Allocation, ComparedCandidate, Comparison
from labeling.assignment.queries import withheld_in
from labeling.assignment.services.desks import allocation_of
from labeling.assignment.services.planning import plan_comparisons
from labeling.assignment.services.withholding import Reported, review_prompt, withhold
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.backends.port import Failure
from labeling.generation.enums import Backend, GroupState
from labeling.generation.models import CandidateGroup, GenerationRun
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import request_candidates, retry_failed
from labeling.prompts.models import Prompt
from tests.factories import Cast, make_bearer, make_campaign
from tests.generation.conftest import claimed, completion, finish
from tests.stock import claim, judge, next_for, stock

pytestmark = pytest.mark.django_db


def plan(campaign: Campaign) -> int:
    return plan_comparisons(campaign_id=campaign.pk)


def test_plan_comparisons_makes_every_pair_of_each_prompt(cast: Cast) -> None:
    stock(cast.campaign, 2, texts=("a", "b", "c"))

    assert Comparison.objects.filter(campaign=cast.campaign).count() == 6
    assert ComparedCandidate.objects.count() == 12


def test_plan_comparisons_twice_changes_nothing(cast: Cast) -> None:
    stock(cast.campaign, 3)
    before = list(Comparison.objects.order_by("id").values())

    assert plan(cast.campaign) == 0
    assert list(Comparison.objects.order_by("id").values()) == before


def test_plan_comparisons_shows_all_candidates_at_once_in_a_kwise_campaign() -> None:
    campaign = make_campaign(candidates_per_comparison=4)
    stock(campaign, 1, texts=("a", "b", "c", "d"))

    comparison = Comparison.objects.get(campaign=campaign)
    assert [slot.slot for slot in comparison.slots.order_by("slot")] == [0, 1, 2, 3]


def test_plan_comparisons_gives_the_campaigns_overlap() -> None:
    campaign = make_campaign(overlap=5)
    stock(campaign, 1)

    comparison = Comparison.objects.get(campaign=campaign)
    assert (comparison.wanted, comparison.open_slots, comparison.judged) == (5, 5, 0)


def test_plan_comparisons_follows_a_changed_overlap_without_losing_slots(cast: Cast) -> None:
    stock(cast.campaign, 1)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
    claim(cast.campaign, cast.teammate)
    for overlap, expected in ((5, (5, 3, 1)), (1, (2, 0, 1)), (3, (3, 1, 1))):
        Campaign.objects.filter(pk=cast.campaign.pk).update(overlap=overlap)
        plan(cast.campaign)
        found = Comparison.objects.get(campaign=cast.campaign)
        assert (found.wanted, found.open_slots, found.judged) == expected


# Which pairs, by the campaign's design.


def allocate(campaign: Campaign, **changes: Any) -> None:
    Allocation.objects.filter(pk=allocation_of(campaign).pk).update(**changes)


def models_compared(campaign: Campaign, **by: Any) -> list[str]:
    """Return the letters of the models of each comparison, in the order of planning."""
    return [
        "".join(slot.candidate.model_label[-1] for slot in comparison.slots.order_by("slot"))
        for comparison in Comparison.objects.filter(campaign=campaign, **by).order_by("id")
    ]


def run_for(campaign: Campaign, per_prompt: int) -> GenerationRun:
    """Ask a model for candidates of every prompt."""
    generator = add_generator(
        campaign=campaign,
        user=campaign.created_by,
        draft=Draft(f"Toy {per_prompt}", Backend.TRANSFORMERS, "toy-chat"),
    )
    return request_candidates(
        campaign=campaign,
        parts=[Wanted(generator, per_prompt)],
        prompt_ids=None,
        seed=7,
        user=campaign.created_by,
        now=database_now(),
    )


def fill(run: GenerationRun, *outcomes: Any) -> None:
    now = database_now()
    finish(claimed(run, now=now), *outcomes, now=now)


def test_plan_comparisons_gives_fewer_pairs_within_a_budget(cast: Cast) -> None:
    allocate(cast.campaign, pairs_per_prompt=2)
    stock(cast.campaign, 5, texts=("a", "b", "c", "d"))

    counts = [prompt.comparisons.count() for prompt in Prompt.objects.all()]
    assert counts == [2] * 5


def test_plan_comparisons_compares_each_response_with_the_baselines(cast: Cast) -> None:
    allocate(cast.campaign, pair_design=PairDesign.ANCHOR, anchor_model="model-b")
    stock(cast.campaign, 10, texts=("a", "b", "c", "d"))
    by_design = models_compared(cast.campaign, drawn=Drawn.DESIGN)

    assert {"ab", "bc", "bd"} == set(by_design)
    for prompt in Prompt.objects.all():
        assert {"ab", "bc", "bd"} <= set(models_compared(cast.campaign, prompt=prompt))


def test_plan_comparisons_leaves_out_a_model_without_weight_unless_at_random(cast: Cast) -> None:
    weights = {"model-c": 0}
    allocate(
        cast.campaign,
        pair_design=PairDesign.WEIGHTED,
        model_weights=weights,
        random_percent=50,
    )
    stock(cast.campaign, 60, texts=("a", "b", "c"))

    assert set(models_compared(cast.campaign, drawn=Drawn.DESIGN)) == {"ab"}
    assert set(models_compared(cast.campaign, drawn=Drawn.RANDOM)) == {"ab", "ac", "bc"}


@pytest.mark.parametrize("name", PairDesign)
def test_plan_comparisons_stores_which_pairs_are_random(cast: Cast, name: PairDesign) -> None:
    allocate(
        cast.campaign,
        pair_design=name,
        anchor_model="model-a",
        pairs_per_prompt=3,
        random_percent=40,
    )
    stock(cast.campaign, 150, texts=("a", "b", "c", "d"))
    drawn = models_compared(cast.campaign, drawn=Drawn.RANDOM)

    assert Comparison.objects.count() == 450
    assert 0.4 * 450 - 40 < len(drawn) < 0.4 * 450 + 40
    assert all(abs(drawn.count(pair) - len(drawn) / 6) < 30 for pair in drawn)
    assert set(drawn) == {"ab", "ac", "ad", "bc", "bd", "cd"}


def test_plan_comparisons_of_screens_of_three_counts_them_as_random() -> None:
    campaign = make_campaign(candidates_per_comparison=3)
    stock(campaign, 2, texts=("a", "b", "c", "d", "e"))

    assert set(Comparison.objects.values_list("size", "drawn")) == {(3, Drawn.RANDOM)}


@pytest.mark.parametrize("name", PairDesign)
def test_a_later_group_compares_only_what_is_new_to_the_prompt(
    cast: Cast, name: PairDesign
) -> None:
    allocate(cast.campaign, pair_design=name, anchor_model="model-a")
    stock(cast.campaign, 1, texts=("a", "b", "c"))
    before = list(Comparison.objects.order_by("id").values())
    fill(run_for(cast.campaign, 1), completion("d"))
    plan(cast.campaign)
    later = Comparison.objects.exclude(pk__in=[row["id"] for row in before])

    assert list(Comparison.objects.order_by("id").values())[: len(before)] == before
    assert later.count() >= (1 if name in (PairDesign.CHAIN, PairDesign.ANCHOR) else 3)
    newest = CandidateGroup.objects.latest("id").candidates.latest("id")
    assert all(newest in comparison.candidates.all() for comparison in later)


def test_what_is_planned_of_a_withheld_prompt_is_withheld_until_its_review(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=("a", "b"))
    prompt, now = Prompt.objects.get(), database_now()
    withhold(prompt=prompt, reported=Reported(cast.annotator, now, 1), now=now)
    fill(run_for(cast.campaign, 1), completion("c"))

    assert plan(cast.campaign) == 2

    assert withheld_in(cast.campaign).count() == 3
    assert next_for(cast.campaign, cast.teammate) is None
    assert review_prompt(prompt=prompt, hand_out=True, by=cast.manager, now=now) == 3
    assert next_for(cast.campaign, cast.teammate) is not None


def test_a_group_planned_anew_compares_only_what_had_failed(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=("a", "b"))
    run = run_for(cast.campaign, 2)
    fill(run, completion("c"), Failure("server_error", "The server gave up."))
    plan(cast.campaign)
    first = Comparison.objects.count()
    retry_failed(run=run, by=cast.manager, now=database_now())
    fill(run, completion("d"))
    plan(cast.campaign)

    assert first == 3
    assert Comparison.objects.count() == 6
    assert set(CandidateGroup.objects.values_list("state", flat=True)) == {GroupState.PLANNED}


def test_rows_of_the_same_prompt_in_one_file_do_not_repeat_pairs(cast: Cast) -> None:
    allocate(cast.campaign, pair_design=PairDesign.CHAIN)
    stock(cast.campaign, 1, texts=("a", "b"))
    fill(run_for(cast.campaign, 1), completion("c"))
    fill(run_for(cast.campaign, 2), completion("d"), completion("e"))

    assert plan(cast.campaign) >= 3
    pairs = [tuple(each.slots.values_list("candidate", flat=True)) for each in
             Comparison.objects.all()]  # fmt: skip
    assert len(set(pairs)) == len(pairs)


def test_the_api_says_which_comparisons_are_random(cast: Cast, client: Any) -> None:
    allocate(cast.campaign, random_percent=100)
    stock(cast.campaign, 1)
    address = f"/api/v1/campaigns/{cast.campaign.pk}/comparisons/"
    answer = client.get(address, headers=make_bearer(cast.manager)).json()

    assert [row["drawn"] for row in answer["results"]] == ["random"]
