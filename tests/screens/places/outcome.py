"""The pages of what came of it: progress, single comparisons, exports."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from exports.models import Export
from exports.selection import Selection
from exports.services.claims import claim
from exports.services.removing import find_removals
from exports.services.requests import cancel_export, request_export
from exports.services.withdrawing import withdraw_exports
from exports.services.writing import write_export
from labeling.accounts.models import User
from labeling.assignment.services.directing import direct
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.quality.models import Revocation
from labeling.quality.services.erasing import erase_prompt
from labeling.quality.services.revoking import revoke
from labeling.ranking.services.answering import skip_comparison
from labeling.ranking.services.reporting import withhold_reported
from labeling.training.enums import Use
from labeling.training.services.items import set_item_aside
from tests.screens.screen import Place, Visit
from tests.screens.world import found, judged, member, stocked
from tests.stock import claim as lease
from tests.stock import judge

PROGRESS = Place("progress", "progress", "Progress")
COMPARISONS = Place("comparisons", "comparisons", "Single comparisons")
EXPORTS = Place("exports", "exports", "Exports")


def manage(visit: Visit, campaign: Campaign, page: str) -> None:
    visit(campaign.created_by).goto(f"/campaigns/{campaign.pk}/{page}")


def worked(*people: str, **fields: Any) -> tuple[Campaign, list[User]]:
    """Return a campaign that people have begun to judge in; some of them have also skipped."""
    campaign, user = stocked(**fields)
    team = [user, *(member(campaign, name) for name in people)]
    for one in team[:2]:
        _skip(campaign, one)
    judged(campaign, team, 5)
    return campaign, team


def _skip(campaign: Campaign, user: User) -> None:
    assignment = lease(campaign, user)
    skip_comparison(
        campaign=campaign,
        annotator=user,
        assignment_id=assignment.pk,
        token=assignment.token,
        reason="language",
        key=uuid4().hex,
        now=database_now(),
    )


@PROGRESS.state("empty", "Nothing to judge yet")
def progress_empty(visit: Visit) -> None:
    manage(visit, found(), "progress/")


@PROGRESS.state("begun", "Who has judged how much, and how often two people agree")
def progress_begun(visit: Visit) -> None:
    campaign, team = worked("teammate", "newcomer")
    lease(campaign, team[2])
    manage(visit, campaign, "progress/")


@PROGRESS.state("reviewer", "As a reviewer sees it")
def progress_reviewer(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    visit(member(campaign, "reviewer", Role.REVIEWER)).goto(f"/campaigns/{campaign.pk}/progress/")


@PROGRESS.state("pay", "With what the answers have earned")
def progress_pay(visit: Visit) -> None:
    campaign, _ = worked("teammate", pay=Decimal("0.12"), currency="EUR")
    manage(visit, campaign, "progress/")


@COMPARISONS.state("list", "Which ones people skip, are tests, or wait for somebody")
def comparisons_list(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    manage(visit, campaign, "comparisons/?which=all")


@COMPARISONS.state("empty", "None of a kind")
def comparisons_empty(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, "comparisons/?which=known")


@COMPARISONS.state("one", "One comparison, and what can be decided of it", route="comparison")
def comparison_one(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, f"comparisons/{_first(campaign)}/")


@COMPARISONS.state("kept", "Kept for a person, and first in turn", route="comparison")
def comparison_kept(visit: Visit) -> None:
    campaign, user = stocked()
    number = _first(campaign)
    direct(
        campaign=campaign,
        comparison_id=number,
        people=[user],
        by=campaign.created_by,
        now=database_now(),
    )
    manage(visit, campaign, f"comparisons/{number}/")


@COMPARISONS.state("known", "With a known answer: a hidden test", route="comparison")
def comparison_known(visit: Visit) -> None:
    _decide(visit, "Mark as known answer")


@COMPARISONS.state("retired", "Retired: handed out no more", route="comparison")
def comparison_retired(visit: Visit) -> None:
    _decide(visit, "Retire")


@COMPARISONS.state("set-aside", "Set aside: an item of the training", route="comparison")
def comparison_set_aside(visit: Visit) -> None:
    campaign, _ = stocked()
    number = _first(campaign)
    set_item_aside(
        campaign=campaign,
        comparison_id=number,
        use=Use.TRAINING,
        reason="It answers what was asked.",
        ranks=[1, 2],
        by=campaign.created_by,
        now=database_now(),
    )
    manage(visit, campaign, f"comparisons/{number}/")


@COMPARISONS.state("withheld", "Personal data was reported: shown to nobody", route="comparison")
def comparison_withheld(visit: Visit) -> None:
    campaign, number = _reported()
    manage(visit, campaign, f"comparisons/{number}/")


@COMPARISONS.state("withheld-list", "What waits for a review after a report")
def comparisons_withheld(visit: Visit) -> None:
    campaign, _ = _reported()
    manage(visit, campaign, "comparisons/?which=withheld")


@PROGRESS.state("withheld", "Something waits for a review after a report")
def progress_withheld(visit: Visit) -> None:
    campaign, _ = _reported()
    manage(visit, campaign, "progress/")


def _reported() -> tuple[Campaign, int]:
    """Return a campaign in which somebody reported personal data, and in which comparison."""
    campaign, user = stocked()
    held = lease(campaign, user)
    note = "A gives a private address and a telephone number."
    judge(campaign, user, held, flags=("personal_data",), rationale=note)
    withhold_reported(now=database_now())
    return campaign, held.comparison_id


def _decide(visit: Visit, button: str) -> None:
    campaign, _ = stocked()
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/comparisons/{_first(campaign)}/")
    for at, field in enumerate(page.locator("[aria-labelledby=known] .ranks select").all(), 1):
        field.select_option(str(at))
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def _first(campaign: Campaign) -> int:
    number: int = campaign.comparisons.order_by("id")[0].pk
    return number


def _export(campaign: Campaign, **choices: object) -> Export:
    export, _ = request_export(
        campaign=campaign,
        user=campaign.created_by,
        selection=Selection(**choices),  # type: ignore[arg-type]  # as named by the caller
        now=database_now(),
    )
    return export


@EXPORTS.state("empty", "Before the first export")
def exports_empty(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    manage(visit, campaign, "exports/")


@EXPORTS.state("history", "Exports in every state")
def exports_history(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    write_export(export_id=_export(campaign).pk, now=database_now())
    write_export(export_id=_export(campaign, min_votes=25).pk, now=database_now())
    claim(export_id=_export(campaign, min_votes=2).pk, now=database_now())
    _export(campaign, min_votes=3)
    manage(visit, campaign, "exports/")


@EXPORTS.state("choices", "Every choice of a new export, one of them refused")
def exports_choices(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/exports/")
    page.get_by_text("More choices").click()
    page.get_by_label("Rounds").fill("first")
    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_load_state()


@EXPORTS.state("revoked", "Some rows rest on what was revoked since", route="export")
def export_revoked(visit: Visit) -> None:
    campaign, people = worked("teammate")
    export = _export(campaign)
    write_export(export_id=export.pk, now=database_now())
    revoke_one(campaign, annotator=people[0])
    find_removals()
    manage(visit, campaign, f"exports/{export.pk}/")


@EXPORTS.state("withdrawn", "Rows rested on what was erased since", route="export")
def export_withdrawn(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    export = _export(campaign)
    write_export(export_id=export.pk, now=database_now())
    prompt = campaign.prompts.filter(comparisons__judgments__isnull=False)[0]
    erase_prompt(prompt=prompt, by=campaign.created_by, reason="Asked by law.", now=database_now())
    find_removals()
    withdraw_exports()
    manage(visit, campaign, f"exports/{export.pk}/")


def revoke_one(campaign: Campaign, **what: Any) -> Revocation:
    by, reason = campaign.created_by, "The answers were given without reading."
    return revoke(campaign=campaign, by=by, reason=reason, now=database_now(), **what)


@EXPORTS.state("waiting", "It waits for a worker", route="export")
def export_waiting(visit: Visit) -> None:
    _exported(visit)


@EXPORTS.state("running", "It is being written", route="export")
def export_running(visit: Visit) -> None:
    _exported(visit, claim)


@EXPORTS.state("ready", "Files, checksums, how to load it, its first rows", route="export")
def export_ready(visit: Visit) -> None:
    _exported(visit, write_export)


@EXPORTS.state("canceled", "Given up before it was written", route="export")
def export_canceled(visit: Visit) -> None:
    _exported(visit, _cancel)


@EXPORTS.state("failed", "No pair passes: which and why", route="export")
def export_failed(visit: Visit) -> None:
    _exported(visit, write_export, min_votes=25)


def _cancel(*, export_id: int, now: datetime) -> None:
    export = Export.objects.get(pk=export_id)
    cancel_export(export=export, by=export.requested_by, now=now)


def _exported(visit: Visit, act: Callable[..., object] | None = None, **choices: object) -> None:
    """Show the page of one export, once a worker has done this much."""
    campaign, _ = worked("teammate")
    export = _export(campaign, **choices)
    if act is not None:
        act(export_id=export.pk, now=database_now())
    manage(visit, campaign, f"exports/{export.pk}/")
