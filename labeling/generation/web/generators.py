"""The page of generators and runs: add a model, ask for more, see what runs."""

import importlib.util
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
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
from labeling.generation.forms import GENERATOR_NAMES, RUN_NAMES, GeneratorForm, RunForm
from labeling.generation.queries import offers
from labeling.generation.services.generators import add_generator
from labeling.generation.services.runs import request_candidates
from labeling.wording import gettext

A_PAGE = 20


@declare(GET=MANAGERS)
def generation(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show models, generators and runs."""
    return _show(request)


@declare(POST=MANAGERS)
def add(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Add a generator."""
    form = GeneratorForm(campaign_of(request), request.POST)
    if form.is_valid():
        try:
            generator = add_generator(
                campaign=campaign_of(request), user=user_of(request), draft=form.draft()
            )
        except DomainError as refusal:
            show_refusal(form, refusal, GENERATOR_NAMES)
        else:
            said = gettext("The generator “%(name)s” is added.") % {"name": generator.name}
            messages.success(request, said)
            return redirect("generation", campaign_id)
    return _show(request, generator_form=form)


@declare(POST=MANAGERS)
def start(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Ask for more responses."""
    campaign = campaign_of(request)
    form = RunForm(campaign, request.POST)
    if form.is_valid():
        try:
            run = request_candidates(
                campaign=campaign, user=user_of(request), now=database_now(), **form.values()
            )
        except DomainError as refusal:
            show_refusal(form, refusal, RUN_NAMES)
        else:
            ring("generation.fill_candidates", run_id=run.pk)
            return redirect("run", campaign_id, run.pk)
    return _show(request, run_form=form)


def _show(request: HttpRequest, **forms: Any) -> HttpResponse:
    """Show the page, with the form that was refused as it was typed."""
    campaign = campaign_of(request)
    page = {
        "generators": list(queries.generators_of(campaign)),
        "page": Paginator(queries.runs_of(campaign), A_PAGE).get_page(request.GET.get("page")),
        "models": offers.available_models(campaign),
        "prompts": queries.prompt_count(campaign),
        "toy_is_built": offers.toy_folder().exists(),
        "local_is_here": importlib.util.find_spec("torch") is not None,
        "generator_form": GeneratorForm(campaign),
        "run_form": RunForm(campaign),
        **forms,
    }
    status = 400 if forms else 200
    return render(request, "generation/generation.html", page, status=status)
