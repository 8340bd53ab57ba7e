"""The judgments of a campaign over REST: what each says and what it was given for."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labeling.assignment.enums import Kind
from labeling.assignment.models import Assignment
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from labeling.ranking.services.answering import skip_comparison, undo_judgment
from tests.factories import Cast, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


def listed(cast: Cast) -> list[dict]:
    """Return the judgments as the manager sees them, oldest first."""
    place = reverse("api-judgments", kwargs={"campaign_id": cast.campaign.pk})
    found: list[dict] = signed_in(cast.manager).get(place).json()["results"]
    return found[::-1]


def test_judgments_are_listed_for_reviewers_and_hidden_from_annotators(cast: Cast) -> None:
    where = reverse("api-judgments", kwargs={"campaign_id": cast.campaign.pk})

    statuses = [
        signed_in(person).get(where).status_code
        for person in (cast.manager, cast.reviewer, cast.annotator, cast.stranger)
    ]

    assert statuses == [200, 200, 403, 404]


def test_judgments_say_what_they_were_given_for(cast: Cast) -> None:
    stock(cast.campaign, 3)
    for kind in Kind:
        assignment = claim(cast.campaign, cast.annotator)
        Assignment.objects.filter(pk=assignment.pk).update(kind=kind)
        judge(cast.campaign, cast.annotator, assignment)

    assert [(row["kind"], row["counted"]) for row in listed(cast)] == [
        ("work", True),
        ("repeat", False),
        ("gold", False),
    ]


def test_judgments_list_skips_and_what_was_taken_back(cast: Cast) -> None:
    stock(cast.campaign, 2)
    person: dict[str, Any] = {"campaign": cast.campaign, "annotator": cast.annotator}
    person["now"] = database_now()
    passed = claim(cast.campaign, cast.annotator)
    skip_comparison(assignment_id=passed.pk, token=passed.token, reason="language", **person)
    answered = judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
    undo_judgment(judgment_id=answered, **person)

    assert [(row["outcome"], row["kind"], row["counted"]) for row in listed(cast)] == [
        ("skipped", "work", False),
        ("undone", "work", False),
    ]


def test_judgments_take_the_same_queries_for_one_and_three(cast: Cast) -> None:
    stock(cast.campaign, 3)
    taken = []
    for wanted in (1, 3):
        while Judgment.objects.count() < wanted:
            judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(cast)) == wanted
        taken.append(len(queries))

    assert taken[0] == taken[1]
