"""The page of constitutions, and of having responses revised by them."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import DomainError
from labeling.generation import queries
from labeling.generation.forms import REVISION_NAMES, ConstitutionForm, RevisionForm
from labeling.generation.services.constitutions import add_constitution
from labeling.generation.services.revisions import request_revisions
from labeling.wording import gettext


@declare(GET=MANAGERS)
def revisions(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the constitutions, and what it takes to have responses revised."""
    return _show(request)


@declare(POST=MANAGERS)
def write(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Write a version of a constitution."""
    form = ConstitutionForm(request.POST)
    if form.is_valid():
        try:
            made = add_constitution(
                campaign=campaign_of(request), user=user_of(request), **form.values()
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            said = gettext("“%(name)s” is written, version %(version)s.")
            messages.success(request, said % {"name": made.name, "version": made.version})
            return redirect("revisions", campaign_id)
    return _show(request, constitution_form=form)


@declare(POST=MANAGERS)
def start(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Have responses revised."""
    campaign = campaign_of(request)
    form = RevisionForm(campaign, request.POST)
    if form.is_valid():
        try:
            run = request_revisions(
                campaign=campaign, user=user_of(request), now=database_now(), **form.values()
            )
        except DomainError as refusal:
            show_refusal(form, refusal, REVISION_NAMES)
        else:
            ring("generation.fill_candidates", run_id=run.pk)
            return redirect("run", campaign_id, run.pk)
    return _show(request, revision_form=form)


def _show(request: HttpRequest, **forms: Any) -> HttpResponse:
    """Show the page, with the form that was refused as it was typed."""
    campaign = campaign_of(request)
    versions = queries.constitutions_of(campaign).order_by("name", "-version")
    page = {
        "constitutions": [list(each) for _, each in groupby(versions, key=attrgetter("name"))],
        "generators": queries.generators_of(campaign).exists(),
        "constitution_form": ConstitutionForm(),
        "revision_form": RevisionForm(campaign),
        **forms,
    }
    status = 400 if forms else 200
    return render(request, "generation/revisions.html", page, status=status)
