"""The page of a campaign's model servers; keys go in and never come out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.errors import DomainError
from labeling.generation.forms import KeyForm, ServerForm
from labeling.generation.queries import offers
from labeling.generation.services.servers import add_server, remove_server, set_key
from labeling.wording import gettext


@declare(GET=MANAGERS)
def servers(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the campaign's servers, and those of the deployment."""
    return _show(request)


@declare(POST=MANAGERS)
def add(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Add a server."""
    form = ServerForm(request.POST)
    if form.is_valid():
        try:
            made = add_server(
                campaign=campaign_of(request), by=user_of(request), **form.cleaned_data
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            said = gettext("The server “%(name)s” is added.") % {"name": made.name}
            messages.success(request, said)
            return redirect("servers", campaign_id)
    return _show(request, server_form=form)


@declare(POST=MANAGERS)
def key(request: HttpRequest, campaign_id: int, server_id: int) -> HttpResponseBase:
    """Set another key of a server."""
    server, form = offers.server_for(campaign_of(request), server_id), KeyForm(request.POST)
    if not form.is_valid():
        return _show(request, key_form=form)
    set_key(server=server, by=user_of(request), api_key=form.cleaned_data["api_key"])
    said = gettext("“%(name)s” has another key now.") % {"name": server.name}
    if not form.cleaned_data["api_key"]:
        said = gettext("“%(name)s” has no key now.") % {"name": server.name}
    messages.success(request, said)
    return redirect("servers", campaign_id)


@declare(POST=MANAGERS)
def remove(request: HttpRequest, campaign_id: int, server_id: int) -> HttpResponseBase:
    """Remove a server with its key."""
    server = offers.server_for(campaign_of(request), server_id)
    remove_server(server=server, by=user_of(request))
    said = gettext("The server “%(name)s” is removed, and its key with it.")
    messages.success(request, said % {"name": server.name})
    return redirect("servers", campaign_id)


def _show(request: HttpRequest, **forms: Any) -> HttpResponse:
    """Show the page, with the form that was refused as it was typed, without any key."""
    page = {
        "servers": offers.own_servers(campaign_of(request)),
        "given": sorted(settings.MODEL_ENDPOINTS),
        "hosts": sorted(settings.MODEL_HOSTS),
        "server_form": ServerForm(),
        "key_form": KeyForm(),
        **forms,
    }
    return render(request, "generation/servers.html", page, status=400 if forms else 200)
