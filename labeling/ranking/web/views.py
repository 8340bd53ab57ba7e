"""The views: show a comparison, take an answer or a skip, and take an answer back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from labeling.access import RANKERS, declare
from labeling.accounts.queries import user_of
from labeling.accounts.services.idempotency import LONGEST_KEY, Once, SameKeyOtherBody
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Desk
from labeling.assignment.queries import assignment_for, free_again_at
from labeling.assignment.services.claiming import (
    MOST_HELD,
    CampaignNotActive,
    Claim,
    Why,
    claim_next,
    owed_first,
)
from labeling.assignment.services.leases import LeaseReplaced
from labeling.campaigns.queries import asked_at, campaign_of, member_in
from labeling.doorbell import ring
from labeling.errors import DomainError, Kind, NotFound
from labeling.ranking.answers import AnswerInvalid
from labeling.ranking.enums import Flag
from labeling.ranking.models import Judgment
from labeling.ranking.queries import latest_judgment, paper_for, standing_of
from labeling.ranking.services.answering import (
    AlreadyJudged,
    CampaignClosed,
    skip_comparison,
    submit_judgment,
    undo_judgment,
)
from labeling.ranking.web.sheet import common_context, guide_context, task_context
from labeling.ranking.web.typed import (
    Typed,
    answer_of,
    number,
    read_typed,
    token_of,
    typed_before,
)
from labeling.wording import gettext

FRAGMENT, KEY, SAVED = "X-Fragment", "Idempotency-Key", "X-Saved"
# The script names the comparisons that it shows or keeps ready, and holds this many in all.
READY, HELD_BY_SCRIPT = "X-Ready", 3
# Why there is nothing, where the page itself says what to do about it.
ASKING = (Why.GUIDE_UNREAD, Why.WARNING_UNREAD, Why.NOT_QUALIFIED)
REFUSALS = (AnswerInvalid, AlreadyJudged, CampaignClosed, LeaseReplaced, SameKeyOtherBody)


class SeeOther(HttpResponseRedirect):
    """What a form was for is done; look there, with GET."""

    status_code = 303


@declare(GET=RANKERS)
def rank(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the person's comparison, leasing one if they hold none, or say why there is none."""
    return _show_next(request)


@declare(GET=RANKERS, POST=RANKERS)
def one(request: HttpRequest, campaign_id: int, assignment_id: int) -> HttpResponse:
    """Show a comparison again, as the person left it, or take the answer to it."""
    if request.method == "POST":
        return _answer(request, campaign_id, assignment_id)
    assignment = assignment_for(campaign_of(request), user_of(request), assignment_id)
    judgment = _in_force(assignment)
    if judgment is None and assignment.state != AssignmentState.LIVE:
        raise NotFound(gettext("You do not hold this comparison, and have not answered it."))
    return _show_task(request, assignment, typed_before(judgment))


