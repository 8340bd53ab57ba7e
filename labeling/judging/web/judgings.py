"""The pages of AI judges: ask one, follow it, see what its verdicts are worth."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import etag

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import DomainError
from labeling.generation.forms import CeilingForm
from labeling.generation.queries import generators_of, troubles_of
from labeling.generation.services.ceilings import set_ceiling
from labeling.generation.services.runs import pause_run, resume_run
from labeling.generation.texts import hash_of
from labeling.judging import queries
from labeling.judging.forms import NAMES, JudgingForm
from labeling.judging.models import AiJudgment
from labeling.judging.services.requests import request_judging, retry_judging, stop_judging
from labeling.wording import gettext, ngettext

A_PAGE, VERDICTS_SHOWN = 20, 20


@declare(GET=MANAGERS)
def judgings(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the judging runs, and what it takes to ask for one."""
    return _show(request)


@declare(POST=MANAGERS)
def start(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Have a model judge."""
    campaign = campaign_of(request)
    form = JudgingForm(campaign, request.POST)
    if form.is_valid():
        try:
            run = request_judging(
                campaign=campaign, user=user_of(request), now=database_now(), **form.values()
            )
        except DomainError as refusal:
            show_refusal(form, refusal, NAMES)
        else:
            ring("judging.judge", run_id=run.pk)
            return redirect("judging", campaign_id, run.pk)
    return _show(request, form=form)


@declare(GET=MANAGERS)
def judging(request: HttpRequest, campaign_id: int, judging_id: int) -> HttpResponse:
    """Show a judging run."""
    return render(request, "judging/judging.html", _page(request, judging_id))


def _live_tag(request: HttpRequest, campaign_id: int, judging_id: int) -> str:
    run = queries.judging_for(campaign_of(request), judging_id)
    known = (queries.progress_of(run), run.stopped_at, run.paused_at, run.spent, run.ceiling)
    return hash_of(repr(known))


@declare(GET=MANAGERS)
@etag(_live_tag)
def live(request: HttpRequest, campaign_id: int, judging_id: int) -> HttpResponse:
    """Answer the part of a judging run's page that changes."""
    return render(request, "judging/judging_live.html", _page(request, judging_id))


@declare(POST=MANAGERS)
def stop(request: HttpRequest, campaign_id: int, judging_id: int) -> HttpResponseBase:
    """Stop a judging run."""
    run = queries.judging_for(campaign_of(request), judging_id)
    stop_judging(run=run, by=user_of(request), now=database_now())
    messages.success(request, gettext("The judge is stopped; what it said stays."))
    return redirect("judging", campaign_id, judging_id)


@declare(POST=MANAGERS)
def pause(request: HttpRequest, campaign_id: int, judging_id: int) -> HttpResponseBase:
    """Pause a judging run."""
    run = queries.judging_for(campaign_of(request), judging_id)
    pause_run(run=run, by=user_of(request), now=database_now())
    messages.success(request, gettext("Paused; what is being judged now is finished."))
    return redirect("judging", campaign_id, judging_id)


@declare(POST=MANAGERS)
def resume(request: HttpRequest, campaign_id: int, judging_id: int) -> HttpResponseBase:
    """Let a paused judging run go on."""
    run = queries.judging_for(campaign_of(request), judging_id)
    resume_run(run=run, by=user_of(request), now=database_now())
    ring("judging.judge", run_id=judging_id)
    messages.success(request, gettext("The judge goes on."))
    return redirect("judging", campaign_id, judging_id)


@declare(POST=MANAGERS)
def ceiling(request: HttpRequest, campaign_id: int, judging_id: int) -> HttpResponseBase:
    """Change what a judging run may cost at most."""
    run = queries.judging_for(campaign_of(request), judging_id)
    form = CeilingForm(request.POST)
    if form.is_valid():
        try:
            set_ceiling(run=run, ceiling=form.cleaned_data["ceiling"], by=user_of(request))
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, gettext("The run may cost so much now."))
            return redirect("judging", campaign_id, judging_id)
    page = {**_page(request, judging_id), "ceiling_form": form}
    return render(request, "judging/judging.html", page, status=400)


@declare(POST=MANAGERS)
def retry(request: HttpRequest, campaign_id: int, judging_id: int) -> HttpResponseBase:
    """Try again what failed, that alone."""
    run = queries.judging_for(campaign_of(request), judging_id)
    again = retry_judging(run=run, by=user_of(request), now=database_now())
    ring("judging.judge", run_id=judging_id)
    said = ngettext("%(n)s pair is tried again.", "%(n)s pairs are tried again.", again)
    messages.success(request, said % {"n": again})
    return redirect("judging", campaign_id, judging_id)


def _page(request: HttpRequest, judging_id: int) -> dict[str, Any]:
    run = queries.judging_for(campaign_of(request), judging_id)
    progress = queries.progress_of(run)
    return {
        "run": run,
        "generator": run.parts.all()[0].generator,
        "ceiling_form": CeilingForm.of(run),
        "progress": progress,
        "waiting": progress.pending + progress.running,
        "measures": queries.measures_of(run),
        "with_people": queries.with_people(run),
        "troubles": troubles_of(AiJudgment, run),
        "verdicts": queries.latest_verdicts(run, VERDICTS_SHOWN),
    }


def _show(request: HttpRequest, **forms: Any) -> HttpResponse:
    """Show the page, with the form that was refused as it was typed."""
    campaign = campaign_of(request)
    page = {
        "page": Paginator(queries.judgings_of(campaign), A_PAGE).get_page(request.GET.get("page")),
        "generators": generators_of(campaign).exists(),
        "comparisons": queries.to_judge(campaign, "all", None).exists(),
        "form": JudgingForm(campaign),
        **forms,
    }
    return render(request, "judging/judgings.html", page, status=400 if forms else 200)
