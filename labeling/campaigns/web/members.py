"""Pages of members: who belongs to the campaign, add and invite, change, removal."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import has_come, link_url, user_of
from labeling.campaigns.errors import LastManager
from labeling.campaigns.forms import MemberForm, MembersForm, member_typed_from
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import campaign_of, member_of, members_of
from labeling.campaigns.services import (
    Added,
    add_members,
    change_member,
    invite_again,
    remove_member,
)
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import Invalid

A_PAGE = 100
FORM_NAMES = {"members": "emails"}


@declare(GET=MANAGERS, POST=MANAGERS)
def members(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """List the members; add people and show the links of those who are new here, once."""
    campaign = campaign_of(request)
    form, added = MembersForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            added = add_members(
                campaign=campaign, people=form.people(), by=user_of(request), now=database_now()
            )
        except Invalid as refusal:
            show_refusal(form, refusal, FORM_NAMES)
        else:
            ring("assignment.plan_comparisons", campaign_id=campaign.pk)
            form = MembersForm()
    return _show(request, campaign, form, added)


def _show(
    request: HttpRequest, campaign: Campaign, form: MembersForm, added: list[Added]
) -> HttpResponse:
    rows = Paginator(members_of(campaign), A_PAGE).get_page(request.GET.get("page"))
    links = [(each.membership.user.email, link_url(each.link)) for each in added if each.link]
    page = {
        "form": form,
        "page": rows,
        "rows": [(row, has_come(row.user)) for row in rows],
        "links": links,
        "all_links": "\n".join(f"{email} {url}" for email, url in links),
        "known": [each.membership.user.email for each in added if each.is_new and not each.link],
        "there": [each.membership.user.email for each in added if not each.is_new],
    }
    return render(request, "campaigns/members.html", page, status=400 if form.errors else 200)


@declare(GET=MANAGERS, POST=MANAGERS)
def edit(request: HttpRequest, campaign_id: int, membership_id: int) -> HttpResponseBase:
    """Change a member's role, what they read and know about, and whether they may start."""
    membership = member_of(campaign_of(request), membership_id)
    form = MemberForm(request.POST if request.method == "POST" else None)
    form.initial = member_typed_from(membership)
    if form.is_valid():
        now = database_now()
        try:
            change_member(membership=membership, by=user_of(request), now=now, **form.values())
        except (Invalid, LastManager) as refusal:
            show_refusal(form, refusal)
        else:
            ring("assignment.plan_comparisons", campaign_id=campaign_id)
            return redirect("members", campaign_id)
    page = {"form": form, "membership": membership}
    return render(request, "campaigns/member_form.html", page, status=400 if form.errors else 200)


@declare(POST=MANAGERS)
def invite(request: HttpRequest, campaign_id: int, membership_id: int) -> HttpResponse:
    """Show a new invitation link for a member who has not come yet."""
    campaign = campaign_of(request)
    membership = member_of(campaign, membership_id)
    link = invite_again(membership=membership, by=user_of(request), now=database_now())
    return _show(request, campaign, MembersForm(), [Added(membership, link, is_new=False)])


@declare(GET=MANAGERS, POST=MANAGERS)
def remove(request: HttpRequest, campaign_id: int, membership_id: int) -> HttpResponseBase:
    """Ask whether to remove a member, and do it."""
    membership = member_of(campaign_of(request), membership_id)
    if request.method != "POST":
        return render(request, "campaigns/member_remove.html", {"membership": membership})
    remove_member(membership=membership, by=user_of(request), now=database_now())
    ring("assignment.plan_comparisons", campaign_id=campaign_id)
    return redirect("members", campaign_id)
