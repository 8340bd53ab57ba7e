"""What the ranking page says when there is nothing to judge, and a person's own answers."""

from decimal import Decimal

from labeling.accounts.models import User
from labeling.assignment.services.allocations import reallocate
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import current_round, membership_of
from labeling.campaigns.services import (
    accept_warning,
    close_round,
    publish_guideline,
    set_state,
)
from labeling.clock import database_now
from tests.screens.screen import Place, Visit
from tests.screens.world import CLOSE, DEMO, GUIDE, WARNING, found, judged, member, stocked
from tests.stock import claim, judge

PLACE = Place("rank", "rest", "Nothing to judge")
HISTORY = Place("rank-history", "my-answers", "My answers")
PROFILE = Place("profile", "profile", "What a person's choices go together with")


def _look(visit: Visit, campaign: Campaign, user: User, page: str = "rank/") -> None:
    visit(user).goto(f"/campaigns/{campaign.pk}/{page}")


@PLACE.state("not-started", "The campaign is a draft")
def not_started(visit: Visit) -> None:
    campaign = found(state="draft")
    _look(visit, campaign, member(campaign))


@PLACE.state("nothing-yet", "No comparison is made yet")
def nothing_yet(visit: Visit) -> None:
    campaign = found()
    _look(visit, campaign, member(campaign))


@PLACE.state("guide-to-read", "A guide that everybody must confirm")
def guide_to_read(visit: Visit) -> None:
    campaign, user = stocked(guideline_must_be_read=True)
    _look(visit, campaign, user)


@PLACE.state("guide-to-read-again", "It has changed since they read it")
def guide_to_read_again(visit: Visit) -> None:
    campaign, user = stocked(guideline_must_be_read=True)
    page = visit(user)
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    page.get_by_role("button", name="I have read version 1").click()
    publish_guideline(
        campaign=campaign,
        text=f"{GUIDE}\n\nAn answer that stops midway is not good.\n",
        by=campaign.created_by,
        must_be_read=True,
    )
    page.goto(f"/campaigns/{campaign.pk}/rank/")


@PLACE.state("warning", "What people must be ready to read")
def warning(visit: Visit) -> None:
    campaign, user = stocked(content_warning=WARNING)
    _look(visit, campaign, user)


@PLACE.state("not-qualified", "A manager lets people in")
def not_qualified(visit: Visit) -> None:
    campaign, user = stocked()
    _reallocate(campaign, qualified_only=True)
    _look(visit, campaign, user)


@PLACE.state("share-done", "They have judged as many as one person may")
def share_done(visit: Visit) -> None:
    campaign, user = stocked()
    _reallocate(campaign, person_limit=1)
    judged(campaign, [user], 1)
    _look(visit, campaign, user)


@PLACE.state("enough-today", "They have had as much as a day may hold")
def enough_today(visit: Visit) -> None:
    campaign, user = stocked(content_warning=WARNING, most_a_day=2)
    accept_warning(membership=membership_of(user, campaign.pk))
    judged(campaign, [user], 2)
    _look(visit, campaign, user)


def _reallocate(campaign: Campaign, **changes: object) -> None:
    version = campaign.allocation.version
    reallocate(campaign=campaign, by=campaign.created_by, version=version, **changes)


@PLACE.state("between-rounds", "The round is closed")
def between_rounds(visit: Visit) -> None:
    campaign, user = stocked()
    round_ = current_round(campaign)
    close_round(round_=round_, by=campaign.created_by, now=database_now())
    _look(visit, campaign, user)


@PLACE.state("all-done", "All are done; the last answer can still be taken back")
def all_done(visit: Visit) -> None:
    campaign, user = stocked()
    judged(campaign, [user], 99)
    _look(visit, campaign, user)


@PLACE.state("paused", "The campaign is paused")
def paused(visit: Visit) -> None:
    _in_state(visit, "paused")


@PLACE.state("completed", "The campaign is finished")
def completed(visit: Visit) -> None:
    _in_state(visit, "completed")


def _in_state(visit: Visit, state: str) -> None:
    campaign, user = stocked()
    judged(campaign, [user], 2)
    set_state(campaign=campaign, state=state, by=campaign.created_by)
    _look(visit, campaign, user)


@PLACE.state("for-a-manager", "What a manager reads where nothing is made yet")
def for_a_manager(visit: Visit) -> None:
    campaign = found()
    _look(visit, campaign, campaign.created_by)


@HISTORY.state("empty", "Nothing answered yet")
def history_empty(visit: Visit) -> None:
    campaign, user = stocked()
    _look(visit, campaign, user, "rank/history/")


@HISTORY.state("full", "What was answered, newest first; each can be changed")
def history_full(visit: Visit) -> None:
    campaign, user = stocked(
        "demo-001", "demo-004", "demo-024", CLOSE, reason_tags=["factual error", "too long"]
    )
    judged(campaign, [user], 5, rationale="It answers what was asked.", strength=3)
    judged(campaign, [user], 1, reason_tags=("too long",))
    _look(visit, campaign, user, "rank/history/")


@HISTORY.state("earnings", "What the answers have earned")
def history_earnings(visit: Visit) -> None:
    campaign, user = stocked(pay=Decimal("0.12"), currency="EUR")
    judged(campaign, [user], 5)
    _look(visit, campaign, user, "rank/history/")


@PROFILE.state("early", "Too early to tell")
def profile_early(visit: Visit) -> None:
    campaign, user = stocked()
    judged(campaign, [user], 4)
    _look(visit, campaign, user, "profile/")


@PROFILE.state("counts", "Counted over many choices")
def profile_counts(visit: Visit) -> None:
    campaign, user = stocked(*DEMO)
    _reallocate(campaign, share_percent=100)
    for _ in range(60):
        _prefer_the_longer(campaign, user)
    _look(visit, campaign, user, "profile/")


def _prefer_the_longer(campaign: Campaign, user: User) -> None:
    lease = claim(campaign, user)
    texts = [slot.candidate.text for slot in lease.comparison.slots.order_by("slot")]
    lengths = [len(texts[slot]) for slot in lease.display_order]
    longer_first = lengths[0] > lengths[1]
    judge(campaign, user, lease, ranks=(1, 2) if longer_first == bool(lease.pk % 4) else (2, 1))
