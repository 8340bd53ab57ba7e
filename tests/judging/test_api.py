"""Judging over REST."""

import pytest

from labeling.generation.models import GenerationRun
from labeling.generation.queries import runs_to_ring
from labeling.generation.services import backends
from labeling.judging.models import AiJudgment
from labeling.judging.tasks import judge as task
from labeling.judging.tasks import sweep
from tests.factories import signed_in
from tests.generation.conftest import Scripted
from tests.judging.conftest import NOW, STANDARD, judge, prefers
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)
JUDGE = "judging.judge"


@pytest.fixture
def at(cast):
    return f"/api/v1/campaigns/{cast.campaign.pk}/judgings/"


@pytest.fixture
def api(cast):
    return signed_in(cast.manager)


def post(api, path, body=None):
    return api.post(path, body or {}, content_type="application/json")


def test_judging_is_asked_for_and_followed(cast, api, at, generator, rings):
    stock(cast.campaign, 2)

    answer = post(api, at, {"generator": generator.pk, "standard": STANDARD, "seed": 3})

    assert answer.status_code == 202
    assert rings.named(JUDGE) == [{"run_id": answer.json()["id"]}]
    where = answer.headers["Location"]
    assert api.get(where).json()["counts"] == {"pending": 2, "running": 0, "done": 0, "failed": 0}
    judge(GenerationRun.objects.get(), prefers("good"))
    shown = api.get(where).json()
    assert shown["counts"]["done"] == 2
    assert shown["measures"] == {
        "decided": 2, "ties": 0, "flipped": 0, "wavering": 0, "shown_first": 2, "named": 4,
    }  # fmt: skip
    assert shown["with_people"] == {"agreeing": 0, "answers": 0}
    assert api.get(at).json()["results"][0]["id"] == answer.json()["id"]


def test_what_the_judge_says_is_listed_as_ai(cast, api, at, run):
    judge(run, prefers("good"))

    (first, _) = api.get(f"{at}{run.pk}/judgments/").json()["results"]

    assert first["source"] == "ai"
    assert first["forward"] == first["backward"] == first["outcome"]
    assert first["model_label"] == "scripted"
    assert len(first["prompt_hash"]) == 64


def test_judging_runs_are_no_runs_of_responses(cast, api, at, run):
    runs = at.replace("judgings", "runs")

    assert api.get(runs).json()["results"] == []
    assert api.get(f"{runs}{run.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"standard": ""}, "standard"),
        ({"which": "some"}, "which"),
        ({"comparisons": [10**6]}, "comparisons"),
        ({"ceiling": "-1"}, "ceiling"),
        ({"other": 1}, "other"),
    ],
)
def test_refused_judging_names_the_field(cast, api, at, generator, rings, changes, field):
    stock(cast.campaign, 1)

    answer = post(api, at, {"generator": generator.pk, "standard": STANDARD} | changes)

    assert answer.status_code == 400
    assert field in answer.json()["error"]["data"]["fields"]
    assert rings == []


def test_judging_is_paused_resumed_stopped_and_retried(cast, api, at, run, rings):
    one = f"{at}{run.pk}/"

    assert post(api, f"{one}pause/").json()["paused_at"]
    assert post(api, f"{one}resume/").json()["paused_at"] is None
    assert post(api, f"{one}stop/").json() == {"pairs": 2}
    assert post(api, f"{one}retry/").json() == {"pairs": 2}
    assert rings.named(JUDGE) == [{"run_id": run.pk}] * 2


def test_task_judges_and_calls_the_next_worker_while_more_wait(cast, run, rings, monkeypatch):
    judge_of_one_pair = Scripted(prefers("good"), batch_size=2)
    monkeypatch.setattr(backends, "open_backend", lambda part: judge_of_one_pair)

    task(run_id=run.pk)

    assert set(run.ai_judgments.values_list("state", flat=True)) == {"done"}
    assert rings.named(JUDGE) == [{"run_id": run.pk}]


def test_task_without_work_does_nothing(cast, run, rings):
    task(run_id=10**6)
    GenerationRun.objects.update(stopped_at=NOW)
    task(run_id=run.pk)

    assert rings == []


def test_sweep_rings_what_a_lost_message_left(cast, run, rings):
    sweep()

    assert rings.named(JUDGE) == [{"run_id": run.pk}]
    assert runs_to_ring(AiJudgment, NOW) == []


def test_ceiling_is_changed(cast, api, at, run):
    answer = api.patch(f"{at}{run.pk}/", {"ceiling": "2.5"}, content_type="application/json")

    assert (answer.status_code, answer.json()["ceiling"]) == (200, "2.500000")
