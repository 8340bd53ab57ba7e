"""Pages of rounds: the list, open the next, name one, close it and open it again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.enums import RoundState
from labeling.campaigns.errors import AnotherRoundOpen
from labeling.campaigns.forms import RoundForm
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import campaign_of, current_round, round_of, rounds_of
from labeling.campaigns.services import close_round, edit_round, open_round, reopen_round
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import Invalid
from labeling.wording import gettext

A_PAGE = 50


@declare(GET=MANAGERS, POST=MANAGERS)
def rounds(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """List the rounds, and open the next one."""
    campaign = campaign_of(request)
    if request.method != "POST":
        following = rounds_of(campaign)[0].number + 1
        return _show(request, campaign, RoundForm(initial={"name": f"Round {following}"}))
    form = RoundForm(request.POST)
    if form.is_valid():
        by, now = user_of(request), database_now()
        try:
            opened = open_round(campaign=campaign, by=by, now=now, **form.cleaned_data)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            told = gettext("Round %(number)s is open.") % {"number": opened.number}
            messages.success(request, told)
            return _back(campaign_id)
    return _show(request, campaign, form)


def _show(request: HttpRequest, campaign: Campaign, form: RoundForm) -> HttpResponse:
    latest = current_round(campaign)
    page = {
        "form": form,
        "page": Paginator(rounds_of(campaign), A_PAGE).get_page(request.GET.get("page")),
        "open": latest if latest.state == RoundState.OPEN else None,
    }
    return render(request, "campaigns/rounds.html", page, status=400 if form.errors else 200)


def _back(campaign_id: int) -> HttpResponseBase:
    ring("assignment.plan_comparisons", campaign_id=campaign_id)
    return redirect("rounds", campaign_id)


@declare(GET=MANAGERS, POST=MANAGERS)
def edit(request: HttpRequest, campaign_id: int, number: int) -> HttpResponseBase:
    """Give a round another name or checkpoint."""
    round_ = round_of(campaign_of(request), number)
    form = RoundForm(request.POST if request.method == "POST" else None)
    form.initial = {"name": round_.name, "checkpoint": round_.checkpoint}
    if form.is_valid():
        try:
            edit_round(round_=round_, by=user_of(request), **form.cleaned_data)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("rounds", campaign_id)
    page = {"form": form, "round": round_}
    return render(request, "campaigns/round_form.html", page, status=400 if form.errors else 200)


@declare(POST=MANAGERS)
def close(request: HttpRequest, campaign_id: int, number: int) -> HttpResponseBase:
    """Hand out nothing more of a round."""
    round_ = round_of(campaign_of(request), number)
    close_round(round_=round_, by=user_of(request), now=database_now())
    messages.success(request, gettext("Round %(number)s is closed.") % {"number": number})
    return _back(campaign_id)


@declare(POST=MANAGERS)
def reopen(request: HttpRequest, campaign_id: int, number: int) -> HttpResponseBase:
    """Hand out what is left of a closed round."""
    round_ = round_of(campaign_of(request), number)
    try:
        reopen_round(round_=round_, by=user_of(request))
    except AnotherRoundOpen as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, gettext("Round %(number)s is open again.") % {"number": number})
    return _back(campaign_id)
