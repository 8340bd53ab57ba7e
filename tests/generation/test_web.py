"""The manager's pages of generation."""

import pytest

from labeling.generation.enums import Flaw
from labeling.generation.models import GenerationRun, Generator
from labeling.generation.services.adoption import adopt_responses
from labeling.generation.services.runs import stop_run
from tests.factories import signed_in
from tests.generation.conftest import NOW, claimed, completion, finish
from tests.generation.test_claims import WRONG

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE = {
    "temperature": "0.7", "top_p": "0.9", "top_k": "40", "max_new_tokens": "64",
    "stop": "END\n\nSTOP\n",
}  # fmt: skip


@pytest.fixture
def base(campaign):
    return f"/campaigns/{campaign.pk}/generation/"


@pytest.fixture
def page(manager):
    return signed_in(manager)


def text_of(answer):
    return answer.content.decode()


def test_page_without_prompts_leads_to_the_import(page, base):
    shown = text_of(page.get(base))

    assert "There is no prompt to answer yet" in shown
    assert "Generate more" in shown


def test_generator_is_added_from_the_form(page, base):
    form = {"name": "Warm", "source": "transformers:toy-chat", **RECIPE}

    answer = page.post(f"{base}generators/", form)

    assert (answer.status_code, answer.headers["Location"]) == (302, base)
    assert Generator.objects.get().parameters == {
        "temperature": 0.7, "top_p": 0.9, "top_k": 40, "max_new_tokens": 64,
        "stop": ["END", "STOP"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"temperature": "9"}, "must be a number from 0 to 2"),
        ({"name": ""}, "This field is required."),
        ({"source": "transformers:other"}, "Select a valid choice."),
    ],
)
def test_refused_generator_keeps_what_was_typed(page, base, changes, reason):
    form = {"name": "Warm", "source": "transformers:toy-chat", **RECIPE, **changes}

    answer = page.post(f"{base}generators/", form)

    assert answer.status_code == 400
    assert reason in text_of(answer)
    assert 'value="64"' in text_of(answer)
    assert Generator.objects.count() == 0


def start(page, base, generator, **changes):
    asked = {"generators": [generator.pk], "per_prompt": 2, "which": "every"}
    form = {**asked, "checks": list(Flaw), "longest": 20_000, **changes}
    return page.post(f"{base}runs/", form)


def test_run_is_started_and_shown(page, base, prompt, generator, rings):
    answer = start(page, base, generator, seed=5)

    run = GenerationRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{base}runs/{run.pk}/")
    assert (run.seed, run.candidates.count()) == (5, 2)
    assert (run.unchecked, run.longest) == ([], 20_000)
    assert rings == [("generation.fill_candidates", {"run_id": run.pk})]


def test_run_asks_every_generator_at_every_temperature(
    page, base, prompt, generator, manager, campaign, rings
):
    other = Generator.objects.create(
        campaign=campaign, name="Other", backend="transformers", model="m", created_by=manager
    )
    asked = {"generators": [generator.pk, other.pk], "temperatures": "0.3, 1.2"}

    answer = start(page, base, generator, **asked)

    run = GenerationRun.objects.get()
    assert sorted(run.parts.values_list("generator__name", "temperature", "per_prompt")) == [
        ("Other", 0.3, 2), ("Other", 1.2, 2), ("Toy", 0.3, 2), ("Toy", 1.2, 2),
    ]  # fmt: skip
    shown = text_of(page.get(answer.headers["Location"]))
    assert "Toy" in shown
    assert "temperature 1.2" in shown


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"generators": []}, "Choose at least one."),
        ({"temperatures": "warm"}, "Give numbers from 0 to 2"),
        ({"temperatures": "0.1, 3"}, "the temperature must be a number from 0 to 2"),
        ({"temperatures": "0, 1, 2", "per_prompt": 4}, "at most 9 responses to each prompt"),
    ],
)
def test_refused_run_names_what_does_not_hold(
    page, base, prompt, generator, rings, changes, reason
):
    answer = start(page, base, generator, **changes)

    assert answer.status_code == 400
    assert reason in text_of(answer)
    assert GenerationRun.objects.count() == 0


def test_run_is_paused_and_goes_on(page, base, prompt, request_run, rings):
    run = request_run(per_prompt=2)
    url = f"{base}runs/{run.pk}/"

    page.post(f"{url}pause/")
    paused = text_of(page.get(url))
    page.post(f"{url}resume/")

    assert "Paused; what is being made now is finished." in paused
    assert '<span class="tag warn">Paused</span>' in paused
    assert "The run goes on." in text_of(page.get(url))
    assert rings == [("generation.fill_candidates", {"run_id": run.pk})]


