"""A person or a prompt is erased for good: texts go, counts stay, and nothing brings them back."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, IntegrityError, transaction

from labeling.accounts.models import ApiToken, AuditEvent, Erasure, User
from labeling.assignment.enums import ComparisonState
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.errors import LastManager
from labeling.campaigns.models import Membership
from labeling.clock import database_now
from labeling.errors import Invalid
from labeling.generation.enums import CandidateState
from labeling.generation.models import Candidate
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet
from labeling.prompts.services.erasing import ImportUnderWay
from labeling.quality.models import Revocation
from labeling.quality.services.erasing import erase_person, erase_prompt
from labeling.quality.services.revoking import ErasedForGood, lift, revoke
from labeling.ranking.models import Judgment, RenderedPrompt
from labeling.ranking.services.answering import ComparisonErased
from labeling.ranking.services.rendering import render_ahead
from tests.factories import PASSWORD, make_bearer, make_campaign, make_cast, make_member, signed_in
from tests.stock import claim, judge, next_for, stock

pytestmark = pytest.mark.django_db
WORDS = {"rationale": "I know this doctor.", "client": {"screen": "1280x720"}}


@pytest.fixture
def cast():
    """Two prompts; the annotator has judged the first they were given, in words."""
    found = make_cast()
    stock(found.campaign, 2)
    judge(found.campaign, found.annotator, claim(found.campaign, found.annotator), **WORDS)
    return found


def judged_prompt() -> Prompt:
    return Prompt.objects.get(comparisons__judgments__isnull=False)


def erase_judged(cast, reason="Asked by law.") -> bool:
    return erase_prompt(prompt=judged_prompt(), by=cast.manager, reason=reason, now=database_now())


def erase(person) -> bool:
    return erase_person(person=person, by=None, now=database_now())


def test_an_erased_person_is_nobody_and_their_judgment_counts_on(cast):
    before = Comparison.objects.get(judged=1)

    assert erase(cast.annotator) is True

    person, judgment = User.objects.get(pk=cast.annotator.pk), Judgment.objects.get()
    assert person.email == f"erased-{person.pk}@erased.invalid"
    assert (person.display_name, person.is_active) == ("", False)
    assert not person.has_usable_password()
    assert (judgment.rationale, judgment.client, judgment.counted) == ("", {}, True)
    after = Comparison.objects.get(pk=before.pk)
    assert (after.judged, after.tally) == (1, before.tally)


def test_an_erased_person_has_no_way_in(cast, client):
    header, inside = make_bearer(cast.annotator), signed_in(cast.annotator)
    assert client.get("/api/v1/campaigns/", headers=header).status_code == 200

    erase(cast.annotator)

    assert not ApiToken.objects.filter(user=cast.annotator).exists()
    assert not Session.objects.exists()
    assert inside.get("/").status_code == 302
    assert not client.login(email="annotator@annotate.localhost", password=PASSWORD)
    assert client.get("/api/v1/campaigns/", headers=header).status_code == 401


def test_what_an_erased_person_held_is_free_again(cast):
    held = claim(cast.campaign, cast.annotator)
    erase(cast.annotator)

    assert not Membership.objects.filter(user=cast.annotator).exists()
    assert Assignment.objects.get(pk=held.pk).state == "released"
    assert next_for(cast.campaign, cast.teammate) is not None


def test_a_revocation_in_force_becomes_final_and_loses_its_reason(cast):
    made = revoke(
        campaign=cast.campaign, by=cast.manager, reason="Annotator Ann spams.",
        now=database_now(), annotator=cast.annotator,
    )  # fmt: skip
    erase(cast.annotator)

    made.refresh_from_db()
    assert made.erased_at is not None
    assert "Ann" not in made.reason
    event = AuditEvent.objects.get(target=f"revocation:{made.pk}", action="quality.revoked")
    assert (event.data, event.actor) == ({}, cast.manager)
    with pytest.raises(ErasedForGood):
        lift(revocation=made, by=cast.manager, now=database_now())


def test_a_last_manager_is_not_erased_before_there_is_another(cast):
    with pytest.raises(LastManager):
        erase(cast.manager)

    assert not Erasure.objects.exists()
    cast.manager.refresh_from_db()
    assert cast.manager.is_active


def test_an_erased_prompt_says_nothing_and_nobody_is_asked_about_it(cast):
    prompt = judged_prompt()
    render_ahead(campaign_id=cast.campaign.pk)

    assert erase_judged(cast) is True

    prompt.refresh_from_db()
    assert (prompt.messages, prompt.external_id) == ([{"role": "user", "content": ""}], "")
    assert set(prompt.candidates.values_list("state", "text")) == {(CandidateState.ERASED, "")}
    assert [one.responses for one in prompt.ready_responses.all()] == [[]]
    assert not RenderedPrompt.objects.filter(prompt=prompt).exists()
    judgment = Judgment.objects.get()
    assert (judgment.rationale, judgment.ideal, judgment.counted) == ("", "", True)
    comparison = prompt.comparisons.get()
    assert (comparison.state, comparison.judged) == (ComparisonState.RETIRED, 1)
    assert claim(cast.campaign, cast.teammate).comparison.prompt_id != prompt.pk


def test_erasing_twice_changes_nothing(cast):
    erase_judged(cast)
    erase(cast.annotator)
    counts = [model.objects.count() for model in (AuditEvent, Revocation, Erasure)]

    assert (erase_judged(cast), erase(cast.annotator)) == (False, False)

    assert counts == [model.objects.count() for model in (AuditEvent, Revocation, Erasure)]


def test_a_prompt_is_erased_for_a_reason(cast):
    with pytest.raises(Invalid):
        erase_judged(cast, reason=" ")
    assert not Erasure.objects.exists()


def test_what_an_import_may_bring_back_is_erased_after_it(cast):
    running = PromptSet.objects.create(
        campaign=cast.campaign, name="more", format=FileFormat.JSONL, sha256="0" * 64, size=1,
        state=PromptSetState.STORING, created_by=cast.manager,
    )  # fmt: skip
    for act in (lambda: erase_judged(cast), lambda: erase(cast.annotator)):
        with pytest.raises(ImportUnderWay) as refused:
            act()
        assert refused.value.data == {"prompt_set": running.pk}

    PromptSet.objects.filter(pk=running.pk).update(state=PromptSetState.DONE)
    assert erase_judged(cast)
    assert erase(cast.annotator)


def test_who_is_judging_it_at_the_moment_is_refused_and_told(cast):
    prompt = Prompt.objects.exclude(pk=judged_prompt().pk).get()
    held = claim(cast.campaign, cast.annotator)
    assert held.comparison.prompt_id == prompt.pk

    erase_prompt(prompt=prompt, by=cast.manager, reason="Asked by law.", now=database_now())
    with pytest.raises(ComparisonErased):
        judge(cast.campaign, cast.annotator, held, rationale="It says: call 555.")

    assert Judgment.objects.count() == 1


def test_an_answer_on_its_way_from_an_erased_person_is_refused(cast):
    held = claim(cast.campaign, cast.annotator)
    erase(cast.annotator)

    with pytest.raises(ComparisonErased):
        judge(cast.campaign, cast.annotator, held, **WORDS)


def test_a_worker_that_writes_a_response_at_the_moment_comes_too_late(cast):
    prompt = judged_prompt()
    done = prompt.candidates.order_by("pk")[0]
    erase_judged(cast)

    Candidate.objects.filter(pk=done.pk).update(metadata={})
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=done.pk).update(text="It is back.")


def test_planning_makes_nothing_of_an_erased_prompt(cast):
    prompt = judged_prompt()
    erase_judged(cast)
    before = prompt.comparisons.count()

    plan_comparisons(campaign_id=cast.campaign.pk)

    assert prompt.comparisons.count() == before


def test_an_erased_revocation_is_never_lifted_in_the_database_either(cast):
    erase_judged(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revocation.objects.update(lifted_at=database_now(), lifted_by=cast.manager)


CHANGES = [
    {"ranks": [1, 1]},
    {"outcome": "tie"},
    {"counted": False},
    {"rationale": "other words"},
    {"client": {"a": 1}},
    {"active_ms": 5},
    {"rationale": "", "ranks": [1, 1]},
    {"criteria": {"a": "b"}},
]


@pytest.mark.parametrize("change", CHANGES, ids=json.dumps)
@pytest.mark.parametrize("is_erased", [False, True])
def test_the_database_lets_nothing_but_texts_of_the_erased_go(cast, change, is_erased):
    if is_erased:
        erase(cast.annotator)
        erase_judged(cast)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Judgment.objects.update(**change)


def test_the_database_keeps_the_words_of_who_is_not_erased(cast):
    erase(make_member(cast.campaign))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Judgment.objects.update(rationale="", ideal="", ideal_slot=None, client={})


def test_the_database_deletes_no_judgment_event_or_erasure_of_the_erased(cast):
    erase(cast.annotator)
    erase_judged(cast)
    for model in (Judgment, AuditEvent, Erasure):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.all().delete()


def test_the_audit_log_empties_words_about_the_erased_alone(cast):
    erase(cast.annotator)
    own = AuditEvent.objects.create(action="user.changed", target=f"user:{cast.annotator.pk}")
    other = AuditEvent.objects.create(action="user.changed", target=f"user:{cast.teammate.pk}")

    AuditEvent.objects.filter(pk=own.pk).update(data={})
    for event, change in (
        (other, {"data": {}}),
        (own, {"data": {"email": "x"}}),
        (own, {"actor": cast.manager}),
        (own, {"action": "x", "data": {}}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEvent.objects.filter(pk=event.pk).update(**change)


def test_other_campaigns_and_prompts_keep_every_word(cast):
    other = make_campaign()
    stock(other, 1)
    erase_judged(cast)

    assert all(one.text for one in Candidate.objects.filter(prompt__campaign=other))
    kept = Prompt.objects.filter(erased_at=None)
    assert kept.count() == 2
    assert all(one.external_id for one in kept)
