"""Statements made once say the same as those that Django composes each time."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from labeling.assignment.models import Comparison
from labeling.campaigns.models import Membership
from labeling.prepared import Prepared, insert, together, write
from labeling.prompts.models import Prompt
from labeling.ranking.models import Judgment
from tests.factories import Cast
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db
MEMBER = Prepared(
    lambda campaign_id, user_id: Membership.objects.select_related("campaign").filter(
        campaign_id=campaign_id, user_id=user_id
    ),
    samples=[-1, -2],
)
NAMED = Prepared(
    lambda external_id: Prompt.objects.only("messages").filter(external_id=external_id),
    samples=["name"],
)


def as_stored(instance: Model) -> dict[str, object]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.fields}


def test_prepared_gives_the_same_instances_with_what_they_refer_to(cast: Cast) -> None:
    composed = Membership.objects.get(campaign=cast.campaign, user=cast.annotator)

    with CaptureQueriesContext(connection) as queries:
        prepared = MEMBER.first(cast.campaign.pk, cast.annotator.pk)
        assert prepared is not None
        campaign = prepared.campaign

    assert len(queries) == 1
    assert as_stored(prepared) == as_stored(composed)
    assert as_stored(campaign) == as_stored(cast.campaign.__class__.objects.get(pk=campaign.pk))
    assert not prepared._state.adding


def test_prepared_takes_new_values_each_time_and_none_when_nothing_fits(cast: Cast) -> None:
    found = [MEMBER.first(cast.campaign.pk, who.pk) for who in (cast.annotator, cast.manager)]

    assert [each and each.user_id for each in found] == [cast.annotator.pk, cast.manager.pk]
    assert MEMBER.rows(cast.campaign.pk, 0) == []


def test_prepared_leaves_out_what_the_queryset_leaves_out(cast: Cast) -> None:
    stock(cast.campaign, 2)
    prompt = Prompt.objects.latest("pk")

    found = NAMED.first(prompt.external_id)

    assert found is not None
    assert found.messages == prompt.messages
    assert "tags" in found.get_deferred_fields()


def test_write_stores_the_named_fields_and_no_others(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = Comparison.objects.get()
    comparison.tally, comparison.skips = {"1,2": 3}, 9

    write(comparison, "tally")

    comparison.refresh_from_db()
    assert (comparison.tally, comparison.skips) == ({"1,2": 3}, 0)


def test_insert_stores_every_field_and_gives_the_id(cast: Cast) -> None:
    stock(cast.campaign, 1)
    assignment = claim(cast.campaign, cast.annotator)
    first = Judgment.objects.get(pk=judge(cast.campaign, cast.annotator, assignment))
    second = Judgment(**{**as_stored(first), "id": None, "supersedes_id": first.pk})

    insert(second)

    stored = Judgment.objects.get(pk=second.pk)
    assert as_stored(stored) == as_stored(second)


def judgment_of(cast: Cast) -> tuple[Comparison, Judgment]:
    """Return a comparison, and a judgment of it that is not stored yet."""
    stock(cast.campaign, 1)
    assignment = claim(cast.campaign, cast.annotator)
    first = Judgment.objects.get(pk=judge(cast.campaign, cast.annotator, assignment))
    second = Judgment(**{**as_stored(first), "id": None, "supersedes_id": first.pk})
    return Comparison.objects.get(), second


def test_together_stores_what_is_written_with_what_is_inserted_after_it(cast: Cast) -> None:
    comparison, judgment = judgment_of(cast)
    comparison.skips = 9

    with CaptureQueriesContext(connection) as queries, together():
        write(comparison, "skips")
        insert(judgment)

    assert len(queries) == (1 if connection.vendor == "postgresql" else 2)
    assert Comparison.objects.get().skips == 9
    assert as_stored(Judgment.objects.latest("pk")) == as_stored(judgment)


def test_together_sends_what_nothing_is_inserted_after_at_the_end(cast: Cast) -> None:
    comparison, _ = judgment_of(cast)
    comparison.skips = 9

    with together():
        write(comparison, "skips")
        assert Comparison.objects.get().skips == 0

    assert Comparison.objects.get().skips == 9


def test_together_sends_nothing_after_an_error_and_leaves_nothing_behind(cast: Cast) -> None:
    comparison, judgment = judgment_of(cast)
    comparison.skips = 9

    def fail() -> None:
        with together():
            write(comparison, "skips")
            raise ValueError("odd")

    with pytest.raises(ValueError, match="odd"):
        fail()
    insert(judgment)

    assert Comparison.objects.get().skips == 0
