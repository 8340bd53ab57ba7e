"""The page of one run: how far it is, what failed, what was made."""

from typing import Any

from django.contrib import messages
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
from labeling.generation import queries
from labeling.generation.forms import CeilingForm
from labeling.generation.models import Candidate
from labeling.generation.services.ceilings import set_ceiling
from labeling.generation.services.runs import pause_run, resume_run, retry_failed, stop_run
from labeling.generation.texts import hash_of
from labeling.wording import gettext, ngettext

TEXTS_SHOWN = 6


@declare(GET=MANAGERS)
def run(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponse:
    """Show a run."""
    return render(request, "generation/run.html", _page(request, run_id))


def _live_tag(request: HttpRequest, campaign_id: int, run_id: int) -> str:
    found = queries.run_for(campaign_of(request), run_id)
    ends = (found.stopped_at, found.paused_at)
    known = (
        queries.progress_of(found),
        ends,
        found.spent,
        found.ceiling,
        queries.waits_for_toy(found),
    )
    return hash_of(repr(known))


@declare(GET=MANAGERS)
@etag(_live_tag)
def live(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponse:
    """Answer the part of the page that changes while the run goes on."""
    return render(request, "generation/run_live.html", _page(request, run_id))


@declare(POST=MANAGERS)
def stop(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponseBase:
    """Stop a run."""
    found = queries.run_for(campaign_of(request), run_id)
    waited = stop_run(run=found, by=user_of(request), now=database_now())
    ring("assignment.plan_comparisons", campaign_id=campaign_id)
    said = ngettext(
        "Stopped; %(n)s responses were not made.", "Stopped; %(n)s responses were not made.", waited
    )
    messages.success(request, said % {"n": waited})
    return redirect("run", campaign_id, run_id)


@declare(POST=MANAGERS)
def pause(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponseBase:
    """Pause a run."""
    found = queries.run_for(campaign_of(request), run_id)
    pause_run(run=found, by=user_of(request), now=database_now())
    messages.success(request, gettext("Paused; what is being made now is finished."))
    return redirect("run", campaign_id, run_id)


@declare(POST=MANAGERS)
def resume(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponseBase:
    """Let a paused run go on."""
    found = queries.run_for(campaign_of(request), run_id)
    resume_run(run=found, by=user_of(request), now=database_now())
    ring("generation.fill_candidates", run_id=run_id)
    messages.success(request, gettext("The run goes on."))
    return redirect("run", campaign_id, run_id)


@declare(POST=MANAGERS)
def ceiling(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponseBase:
    """Change what a run may cost at most."""
    found, form = queries.run_for(campaign_of(request), run_id), CeilingForm(request.POST)
    if form.is_valid():
        try:
            set_ceiling(run=found, ceiling=form.cleaned_data["ceiling"], by=user_of(request))
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, gettext("The run may cost so much now."))
            return redirect("run", campaign_id, run_id)
    page = {**_page(request, run_id), "ceiling_form": form}
    return render(request, "generation/run.html", page, status=400)


@declare(POST=MANAGERS)
def retry(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponseBase:
    """Try again what failed, that alone."""
    found = queries.run_for(campaign_of(request), run_id)
    again = retry_failed(run=found, by=user_of(request), now=database_now())
    ring("generation.fill_candidates", run_id=run_id)
    said = ngettext("%(n)s responses are tried again.", "%(n)s responses are tried again.", again)
    messages.success(request, said % {"n": again})
    return redirect("run", campaign_id, run_id)


def _page(request: HttpRequest, run_id: int) -> dict[str, Any]:
    found = queries.run_for(campaign_of(request), run_id)
    progress, speed = queries.progress_of(found), queries.speed_of(found)
    return {
        "run": found,
        "ceiling_form": CeilingForm.of(found),
        "has_prices": any(part.generator.has_price for part in found.parts.all()),
        "progress": progress,
        "waiting": progress.pending + progress.running,
        "troubles": queries.troubles_of(Candidate, found),
        "held": queries.flaws_of_held(found),
        "ready": queries.groups_ready(found),
        "texts": queries.latest_texts(found, TEXTS_SHOWN),
        "builds_toy": not progress.is_over and queries.waits_for_toy(found),
        "speed": speed,
        "minutes": None if found.paused_at else queries.minutes_left(progress, speed),
    }
