"""Constitutions are written, and revisions asked for, as they may be."""

import pytest
from django.db import IntegrityError, transaction

from labeling.errors import Invalid
from labeling.generation.enums import CandidateSource, Stage
from labeling.generation.models import Candidate
from labeling.generation.services.adoption import adopt_responses
from labeling.generation.services.constitutions import add_constitution
from tests.factories import signed_in
from tests.generation.conftest import NOW, PRINCIPLES, Scripted, fill, says


def test_imported_responses_are_revised_where_no_run_is_named(
    prompt, add_responses, made, revise, prompt_set
):
    add_responses(prompt, "one that came along", "another")
    adopt_responses(prompt_set_id=prompt_set.pk, now=NOW)

    run = revise(None)

    assert {one.revises.source for one in run.candidates.all()} == {CandidateSource.IMPORT}
    assert run.candidates.count() == 2


@pytest.mark.parametrize("rounds", [0, 5])
def test_rounds_are_one_to_four(made, revise, rounds):
    with pytest.raises(Invalid) as refusal:
        revise(made, rounds=rounds)

    assert refusal.value.data["fields"] == {"rounds": ["must be a whole number from 1 to 4"]}


def test_base_model_is_refused_as_it_takes_no_order(made, revise, generator):
    generator.stage = Stage.BASE
    generator.save()

    with pytest.raises(Invalid, match=r"see data\.fields") as refusal:
        revise(made, generator=generator)

    assert refusal.value.data["fields"]["generator"] == [
        "Toy is a base model: it takes no order to revise"
    ]


def test_run_that_has_made_nothing_has_nothing_to_revise(prompt, request_run, revise):
    with pytest.raises(Invalid, match="no finished response to revise"):
        revise(request_run())


def test_prompt_with_more_responses_than_fit_is_named(prompt, made, revise):
    Candidate.objects.bulk_create(
        Candidate(
            prompt=prompt, run=made, part=made.parts.get(), sample=sample, source="model",
            state="done", text=f"text {sample}", text_hash=str(sample),
        )
        for sample in range(2, 10)
    )  # fmt: skip

    with pytest.raises(Invalid, match=rf"prompt {prompt.pk} has more than 9 responses"):
        revise(made)


def test_constitution_written_again_is_the_next_version(campaign, constitution, manager):
    again = add_constitution(campaign=campaign, name=" House ", principles=["Be."], user=manager)
    other = add_constitution(campaign=campaign, name="Other", principles=["Be."], user=manager)

    constitution.refresh_from_db()
    assert (constitution.version, again.version, other.version) == (1, 2, 1)
    assert constitution.principles == PRINCIPLES


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"principles": []}, "principles"),
        ({"principles": ["Be."] * 101}, "principles"),
        ({"principles": ["Be.", " "]}, "principles.1"),
        ({"principles": ["a\0b"]}, "principles.0"),
        ({"principles": ["\ud800"]}, "principles.0"),
    ],
)
def test_constitution_that_does_not_hold_names_the_place(campaign, manager, changes, field):
    given = {"name": "House", "principles": ["Be."]} | changes

    with pytest.raises(Invalid) as refusal:
        add_constitution(campaign=campaign, user=manager, **given)

    assert list(refusal.value.data["fields"]) == [field]


def test_database_keeps_that_a_revision_revises(prompt, made):
    one = made.candidates.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=one.pk).update(source="revision")
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=one.pk).update(revises=made.candidates.last())


@pytest.mark.django_db(transaction=True)
def test_responses_are_revised_over_rest(campaign, manager, made, generator):
    api, at = signed_in(manager), f"/api/v1/campaigns/{campaign.pk}"

    def post(path, body):
        return api.post(f"{at}/{path}/", body, content_type="application/json")

    written = post("constitutions", {"name": "House", "principles": PRINCIPLES})
    assert written.status_code == 201
    body = {"run": made.pk, "generator": generator.pk, "constitution": written.json()["id"]}
    asked = post("revisions", body | {"rounds": 2, "unchecked": ["duplicate"]})
    assert asked.status_code == 202
    assert asked.json()["parts"][0]["rounds"] == 2
    run = made.campaign.runs.get(pk=asked.json()["id"])
    fill(run, Scripted(says))

    revision = run.candidates.first()
    chain = api.get(f"{at}/candidates/{revision.pk}/steps/").json()
    assert chain["revises"] == revision.revises_id
    assert [step["is_critique"] for step in chain["steps"]] == [True, False, True]
    assert api.get(f"{at}/constitutions/").json()["results"] == [written.json()]
    assert post("revisions", body | {"constitution": 10**6}).status_code == 404
    assert api.get(f"{at}/candidates/{10**6}/steps/").status_code == 404
