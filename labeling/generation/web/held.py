"""The page of what the hygiene gate holds back from a run: look at it, release it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import Invalid
from labeling.generation import queries
from labeling.generation.enums import Flaw
from labeling.generation.services.gate import release_candidates
from labeling.wording import ngettext

A_PAGE = 20


@declare(GET=MANAGERS)
def held(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponse:
    """Show what is held back, all of it or what has one flaw."""
    run, flaw = queries.run_for(campaign_of(request), run_id), _flaw(request.GET.get("flaw"))
    rows = queries.held_of(run, flaw).select_related("prompt")
    page = {
        "run": run,
        "flaw": flaw,
        "flaws": queries.flaws_of_held(run),
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "generation/held.html", page)


@declare(POST=MANAGERS)
def release(request: HttpRequest, campaign_id: int, run_id: int) -> HttpResponseBase:
    """Release one response, those with one flaw, or all."""
    run, flaw = queries.run_for(campaign_of(request), run_id), _flaw(request.POST.get("flaw"))
    one = request.POST.get("candidate", "")
    try:
        released = release_candidates(
            run=run,
            by=user_of(request),
            now=database_now(),
            flaw=flaw,
            candidate_ids=[int(one)] if one.isdecimal() and len(one) < 19 else None,
        )
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return redirect("run-held", campaign_id, run_id)
    ring("assignment.plan_comparisons", campaign_id=campaign_id)
    said = ngettext("%(n)s response is released.", "%(n)s responses are released.", released)
    messages.success(request, said % {"n": released})
    return redirect("run-held" if queries.held_of(run).exists() else "run", campaign_id, run_id)


def _flaw(name: str | None) -> Flaw | None:
    return Flaw(name) if name in Flaw.values else None
