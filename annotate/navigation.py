"""The places of the navigation bar: those that exist and that the person may open."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from labeling.access import CAMPAIGN_ROLES, Who, rule_for
from labeling.campaigns.models import Membership
from labeling.wording import LazyText, gettext_lazy, pgettext_lazy

HOME = ("home", gettext_lazy("Campaigns"), ("campaign-new",))
# The route that a place leads to, its label, and further routes that lie inside it.
IN_CAMPAIGN = (
    ("campaign", gettext_lazy("Overview"), ("campaign-edit",)),
    ("guide", gettext_lazy("Guide"), ("guide-edit", "guide-version")),
    ("rank", pgettext_lazy("place where people rank", "Rank"), ("rank-history",)),
    (
        "training",
        gettext_lazy("Training"),
        (
            "training-attempt",
            "training-items",
            "training-item",
            "training-plan",
            "training-people",
            "training-objections",
            "training-decide",
        ),
    ),
    ("prompts", gettext_lazy("Prompts"), ("prompt", "prompt-import", "prompt-set")),
    (
        "generation",
        gettext_lazy("Responses"),
        (
            "run",
            "run-held",
            "run-start",
            "generator-add",
            "response",
            "prompt-responses",
            "revisions",
            "revisions-start",
            "constitution-write",
            "servers",
            "server-add",
            "server-key",
            "judgings",
            "judging-start",
            "judging",
        ),
    ),
    ("rounds", gettext_lazy("Rounds"), ("round-edit",)),
    ("allocation", gettext_lazy("Policy"), ()),
    (
        "progress",
        gettext_lazy("Progress"),
        (
            "comparisons",
            "comparison",
            "comparison-known",
            "comparison-keep",
            "comparison-set-aside",
        ),
    ),
    ("exports", gettext_lazy("Exports"), ("export", "revocations", "prompt-erase")),
    ("members", gettext_lazy("Members"), ("member-edit", "member-remove", "member-invite")),
)


@dataclass(frozen=True)
class Place:
    """One link of the navigation bar."""

    label: str
    url: str
    is_here: bool
    is_home: bool = False


def places_for(request: HttpRequest) -> list[Place]:
    """Return the places for this person: their campaigns, and those of the route's campaign."""
    if not request.user.is_authenticated:
        return []
    match = request.resolver_match
    here = (match.url_name if match else None) or ""
    places = [_place(HOME, here, {})]
    membership = getattr(request, "membership", None)
    if membership is not None:
        kwargs = {"campaign_id": membership.campaign.pk}
        places += [_place(entry, here, kwargs, membership) for entry in IN_CAMPAIGN]
    return [place for place in places if place is not None]


def _place(
    entry: tuple[str, LazyText, tuple[str, ...]],
    here: str,
    kwargs: dict[str, int],
    membership: Membership | None = None,
) -> Place | None:
    name, label, inside = entry
    try:
        url = reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return None
    if membership is not None and not _may_open(url, membership):
        return None
    return Place(str(label), url, here in {name, *inside}, is_home=not kwargs)


def _may_open(url: str, membership: Membership) -> bool:
    rule = rule_for(resolve(url).func, "GET")
    if rule is None:
        return False
    return not rule.who & CAMPAIGN_ROLES or Who(membership.role) in rule.who
