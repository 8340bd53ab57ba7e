"""What a person is shown of their own choices: theirs alone, and not too early."""

from typing import Any

import pytest
from django.urls import reverse

from labeling.accounts.models import User
from labeling.assignment.enums import Kind
from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign
from labeling.quality.queries import choices_of
from tests.factories import make_campaign, make_member, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db
LONG, SHORT = "A much longer answer that goes on and on", "Short"


@pytest.fixture
def annotator(campaign: Campaign) -> User:
    return make_member(campaign)


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign()
    stock(campaign, 30, texts=(LONG, SHORT))
    return campaign


def prefer(campaign: Campaign, person: User, *order: str) -> None:
    """Judge the next comparison: best to worst as the texts begin with these words."""
    lease = claim(campaign, person)
    texts = [slot.candidate.text for slot in lease.comparison.slots.order_by("slot")]
    ranks = [
        next(at for at, words in enumerate(order, start=1) if texts[slot].startswith(words))
        for slot in lease.display_order
    ]
    judge(campaign, person, lease, ranks=tuple(ranks))


def choose(campaign: Campaign, person: User, times: int, *order: str) -> None:
    for _ in range(times):
        prefer(campaign, person, *(order or (LONG, SHORT)))


def seen(person: User, campaign: Campaign) -> Any:
    return signed_in(person).get(reverse("profile", args=[campaign.pk]))


def test_nothing_is_shown_before_25_choices(campaign: Campaign, annotator: User) -> None:
    choose(campaign, annotator, 24)

    page = seen(annotator, campaign)

    assert page.context["missing"] == 1
    assert not page.context["shown"]


def test_choices_are_counted_by_what_the_chosen_text_had_more_of(
    campaign: Campaign, annotator: User
) -> None:
    choose(campaign, annotator, 20)
    choose(campaign, annotator, 6, SHORT, LONG)

    page = seen(annotator, campaign)

    (length,) = page.context["shown"]
    assert (length.feature.name, length.chosen, length.pairs) == ("length", 20, 26)
    assert "Chosen 20 of 26 times" in page.content.decode()


def test_only_own_choices_that_hold_and_are_no_repeat_count(
    campaign: Campaign, annotator: User
) -> None:
    choose(campaign, make_member(campaign), 3)
    choose(campaign, annotator, 3)
    lease = claim(campaign, annotator)
    judge(campaign, annotator, lease, outcome="tie", ranks=())
    first = Assignment.objects.filter(annotator=annotator).earliest("pk")
    Assignment.objects.filter(pk=first.pk).update(kind=Kind.REPEAT)

    found = choices_of(campaign, annotator)

    assert len(found) == 2
    assert all(chosen.startswith(LONG) and other.startswith(SHORT) for chosen, other in found)


def test_of_several_in_order_the_best_and_the_worst_are_compared() -> None:
    campaign = make_campaign(candidates_per_comparison=3)
    annotator = make_member(campaign)
    stock(campaign, 1, texts=("good", "fair", "bad"))
    prefer(campaign, annotator, "good", "fair", "bad")

    ((best, worst),) = choices_of(campaign, annotator)

    assert (best[:4], worst[:3]) == ("good", "bad")
