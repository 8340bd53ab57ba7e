"""Training and qualification: what people meet, and how managers run it."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, expect

from labeling.accounts.models import User
from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.training.enums import Use
from labeling.training.models import Attempt, Objection
from labeling.training.services.items import set_item_aside
from labeling.training.services.objections import object_to
from tests.screens.screen import Place, Visit
from tests.screens.world import DEMO, found, member, stocked
from tests.training.setting import begin, plan, say, shown, take

TAKING = Place("training", "training", "Training and qualification")
MANAGING = Place("training-items", "training-set-up", "Setting up training and qualification")
REFERENCE = "demo/excellent"
REASON = "It answers what was asked, it is **right**, and it says no more than that."
OBJECTION = "Both say the same; the one you prefer only has the nicer layout."


def _set_up(use: str = Use.TRAINING, prompts: int = 12, **fields: Any) -> tuple[Campaign, User]:
    """Return a campaign with items made of the demo's prompts, and somebody to take them."""
    campaign, user = stocked(*list(DEMO)[:prompts], **fields)
    for comparison in Comparison.objects.filter(campaign=campaign).order_by("pk"):
        models = comparison.slots.order_by("slot").values_list("candidate__model_label", flat=True)
        if REFERENCE in models:
            set_item_aside(
                campaign=campaign,
                comparison_id=comparison.pk,
                use=use,
                reason=REASON,
                ranks=[1 if model == REFERENCE else 2 for model in models],
                by=campaign.created_by,
                now=database_now(),
            )
    return campaign, user


def _open(visit: Visit, campaign: Campaign, user: User, page: str = "") -> Page:
    opened = visit(user)
    opened.goto(f"/campaigns/{campaign.pk}/training/{page}")
    return opened


def _manage(visit: Visit, campaign: Campaign, page: str) -> Page:
    return _open(visit, campaign, campaign.created_by, page)


def _begin(visit: Visit, campaign: Campaign, user: User, use: str) -> Page:
    return _open(visit, campaign, user, f"attempts/{begin(campaign, user, use).pk}/")


def _settled(page: Page) -> Page:
    expect(page.locator("#main[data-ready]:not([aria-busy])")).to_be_attached()
    return page


@TAKING.state("empty", "Nothing is set aside yet")
def empty(visit: Visit) -> None:
    campaign, user = stocked()
    _open(visit, campaign, user)


@TAKING.state("before", "What comes first, and what it takes")
def before(visit: Visit) -> None:
    campaign, user = _set_up(Use.QUALIFICATION)
    _some_for_training(campaign)
    _open(visit, campaign, user)


def _some_for_training(campaign: Campaign) -> None:
    for item in campaign.training_items.order_by("pk")[:8]:
        item.use = Use.TRAINING
        item.save()


@TAKING.state("item", "An item of the training", route="training-attempt")
def item(visit: Visit) -> None:
    campaign, user = _set_up()
    _settled(_begin(visit, campaign, user, Use.TRAINING))


@TAKING.state("agrees", "What the reference says, and why", route="training-trial")
def agrees(visit: Visit) -> None:
    _answered(visit, agrees=True)


@TAKING.state("differs", "Where the answer differs from it", route="training-trial")
def differs(visit: Visit) -> None:
    _answered(visit, agrees=False)


@TAKING.state("objection", "An objection is written beside it", route="training-trial")
def objection(visit: Visit) -> None:
    page = _answered(visit, agrees=False)
    page.keyboard.press("KeyN")
    page.keyboard.type(OBJECTION)


def _answered(visit: Visit, *, agrees: bool) -> Page:
    campaign, user = _set_up()
    trial = say(shown(begin(campaign, user, Use.TRAINING)), agrees=agrees)
    return _settled(_open(visit, campaign, user, f"trials/{trial.pk}/"))


@TAKING.state("several", "Several responses in order", route="training-attempt")
def several(visit: Visit) -> None:
    campaign, user = _set_up(candidates_per_comparison=3)
    _settled(_begin(visit, campaign, user, Use.TRAINING))


