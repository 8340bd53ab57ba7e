"""Deny by default: every route's declared rule is applied here, before the view runs."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from annotate.errors import STATUS_OF
from annotate.idempotency import write_once
from labeling.access import CAMPAIGN_ROLES, OPERATORS, PUBLIC, SIGNED_IN, Rule, Who, rule_for
from labeling.accounts.models import ApiToken, User
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import membership_of
from labeling.errors import DomainError, Forbidden, NotFound, SignInNeeded
from labeling.wording import gettext

if TYPE_CHECKING:  # DRF's views load this module, through its settings
    from rest_framework.views import APIView

# Views of libraries cannot carry our declaration, so it stands here, by name of the route.
LIBRARY_RULES: Mapping[str, Rule] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_inactive": PUBLIC,
    "account_set_password": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
}
LIBRARY_METHODS = frozenset({"GET", "HEAD", "POST"})
ADMIN_NAMESPACE = "admin"
LARGEST_ID = 2**63 - 1


def apply_rule(
    rule: Rule | None,
    request: HttpRequest | Request,
    kwargs: Mapping[str, Any],
    token: ApiToken | None,
) -> None:
    """Let the request through, or raise the refusal; remember the membership on the request.

    Raises NotFound for campaigns that are not the person's own, so that foreign and missing
    ones cannot be told apart.
    """
    if rule is None:
        raise NotFound(gettext("There is nothing here."))
    if Who.PUBLIC in rule.who:
        return
    user = user_of(request)
    if token is not None:
        _check_scope(rule, token)
    # Databases do not compare such a number with a key, they fail.
    if any(isinstance(given, int) and given > LARGEST_ID for given in kwargs.values()):
        raise NotFound(gettext("There is nothing here."))
    if Who.SIGNED_IN in rule.who:
        return
    if rule.who & CAMPAIGN_ROLES:
        _check_role(rule, request, user, kwargs)
    elif not user.is_superuser:
        raise NotFound(gettext("There is nothing here."))


def _check_scope(rule: Rule, token: ApiToken) -> None:
    if rule.scope is None:
        raise Forbidden("This act needs a person's own session, not an API token.")
    if rule.scope not in token.scopes:
        raise Forbidden(f"The token lacks the scope {rule.scope}.", scope=rule.scope)


def _check_role(
    rule: Rule, request: HttpRequest | Request, user: User, kwargs: Mapping[str, Any]
) -> None:
    membership = membership_of(user, kwargs["campaign_id"])
    if membership.role not in {who.value for who in rule.who}:
        reason = gettext("Your role in this campaign does not allow this.")
        raise Forbidden(reason, role=membership.role)
    request.membership = membership  # type: ignore[union-attr]  # read by campaign_of


class ApiGate(BasePermission):
    """Apply the declared rule to REST API views, and let each write be done once a key."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True, or raise the refusal."""
        token = request.auth if isinstance(request.auth, ApiToken) else None
        # DRF hands the view its own request object, the gate marks that one.
        method = request.method or "GET"
        if method == "OPTIONS":
            raise NotFound("There is nothing here.")
        rule = rule_for(view, method)
        apply_rule(rule, request, view.kwargs, token)
        write_once(view, request, rule)
        return True


class WebGate:
    """Apply the declared rule to pages, and turn refusals into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let the view run, or answer in its place."""
        if _is_api(view):
            return None
        try:
            apply_rule(web_rule(request, view), request, kwargs, None)
        except DomainError as refusal:
            return answer_refusal(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Turn a refusal raised by a page into a page that says it."""
        return answer_refusal(request, error) if isinstance(error, DomainError) else None


def web_rule(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> Rule | None:
    """Return the rule that holds for a page view, a library's view or the Django admin."""
    match = request.resolver_match
    if match is not None and match.namespace == ADMIN_NAMESPACE:
        return OPERATORS
    if match is not None and match.view_name in LIBRARY_RULES:
        if request.method not in LIBRARY_METHODS:
            return None
        return LIBRARY_RULES[match.view_name]
    return rule_for(view, request.method or "GET")


def _is_api(view: Callable[..., HttpResponseBase]) -> bool:
    from rest_framework.views import APIView  # noqa: PLC0415 - DRF's views load this module

    return issubclass(getattr(view, "cls", object), APIView)


def answer_refusal(request: HttpRequest, refusal: DomainError) -> HttpResponseBase:
    """Answer a refusal as a page: the sign-in page, or what was refused and what to do."""
    if isinstance(refusal, SignInNeeded) and request.method == "GET":
        return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")
    status = STATUS_OF[refusal.kind]
    return render(request, "refusal.html", {"refusal": refusal, "status": status}, status=status)
