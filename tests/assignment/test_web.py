"""The page of how work is handed out: what it explains, saves, refuses and keeps."""

from typing import Any

import pytest

from labeling.assignment.enums import PairDesign, Policy
from labeling.assignment.services.allocations import reallocate
from labeling.assignment.services.desks import allocation_of
from tests.factories import Cast, make_campaign, signed_in
from tests.stock import stock

pytestmark = pytest.mark.django_db
FORM = {
    "version": "1",
    "policy": "lead",
    "most_votes": "5",
    "slice_percent": "12",
    "vote_price": "0.015",
    "person_limit": "",
    "share_percent": "20",
    "repeat_percent": "5",
    "gold_percent": "3",
    "skip_limit": "4",
    "qualified_only": "on",
    "pair_design": "anchor",
    "anchor_model": "model-good",
    "model_weights": "",
    "pairs_per_prompt": "2",
    "random_percent": "25",
}


def url(cast: Cast) -> str:
    return f"/campaigns/{cast.campaign.pk}/allocation/"


def save(cast: Cast, **changes: str) -> Any:
    return signed_in(cast.manager).post(url(cast), {**FORM, **changes})


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def test_page_explains_every_policy_and_every_pair_design(cast: Cast) -> None:
    text = text_of(signed_in(cast.manager).get(url(cast)))

    for choice in (*Policy, *PairDesign):
        _, _, after = text.partition(f'value="{choice.value}"')
        assert str(choice.label) in after.partition("</label>")[0]
        assert 'class="help"' in after.partition("</label>")[0]
    assert text.count(" checked>") == 2  # the policy and the pair design in force
    assert "pairs already planned stay" in text


def test_page_lies_in_the_navigation_of_managers_alone(cast: Cast) -> None:
    link = f'<a  href="{url(cast)}">Policy</a>'

    assert link in text_of(signed_in(cast.manager).get(f"/campaigns/{cast.campaign.pk}/"))
    assert link not in text_of(signed_in(cast.reviewer).get(f"/campaigns/{cast.campaign.pk}/"))
    assert signed_in(cast.reviewer).get(url(cast)).status_code == 403


def test_page_says_that_pairs_are_not_for_campaigns_that_rank_more(cast: Cast) -> None:
    ranking = make_campaign(cast.manager, candidates_per_comparison=4)

    text = text_of(signed_in(cast.manager).get(f"/campaigns/{ranking.pk}/allocation/"))

    assert "4 responses in order at a time, so none of this applies" in text


def test_page_offers_the_models_that_answered_and_names_the_share(cast: Cast) -> None:
    stock(cast.campaign, 10)

    text = text_of(signed_in(cast.manager).get(url(cast)))

    assert '<option value="model-bad"></option><option value="model-good">' in text
    assert "The share is 15 judgments now" in text  # half of 30: four people get room


def test_manager_saves_how_work_is_handed_out(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    stock(cast.campaign, 1)
    with django_capture_on_commit_callbacks() as rung:
        answer = save(cast)

    assert (answer.status_code, answer.headers["Location"]) == (302, url(cast))
    saved = allocation_of(cast.campaign)
    assert {name: str(getattr(saved, name)) for name in FORM} == {
        **FORM,
        "version": "2",
        "person_limit": "None",
        "qualified_only": "True",
        "model_weights": "{}",
    }
    assert saved.by_language is False
    assert [call.args for call in rung] == [
        ("assignment.plan_comparisons", {"campaign_id": cast.campaign.pk})
    ]


def test_saved_page_shows_what_was_saved(cast: Cast) -> None:
    save(cast, pair_design="weighted", model_weights="llama3:8b = 2.5\r\n\r\n a = b = 0")

    text = text_of(signed_in(cast.manager).get(url(cast)))

    assert allocation_of(cast.campaign).model_weights == {"llama3:8b": 2.5, "a = b": 0}
    assert ">\na = b = 0\nllama3:8b = 2.5</textarea>" in text
    assert 'name="vote_price" value="0.015"' in text


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"random_percent": "10"}, "random_percent", "greater than or equal to 15"),
        ({"anchor_model": " "}, "anchor_model", "Name the model"),
        ({"model_weights": "m 2"}, "model_weights", "this is not: m 2"),
        ({"model_weights": "m=1\nm=2"}, "model_weights", "Name each model once."),
        ({"model_weights": "m=-1"}, "model_weights", "a weight from 0"),
        ({"vote_price": "2"}, "vote_price", "less than or equal to 1"),
        ({"policy": "most"}, "policy", "not one of the available choices"),
    ],
)
def test_page_keeps_what_was_typed_and_names_the_field(
    cast: Cast, changes: dict[str, str], field: str, says: str
) -> None:
    page = save(cast, **changes)

    _, _, after = text_of(page).partition(f'id="id_{field}_error"')
    assert (page.status_code, says in after.partition("</div>")[0]) == (400, True)
    assert 'name="skip_limit" value="4"' in text_of(page)
    assert allocation_of(cast.campaign).version == 1


def test_second_to_save_sees_what_the_first_saved_and_may_save_again(cast: Cast) -> None:
    reallocate(campaign=cast.campaign, by=cast.manager, version=1, gold_percent=9)

    page = save(cast)

    text = text_of(page)
    assert (page.status_code, "What is there now" in text) == (409, True)
    assert "<dt>Percent known answers</dt>\n            <dd>9</dd>" in text
    assert save(cast, version="2").status_code == 302
    assert allocation_of(cast.campaign).gold_percent == 3
