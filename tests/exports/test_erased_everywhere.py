"""A canary person and a canary prompt: erased, they are nowhere any more."""

import pytest

from exports.models import Export
from exports.queries import export_in
from exports.services.removing import removed_since
from exports.tasks import search
from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.models import Generator
from labeling.generation.services.opening import Terms
from labeling.judging.services.requests import Asked, request_judging
from labeling.prompts.models import Prompt
from labeling.quality.services.erasing import erase_person, erase_prompt
from labeling.ranking.models import Judgment
from labeling.training.enums import Use
from labeling.training.services.objections import object_to
from tests.exports.canary import (
    columns_with_it,
    files_with_it,
    keys_with_it,
    plant_person,
    plant_prompt,
)
from tests.exports.conftest import export_now, vote
from tests.exports.erased_columns import MADE_OF_IT, PERSON, PROMPT, STAYS
from tests.factories import make_campaign, make_member
from tests.security.columns import OPEN
from tests.stock import stock
from tests.training.setting import aside, begin, say, shown

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign() -> Campaign:
    """Three pairs to judge, one for training, and a judge that has been asked about all."""
    found = make_campaign(overlap=3)
    stock(found, 3)
    aside(found, 1, Use.TRAINING)
    generator = Generator.objects.create(
        campaign=found, name="judge", backend="openai", endpoint="e", model="m",
        created_by=found.created_by,
    )  # fmt: skip
    for seed in (1, 2):
        request_judging(
            campaign=found, asked=Asked(generator=generator, standard="Be true."),
            terms=Terms(seed=seed), user=found.created_by, now=database_now(),
        )  # fmt: skip
    return found


@pytest.fixture
def person(campaign) -> User:
    """Somebody who trained, objected, and answered everything, as somebody else did."""
    found = make_member(campaign)
    attempt = begin(campaign, found, Use.TRAINING)
    trial = shown(attempt)
    say(trial)
    object_to(campaign=campaign, person=found, trial_id=trial.pk, text="No.", now=database_now())
    for one in (found, make_member(campaign)):
        for _ in range(3):
            vote(campaign, one)
    return found


@pytest.fixture
def prompt(campaign, person) -> Prompt:
    """The prompt of the training item."""
    return Prompt.objects.get(comparisons__training_item__isnull=False)


def left_everywhere() -> list:
    return [*columns_with_it(), *files_with_it(), *keys_with_it()]


def test_every_text_column_is_decided():
    assert (PERSON | PROMPT | STAYS.keys()) - MADE_OF_IT == OPEN.keys()
    assert not (PERSON | PROMPT) & STAYS.keys()


def test_an_erased_person_is_nowhere(campaign, person):
    assert left_everywhere() == []
    plant_person(campaign, person)
    export = _issued(campaign)
    assert columns_with_it() == PERSON
    counted = Judgment.objects.filter(counted=True).count()

    assert erase_person(person=person, by=None, now=database_now())
    search()

    assert left_everywhere() == []
    assert Judgment.objects.filter(counted=True).count() == counted
    assert list(removed_since(export_in(campaign, export.pk)))


def _issued(campaign: Campaign) -> Export:
    """Export while nothing is revoked; the files have the word."""
    campaign.revocations.update(lifted_at=database_now(), lifted_by=campaign.created_by)
    export = export_now(campaign, containers=("jsonl", "parquet"), configs=("trl", "prompts"))
    newest = campaign.revocations.order_by("-id")[0]
    campaign.revocations.filter(pk=newest.pk).update(lifted_at=None, lifted_by=None)
    assert files_with_it()
    return export


def test_an_erased_prompt_is_nowhere(campaign, person, prompt):
    judged = Prompt.objects.filter(comparisons__judgments__isnull=False)[0]
    _join(judged, prompt)
    plant_prompt(campaign, judged)
    export = _issued(campaign)
    assert columns_with_it() == PROMPT

    assert erase_prompt(
        prompt=judged, by=campaign.created_by, reason="Asked by law.", now=database_now()
    )
    search()

    assert left_everywhere() == []
    assert list(removed_since(export_in(campaign, export.pk)))


def _join(judged: Prompt, trained: Prompt) -> None:
    """Have the training item be about the prompt that was judged, too."""
    trained.comparisons.update(prompt=judged)
    trained.candidates.update(prompt=judged)
