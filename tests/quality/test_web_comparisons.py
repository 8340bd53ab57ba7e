"""Managers see what was skipped and why, and find single comparisons."""

from typing import Any

import pytest
from django.test import Client

from labeling.assignment.enums import ComparisonState
from labeling.assignment.models import Comparison
from labeling.assignment.services.marking import mark_gold, retire, unmark_gold
from labeling.quality.queries import progress_of, skip_reasons
from tests.assignment.deciding import deciding, only, skip
from tests.factories import Cast, make_member, signed_in
from tests.quality.deciding import decide, member
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


def listed(client: Client, cast: Cast, which: str = "") -> str:
    page = client.get(f"/campaigns/{cast.campaign.pk}/comparisons/", {"which": which})
    assert page.status_code == 200
    return page.content.decode()


def test_retired_comparisons_are_shown_with_their_reasons(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    for reason in ("broken", "language", "broken"):
        skip(cast.campaign, make_member(cast.campaign), reason)

    page = listed(manager, cast)

    assert f"/comparisons/{comparison.pk}/" in page
    assert page.index("2 people: Something is broken") < page.index("1 person: I don&#x27;t read")
    assert f"Restore comparison {comparison.pk}" in page


def test_skip_that_was_changed_into_an_answer_is_no_reason(
    cast: Cast, comparison: Comparison
) -> None:
    held = skip(cast.campaign, cast.annotator)
    first = held.judgments.get()
    assert skip_reasons([comparison.pk]) == {comparison.pk: [("Something is broken", 1)]}

    judge(cast.campaign, cast.annotator, held, revises=first.pk)

    assert skip_reasons([comparison.pk]) == {}


@pytest.mark.parametrize(
    ("which", "says"),
    [
        ("withheld", "Nothing is withheld"),
        ("retired", "Nothing is retired"),
        ("known", "No known answers"),
        ("kept", "Nothing is kept for anybody"),
        ("all", "No comparisons yet"),
    ],
)
def test_empty_lists_say_what_will_come(cast: Cast, manager: Client, which: str, says: str) -> None:
    assert says in listed(manager, cast, which)


def test_each_list_holds_what_it_names(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 4)
    ordinary, retired, known, kept = Comparison.objects.order_by("pk")
    retire(**deciding(retired))
    mark_gold(**deciding(known), ranks=[1, 2])
    decide(manager, kept, "keep", member=member(cast, cast.annotator))

    found = {
        which: [
            each.pk
            for each in (ordinary, retired, known, kept)
            if f"/comparisons/{each.pk}/" in listed(manager, cast, which)
        ]
        for which in ("retired", "known", "kept", "all")
    }

    assert found == {
        "retired": [retired.pk],
        "known": [known.pk],
        "kept": [kept.pk],
        "all": [ordinary.pk, retired.pk, known.pk, kept.pk],
    }


def test_long_lists_go_on_page_by_page(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 51)
    last = Comparison.objects.latest("pk")

    first_page = listed(manager, cast, "all")

    assert f"/comparisons/{last.pk}/" not in first_page
    before = str(Comparison.objects.order_by("-pk")[1].pk)
    second = manager.get(
        f"/campaigns/{cast.campaign.pk}/comparisons/", {"which": "all", "after": before}
    ).content.decode()
    assert f"after={before}" in first_page
    assert f"/comparisons/{last.pk}/" in second


def test_list_takes_the_same_queries_for_any_number(
    cast: Cast, manager: Client, django_assert_num_queries: Any
) -> None:
    listed(manager, cast)
    for more in (1, 2):
        stock(cast.campaign, more)
        for each in Comparison.objects.all():
            retire(**deciding(each))
        with django_assert_num_queries(8):
            listed(manager, cast)


def test_page_shows_prompt_and_responses_as_text_and_no_model(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 1, texts=("<b>good</b>", "bad"))
    comparison = only(cast.campaign)

    page = manager.get(f"/campaigns/{cast.campaign.pk}/comparisons/{comparison.pk}/")

    shown = page.content.decode()
    assert "&lt;b&gt;good&lt;/b&gt;" in shown
    assert "<b>good</b>" not in shown
    assert comparison.prompt.asked in shown
    assert "model-bad" not in shown


def test_restoring_from_the_list_leads_back_to_it(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    retire(**deciding(comparison))

    answer = decide(manager, comparison, "restore", list="1")

    assert answer.redirect_chain == [(f"/campaigns/{cast.campaign.pk}/comparisons/", 302)]
    assert only(cast.campaign).state == ComparisonState.OPEN
    assert f"Comparison {comparison.pk} is handed out again" in answer.content.decode()


def test_known_answers_are_no_part_of_the_progress(cast: Cast, comparison: Comparison) -> None:
    before = progress_of(cast.campaign)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    mark_gold(**deciding(comparison), ranks=[1, 2])

    progress = progress_of(cast.campaign)
    assert (progress.wanted, progress.judged, progress.left) == (1, 1, 0)
    assert progress.finished == 1
    unmark_gold(**deciding(comparison))
    assert progress_of(cast.campaign).wanted == before.wanted


@pytest.mark.parametrize(
    ("who", "status"), [("annotator", 403), ("reviewer", 403), ("stranger", 404)]
)
def test_only_managers_see_and_decide(
    cast: Cast, comparison: Comparison, who: str, status: int
) -> None:
    client = signed_in(getattr(cast, who))
    where = f"/campaigns/{cast.campaign.pk}/comparisons/"

    assert client.get(where).status_code == status
    assert client.get(f"{where}{comparison.pk}/").status_code == status
    for act in ("known", "unknown", "keep", "take-back/1", "turn", "retire", "restore", "review"):
        assert decide(client, comparison, act).status_code == status


def test_comparison_of_another_campaign_is_not_found(cast: Cast, manager: Client) -> None:
    stock(cast.foreign, 1)
    foreign = only(cast.foreign)
    where = f"/campaigns/{cast.campaign.pk}/comparisons/{foreign.pk}/"

    assert manager.get(where).status_code == 404
    for act in ("known", "unknown", "keep", "turn", "retire", "restore", "review"):
        assert manager.post(f"{where}{act}/").status_code == 404


def test_progress_leads_managers_to_the_page_and_is_where_it_lies(
    cast: Cast, manager: Client
) -> None:
    place, progress = (
        f"/campaigns/{cast.campaign.pk}/{name}/" for name in ("comparisons", "progress")
    )

    assert f'href="{place}"' in manager.get(progress).content.decode()
    assert f'href="{place}"' not in signed_in(cast.reviewer).get(progress).content.decode()
    assert f'href="{progress}" aria-current="page"' in listed(manager, cast)
