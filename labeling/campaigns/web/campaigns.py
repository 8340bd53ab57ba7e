"""Pages of campaigns: the list, one campaign, create, edit, and its state."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, MEMBERS, SIGNED_IN, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.enums import CampaignState, Role
from labeling.campaigns.errors import CampaignChanged, ShapeFixed
from labeling.campaigns.forms import (
    FORM_NAMES,
    CampaignForm,
    EditCampaignForm,
    NewCampaignForm,
    differences,
    typed_from,
)
from labeling.campaigns.lifecycle import next_states
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import (
    campaign_of,
    campaigns_seen_by,
    check_may_create,
    current_round,
    guideline_of,
    may_create_campaigns,
    members_of,
    role_in,
)
from labeling.campaigns.services import create_campaign, edit_campaign, set_state
from labeling.doorbell import ring
from labeling.errors import Invalid
from labeling.wording import LazyText, gettext, gettext_lazy, pgettext_lazy

A_PAGE = 50
# The word on the button, and on what it is pressed.
ACTS: dict[tuple[str, str], LazyText] = {
    (CampaignState.DRAFT, CampaignState.ACTIVE): gettext_lazy("Start"),
    (CampaignState.ACTIVE, CampaignState.PAUSED): gettext_lazy("Pause"),
    (CampaignState.PAUSED, CampaignState.ACTIVE): gettext_lazy("Go on"),
    (CampaignState.ACTIVE, CampaignState.COMPLETED): pgettext_lazy("verb", "Complete"),
    (CampaignState.PAUSED, CampaignState.COMPLETED): pgettext_lazy("verb", "Complete"),
    (CampaignState.COMPLETED, CampaignState.ACTIVE): gettext_lazy("Open again"),
}


@declare(GET=SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """List the campaigns that the person belongs to."""
    user = user_of(request)
    rows = Paginator(campaigns_seen_by(user), A_PAGE).get_page(request.GET.get("page"))
    seen: list[Any] = list(rows)  # with own_role, by the query
    page = {
        "page": rows,
        "led": [row for row in seen if row.own_role != Role.ANNOTATOR],
        "ranked": [row for row in seen if row.own_role == Role.ANNOTATOR],
        "may_create": may_create_campaigns(user),
    }
    return render(request, "campaigns/home.html", page)


@declare(GET=MEMBERS)
def overview(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show what a campaign asks, where it stands, and what can be done next."""
    campaign = campaign_of(request)
    leads = role_in(request) != Role.ANNOTATOR
    page = {
        "guide": guideline_of(campaign),
        "follows": leads and campaign.state != CampaignState.DRAFT,
        "members": members_of(campaign).count(),
        "round": current_round(campaign),
        "acts": [(state, ACTS[(campaign.state, state)]) for state in next_states(campaign.state)],
    }
    return render(request, "campaigns/overview.html", page)


@declare(GET=SIGNED_IN, POST=SIGNED_IN)
def new(request: HttpRequest) -> HttpResponseBase:
    """Create a campaign."""
    user = user_of(request)
    check_may_create(user)
    form = NewCampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = create_campaign(user=user, **form.values())
        except Invalid as refusal:
            show_refusal(form, refusal, FORM_NAMES)
        else:
            return redirect("campaign", campaign.pk)
    return _show_form(request, form, 400 if form.errors else 200)


@declare(GET=MANAGERS, POST=MANAGERS)
def edit(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Edit a campaign; what was typed stays when somebody else saved in between."""
    campaign = campaign_of(request)
    if request.method != "POST":
        return _show_form(request, EditCampaignForm(initial=typed_from(campaign)), 200)
    form = EditCampaignForm(request.POST)
    if not form.is_valid():
        return _show_form(request, form, 400)
    try:
        edit_campaign(campaign=campaign, by=user_of(request), **form.values())
    except CampaignChanged as refusal:
        return _show_conflict(request, form, campaign, refusal)
    except (Invalid, ShapeFixed) as refusal:
        show_refusal(form, refusal, FORM_NAMES)
        return _show_form(request, form, 400)
    ring("assignment.plan_comparisons", campaign_id=campaign.pk)
    messages.success(request, gettext("The campaign is saved."))
    return redirect("campaign", campaign.pk)


def _show_conflict(
    request: HttpRequest, form: EditCampaignForm, campaign: Campaign, refusal: CampaignChanged
) -> HttpResponse:
    """Show what was typed beside what is there now; saving again is then a choice."""
    campaign.refresh_from_db()
    theirs = differences(form, campaign)
    again = EditCampaignForm(
        {**request.POST.dict(), **_lists(request), "version": campaign.version}
    )
    again.add_error(None, refusal.message)
    return _show_form(request, again, 409, theirs=theirs)


def _lists(request: HttpRequest) -> dict[str, list[str]]:
    return {"ready_criteria": request.POST.getlist("ready_criteria")}


def _show_form(
    request: HttpRequest, form: CampaignForm, status: int, **more: object
) -> HttpResponse:
    return render(request, "campaigns/form.html", {"form": form, **more}, status=status)


@declare(POST=MANAGERS)
def state(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Move a campaign to another state."""
    campaign = set_state(
        campaign=campaign_of(request), state=request.POST.get("state", ""), by=user_of(request)
    )
    ring("assignment.plan_comparisons", campaign_id=campaign.pk)
    return redirect("campaign", campaign.pk)
