"""Pages of the judging guide: read it, an earlier version, write a new one."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, MEMBERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.forms import FORM_NAMES, GuideForm
from labeling.campaigns.queries import campaign_of, guideline_of, guideline_version, guidelines_of
from labeling.campaigns.services import publish_guideline
from labeling.errors import Invalid

VERSIONS_SHOWN = 50


@declare(GET=MEMBERS)
def guide(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the guide in force, and its earlier versions."""
    campaign = campaign_of(request)
    page = {
        "guide": guideline_of(campaign),
        "in_force": True,
        "versions": guidelines_of(campaign).defer("text")[:VERSIONS_SHOWN],
    }
    return render(request, "campaigns/guide.html", page)


@declare(GET=MEMBERS)
def version(request: HttpRequest, campaign_id: int, version: int) -> HttpResponse:
    """Show one version of the guide: what people judged by at the time."""
    campaign = campaign_of(request)
    versions = guidelines_of(campaign).defer("text")[:VERSIONS_SHOWN]
    shown = guideline_version(campaign, version)
    page = {
        "guide": shown,
        "in_force": shown == guideline_of(campaign),
        "versions": versions,
    }
    return render(request, "campaigns/guide.html", page)


@declare(GET=MANAGERS, POST=MANAGERS)
def edit(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Write the guide, starting from the version in force."""
    campaign = campaign_of(request)
    latest = guideline_of(campaign)
    form = GuideForm(request.POST or None, initial={"guideline": latest.text if latest else ""})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["guideline"].replace("\r\n", "\n")
        try:
            publish_guideline(campaign=campaign, text=text, by=user_of(request))
        except Invalid as refusal:
            show_refusal(form, refusal, FORM_NAMES)
        else:
            return redirect("guide", campaign.pk)
    page = {"form": form, "latest": latest}
    return render(request, "campaigns/guide_form.html", page, status=400 if form.errors else 200)