@declare(POST=RANKERS)
def undo(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Take an answer back, and show its comparison with the sheet as it was."""
    campaign, person = campaign_of(request), user_of(request)
    judgment_id = number(request.POST.get("judgment", ""))
    if judgment_id is None:
        messages.info(request, gettext("There is no earlier answer of yours to take back."))
        return SeeOther(reverse("rank", kwargs={"campaign_id": campaign_id}))
    try:
        once = undo_judgment(
            campaign=campaign,
            annotator=person,
            judgment_id=judgment_id,
            key=request.headers.get(KEY) or f"undo:{judgment_id}",
            now=asked_at(request),
        )
    except REFUSALS as refusal:
        if FRAGMENT in request.headers:
            return _refuse_script(refusal)
        messages.warning(request, refusal.message)
        return SeeOther(reverse("rank", kwargs={"campaign_id": campaign_id}))
    assignment_id = once.answer["assignment"]
    if FRAGMENT not in request.headers:
        return SeeOther(reverse("rank-answer", args=[campaign_id, assignment_id]))
    assignment = assignment_for(campaign, person, assignment_id)
    return _show_task(request, assignment, typed_before(_in_force(assignment)))


def _in_force(assignment: Assignment) -> Judgment | None:
    return latest_judgment(assignment) if assignment.answers else None


def _answer(request: HttpRequest, campaign_id: int, assignment_id: int) -> HttpResponse:
    """Store a posted sheet, then go on; a sheet that does not fit comes back as it was typed."""
    campaign, person = campaign_of(request), user_of(request)
    assignment = assignment_for(campaign, person, assignment_id)
    typed = read_typed(request.POST, campaign.criteria)
    try:
        once = submit_judgment(
            campaign=campaign,
            annotator=person,
            assignment_id=assignment_id,
            answer=answer_of(typed, request.POST, assignment),
            key=_key(request),
            now=asked_at(request),
        )
    except REFUSALS as refusal:
        return _refuse(request, refusal, assignment, typed)
    if Flag.PERSONAL_DATA in typed.flags:
        ring("ranking.withhold_reported", judgment_id=once.answer["judgment"])
    return _go_on(request, campaign_id, once)


@declare(POST=RANKERS)
def skip(request: HttpRequest, campaign_id: int, assignment_id: int) -> HttpResponse:
    """Pass on a comparison with a reason, then go on."""
    campaign, person = campaign_of(request), user_of(request)
    assignment = assignment_for(campaign, person, assignment_id)
    typed = read_typed(request.POST, campaign.criteria)
    try:
        once = skip_comparison(
            campaign=campaign,
            annotator=person,
            assignment_id=assignment_id,
            token=token_of(request.POST),
            reason=request.POST.get("reason", ""),
            key=_key(request),
            now=asked_at(request),
            revises=typed.revises,
        )
    except REFUSALS as refusal:
        return _refuse(request, refusal, assignment, typed)
    return _go_on(request, campaign_id, once)


def _go_on(request: HttpRequest, campaign_id: int, once: Once) -> HttpResponse:
    """Answer the script with the next page's parts, anything else with the way to it."""
    if FRAGMENT not in request.headers:
        return SeeOther(reverse("rank", kwargs={"campaign_id": campaign_id}))
    response = _show_next(request)
    response[SAVED] = str(once.answer["judgment"])
    return response


def _refuse(
    request: HttpRequest, refusal: DomainError, assignment: Assignment, typed: Typed
) -> HttpResponse:
    """Say what is wrong beside what was typed; the script keeps its own page and gets the words."""
    if FRAGMENT in request.headers:
        return _refuse_script(refusal)
    status = 409 if refusal.kind is Kind.CONFLICT else 400
    return _show_task(request, assignment, typed, problem=refusal.message, status=status)


def _refuse_script(refusal: DomainError) -> HttpResponse:
    return JsonResponse(refusal.as_json(), status=409 if refusal.kind is Kind.CONFLICT else 400)


def _show_next(request: HttpRequest) -> HttpResponse:
    """Show what the person holds and the page does not show or keep ready yet."""
    member, now = member_in(request), asked_at(request)
    ready = request.headers.get(READY, "").split(",")[:MOST_HELD]
    hold = HELD_BY_SCRIPT if READY in request.headers else 1
    try:
        owed = owed_first(member)
        claim = Claim(why=owed) if owed else claim_next(member=member, now=now, hold=hold)
    except CampaignNotActive:
        claim = Claim()
    for assignment in claim.assignments:
        if str(assignment.pk) not in ready:
            typed = typed_before(_in_force(assignment))
            return _show_task(request, assignment, typed, desk=claim.desk)
    context = common_context(member, standing_of(member.campaign, member.user, claim.desk))
    guide = guide_context(member) if claim.why == Why.GUIDE_UNREAD else {}
    again = free_again_at(claim.desk, held=0, now=now) if claim.desk else None
    said = {"why": claim.why, "asks": claim.why in ASKING, "again": again}
    return _show(request, {**context, **guide, **said})


def _show_task(
    request: HttpRequest,
    assignment: Assignment,
    typed: Typed,
    problem: str = "",
    status: int = 200,
    desk: Desk | None = None,
) -> HttpResponse:
    member = member_in(request)
    standing = standing_of(member.campaign, member.user, desk)
    paper = paper_for(member.campaign, assignment)
    context = task_context(paper, typed, standing, member, problem)
    return _show(request, context, status)


def _show(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "ranking/fragment.html" if FRAGMENT in request.headers else "ranking/rank.html"
    return render(request, template, context, status=status)


def _key(request: HttpRequest) -> str:
    """Return the script's key; without script, the sheet itself: its token and what it changes."""
    given = request.headers.get(KEY, "")
    if len(given) > LONGEST_KEY:
        why = gettext("The key is over %(most)s characters.") % {"most": LONGEST_KEY}
        raise AnswerInvalid(KEY, why)
    return given or f"{request.POST.get('token', '')[:36]}:{request.POST.get('revises', '')[:16]}"
