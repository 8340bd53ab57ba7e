"""Managers see what was reported, read it, and hand it out again or keep it away."""

from collections.abc import Callable

import pytest
from django.test import Client

from labeling.assignment.enums import ComparisonState
from labeling.assignment.models import Comparison
from labeling.assignment.queries import withheld_in
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from labeling.ranking.services.reporting import withhold_reported
from tests.assignment.deciding import only
from tests.factories import Cast, signed_in
from tests.quality.deciding import decide
from tests.stock import claim, judge, next_for, stock

pytestmark = pytest.mark.django_db
TRIPLE = ("good", "fair", "bad")
Shown = Callable[[str], str]


@pytest.fixture
def shown(cast: Cast, manager: Client) -> Shown:
    """The pages of the campaign, by their address, as its manager sees them."""
    return lambda place: manager.get(f"/campaigns/{cast.campaign.pk}/{place}").content.decode()


def report(cast: Cast, **fields: str) -> Comparison:
    """Let the annotator report personal data in what they are given, and withhold it."""
    held = claim(cast.campaign, cast.annotator)
    judge(cast.campaign, cast.annotator, held, flags=("personal_data",), **fields)
    withhold_reported(now=database_now())
    return Comparison.objects.get(pk=held.comparison_id)


def states(cast: Cast) -> list[tuple[str, str]]:
    found = Comparison.objects.filter(campaign=cast.campaign).order_by("pk")
    return list(found.values_list("withheld_from", "state"))


def test_page_says_who_reported_what_and_when(cast: Cast, shown: Shown) -> None:
    stock(cast.campaign, 1)
    comparison = report(cast, rationale="<b>A</b> has an address")

    page = shown(f"comparisons/{comparison.pk}/")

    judgment = Judgment.objects.get()
    assert f"By annotator, in comparison {comparison.pk}" in page
    assert f"{judgment.created_at:%H:%M} UTC" in page
    assert "&lt;b&gt;A&lt;/b&gt; has an address" in page
    assert "Hand out again" in page
    assert "Keep it away" in page
    assert ">Restore</button>" not in page


def test_page_of_what_nobody_reported_says_nothing_of_reports(cast: Cast, shown: Shown) -> None:
    stock(cast.campaign, 1)

    assert "was reported" not in shown(f"comparisons/{only(cast.campaign).pk}/")


def test_withheld_comparisons_have_a_list_of_their_own(cast: Cast, shown: Shown) -> None:
    stock(cast.campaign, 1)
    assert "Nothing is withheld" in shown("comparisons/?which=withheld")

    comparison = report(cast)

    assert f"Review comparison {comparison.pk}" in shown("comparisons/?which=withheld")
    assert "Nothing is retired" in shown("comparisons/?which=retired")


@pytest.mark.parametrize("place", ["progress/", "progress/summary/"])
def test_progress_tells_managers_what_waits_for_them(cast: Cast, shown: Shown, place: str) -> None:
    stock(cast.campaign, 1, texts=TRIPLE)
    says = "Personal data was reported: 3 comparisons"
    assert says not in shown(place)

    report(cast)

    assert says in shown(place)
    reviewer = signed_in(cast.reviewer).get(f"/campaigns/{cast.campaign.pk}/{place}")
    assert says not in reviewer.content.decode()


def test_summary_that_a_page_asks_for_again_tells_of_a_report(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.annotator)
    judge(cast.campaign, cast.annotator, held, flags=("personal_data",))
    Comparison.objects.update(state=ComparisonState.RETIRED)
    where = f"/campaigns/{cast.campaign.pk}/progress/summary/"
    known = manager.get(where).headers["ETag"]

    withhold_reported(now=database_now())

    assert manager.get(where, headers={"If-None-Match": known}).status_code == 200


def test_one_comparison_is_handed_out_again(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 1)
    comparison = report(cast)

    page = decide(manager, comparison, "restore").content.decode()

    assert "is handed out again, before others." in page
    assert "Reviewed <time" in page
    assert claim(cast.campaign, cast.teammate).comparison_id == comparison.pk


def test_one_comparison_is_kept_away_and_the_others_wait(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 1, texts=TRIPLE)
    comparison = report(cast)

    page = decide(manager, comparison, "retire").content.decode()

    assert "2 other comparisons of this prompt still wait for you." in page
    assert ">Restore</button>" in page
    assert withheld_in(cast.campaign).count() == 2


@pytest.mark.parametrize(
    ("form", "state", "says"),
    [
        ({"hand_out": "1"}, "open", "3 comparisons of this prompt are withheld no more."),
        ({}, "retired", "3 comparisons of this prompt are kept away."),
    ],
)
def test_one_act_decides_of_all_of_the_prompt(
    cast: Cast, manager: Client, form: dict[str, str], state: str, says: str
) -> None:
    stock(cast.campaign, 1, texts=TRIPLE)
    comparison = report(cast)
    assert next_for(cast.campaign, cast.teammate) is None

    page = decide(manager, comparison, "review", **form).content.decode()

    assert says in page
    assert states(cast) == [("", state)] * 3


@pytest.mark.parametrize(
    ("who", "status"), [("annotator", 403), ("reviewer", 403), ("stranger", 404)]
)
def test_only_managers_review(cast: Cast, who: str, status: int) -> None:
    stock(cast.campaign, 1)
    comparison = report(cast)

    answer = decide(signed_in(getattr(cast, who)), comparison, "review", hand_out="1")

    assert answer.status_code == status
    assert withheld_in(cast.campaign).count() == 1