def test_run_of_named_prompts_reads_numbers_and_ranges(page, base, add_prompt, generator, rings):
    found = [add_prompt(f"prompt {number}").pk for number in range(5)]

    start(page, base, generator, which="named", numbers=f"{found[0]}, {found[2]}-{found[3]}")

    made = GenerationRun.objects.get().candidates.values_list("prompt_id", flat=True)
    assert set(made) == {found[0], found[2], found[3]}


def test_run_of_short_prompts_leaves_out_those_with_two_responses(
    page, base, add_prompt, generator, prompt_set, add_responses, rings
):
    full, short = add_prompt("full"), add_prompt("short")
    add_responses(full, "a", "b")
    adopt_responses(prompt_set_id=prompt_set.pk, now=NOW)

    start(page, base, generator, which="short")

    made = GenerationRun.objects.get().candidates.values_list("prompt_id", flat=True)
    assert set(made) == {short.pk}


@pytest.mark.parametrize("numbers", ["", "x", "5-2", "1-99999999", "0x1", "999999999"])
def test_refused_run_says_why_and_makes_nothing(page, base, prompt, generator, rings, numbers):
    answer = start(page, base, generator, which="named", numbers=numbers)

    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer) or "aria-invalid" in text_of(answer)
    assert (GenerationRun.objects.count(), rings) == (0, [])


def finish_some(run):
    finish(claimed(run, limit=2), completion("<script>alert(1)</script>"), WRONG)


def test_run_page_shows_counts_causes_and_escaped_texts(page, base, prompt, request_run):
    run = request_run(per_prompt=3)
    finish_some(run)

    shown = text_of(page.get(f"{base}runs/{run.pk}/"))

    assert "1 done, 1 failed, 1 waiting" in shown
    assert WRONG.cause in shown
    assert WRONG.remedy in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_live_part_tells_when_it_is_over(page, base, prompt, request_run):
    run = request_run(per_prompt=2)
    waiting = text_of(page.get(f"{base}runs/{run.pk}/live/"))
    finish_some(run)
    over = text_of(page.get(f"{base}runs/{run.pk}/live/"))

    assert 'data-waiting="1" data-failed="" data-finished="no"' in waiting
    assert 'data-waiting="" data-failed="1" data-finished="yes"' in over
    assert "<html" not in over


def test_live_part_is_not_sent_again_until_it_changes(page, base, prompt, request_run):
    run = request_run(per_prompt=3)
    url = f"{base}runs/{run.pk}/live/"
    tag = {"If-None-Match": page.get(url).headers["ETag"]}

    same = page.get(url, headers=tag)
    finish_some(run)
    other = page.get(url, headers=tag)

    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
    assert "1 of 3 responses done, 1 failed" in text_of(other)


def test_run_page_says_that_the_toy_is_built_first(
    page, base, prompt, request_run, settings, tmp_path
):
    settings.MODELS_DIR = tmp_path

    assert "Building the model" in text_of(page.get(f"{base}runs/{request_run().pk}/"))


def test_stop_and_retry_from_the_page(page, base, prompt, request_run, rings):
    run = request_run(per_prompt=2)

    stopped = page.post(f"{base}runs/{run.pk}/stop/", follow=True)
    retried = page.post(f"{base}runs/{run.pk}/retry/", follow=True)

    assert "Stopped; 2 responses were not made." in text_of(stopped)
    assert "2 responses are tried again." in text_of(retried)
    assert rings.named("generation.fill_candidates") == [{"run_id": run.pk}]


def test_stopped_run_offers_retry_and_no_stop(page, base, prompt, request_run, manager):
    run = request_run(per_prompt=2)
    stop_run(run=run, by=manager, now=NOW)

    shown = text_of(page.get(f"{base}runs/{run.pk}/"))

    assert 'data-when="failed">' in shown
    assert 'data-when="waiting" hidden>' in shown


@pytest.mark.parametrize("person", ["annotator", "reviewer"])
def test_only_managers_see_the_pages(cast, base, prompt, request_run, person):
    run, other = request_run(), signed_in(getattr(cast, person))

    places = ("", f"runs/{run.pk}/", f"runs/{run.pk}/live/")

    assert [other.get(base + place).status_code for place in places] == [403] * 3


def test_stranger_finds_nothing(cast, base, prompt, request_run):
    run, stranger = request_run(), signed_in(cast.stranger)
    foreign = f"/campaigns/{cast.foreign.pk}/generation/runs/{run.pk}/"

    assert stranger.get(base).status_code == 404
    assert stranger.get(foreign).status_code == 404
    assert stranger.post(f"{foreign}stop/").status_code == 404


def test_run_is_started_with_the_checks_that_are_ticked(page, base, prompt, generator, rings):
    start(page, base, generator, checks=["cut_off", "template"], longest=500)

    run = GenerationRun.objects.get()
    assert set(run.unchecked) == set(Flaw) - {Flaw.CUT_OFF, Flaw.TEMPLATE}
    assert run.longest == 500
