"""The pages of single comparisons: which were skipped, and everything about one of them."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from labeling.access import MANAGERS, declare
from labeling.assignment.forms import KnownAnswerForm
from labeling.assignment.lanes import turn_of
from labeling.assignment.models import Comparison
from labeling.assignment.queries import (
    comparison_for,
    comparisons_of,
    kept_for,
    narrowed,
    texts_of,
    withheld_in,
)
from labeling.assignment.services.capacity import held_slots
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import campaign_of, members_of
from labeling.quality.forms import MemberForm, TurnForm
from labeling.quality.queries import reports_on, skip_reasons
from labeling.training.forms import ItemForm
from labeling.training.queries import item_of
from labeling.wording import gettext_lazy, pgettext_lazy

A_PAGE = 50
WHICH = {
    "withheld": pgettext_lazy("list of comparisons", "Withheld"),
    "retired": pgettext_lazy("list of comparisons", "Retired"),
    "known": gettext_lazy("Known answers"),
    "kept": gettext_lazy("Kept for people"),
    "all": pgettext_lazy("list of comparisons", "All"),
}
NOTHING = {
    "withheld": (
        gettext_lazy("Nothing is withheld"),
        gettext_lazy(
            "When somebody reports personal data, nobody else is shown it until you have looked."
        ),
    ),
    "retired": (
        gettext_lazy("Nothing is retired"),
        gettext_lazy("A comparison that several people skip is retired and waits for you here."),
    ),
    "known": (
        gettext_lazy("No known answers"),
        gettext_lazy(
            "Open a comparison and give its answer: it tests people from then on, and never counts."
        ),
    ),
    "kept": (
        gettext_lazy("Nothing is kept for anybody"),
        gettext_lazy("Open a comparison and name a member: it is the next that they are given."),
    ),
    "all": (
        gettext_lazy("No comparisons yet"),
        gettext_lazy("They are made as soon as a prompt has enough responses."),
    ),
}


@declare(GET=MANAGERS)
def comparisons(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """List the retired comparisons, or others, with why they were skipped."""
    which = request.GET.get("which", "retired")
    which = which if which in WHICH else "retired"
    found = narrowed(comparisons_of(campaign_of(request)).select_related("prompt"), which)
    after = request.GET.get("after", "")
    if after.isdecimal():
        found = found.filter(pk__gt=int(after[:18]))
    rows = list(found.order_by("pk")[: A_PAGE + 1])
    shown = rows[:A_PAGE]
    reasons = skip_reasons([row.pk for row in shown])
    page = {
        "rows": [(row, kept_for(row), reasons.get(row.pk, [])) for row in shown],
        "next": shown[-1].pk if len(rows) > A_PAGE else None,
        "is_first": not after,
        "which": which,
        "choices": WHICH.items(),
        "nothing": NOTHING[which],
    }
    return render(request, "quality/comparisons.html", page)


@declare(GET=MANAGERS)
def comparison(request: HttpRequest, campaign_id: int, comparison_id: int) -> HttpResponse:
    """Show one comparison and what can be decided of it."""
    return show(request, comparison_for(campaign_of(request), comparison_id))


def known_form(found: Comparison, data: dict[str, str] | None = None) -> KnownAnswerForm:
    """Return the form of a comparison's known answer."""
    return KnownAnswerForm(data, size=found.size, ranks=found.gold)


def item_form(found: Comparison, data: dict[str, str] | None = None) -> ItemForm:
    """Return the form that sets a comparison aside for training or qualification."""
    return ItemForm(data, size=found.size, ranks=found.gold)


def member_form(campaign: Campaign, data: dict[str, str] | None = None) -> MemberForm:
    """Return the form that names a member for whom a comparison is kept."""
    return MemberForm(data, members=members_of(campaign))


def show(request: HttpRequest, found: Comparison, **tried: forms.Form) -> HttpResponse:
    """Show one comparison; ``tried`` are forms that were refused, by their name on the page."""
    texts = texts_of(found)
    page = {
        "comparison": found,
        "prompt": found.prompt,
        "texts": zip(texts, found.gold or [None] * len(texts), strict=True),
        "kept": kept_for(found),
        "live": held_slots(found) - len(kept_for(found)),
        "reasons": skip_reasons([found.pk]).get(found.pk, []),
        "reports": reports_on(found.prompt),
        "withheld": withheld_in(found.campaign).filter(prompt=found.prompt_id).count(),
        "known_form": known_form(found),
        "item_form": item_form(found),
        "item": item_of(campaign_of(request), found.pk),
        "member_form": member_form(campaign_of(request)),
        "turn_form": TurnForm(initial={"turn": turn_of(found.lane.priority)}),
        **tried,
    }
    return render(request, "quality/comparison.html", page, status=400 if tried else 200)
