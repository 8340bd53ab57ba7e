"""The page of what the campaign no longer stands by."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import DomainError
from labeling.prompts.queries import prompt_for
from labeling.quality.forms import ErasureForm, RevocationForm
from labeling.quality.queries import annotators_of, revocation_in, revocations_of, sources_of
from labeling.quality.services.erasing import erase_prompt
from labeling.quality.services.revoking import lift, revoke
from labeling.wording import gettext

A_PAGE = 50


@declare(GET=MANAGERS, POST=MANAGERS)
def revocations(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Show what is and was revoked, and revoke one thing more."""
    campaign = campaign_of(request)
    form = RevocationForm(
        request.POST or None, people=annotators_of(campaign), sources=sources_of(campaign)
    )
    if request.method == "POST" and form.is_valid() and _revoked(request, campaign, form):
        messages.success(request, gettext("It is revoked. Exports that have it are marked."))
        return redirect("revocations", campaign_id)
    return _page(request, campaign, form=form, erasing=ErasureForm())


@declare(POST=MANAGERS)
def erased(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Erase a prompt for good."""
    campaign = campaign_of(request)
    erasing = ErasureForm(request.POST)
    if erasing.is_valid() and _erased(request, campaign, erasing):
        messages.success(request, gettext("It is erased. Exports that have it are withdrawn."))
        return redirect("revocations", campaign_id)
    form = RevocationForm(people=annotators_of(campaign), sources=sources_of(campaign))
    return _page(request, campaign, form=form, erasing=erasing)


def _page(request: HttpRequest, campaign: Campaign, **forms: Form) -> HttpResponseBase:
    page = Paginator(revocations_of(campaign), A_PAGE).get_page(request.GET.get("page"))
    status = 400 if request.method == "POST" else 200
    return render(request, "quality/revocations.html", {**forms, "page": page}, status=status)


def _erased(request: HttpRequest, campaign: Campaign, form: ErasureForm) -> bool:
    """Erase what is named, and tell whether it is; what was refused stands beside its field."""
    try:
        erase_prompt(
            prompt=prompt_for(campaign, form.cleaned_data["erased_prompt"]),
            by=user_of(request),
            reason=form.cleaned_data["erased_reason"],
            now=database_now(),
        )
    except DomainError as refusal:
        show_refusal(form, refusal, {"reason": "erased_reason"})
        return False
    ring("exports.find_removals")
    ring("quality.sweep")
    return True


def _revoked(request: HttpRequest, campaign: Campaign, form: RevocationForm) -> bool:
    """Revoke what is named, and tell whether it was; what was refused stands beside its field."""
    given: dict[str, Any] = {key: value for key, value in form.cleaned_data.items() if value}
    try:
        if "prompt" in given:
            given["prompt"] = prompt_for(campaign, given["prompt"])
        revoke(campaign=campaign, by=user_of(request), now=database_now(), **given)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    ring("exports.find_removals")
    return True


@declare(POST=MANAGERS)
def lifted(request: HttpRequest, campaign_id: int, revocation_id: int) -> HttpResponseBase:
    """Let it count again."""
    found = revocation_in(campaign_of(request), revocation_id)
    try:
        lift(revocation=found, by=user_of(request), now=database_now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, gettext("It counts again."))
    return redirect("revocations", campaign_id)
