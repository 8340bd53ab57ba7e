"""The ways in: a command for operators, REST and a page for managers; and after a restore again."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from labeling.accounts.models import Erasure, User
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from labeling.quality.models import Revocation
from labeling.quality.services.erasing import erase_prompt
from labeling.quality.services.remembering import erase_again, note_erasures
from labeling.quality.tasks import sweep
from tests.factories import make_campaign, make_cast, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db
ADDRESS = "annotator@annotate.localhost"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def cast(rings):
    found = make_cast()
    stock(found.campaign, 2)
    judge(found.campaign, found.annotator, claim(found.campaign, found.annotator))
    return found


@pytest.fixture
def prompt(cast) -> Prompt:
    return Prompt.objects.filter(campaign=cast.campaign).order_by("id")[0]


def run(*words: str) -> str:
    out = StringIO()
    call_command("erase", *words, stdout=out)
    return out.getvalue()


def lines(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "erasures.jsonl").read_text().splitlines()]


def test_the_command_erases_a_person_and_notes_keys_and_times_alone(cast, data_dir):
    assert "It is erased." in run("--person", ADDRESS.upper(), "--yes")

    (line,) = lines(data_dir)
    assert line.keys() == {"target", "made_at", "erased_at"}
    assert line["target"] == f"user:{cast.annotator.pk}"
    assert not User.objects.filter(email=ADDRESS).exists()


def test_the_command_says_what_is_lost_and_asks_before_it_erases(cast, prompt, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    with pytest.raises(CommandError, match="Nothing was erased"):
        run("--prompt", str(prompt.pk))
    monkeypatch.setattr("builtins.input", lambda question: "erase")
    said = run("--prompt", str(prompt.pk))

    assert "Nothing brings it back." in said
    assert "withdrawn" in said
    prompt.refresh_from_db()
    assert prompt.erased_at is not None


def test_the_command_says_so_when_there_is_nothing_left_to_erase(cast, prompt):
    run("--prompt", str(prompt.pk), "--yes")
    assert "erased before" in run("--prompt", str(prompt.pk), "--yes")
    with pytest.raises(CommandError, match="Nothing has the address"):
        run("--person", "nobody@annotate.localhost", "--yes")


def test_what_a_crash_kept_from_the_file_comes_with_the_sweep(cast, prompt, data_dir):
    erase_prompt(prompt=prompt, by=cast.manager, reason="Asked by law.", now=database_now())
    (data_dir / "erasures.jsonl").write_bytes(b'{"target":"pro')
    sweep()
    assert note_erasures() == 0

    noted = (data_dir / "erasures.jsonl").read_text().splitlines()
    assert [json.loads(line)["target"] for line in noted[1:]] == [f"prompt:{prompt.pk}"]


def noted(data_dir, target: str, made_at) -> None:
    line = {"target": target, "made_at": made_at.isoformat(), "erased_at": made_at.isoformat()}
    with (data_dir / "erasures.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


def test_what_a_restored_backup_brought_back_is_erased_again(cast, prompt, data_dir):
    noted(data_dir, f"prompt:{prompt.pk}", prompt.created_at)
    noted(data_dir, f"user:{cast.annotator.pk}", cast.annotator.date_joined)
    noted(data_dir, "prompt:987654321", prompt.created_at)

    said = run("--again")

    assert f"prompt:{prompt.pk} was erased" in said
    assert f"user:{cast.annotator.pk} was erased" in said
    assert "prompt:987654321 is not there" in said
    assert not User.objects.filter(email=ADDRESS).exists()
    assert [one.outcome for one in erase_again(now=database_now())][:2] == 2 * [
        "was erased already"
    ]


def test_a_number_that_is_another_ones_by_now_is_left_alone(cast, prompt, data_dir):
    noted(data_dir, f"prompt:{prompt.pk}", cast.annotator.date_joined)

    with pytest.raises(CommandError, match="1 could not be erased again"):
        run("--again")

    assert not Erasure.objects.exists()


def test_over_rest_a_manager_erases_a_prompt_once(cast, prompt, rings):
    client, base = signed_in(cast.manager), f"/api/v1/campaigns/{cast.campaign.pk}/erasures/"
    body = json.dumps({"prompt": prompt.pk, "reason": "Asked by law."})

    made = client.post(base, body, content_type="application/json")
    again = client.post(base, body, content_type="application/json")

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    assert (made.json()["prompt"], made.json()["reason"]) == (prompt.pk, "Asked by law.")
    assert made.json()["erased_at"] is not None
    lifted = client.post(
        f"/api/v1/campaigns/{cast.campaign.pk}/revocations/{made.json()['id']}/lift/"
    )
    assert (lifted.status_code, lifted.json()["error"]["code"]) == (409, "erased_for_good")


def test_over_rest_nobody_erases_what_is_not_theirs(cast, prompt):
    foreign = make_campaign()
    stock(foreign, 1)
    body = {"prompt": Prompt.objects.get(campaign=foreign).pk, "reason": "x"}
    base = f"/api/v1/campaigns/{cast.campaign.pk}/erasures/"

    asked = [
        signed_in(who).post(base, json.dumps(given), content_type="application/json").status_code
        for who, given in (
            (cast.manager, body),
            (cast.annotator, {**body, "prompt": prompt.pk}),
            (cast.stranger, {**body, "prompt": prompt.pk}),
            (cast.manager, {"prompt": prompt.pk}),
        )
    ]

    assert asked == [404, 403, 404, 400]
    assert not Erasure.objects.exists()


def test_on_the_page_a_prompt_is_erased_by_who_knows_what_that_means(cast, prompt):
    client, base = signed_in(cast.manager), f"/campaigns/{cast.campaign.pk}/"
    given = {"erased_prompt": prompt.pk, "erased_reason": "Asked by law."}

    unknowing = client.post(f"{base}erasures/", given)
    assert (unknowing.status_code, Erasure.objects.exists()) == (400, False)
    assert "Tick this to erase it." in unknowing.content.decode()
    done = client.post(f"{base}erasures/", {**given, "is_known": "on"}, follow=True)

    assert "It is erased." in done.content.decode()
    assert "Erased for good on" in done.content.decode()
    revocation = Revocation.objects.get()
    assert f"revocations/{revocation.pk}/lift/" not in done.content.decode()
    assert client.get(f"{base}prompts/{prompt.pk}/").status_code == 200


def test_on_the_page_a_refusal_stands_above_the_form(cast, prompt):
    base = f"/campaigns/{cast.campaign.pk}/erasures/"
    given = {"erased_prompt": 10**9, "erased_reason": "x", "is_known": "on"}

    answer = signed_in(cast.manager).post(base, given)

    assert answer.status_code == 400
    assert "notice error" in answer.content.decode()