@TAKING.state("qualification", "An item of the qualification", route="training-attempt")
def qualification(visit: Visit) -> None:
    campaign, user = _set_up(Use.QUALIFICATION, prompts=24)
    _settled(_begin(visit, campaign, user, Use.QUALIFICATION))


@TAKING.state("trained", "The training is done", route="training-attempt")
def trained(visit: Visit) -> None:
    _result(visit, Use.TRAINING, [True, False, True, True, True, True], training_items=6)


@TAKING.state("passed", "Passed as soon as it was clear", route="training-attempt")
def passed(visit: Visit) -> None:
    _result(visit, Use.QUALIFICATION, [True] * 20)


@TAKING.state("failed", "Not passed, with what differed", route="training-attempt")
def failed(visit: Visit) -> None:
    _result(visit, Use.QUALIFICATION, [True, False, False, False, True, *[False] * 15])


def _result(visit: Visit, use: str, answers: Sequence[bool], **terms: int) -> None:
    campaign, attempt = _taken(use, answers, **terms)
    _open(visit, campaign, attempt.person, f"attempts/{attempt.pk}/")


def _taken(use: str, answers: Sequence[bool], **terms: int) -> tuple[Campaign, Attempt]:
    campaign, user = _set_up(use, prompts=24)
    if terms:
        plan(campaign, **terms)
    return campaign, take(begin(campaign, user, use), answers)


@TAKING.state("wait", "Another try, later; and an objection that waits")
def wait(visit: Visit) -> None:
    campaign, attempt = _taken(Use.QUALIFICATION, [False] * 20)
    _object(campaign, attempt)
    _open(visit, campaign, attempt.person)


def _object(campaign: Campaign, attempt: Attempt) -> Objection:
    return object_to(
        campaign=campaign,
        person=attempt.person,
        trial_id=attempt.trials.order_by("pk")[0].pk,
        text=OBJECTION,
        now=database_now(),
    )


@MANAGING.state("empty", "No items yet")
def items_empty(visit: Visit) -> None:
    _manage(visit, found(), "items/")


@MANAGING.state("items", "Items, and what share of people agrees")
def items(visit: Visit) -> None:
    campaign, _ = _worked()
    _manage(visit, campaign, "items/")


def _worked() -> tuple[Campaign, Attempt]:
    """Return a campaign in which one has passed, one has failed and objects."""
    campaign, passes = _taken(Use.QUALIFICATION, [True] * 20)
    fails = take(begin(campaign, member(campaign, "teammate")), [True, *[False] * 19])
    assert passes.person != fails.person
    return campaign, fails


@MANAGING.state("item", "One item, and how it is corrected", route="training-item")
def one_item(visit: Visit) -> None:
    campaign, _ = _worked()
    _manage(visit, campaign, f"items/{campaign.training_items.earliest('pk').pk}/")


@MANAGING.state("plan", "The plan, and what it means for people", route="training-plan")
def the_plan(visit: Visit) -> None:
    _barely_set_up(visit, "plan/")


def _barely_set_up(visit: Visit, page: str) -> None:
    campaign, _ = _set_up(prompts=1)
    _manage(visit, campaign, page)


@MANAGING.state("people", "How people do", route="training-people")
def people(visit: Visit) -> None:
    campaign, _ = _worked()
    _manage(visit, campaign, "people/")


@MANAGING.state("people-empty", "Nobody has begun", route="training-people")
def people_empty(visit: Visit) -> None:
    _barely_set_up(visit, "people/")


@MANAGING.state("objections", "What people object to", route="training-objections")
def objections(visit: Visit) -> None:
    campaign, attempt = _worked()
    _object(campaign, attempt)
    _manage(visit, campaign, "objections/")


@MANAGING.state("objections-empty", "No objections", route="training-objections")
def objections_empty(visit: Visit) -> None:
    _barely_set_up(visit, "objections/")


@MANAGING.state("decide", "An objection is decided", route="training-decide")
def decide(visit: Visit) -> None:
    campaign, attempt = _worked()
    _manage(visit, campaign, f"objections/{_object(campaign, attempt).pk}/")
