"""What is known of members, and that it decides which work reaches them."""

import pytest

from labeling.accounts.models import AuditEvent
from labeling.assignment.models import Allocation, Comparison
from labeling.assignment.services.claiming import Why
from labeling.assignment.services.desks import allocation_of
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.errors import LastManager
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.services import change_member, describe_member
from labeling.clock import database_now
from labeling.errors import Invalid
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from labeling.prompts.models import Prompt
from tests.factories import Cast
from tests.stock import claims, next_for, stock

pytestmark = pytest.mark.django_db
NO_TAG = "is not a language tag. Write one such as en or pt-BR."
TOO_LONG = "en-abcdefgh-abcdefgh-abcdefgh-abcdefgh"


@pytest.fixture
def member(cast: Cast) -> Membership:
    return Membership.objects.get(campaign=cast.campaign, user=cast.annotator)


def describe(member: Membership, **known: object) -> Membership:
    by, now = member.campaign.created_by, database_now()
    changed = describe_member(membership=member, by=by, now=now, **known)  # type: ignore[arg-type]  # as named
    assert Membership.objects.get(pk=member.pk).skills == changed.skills
    return Membership.objects.get(pk=member.pk)


def stock_asking(campaign: Campaign, *tags: str, language: str = "") -> None:
    """Put one comparison into a campaign whose prompt asks for this."""
    Allocation.objects.filter(pk=allocation_of(campaign).pk).update(by_language=True)
    stock(campaign, 1)
    Comparison.objects.all().delete()
    Prompt.objects.update(tags=list(tags), language=language)
    CandidateGroup.objects.update(state=GroupState.COMPLETE)
    plan_comparisons(campaign_id=campaign.pk)


def test_new_member_reads_any_language_and_is_not_qualified(member: Membership) -> None:
    assert (member.languages, member.skills, member.qualified_at) == ([], [], None)


def test_member_is_described_and_the_change_is_logged(cast: Cast, member: Membership) -> None:
    found = describe(
        member, languages=["EN", "pt-br", "zh-hant-tw", "en"], skills=[" Tax law", "law", "law"]
    )

    assert found.languages == ["en", "pt-BR", "zh-Hant-TW"]
    assert found.skills == ["Tax law", "law"]
    event = AuditEvent.objects.get(action="member.described")
    assert (event.actor, event.target) == (cast.manager, f"campaign:{cast.campaign.pk}")
    assert event.data == {
        "user": cast.annotator.pk,
        "before": {"languages": [], "skills": []},
        "after": {"languages": found.languages, "skills": found.skills},
    }


def test_what_is_not_named_stays(member: Membership) -> None:
    describe(member, languages=["de"], skills=["law"], qualified=True)

    found = describe(member, languages=[])

    assert (found.languages, found.skills) == ([], ["law"])
    assert found.qualified_at is not None


def test_qualified_since_the_first_time_until_taken_back(member: Membership) -> None:
    first = describe(member, qualified=True).qualified_at

    again = describe(member, qualified=True).qualified_at
    taken_back = describe(member, qualified=False).qualified_at

    assert (again, taken_back) == (first, None)
    changes = AuditEvent.objects.filter(action="member.described").order_by("id")
    assert [event.data["after"] for event in changes] == [{"qualified": True}, {"qualified": False}]


@pytest.mark.parametrize(
    ("known", "faults"),
    [
        ({"languages": ["english!"]}, {"languages": [f"'english!' {NO_TAG}"]}),
        ({"languages": ["en", ""]}, {"languages": [f"'' {NO_TAG}"]}),
        ({"languages": [TOO_LONG]}, {"languages": [f"'{TOO_LONG}' {NO_TAG}"]}),
        (
            {"languages": ["en"] * 21},
            {"languages": ["Name at most 20 languages, or none for any."]},
        ),
        (
            {"skills": ["law, tax"]},
            {
                "skills": [
                    "'law, tax' holds a comma, which stands between skills. Name each by itself."
                ]
            },
        ),
        ({"skills": ["skill:law"]}, {"skills": ["Leave out “skill:”: write 'law'."]}),
        ({"skills": [" "]}, {"skills": ["Name each skill in 1 to 94 characters."]}),
        ({"skills": ["x" * 95]}, {"skills": ["Name each skill in 1 to 94 characters."]}),
        ({"skills": ["x"] * 51}, {"skills": ["Name at most 50 skills."]}),
    ],
)
def test_what_does_not_hold_changes_nothing(
    member: Membership, known: dict[str, list[str]], faults: dict[str, list[str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        describe(member, qualified=True, **known)

    assert refused.value.data["fields"] == faults
    member.refresh_from_db()
    assert (member.languages, member.skills, member.qualified_at) == ([], [], None)


def test_role_and_knowledge_change_together_or_not_at_all(cast: Cast, member: Membership) -> None:
    by, now = cast.manager, database_now()

    with pytest.raises(Invalid):
        change_member(membership=member, by=by, now=now, role="reviewer", skills=["a,b"])
    assert Membership.objects.get(pk=member.pk).role == "annotator"

    manager = Membership.objects.get(campaign=cast.campaign, user=cast.manager)
    with pytest.raises(LastManager):
        change_member(membership=manager, by=by, now=now, role="annotator", skills=["law"])
    assert Membership.objects.get(pk=manager.pk).skills == []


def test_work_that_asks_for_a_skill_reaches_who_has_it(cast: Cast, member: Membership) -> None:
    stock_asking(cast.campaign, "skill:tax law", "hard")
    assert next_for(cast.campaign, cast.annotator) is None

    describe(member, skills=["tax law"])

    assert next_for(cast.campaign, cast.annotator) is not None


def test_work_in_a_language_reaches_who_reads_it(cast: Cast, member: Membership) -> None:
    stock_asking(cast.campaign, language="de-AT")
    describe(member, languages=["pt-BR"])
    assert next_for(cast.campaign, cast.annotator) is None

    describe(member, languages=["pt-BR", "de"])

    assert next_for(cast.campaign, cast.annotator) is not None


def test_campaign_that_asks_for_it_gives_work_to_the_qualified(
    cast: Cast, member: Membership
) -> None:
    stock(cast.campaign, 1)
    Allocation.objects.filter(pk=allocation_of(cast.campaign).pk).update(qualified_only=True)
    assert claims(cast.campaign, cast.annotator).why == Why.NOT_QUALIFIED

    describe(member, qualified=True)

    assert next_for(cast.campaign, cast.annotator) is not None
