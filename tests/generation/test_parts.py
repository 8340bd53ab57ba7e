"""A run asks several generators, at several temperatures, and each prompt gets what all make."""

import pytest

from labeling.errors import Invalid, NotFound
from labeling.generation.backends.port import BackendUnavailable
from labeling.generation.enums import CandidateState
from labeling.generation.models import CandidateGroup, Generator
from labeling.generation.seeds import seed_for
from labeling.generation.services.parts import Wanted
from tests.factories import make_campaign
from tests.generation.conftest import Scripted, counts, fill


@pytest.fixture
def other(campaign, manager):
    return Generator.objects.create(
        campaign=campaign, name="Other", backend="transformers", model="other",
        parameters={"temperature": 0.1}, seed=99, created_by=manager,
    )  # fmt: skip


def test_each_prompt_gets_what_every_part_makes(prompt, request_run, generator, other):
    run = request_run(parts=[Wanted(generator, 2), Wanted(other, 1), Wanted(generator, 1, 1.5)])

    made = run.candidates.order_by("sample").values_list("sample", "part__generator__name")
    assert list(made) == [(0, "Toy"), (1, "Toy"), (2, "Other"), (3, "Toy")]
    assert CandidateGroup.objects.get().unfinished == 4
    assert [part.recipe.temperature for part in run.parts.all()] == [0.8, 0.1, 1.5]


def test_part_draws_from_the_runs_seed_else_its_generators_else_one_drawn(
    prompt, request_run, generator, other
):
    parts = [Wanted(generator, 1), Wanted(other, 1)]
    named, unnamed = request_run(parts=parts, seed=7), request_run(parts=parts, seed=None)

    assert [part.seed for part in named.parts.all()] == [7, 7]
    assert [part.seed for part in unnamed.parts.all()] == [unnamed.seed, 99]
    second = unnamed.candidates.get(sample=1)
    assert second.seed == seed_for(run_seed=99, content_hash=prompt.content_hash, sample=1)


def test_parts_are_filled_by_their_own_generators(prompt, request_run, generator, other):
    run = request_run(parts=[Wanted(generator, 2, 0.3), Wanted(other, 2)])
    backends = {generator.pk: Scripted(), other.pk: Scripted()}

    fill(run, lambda part: backends[part.generator_id])

    assert counts(run) == {CandidateState.DONE: 4}
    assert [one.parameters.temperature for one in backends[generator.pk].seen] == [0.3, 0.3]
    assert [one.parameters.temperature for one in backends[other.pk].seen] == [0.1, 0.1]


def test_part_whose_model_cannot_be_opened_fails_alone(prompt, request_run, generator, other):
    run = request_run(parts=[Wanted(generator, 2), Wanted(other, 1)])

    def open_backend(part):
        if part.generator_id == generator.pk:
            raise BackendUnavailable("There is no such model.", "Add it.")
        return Scripted()

    fill(run, open_backend)

    assert counts(run) == {CandidateState.FAILED: 2, CandidateState.DONE: 1}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"per_prompt": 9}, "per_prompt"),
        ({"temperature": 2.5}, "parts.1"),
        ({"temperature": float("nan")}, "parts.1"),
        ({"per_prompt": 1, "together": True}, "parts.1"),
    ],
)
def test_parts_that_do_not_hold_are_named(prompt, request_run, generator, changes, field):
    wanted = Wanted(**{"generator": generator, "per_prompt": 2, **changes})

    with pytest.raises(Invalid) as refused:
        request_run(parts=[Wanted(generator, 1), wanted])

    assert list(refused.value.data["fields"]) == [field]


def test_base_model_is_not_asked_for_a_set_that_differs(prompt, request_run, other):
    other.stage = "base"
    other.save()

    with pytest.raises(Invalid) as refused:
        request_run(parts=[Wanted(other, 2, together=True)])

    assert "Other is a base model" in refused.value.data["fields"]["parts.0"][0]


def test_generator_of_another_campaign_is_not_found(prompt, request_run, other):
    other.campaign = make_campaign()
    other.save()

    with pytest.raises(NotFound):
        request_run(parts=[Wanted(other, 2)])
