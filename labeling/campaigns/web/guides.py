"""Pages of the judging guide: read it, an earlier version, write a new one."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, MEMBERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.forms import FORM_NAMES, GuideForm
from labeling.campaigns.queries import (
    campaign_of,
    guideline_changes,
    guideline_of,
    guideline_version,
    guidelines_of,
    member_in,
)
from labeling.campaigns.services import accept_warning, mark_read, publish_guideline
from labeling.errors import Invalid

VERSIONS_SHOWN = 50


@declare(GET=MEMBERS)
def guide(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the guide in force, what changed since the person read it, and earlier versions."""
    campaign, member = campaign_of(request), member_in(request)
    page = {
        "guide": guideline_of(campaign),
        "in_force": True,
        "unread": member.pk and member.guideline_read < campaign.guideline_version,
        "read_before": member.guideline_read,
        "changes": guideline_changes(campaign, member.guideline_read),
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


@declare(POST=MEMBERS)
def read(request: HttpRequest, campaign_id: int, version: int) -> HttpResponseBase:
    """Take the word of a person that they have read a version, then go where they came from."""
    mark_read(membership=member_in(request), version=version)
    to_rank = request.POST.get("then") == "rank"
    return redirect("rank" if to_rank else "guide", campaign_id)


@declare(POST=MEMBERS)
def warned(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Take the word of a person that they are ready for what they may read, and begin."""
    accept_warning(membership=member_in(request))
    return redirect("rank", campaign_id)


@declare(GET=MANAGERS, POST=MANAGERS)
def edit(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Write the guide, starting from the version in force."""
    campaign = campaign_of(request)
    latest = guideline_of(campaign)
    form = GuideForm(request.POST or None, initial={"guideline": latest.text if latest else ""})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["guideline"].replace("\r\n", "\n")
        try:
            must = form.cleaned_data["must_be_read"]
            publish_guideline(campaign=campaign, text=text, by=user_of(request), must_be_read=must)
        except Invalid as refusal:
            show_refusal(form, refusal, FORM_NAMES)
        else:
            return redirect("guide", campaign.pk)
    page = {"form": form, "latest": latest}
    return render(request, "campaigns/guide_form.html", page, status=400 if form.errors else 200)
