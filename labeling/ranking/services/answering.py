"""Take people's answers: each is one transaction and is never changed afterwards."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError

from labeling.accounts.models import User
from labeling.accounts.services.idempotency import Once, do_once
from labeling.append_only import TAKES_NOTHING
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment
from labeling.assignment.policies import BAD
from labeling.assignment.services.leases import hold, reopen, settle
from labeling.campaigns.enums import Asked, CampaignState
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Kind
from labeling.prepared import insert, together
from labeling.ranking.answers import (
    LETTERS,
    Answer,
    AnswerInvalid,
    Ideal,
    Question,
    check_answer,
    criteria_by_slot,
    ranks_by_slot,
    tiers_up_to,
)
from labeling.ranking.edits import normalized
from labeling.ranking.enums import ANSWERS, Outcome, SkipReason
from labeling.ranking.models import Judgment
from labeling.ranking.queries import judgment_for, latest_judgment, text_in_slot
from labeling.ranking.services.reporting import note_report
from labeling.wording import gettext


class AlreadyJudged(DomainError):
    """The person has answered this comparison; a change names the judgment it revises."""

    code = "already_judged"
    kind = Kind.CONFLICT


class CampaignClosed(DomainError):
    """Answers can be changed only while the campaign is active or paused."""

    code = "campaign_closed"
    kind = Kind.CONFLICT


class ComparisonErased(DomainError):
    """What the comparison shows, or the person's account, was erased while they judged."""

    code = "comparison_erased"
    kind = Kind.GONE


def question_of(campaign: Campaign, size: int) -> Question:
    """Return what a campaign asks about a comparison of ``size`` responses."""
    return Question(
        size=size,
        criteria=tuple(campaign.criteria),
        tie_allowed=campaign.tie_allowed,
        neither_allowed=campaign.neither_allowed,
        rationale_required=campaign.rationale == Asked.REQUIRED,
        rationale_min=campaign.rationale_min,
        reason_tags=tuple(campaign.reason_tags),
        ideal_asked=campaign.ideal != Asked.OFF,
        ideal_required=campaign.ideal == Asked.REQUIRED,
    )


def submit_judgment(
    *,
    campaign: Campaign,
    annotator: User,
    assignment_id: int,
    answer: Answer,
    now: datetime,
    key: str | None = None,
) -> Once:
    """Store an answer to an assignment; the same ``key`` gets the first answer again.

    Judgment, slot, lease and key are one transaction; without a key nothing is remembered. An
    answer whose slot is gone is kept as surplus. A report of personal data in it is stored with
    it, for ``withhold_reported``. Raises NotFound, AnswerInvalid, AlreadyJudged, CampaignClosed,
    LeaseReplaced, SameKeyOtherBody and StillInFlight.
    """
    body = {"assignment": assignment_id, **answer.as_body()}
    act = partial(_judge, campaign, annotator, assignment_id, answer, now)
    return do_once(user=annotator, key=key, body=body, now=now, act=act)


def skip_comparison(
    *,
    campaign: Campaign,
    annotator: User,
    assignment_id: int,
    token: UUID,
    reason: str,
    now: datetime,
    key: str | None = None,
    revises: int | None = None,
) -> Once:
    """Pass on an assignment with a reason; its slot goes back to the queue.

    Raises what ``submit_judgment`` raises.
    """
    if reason not in SkipReason.values:
        why = gettext("Give one of: %(reasons)s.") % {"reasons": ", ".join(SkipReason.values)}
        raise AnswerInvalid("reason", why)
    body = {"assignment": assignment_id, "token": str(token), "skip": reason, "revises": revises}
    act = partial(_skip, campaign, annotator, assignment_id, token, reason, revises, now)
    return do_once(user=annotator, key=key, body=body, now=now, act=act)


def undo_judgment(
    *, campaign: Campaign, annotator: User, judgment_id: int, now: datetime, key: str | None = None
) -> Once:
    """Take a person's latest judgment of an assignment back; they hold the comparison again.

    The judgment stays in the history, superseded by one with the outcome ``undone``. Raises
    NotFound, AlreadyJudged when a later one supersedes it, CampaignClosed, SameKeyOtherBody and
    StillInFlight.
    """
    act = partial(_undo, campaign, annotator, judgment_id, now)
    return do_once(user=annotator, key=key, body={"undo": judgment_id}, now=now, act=act)


def _undo(campaign: Campaign, annotator: User, judgment_id: int, now: datetime) -> dict[str, Any]:
    judgment = judgment_for(campaign, annotator, judgment_id)
    assignment = hold(campaign=campaign, annotator=annotator, assignment_id=judgment.assignment_id)
    latest = _earlier(campaign, assignment, judgment_id)
    if latest is None or latest.outcome == Outcome.UNDONE:
        raise AlreadyJudged(gettext("This answer is taken back already."), latest=judgment_id)
    reopen(assignment=assignment, was=_counted_verdict(latest), token=uuid4(), now=now)
    size = len(assignment.display_order)
    undone = Judgment(outcome=Outcome.UNDONE, ranks=[1] * size, counted=False)
    receipt = _store(undone, assignment, latest, now)
    return {**receipt, "assignment": assignment.pk}


