"""Imported responses may name the member who wrote them."""

from typing import Any

import pytest

from labeling.prompts.models import Prompt, PromptSet, ReadyResponses
from tests.factories import Cast, signed_in
from tests.prompts.bringing import asked, bring, csv, jsonl, problems

pytestmark = pytest.mark.django_db
MACHINE = {"text": "Scattering.", "model": "m"}


def written(author: Any, **fields: Any) -> dict[str, Any]:
    return {"text": "Magic.", "author": author, **fields}


def bring_one(cast: Cast, *candidates: Any, name: str = "candidates") -> PromptSet:
    return bring(cast.campaign, jsonl(asked(**{name: list(candidates)})))


@pytest.mark.parametrize(
    "spelling", ["annotator@annotate.localhost", " Annotator@Annotate.localhost"]
)
def test_author_is_kept_as_an_id_never_as_an_address(cast: Cast, spelling: str) -> None:
    assert bring_one(cast, written(spelling), MACHINE).stored_rows == 1

    responses = ReadyResponses.objects.get().responses
    assert [response.get("author") for response in responses] == [cast.annotator.pk, None]
    assert "localhost" not in str(responses)


def test_csv_names_authors_in_columns(cast: Cast) -> None:
    data = csv(
        "prompt,candidate_1,author_1,candidate_2,model_2",
        "Why?,Magic.,teammate@annotate.localhost,Scattering.,m",
    )

    assert bring(cast.campaign, data, "a.csv").stored_rows == 1
    first, second = ReadyResponses.objects.get().responses
    assert first == {"text": "Magic.", "model": "", "metadata": {}, "author": cast.teammate.pk}
    assert second == {"text": "Scattering.", "model": "m", "metadata": {}}


def test_csv_with_an_author_of_no_response_refuses_the_row(cast: Cast) -> None:
    data = csv("prompt,candidate_1,author_2", "Why?,Magic.,teammate@annotate.localhost")

    prompt_set = bring(cast.campaign, data, "a.csv")

    assert problems(prompt_set) == [(1, "author_2", "author_without_candidate")]


@pytest.mark.parametrize("place", ["candidates", "responses"])
@pytest.mark.parametrize("address", ["stranger@annotate.localhost", "nobody@annotate.localhost"])
def test_author_outside_the_campaign_refuses_the_row(cast: Cast, address: str, place: str) -> None:
    prompt_set = bring_one(cast, MACHINE, written(address), name=place)

    assert problems(prompt_set) == [(1, f"{place}[1].author", "unknown_author")]
    assert "Add the person to the members" in prompt_set.problems.get().reason
    assert not Prompt.objects.exists()


def test_rows_beside_a_refused_one_are_stored(cast: Cast) -> None:
    rows = [
        asked(candidates=[written("nobody@annotate.localhost"), MACHINE]),
        {"prompt": "Why not?", "candidates": [written("annotator@annotate.localhost"), MACHINE]},
    ]

    prompt_set = bring(cast.campaign, jsonl(*rows))

    assert (prompt_set.stored_rows, prompt_set.refused_rows) == (1, 1)


@pytest.mark.parametrize(("author", "code"), [(7, "wrong_type"), ("a" * 255, "too_long")])
def test_author_that_is_no_address_refuses_the_row(cast: Cast, author: Any, code: str) -> None:
    assert problems(bring_one(cast, written(author), MACHINE)) == [
        (1, "candidates[0].author", code)
    ]


def test_person_never_answers_with_nothing(cast: Cast) -> None:
    empty = written("annotator@annotate.localhost", text="", empty=True)

    assert problems(bring_one(cast, empty, MACHINE)) == [(1, "candidates[0].text", "blank")]


def test_prompts_page_says_that_a_member_wrote_it_but_not_who(cast: Cast) -> None:
    bring_one(cast, written("annotator@annotate.localhost"), MACHINE)
    prompt = Prompt.objects.get()

    page = signed_in(cast.manager).get(f"/campaigns/{cast.campaign.pk}/prompts/{prompt.pk}/")

    assert "written by a member" in page.content.decode()
    assert cast.annotator.email not in page.content.decode()
