"""A person's way through training and qualification: where they stand, begin, go on, the result."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import RANKERS, declare
from labeling.accounts.queries import user_of
from labeling.campaigns.enums import Role
from labeling.campaigns.queries import asked_at, campaign_of, member_in
from labeling.ranking.web.typed import Typed
from labeling.training.enums import Use
from labeling.training.errors import AttemptRefused
from labeling.training.models import Attempt
from labeling.training.queries import (
    attempt_for,
    minutes_for,
    objections_by,
    open_objections,
    standing_of,
    trials_of,
)
from labeling.training.services.attempts import open_trial, start_attempt
from labeling.training.web.sheets import item_context, lines_of
from labeling.wording import gettext


@declare(GET=RANKERS)
def training(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show what a person can do next: train, qualify, go on, or wait."""
    member = member_in(request)
    campaign, standing = member.campaign, standing_of(member, asked_at(request))
    most = standing.most_items or standing.plan.most_items
    page = {
        "standing": standing,
        "must_read": member.must_read,
        "most": most,
        "minutes": minutes_for(most, campaign.candidates_per_comparison),
        "objections": objections_by(campaign, member.user),
        "waiting": open_objections(campaign) if member.role == Role.MANAGER else 0,
    }
    return render(request, "training/training.html", page)


@declare(POST=RANKERS)
def start(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Begin an attempt, or go on with the one that runs."""
    member, use = member_in(request), request.POST.get("use", "")
    if member.must_read:
        return redirect("rank", campaign_id)
    if use not in Use.values:
        messages.error(request, gettext("Choose training or qualification."))
        return redirect("training", campaign_id)
    try:
        begun = start_attempt(member=member, use=use, now=asked_at(request))
    except AttemptRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("training", campaign_id)
    return redirect("training-attempt", campaign_id, begun.pk)


@declare(GET=RANKERS)
def attempt(request: HttpRequest, campaign_id: int, attempt_id: int) -> HttpResponse:
    """Show the item to answer now, as it was before a reload; or the result when it is over."""
    campaign, person = campaign_of(request), user_of(request)
    found = attempt_for(campaign, person, attempt_id)
    trial = open_trial(attempt=found, now=asked_at(request))
    if trial is None:
        return _result(request, attempt_for(campaign, person, attempt_id))
    return render(request, "training/item.html", item_context(member_in(request), trial, Typed()))


def _result(request: HttpRequest, over: Attempt) -> HttpResponse:
    page = {
        "attempt": over,
        "standing": standing_of(member_in(request), asked_at(request)),
        "lines": lines_of(over, list(trials_of(over))),
    }
    return render(request, "training/result.html", page)
