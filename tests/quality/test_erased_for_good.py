"""What is erased is not handed out again, and no answer that others got names it any more."""

import json

import pytest

from labeling.accounts.models import IdempotencyKey
from labeling.assignment.enums import AssignmentState, ComparisonState
from labeling.assignment.services.directing import NotHandedOut
from labeling.assignment.services.marking import restore
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from labeling.quality.services.erasing import erase_person, erase_prompt
from tests.factories import make_cast
from tests.stock import claim, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    found = make_cast()
    stock(found.campaign, 2)
    return found


def erase(cast, prompt: Prompt) -> None:
    erase_prompt(prompt=prompt, by=cast.manager, reason="Asked by law.", now=database_now())


def test_a_lease_of_an_erased_prompt_is_over_and_another_one_is_given(cast):
    held = claim(cast.campaign, cast.annotator)

    erase(cast, held.comparison.prompt)

    held.refresh_from_db()
    assert held.state == AssignmentState.RELEASED
    assert held.comparison.open_slots == held.comparison.wanted
    other = claim(cast.campaign, cast.annotator)
    assert other.comparison.prompt_id != held.comparison.prompt_id


def test_a_comparison_of_an_erased_prompt_is_not_restored(cast):
    prompt = Prompt.objects.filter(campaign=cast.campaign).earliest("pk")
    erase(cast, prompt)
    comparison = prompt.comparisons.get()

    with pytest.raises(NotHandedOut):
        restore(
            campaign=cast.campaign, comparison_id=comparison.pk, by=cast.manager, now=database_now()
        )

    comparison.refresh_from_db()
    assert comparison.state == ComparisonState.RETIRED


def test_answers_to_others_that_name_an_erased_person_are_forgotten(cast):
    for key, address in (("of", cast.annotator.email), ("other", cast.teammate.email)):
        IdempotencyKey.objects.create(
            user=cast.manager,
            key=key,
            answer=json.dumps({"body": json.dumps({"email": address})}),
            created_at=database_now(),
        )

    erase_person(person=cast.annotator, by=None, now=database_now())

    kept = IdempotencyKey.objects.filter(user=cast.manager).values_list("key", flat=True)
    assert list(kept) == ["other"]
