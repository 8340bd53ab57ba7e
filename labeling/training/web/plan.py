"""The pages of how people train and qualify, and of how they do."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.errors import Invalid
from labeling.training.errors import PlanChanged
from labeling.training.forms import PlanForm, typed_from
from labeling.training.models import TrainingPlan
from labeling.training.queries import attempts_of, plan_of
from labeling.training.sequential import SequentialTest, fixed_course
from labeling.training.services.plans import change_plan
from labeling.wording import gettext

A_PAGE = 50
AGREEMENTS = (60, 70, 80, 90, 95)


@declare(GET=MANAGERS, POST=MANAGERS)
def edit(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Show the plan with what it means for people, and change it."""
    campaign = campaign_of(request)
    if request.method != "POST":
        current = plan_of(campaign)
        return _show(request, PlanForm(initial=typed_from(current)), current, 200)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _show(request, form, plan_of(campaign), 400)
    try:
        change_plan(campaign=campaign, by=user_of(request), **form.cleaned_data)
    except PlanChanged as refusal:
        current = plan_of(campaign)
        form = PlanForm({**request.POST.dict(), "version": str(current.version)})
        form.add_error(None, refusal.message)
        return _show(request, form, current, 409)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _show(request, form, plan_of(campaign), 400)
    messages.success(request, gettext("Saved. It holds for whoever begins from now on."))
    return redirect("training-plan", campaign_id)


def _show(request: HttpRequest, form: PlanForm, plan: TrainingPlan, status: int) -> HttpResponse:
    test = SequentialTest(plan.pass_percent, plan.fewest_items, plan.most_items)
    courses = [
        (percent, test.course(percent / 100), fixed_course(test, percent / 100))
        for percent in AGREEMENTS
    ]
    page = {
        "form": form,
        "plan": plan,
        "courses": [
            (percent, 100 * course.passes, course.items, 100 * fixed.passes)
            for percent, course, fixed in courses
        ],
    }
    return render(request, "training/plan.html", page, status=status)


@declare(GET=MANAGERS)
def people(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """List everybody's attempts with what came of them, newest first."""
    attempts = attempts_of(campaign_of(request))
    page = Paginator(attempts, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "training/people.html", {"page": page})
