"""The pages of campaigns: the list, the overview, what is asked, the guide, members, rounds."""

from labeling.assignment.services.allocations import reallocate
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import current_round, membership_of
from labeling.campaigns.services import (
    add_member,
    close_round,
    describe_member,
    edit_campaign,
    edit_round,
    open_round,
    publish_guideline,
    set_state,
)
from labeling.clock import database_now
from tests.factories import add_person, make_operator
from tests.screens.screen import Place, Visit
from tests.screens.world import GUIDE, found, judged, member, person, stocked

HOME = Place("home", "home", "Your campaigns")
OVERVIEW = Place("campaign", "overview", "Overview of a campaign")
FORM = Place("campaign-new", "campaign-form", "What a campaign asks")
GUIDES = Place("guide", "guide", "Judging guide")
MEMBERS = Place("members", "members", "Members")
ROUNDS = Place("rounds", "rounds", "Rounds")
POLICY = Place("allocation", "policy", "Policy")


def _manage(visit: Visit, campaign: Campaign, page: str = "") -> None:
    visit(campaign.created_by).goto(f"/campaigns/{campaign.pk}/{page}")


@HOME.state("empty-manager", "Nothing yet, for somebody who may make campaigns")
def home_empty_manager(visit: Visit) -> None:
    visit(make_operator()).goto("/")


@HOME.state("empty-annotator", "Nothing yet, for anybody else")
def home_empty_annotator(visit: Visit) -> None:
    visit(person("annotator")).goto("/")


@HOME.state("manager", "Campaigns in every state")
def home_manager(visit: Visit) -> None:
    lead = person("manager")
    campaign, _ = stocked(manager=lead)
    judged(campaign, [member(campaign, "teammate")], 3)
    for state in ("draft", "paused", "completed"):
        found(f"A campaign that is {state}", manager=lead, state=state)
    found("Summaries in order", manager=lead, candidates_per_comparison=4)
    visit(lead).goto("/")


@HOME.state("annotator", "What an annotator can go on with")
def home_annotator(visit: Visit) -> None:
    campaign, user = stocked(description="Two answers to one question at a time.")
    judged(campaign, [user], 1)
    other = found("Summaries in order", manager=campaign.created_by, state="paused")
    add_person(other, user)
    visit(user).goto("/")


@OVERVIEW.state("draft", "A draft: what is to be done before the start")
def overview_draft(visit: Visit) -> None:
    _manage(visit, found(state="draft", guideline=""))


@OVERVIEW.state("active", "Active, with how far it is")
def overview_active(visit: Visit) -> None:
    campaign, user = stocked(
        description="Everyday questions, answered by three models.",
        criteria=["helpful", "honest"],
        reason_tags=["factual error", "too long"],
    )
    judged(
        campaign,
        [user, member(campaign, "teammate")],
        3,
        criteria={"helpful": "A", "honest": "same"},
    )
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/")
    page.wait_for_selector("text=judgments")


@OVERVIEW.state("guide-open", "The judging guide, folded out")
def overview_guide(visit: Visit) -> None:
    campaign, _ = stocked()
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/")
    page.click("details.fold summary")
    page.wait_for_selector("text=judgments")


@OVERVIEW.state("annotator", "As an annotator sees it")
def overview_annotator(visit: Visit) -> None:
    campaign, user = stocked(description="Everyday questions, answered by three models.")
    visit(user).goto(f"/campaigns/{campaign.pk}/")


@OVERVIEW.state("paused", "Paused")
def overview_paused(visit: Visit) -> None:
    _in_state(visit, "paused")


@OVERVIEW.state("completed", "Completed")
def overview_completed(visit: Visit) -> None:
    _in_state(visit, "completed")


def _in_state(visit: Visit, state: str) -> None:
    campaign, user = stocked()
    judged(campaign, [user], 3)
    set_state(campaign=campaign, state=state, by=campaign.created_by)
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/")
    page.wait_for_selector("text=judgments")


@FORM.state("new", "A new campaign")
def form_new(visit: Visit) -> None:
    visit(make_operator()).goto("/campaigns/new/")


@FORM.state("refused", "What does not fit is named beside its field")
def form_refused(visit: Visit) -> None:
    page = visit(make_operator())
    page.goto("/campaigns/new/")
    page.get_by_label("Name", exact=True).fill("Everyday questions")
    page.get_by_label("Reasons to tick").fill("too long, too long")
    page.get_by_label("People for each comparison").evaluate("field => { field.value = 99; }")
    page.evaluate("document.querySelector('form.rows').noValidate = true")
    page.click("form.rows button[type=submit]")


