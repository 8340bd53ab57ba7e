"""The pages where managers read objections and decide them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.assignment.queries import texts_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.errors import DomainError, Invalid, Kind
from labeling.training.forms import DecisionForm
from labeling.training.models import Objection
from labeling.training.queries import item_for, objection_for, objections_of
from labeling.training.services.objections import decide_objection
from labeling.training.web.sheets import told_of
from labeling.wording import gettext

A_PAGE = 50


@declare(GET=MANAGERS)
def objections(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """List the objections, newest first."""
    found = objections_of(campaign_of(request))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "training/objections.html", {"page": page})


@declare(GET=MANAGERS, POST=MANAGERS)
def decide(request: HttpRequest, campaign_id: int, objection_id: int) -> HttpResponseBase:
    """Show an objection with its item, and decide it."""
    found = objection_for(campaign_of(request), objection_id)
    comparison = found.trial.item.comparison
    data = request.POST.dict() if request.method == "POST" else None
    form = DecisionForm(data, size=comparison.size, ranks=comparison.gold)
    if data is None or not form.is_valid():
        return _show(request, found, form)
    try:
        decide_objection(objection=found, by=user_of(request), now=database_now(), **form.given())
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _show(request, found, form)
    except DomainError as refusal:
        if refusal.kind != Kind.CONFLICT:
            raise
        messages.error(request, refusal.message)
        return redirect("training-decide", campaign_id, objection_id)
    done = gettext("Decided. The person finds it on their page of the training.")
    messages.success(request, done)
    return redirect("training-objections", campaign_id)


def _show(request: HttpRequest, found: Objection, form: DecisionForm) -> HttpResponse:
    item = item_for(campaign_of(request), found.trial.item_id)
    texts = texts_of(item.comparison)
    page = {
        "objection": found,
        "item": item,
        "prompt": item.comparison.prompt,
        "texts": zip(texts, item.comparison.gold or [None] * len(texts), strict=True),
        "told": told_of(found.trial),
        "letters": ["ABCDEFGHI"[found.trial.display_order.index(at)] for at in range(len(texts))],
        "form": form,
    }
    return render(request, "training/objection.html", page, status=400 if form.errors else 200)
