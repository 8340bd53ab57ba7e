"""The pages of items: which there are and how people do on them, one of them, taking back."""

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
from labeling.errors import Invalid
from labeling.training.enums import Use
from labeling.training.errors import ItemNotInUse
from labeling.training.flags import is_doubtful
from labeling.training.forms import ItemForm
from labeling.training.models import TrainingItem
from labeling.training.queries import item_for, items_in_use, items_of, plan_of
from labeling.training.services.items import edit_item, take_item_back
from labeling.wording import gettext

A_PAGE = 50


@declare(GET=MANAGERS)
def items(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """List the items with how many answered each and what share agreed."""
    campaign = campaign_of(request)
    page = Paginator(items_of(campaign), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, _doubtful(row)) for row in page],
        "plan": plan_of(campaign),
        "for_training": items_in_use(campaign, Use.TRAINING).count(),
        "for_qualification": items_in_use(campaign, Use.QUALIFICATION).count(),
    }
    return render(request, "training/items.html", context)


@declare(GET=MANAGERS, POST=MANAGERS)
def item(request: HttpRequest, campaign_id: int, item_id: int) -> HttpResponseBase:
    """Show an item, and change its use, reason or answer."""
    found = item_for(campaign_of(request), item_id)
    size, known = found.comparison.size, found.comparison.gold
    if request.method != "POST":
        initial = {"use": found.use, "reason": found.reason}
        return _show(request, found, ItemForm(size=size, ranks=known, initial=initial))
    form = ItemForm(request.POST.dict(), size=size, ranks=known)
    if form.is_valid():
        try:
            edit_item(item=found, by=user_of(request), now=database_now(), **form.given())
        except Invalid as refusal:
            show_refusal(form, refusal)
        except ItemNotInUse as refusal:
            messages.error(request, refusal.message)
            return redirect("training-item", campaign_id, item_id)
        else:
            done = gettext("Saved. Where the answer changed, all are scored anew.")
            messages.success(request, done)
            return redirect("training-item", campaign_id, item_id)
    return _show(request, found, form)


def _show(request: HttpRequest, found: TrainingItem, form: ItemForm) -> HttpResponse:
    texts = texts_of(found.comparison)
    page = {
        "item": found,
        "form": form,
        "prompt": found.comparison.prompt,
        "texts": zip(texts, found.comparison.gold or [None] * len(texts), strict=True),
        "doubtful": _doubtful(found),
    }
    return render(request, "training/item_edit.html", page, status=400 if form.errors else 200)


def _doubtful(found: TrainingItem) -> bool:
    """Tell whether an item of ``items_of``, which counts answers, should be looked at."""
    return is_doubtful(found.answered, found.agreed)  # type: ignore[attr-defined]  # counted there


@declare(POST=MANAGERS)
def take_back(request: HttpRequest, campaign_id: int, item_id: int) -> HttpResponseBase:
    """Use an item no longer, and hand its comparison out again."""
    found = item_for(campaign_of(request), item_id)
    take_item_back(item=found, by=user_of(request), now=database_now())
    done = gettext("Taken back. Its comparison is handed out again, before others.")
    messages.success(request, done)
    return redirect("training-items", campaign_id)