def _judge(
    campaign: Campaign, annotator: User, assignment_id: int, answer: Answer, now: datetime
) -> dict[str, Any]:
    assignment = hold(campaign=campaign, annotator=annotator, assignment_id=assignment_id)
    size = len(assignment.display_order)
    check_answer(answer, question_of(campaign, size))
    ranks = answer.ranks if answer.outcome == Outcome.RANKED else (1,) * size
    judgment = Judgment(
        outcome=answer.outcome,
        ranks=ranks_by_slot(ranks, assignment.display_order),
        strength=answer.strength,
        acceptable_to=tiers_up_to(ranks, answer.acceptable_to),
        criteria=criteria_by_slot(answer.criteria, assignment.display_order),
        flags=list(answer.flags),
        rationale=answer.rationale,
        reason_tags=sorted(set(answer.reason_tags), key=campaign.reason_tags.index),
        guideline_version=_seen(campaign, answer.guideline_version),
        active_ms=answer.active_ms,
        client=dict(answer.client),
    )
    if answer.ideal is not None:
        judgment.ideal, judgment.ideal_slot = answer.ideal.text, _edited(answer.ideal, assignment)
    receipt = _append(judgment, campaign, assignment, answer.token, answer.revises, now)
    note_report(judgment)
    return receipt


def _seen(campaign: Campaign, version: int | None) -> int | None:
    """Return the version of the guide that an answer was given by; the one in force by default."""
    in_force = campaign.guideline_version
    return (version if version and version <= in_force else in_force) or None


def _edited(ideal: Ideal, assignment: Assignment) -> int:
    """Return the slot whose response an ideal one was made of; it must differ from that."""
    slot = int(assignment.display_order[LETTERS.index(ideal.of)])
    if ideal.text.strip() == normalized(text_in_slot(assignment, slot)).strip():
        why = gettext("You have not changed response %(letter)s. Edit it, or leave it out.")
        raise AnswerInvalid("ideal", why % {"letter": ideal.of})
    return slot


def _skip(
    campaign: Campaign,
    annotator: User,
    assignment_id: int,
    token: UUID,
    reason: str,
    revises: int | None,
    now: datetime,
) -> dict[str, Any]:
    assignment = hold(campaign=campaign, annotator=annotator, assignment_id=assignment_id)
    judgment = Judgment(outcome=Outcome.SKIPPED, ranks=[], skip_reason=reason)
    return _append(judgment, campaign, assignment, token, revises, now)


def _append(
    judgment: Judgment,
    campaign: Campaign,
    assignment: Assignment,
    token: UUID,
    revises: int | None,
    now: datetime,
) -> dict[str, Any]:
    """Fill in what every judgment carries, settle the slot, and store the row."""
    earlier = _earlier(campaign, assignment, revises)
    with together():
        judgment.counted = settle(
            assignment=assignment,
            token=token,
            verdict=verdict_of(judgment),
            was=None if earlier is None else _counted_verdict(earlier),
            now=now,
        )
        return _store(judgment, assignment, earlier, now)


def _store(
    judgment: Judgment, assignment: Assignment, earlier: Judgment | None, now: datetime
) -> dict[str, Any]:
    """Store a judgment under its assignment and return its receipt."""
    judgment.comparison = assignment.comparison
    judgment.assignment = assignment
    judgment.annotator_id = assignment.annotator_id
    judgment.display_order = assignment.display_order
    if judgment.guideline_version is None:
        judgment.guideline_version = assignment.comparison.campaign.guideline_version or None
    judgment.supersedes = earlier
    judgment.created_at = now
    try:
        insert(judgment)
    except IntegrityError as refused:
        if TAKES_NOTHING not in str(refused):
            raise
        reason = gettext("This was erased, and nobody judges it any more. Go on with the next one.")
        raise ComparisonErased(reason) from refused
    return {"judgment": judgment.pk, "outcome": judgment.outcome, "saved_at": now.isoformat()}


def verdict_of(judgment: Judgment) -> str | None:
    """Return what a judgment says, as a comparison tallies it; None for a skip."""
    if judgment.outcome not in ANSWERS:
        return None
    return BAD if judgment.outcome == Outcome.BOTH_BAD else ",".join(map(str, judgment.ranks))


def _counted_verdict(judgment: Judgment) -> str | None:
    return verdict_of(judgment) if judgment.counted else None


def _earlier(campaign: Campaign, assignment: Assignment, revises: int | None) -> Judgment | None:
    """Return the person's judgment that this one supersedes, if it may be superseded."""
    latest = latest_judgment(assignment) if assignment.answers else None
    if latest is None:
        if revises is not None:
            raise AnswerInvalid("revises", gettext("There is no such judgment of yours to change."))
        return None
    may_answer_again = assignment.state == AssignmentState.LIVE or latest.outcome == Outcome.UNDONE
    if revises is None and may_answer_again:
        return latest
    if revises != latest.pk:
        raise AlreadyJudged(
            gettext(
                "You have answered this comparison already. To change the answer, send the id of "
                "your latest judgment as revises."
            ),
            latest=latest.pk,
        )
    if campaign.state not in (CampaignState.ACTIVE, CampaignState.PAUSED):
        raise CampaignClosed(
            gettext("This campaign is closed; its answers can no longer be changed.")
        )
    return latest