@FORM.state("edit", "Editing one", route="campaign-edit")
def form_edit(visit: Visit) -> None:
    _manage(visit, found(criteria=["helpful", "honest"]), "edit/")


@FORM.state("changed-meanwhile", "Somebody else saved in between", route="campaign-edit")
def form_changed(visit: Visit) -> None:
    campaign = found()
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/edit/")
    edit_campaign(
        campaign=campaign, by=campaign.created_by, version=campaign.version, name="Questions"
    )
    page.get_by_label("Description").fill("Everyday questions, answered by three models.")
    page.click("form.rows button[type=submit]")


@GUIDES.state("first", "The guide in force")
def guide_first(visit: Visit) -> None:
    _manage(visit, found(), "guide/")


@GUIDES.state("missing", "None yet")
def guide_missing(visit: Visit) -> None:
    _manage(visit, found(state="draft", guideline=""), "guide/")


@GUIDES.state("versions", "With its earlier versions and what changed")
def guide_versions(visit: Visit) -> None:
    campaign = found()
    text = f"{GUIDE}\n\nAn answer that stops midway is not good.\n"
    publish_guideline(campaign=campaign, text=text, by=campaign.created_by)
    _manage(visit, campaign, "guide/")


@GUIDES.state("earlier", "An earlier version", route="guide-version")
def guide_earlier(visit: Visit) -> None:
    campaign = found()
    publish_guideline(campaign=campaign, text=GUIDE[:900], by=campaign.created_by)
    _manage(visit, campaign, "guide/1/")


@GUIDES.state("edit", "Writing a version", route="guide-edit")
def guide_edit(visit: Visit) -> None:
    _manage(visit, found(), "guide/edit/")


def _with_people() -> Campaign:
    campaign, user = stocked()
    member(campaign, "reviewer", Role.REVIEWER)
    now = database_now()
    describe_member(
        membership=membership_of(user, campaign.pk),
        by=campaign.created_by,
        now=now,
        languages=["en", "de"],
        skills=["python", "statistics"],
        qualified=True,
    )
    add_member(
        campaign=campaign,
        email="newcomer@annotate.localhost",
        role=Role.ANNOTATOR,
        by=campaign.created_by,
        now=now,
    )
    return campaign


@MEMBERS.state("list", "Who belongs to a campaign")
def members_list(visit: Visit) -> None:
    _manage(visit, _with_people(), "members/")


@MEMBERS.state("invited", "Links to hand over, shown once")
def members_invited(visit: Visit) -> None:
    campaign = _with_people()
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/members/")
    page.locator("[name=emails]").fill("person1@annotate.localhost\nperson2@annotate.localhost")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector("#links")


@MEMBERS.state("one", "What a member reads and knows", route="member-edit")
def members_one(visit: Visit) -> None:
    campaign = _with_people()
    row = campaign.memberships.get(user__email="annotator@annotate.localhost")
    _manage(visit, campaign, f"members/{row.pk}/")


@MEMBERS.state("remove", "Before somebody is removed", route="member-remove")
def members_remove(visit: Visit) -> None:
    campaign = _with_people()
    row = campaign.memberships.get(user__email="annotator@annotate.localhost")
    _manage(visit, campaign, f"members/{row.pk}/remove/")


@ROUNDS.state("list", "One closed, one open")
def rounds_list(visit: Visit) -> None:
    campaign = _with_rounds()
    _manage(visit, campaign, "rounds/")


@ROUNDS.state("between", "None is open")
def rounds_between(visit: Visit) -> None:
    campaign = _with_rounds()
    close_round(round_=current_round(campaign), by=campaign.created_by, now=database_now())
    _manage(visit, campaign, "rounds/")


@ROUNDS.state("edit", "Naming a round and its checkpoint", route="round-edit")
def rounds_edit(visit: Visit) -> None:
    _manage(visit, _with_rounds(), "rounds/2/")


def _with_rounds() -> Campaign:
    campaign, user = stocked()
    judged(campaign, [user], 2)
    by = campaign.created_by
    edit_round(round_=current_round(campaign), by=by, checkpoint="base-0")
    open_round(
        campaign=campaign, name="Second round", checkpoint="dpo-1", by=by, now=database_now()
    )
    return campaign


@POLICY.state("fixed", "How work is handed out")
def policy_fixed(visit: Visit) -> None:
    campaign, _ = stocked()
    _manage(visit, campaign, "allocation/")


@POLICY.state("adaptive", "While another judgment is worth it")
def policy_adaptive(visit: Visit) -> None:
    campaign, _ = stocked()
    reallocate(
        campaign=campaign,
        by=campaign.created_by,
        version=campaign.allocation.version,
        policy="adaptive",
    )
    _manage(visit, campaign, "allocation/")
