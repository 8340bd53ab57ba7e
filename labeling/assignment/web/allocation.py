"""The page where a manager says how work is made and handed out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.assignment.forms import AllocationForm, differences, typed_from
from labeling.assignment.models import Allocation
from labeling.assignment.services.allocations import AllocationChanged, reallocate
from labeling.assignment.services.desks import allocation_of
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import campaign_of
from labeling.doorbell import ring
from labeling.errors import Invalid
from labeling.generation.queries import models_seen
from labeling.wording import gettext


@declare(GET=MANAGERS, POST=MANAGERS)
def edit(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Show and change it; what was typed stays when somebody else saved in between."""
    campaign = campaign_of(request)
    current = allocation_of(campaign)
    if request.method != "POST":
        return _show(request, AllocationForm(initial=typed_from(current)), current, 200)
    form = AllocationForm(request.POST)
    if not form.is_valid():
        return _show(request, form, current, 400)
    try:
        reallocate(campaign=campaign, by=user_of(request), **form.cleaned_data)
    except AllocationChanged as refusal:
        return _show_conflict(request, form, campaign, refusal)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _show(request, form, current, 400)
    ring("assignment.plan_comparisons", campaign_id=campaign.pk)
    done = gettext("Saved. Comparisons already planned follow in a moment.")
    messages.success(request, done)
    return redirect("allocation", campaign.pk)


def _show_conflict(
    request: HttpRequest, form: AllocationForm, campaign: Campaign, refusal: AllocationChanged
) -> HttpResponse:
    """Show what was typed beside what is there now; saving again is then a choice."""
    current = allocation_of(campaign)
    theirs = differences(form, current)
    again = AllocationForm({**request.POST.dict(), "version": current.version})
    again.add_error(None, refusal.message)
    return _show(request, again, current, 409, theirs=theirs)


def _show(
    request: HttpRequest, form: AllocationForm, current: Allocation, status: int, **more: object
) -> HttpResponse:
    page = {
        "form": form,
        "allocation": current,
        "models": models_seen(campaign_of(request)),
        **more,
    }
    return render(request, "assignment/allocation.html", page, status=status)
