"""The demo: loaded once, ready to rank, entered by single-use links."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from annotate.demo import ANNOTATOR, MANAGER, PAIRS, RANKING, campaign_of_demo
from labeling.accounts.models import User
from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import guideline_of
from tests.stock import next_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.UPLOADS_DIR = tmp_path_factory.mktemp("uploads")


def counts() -> tuple[int, ...]:
    return User.objects.count(), Campaign.objects.count(), Comparison.objects.count()


def links(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    call_command("sign_in_links")
    return dict(line.split() for line in capsys.readouterr().out.splitlines())


@pytest.mark.usefixtures("folder")
def test_demo_is_ready_to_rank() -> None:
    call_command("load_demo")

    for demo, size in ((PAIRS, 2), (RANKING, 3)):
        campaign = campaign_of_demo(demo)
        assert campaign is not None
        assert (campaign.name, campaign.state, campaign.overlap) == (demo.name, "active", 2)
        assert guideline_of(campaign) is not None
        assert [one.model for one in campaign.generators.all()] == ["toy-chat"]
        annotator = User.objects.get(email=ANNOTATOR)
        # Some prompts have two responses only, and any comparison may come first.
        assert max(one.candidates.count() for one in campaign.comparisons.all()) == size
        assert next_for(campaign, annotator) is not None


@pytest.mark.usefixtures("folder")
def test_demo_loaded_again_changes_nothing() -> None:
    call_command("load_demo")
    before = counts()

    call_command("load_demo")

    assert counts() == before


@pytest.mark.usefixtures("folder")
def test_demo_keeps_what_its_manager_made_of_it() -> None:
    call_command("load_demo")
    Campaign.objects.update(name="Mine now", state="completed")

    call_command("load_demo")

    assert set(Campaign.objects.values_list("name", "state")) == {("Mine now", "completed")}


@pytest.mark.usefixtures("folder")
def test_demo_people_have_no_password() -> None:
    call_command("load_demo")

    for email in (MANAGER, ANNOTATOR):
        assert not User.objects.get(email=email).has_usable_password()


@pytest.mark.usefixtures("folder")
def test_links_let_each_in_once_and_lead_to_their_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_demo")
    campaign = Campaign.objects.get(name=PAIRS.name)
    places = {
        "manager": f"/campaigns/{campaign.pk}/",
        "annotator": f"/campaigns/{campaign.pk}/rank/",
    }

    for role, url in links(capsys).items():
        path = "/" + url.split("/", 3)[3]
        assert Client().post(path).headers["Location"] == places.pop(role)
        assert Client().post(path).status_code == 410
    assert places == {}


def test_links_without_the_demo_say_how_to_load_it() -> None:
    with pytest.raises(CommandError, match=r"manage\.py load_demo"):
        call_command("sign_in_links")
