"""The pages of the accounts stage: single-use links and API tokens."""

from datetime import datetime, timedelta

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from labeling.access import PUBLIC, SIGNED_IN, declare
from labeling.accounts.adapter import sign_in
from labeling.accounts.enums import LinkPurpose
from labeling.accounts.forms import InvitationForm, TokenForm, show_refusal
from labeling.accounts.models import AccessLink, User
from labeling.accounts.queries import link_for, own_token, tokens_of, user_of
from labeling.accounts.services.language import choose_language
from labeling.accounts.services.links import use_link
from labeling.accounts.services.tokens import make_token, revoke_token
from labeling.accounts.tries import counted_tries
from labeling.clock import database_now
from labeling.errors import Invalid
from labeling.wording import gettext

A_YEAR = 365 * 24 * 3600


@declare(GET=PUBLIC, POST=PUBLIC)
def link(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Show what a link does, and do it when the button is pressed; looking uses nothing up.

    Mail scanners and previews open links: only the POST of the page lets anybody in.
    """
    now = database_now()
    with counted_tries(request):
        found = link_for(signed, now=now)
    invited = found.purpose == LinkPurpose.INVITATION
    form = InvitationForm(request.POST or None) if invited else Form(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            user = use_link(signed=signed, now=now, **form.cleaned_data)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            sign_in(request, user)
            return redirect(_next(request, request.GET.get("next", "")))
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/link.html", _link_page(request, found, form), status=status)


def _link_page(request: HttpRequest, found: AccessLink, form: Form) -> dict[str, object]:
    other = request.user if request.user.is_authenticated and request.user != found.user else None
    return {
        "person": found.user,
        "form": form,
        "invited": found.purpose == LinkPurpose.INVITATION,
        "other": other,
    }


def _next(request: HttpRequest, wanted: str) -> str:
    """Return where to go on: the page of this site that is wanted, else the home page."""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return reverse("home")


@declare(GET=SIGNED_IN, POST=SIGNED_IN)
def tokens(request: HttpRequest) -> HttpResponse:
    """List a person's API tokens and make new ones; the secret is on the answer's page only."""
    user, now = user_of(request), database_now()
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            secret = _make(user, form, now)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            form = TokenForm()
    status = 400 if form.errors else 200
    page = {"form": form, "secret": secret, "rows": _rows(user, now)}
    return render(request, "accounts/tokens.html", page, status=status)


def _make(user: User, form: TokenForm, now: datetime) -> str:
    given = form.cleaned_data
    _, secret = make_token(
        user=user,
        name=given["name"],
        scopes=given["scopes"],
        expires_at=now + timedelta(days=given["days"]),
        now=now,
    )
    return secret


def _rows(user: User, now: datetime) -> list[dict[str, object]]:
    return [{"token": token, "is_live": token.is_live(now)} for token in tokens_of(user)]


@declare(POST=SIGNED_IN)
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponseBase:
    """End one of a person's own tokens."""
    user = user_of(request)
    revoke_token(token=own_token(user, token_id), by=user, now=database_now())
    return redirect("tokens")


@declare(POST=PUBLIC)
def language(request: HttpRequest) -> HttpResponseBase:
    """Show pages in another language from now on: on this device, and wherever they sign in."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        raise Invalid(gettext("Choose one of the languages offered."))
    if request.user.is_authenticated:
        choose_language(user=user_of(request), code=code)
    response = redirect(_next(request, request.headers.get("Referer", "")))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


urlpatterns = [
    path("account/language/", language, name="language"),
    path("links/<str:signed>/", link, name="link"),
    path("account/tokens/", tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", token_revoke, name="token-revoke"),
]
