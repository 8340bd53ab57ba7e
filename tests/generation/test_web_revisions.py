"""The manager's pages of revisions, constitutions and single responses."""

import pytest

from labeling.generation.enums import Flaw
from labeling.generation.models import Constitution, GenerationRun, Generator
from labeling.generation.services.opening import Terms
from labeling.generation.services.parts import Wanted
from tests.factories import signed_in
from tests.generation.conftest import Scripted, fill, says

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def base(campaign):
    return f"/campaigns/{campaign.pk}/generation/"


@pytest.fixture
def page(manager):
    return signed_in(manager)


def text_of(answer):
    return answer.content.decode()


def test_page_without_a_constitution_says_to_write_one(page, base):
    assert "Write a constitution first." in text_of(page.get(f"{base}revisions/"))


def test_constitution_is_written_a_principle_a_line(page, base):
    form = {"name": "House", "principles": "Be kind.\n\n  Be honest.  \n"}

    answer = page.post(f"{base}constitutions/", form)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{base}revisions/")
    assert Constitution.objects.get().principles == ["Be kind.", "Be honest."]
    shown = text_of(page.get(f"{base}revisions/"))
    assert "“House” is written, version 1." in shown
    assert "House, version 1" in shown
    assert "Be honest." in shown


def test_refused_constitution_keeps_what_was_typed(page, base):
    form = {"name": "House", "principles": f"Be kind.\n{'x' * 2001}"}

    answer = page.post(f"{base}constitutions/", form)

    assert answer.status_code == 400
    assert "give 1 to 2000 characters" in text_of(answer)
    assert "Be kind." in text_of(answer)
    assert not Constitution.objects.exists()


def test_revisions_are_asked_for_and_followed(page, base, made, generator, constitution, rings):
    form = {"of": made.pk, "generator": generator.pk, "constitution": constitution.pk, "rounds": 2}

    answer = page.post(f"{base}revisions/start/", form)

    run = GenerationRun.objects.latest("pk")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{base}runs/{run.pk}/")
    assert rings == [("generation.fill_candidates", {"run_id": run.pk})]
    shown = text_of(page.get(answer.headers["Location"]))
    assert "revises by House, version 1, 2 rounds" in shown


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rounds": 5}, "less than or equal to 4"),
        ({"of": ""}, "there is no finished response to revise"),
        ({"constitution": 10**6}, "Select a valid choice."),
    ],
)
def test_refused_revisions_name_what_does_not_hold(
    page, base, made, generator, constitution, rings, changes, reason
):  # fmt: skip
    form = {"of": made.pk, "generator": generator.pk, "constitution": constitution.pk, "rounds": 1}

    answer = page.post(f"{base}revisions/start/", form | changes)

    assert answer.status_code == 400
    assert reason in text_of(answer)
    assert GenerationRun.objects.count() == 1


def test_page_of_a_revision_shows_its_whole_chain(page, base, made, revise):
    run = revise(made, rounds=2, terms=Terms(seed=7, unchecked=[Flaw.DUPLICATE]))
    fill(run, Scripted(lambda request: f"<b>{says(request)}</b>"))
    revision = run.candidates.first()

    shown = text_of(page.get(f"{base}responses/{revision.pk}/"))

    assert [shown.count(f"Round {number}") for number in (1, 2, 3)] == [2, 2, 0]
    for step in revision.steps.all():
        assert step.principle in shown
    assert shown.count("Critique") == 2
    assert "<b>critique" not in shown
    assert f"Original: response {revision.revises_id}" in shown
    original = text_of(page.get(f"{base}responses/{revision.revises_id}/"))
    assert f'href="{base}responses/{revision.pk}/"' in original


def test_page_of_a_response_that_failed_says_why(page, base, prompt, request_run):
    run = request_run(per_prompt=1)
    candidate = run.candidates.get()
    waiting = text_of(page.get(f"{base}responses/{candidate.pk}/"))
    candidate.state, candidate.error = "failed", "The server answered 401.\nSet the key."
    candidate.save()

    assert "Nothing yet." in waiting
    assert "The server answered 401." in text_of(page.get(f"{base}responses/{candidate.pk}/"))
    assert page.get(f"{base}responses/{candidate.pk + 1}/").status_code == 404


def test_prompt_is_seen_across_the_stages_of_training(
    page, base, prompt, campaign, manager, request_run
):
    for stage in ("aligned", "base", ""):
        generator = Generator.objects.create(
            campaign=campaign, name=f"Model {stage}", backend="transformers", model="m",
            stage=stage, created_by=manager,
        )  # fmt: skip
        run = request_run(parts=[Wanted(generator, 1)])
        fill(run, Scripted(f"<b>text of {stage or 'no stage'}</b>"))

    shown = text_of(page.get(f"{base}prompts/{prompt.pk}/"))

    order = ["Base: pretrained only", "text of base", "Aligned with preferences",
             "text of aligned", "Without a stage", "text of no stage"]  # fmt: skip
    assert [one for one in order if one in shown] == order
    assert sorted(map(shown.index, order)) == list(map(shown.index, order))
    assert "<b>text" not in shown
    assert page.get(f"{base}prompts/{prompt.pk + 1}/").status_code == 404
