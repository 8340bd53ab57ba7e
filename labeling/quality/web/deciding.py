"""What managers decide of a single comparison on its page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.assignment.enums import Turn
from labeling.assignment.queries import comparison_for, people_named
from labeling.assignment.services.directing import direct, withdraw
from labeling.assignment.services.marking import (
    mark_gold,
    restore,
    retire,
    set_turn,
    unmark_gold,
)
from labeling.assignment.services.withholding import review_prompt
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.errors import DomainError, Invalid, Kind
from labeling.quality.forms import TurnForm
from labeling.quality.web.comparisons import item_form, known_form, member_form, show
from labeling.training.services.items import set_item_aside
from labeling.wording import gettext, gettext_lazy, ngettext

HANDED_OUT = {
    Turn.FIRST: gettext_lazy("It is handed out before others."),
    Turn.USUAL: gettext_lazy("It is handed out as usual."),
    Turn.LAST: gettext_lazy("It is handed out after all others."),
}


@declare(POST=MANAGERS)
def known(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """Make the comparison a known answer."""
    found = comparison_for(campaign_of(request), comparison_id)
    form = known_form(found, request.POST.dict())
    if form.is_valid():
        done = gettext("Its answer is known now.")
        try:
            return _decide(request, comparison_id, mark_gold, done, ranks=form.ranks())
        except Invalid as refusal:
            show_refusal(form, refusal)
    return show(request, found, known_form=form)


@declare(POST=MANAGERS)
def set_aside(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """Set the comparison aside for training or qualification."""
    found = comparison_for(campaign_of(request), comparison_id)
    form = item_form(found, request.POST.dict())
    if form.is_valid():
        done = gettext("It is set aside: nobody is given it as work any more.")
        try:
            return _decide(request, comparison_id, set_item_aside, done, **form.given())
        except Invalid as refusal:
            show_refusal(form, refusal)
    return show(request, found, item_form=form)


@declare(POST=MANAGERS)
def unknown(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """Make a known answer ordinary work again."""
    return _decide(request, comparison_id, unmark_gold, gettext("It is ordinary work again."))


@declare(POST=MANAGERS)
def keep(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """Keep the comparison for a member by name."""
    campaign = campaign_of(request)
    found = comparison_for(campaign, comparison_id)
    form = member_form(campaign, request.POST.dict())
    if form.is_valid():
        people = people_named(campaign, [form.cleaned_data["member"]])
        name = people[0].get_short_name()
        done = gettext("It is the next that %(person)s is given.") % {"person": name}
        try:
            return _decide(request, comparison_id, direct, done, people=people)
        except Invalid as refusal:
            show_refusal(form, refusal, {"members": "member"})
    return show(request, found, member_form=form)


@declare(POST=MANAGERS)
def take_back(
    request: HttpRequest, campaign_id: int, comparison_id: int, membership_id: int
) -> HttpResponseBase:
    """Keep the comparison for a member no longer."""
    people = people_named(campaign_of(request), [membership_id])
    done = gettext("The slot is free for everybody again.")
    return _decide(request, comparison_id, withdraw, done, people=people)


@declare(POST=MANAGERS)
def turn(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """Hand the comparison out before others, after them, or as usual."""
    found = comparison_for(campaign_of(request), comparison_id)
    form = TurnForm(request.POST)
    if not form.is_valid():
        return show(request, found, turn_form=form)
    given = Turn(form.cleaned_data["turn"])
    return _decide(request, comparison_id, set_turn, str(HANDED_OUT[given]), turn=given)


@declare(POST=MANAGERS)
def retired(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """Hand the comparison out no more."""
    return _decide(request, comparison_id, retire, gettext("It is handed out no more."))


@declare(POST=MANAGERS)
def restored(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """Hand the comparison out again; from the list, go back to it."""
    done = gettext("Comparison %(id)s is handed out again, before others.")
    answer = _decide(request, comparison_id, restore, done % {"id": comparison_id})
    return redirect("comparisons", campaign_id) if "list" in request.POST else answer


@declare(POST=MANAGERS)
def reviewed(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponseBase:
    """End the withholding of all comparisons of this one's prompt."""
    found = comparison_for(campaign_of(request), comparison_id)
    hand_out = "hand_out" in request.POST
    done = review_prompt(
        prompt=found.prompt, hand_out=hand_out, by=user_of(request), now=database_now()
    )
    if hand_out:
        said = ngettext(
            "%(n)s comparison of this prompt is withheld no more.",
            "%(n)s comparisons of this prompt are withheld no more.",
            done,
        )
    else:
        said = ngettext(
            "%(n)s comparison of this prompt is kept away.",
            "%(n)s comparisons of this prompt are kept away.",
            done,
        )
    messages.success(request, said % {"n": done})
    return redirect("comparison", campaign_id, comparison_id)


def _decide(
    request: HttpRequest, comparison_id: int, act: Callable[..., object], done: str, **given: Any
) -> HttpResponseBase:
    """Decide, say what came of it, and go back to the comparison."""
    campaign = campaign_of(request)
    try:
        act(
            campaign=campaign,
            comparison_id=comparison_id,
            by=user_of(request),
            now=database_now(),
            **given,
        )
    except DomainError as refusal:
        if refusal.kind != Kind.CONFLICT:
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("comparison", campaign.pk, comparison_id)
