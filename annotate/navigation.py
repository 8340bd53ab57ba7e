"""The places of the navigation bar: those that exist and that the person may open."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from labeling.access import CAMPAIGN_ROLES, Who, rule_for
from labeling.campaigns.models import Membership

HOME = ("home", "Campaigns", ("campaign-new",))
# The route that a place leads to, its label, and further routes that lie inside it.
IN_CAMPAIGN = (
    ("campaign", "Overview", ("campaign-edit",)),
    ("guide", "Guide", ("guide-edit", "guide-version")),
    ("rank", "Rank", ("rank-history",)),
    (
        "training",
        "Training",
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
    ("prompts", "Prompts", ("prompt", "prompt-import", "prompt-set")),
    ("generation", "Responses", ("run", "run-start", "generator-add")),
    ("rounds", "Rounds", ("round-edit",)),
    ("allocation", "Policy", ()),
    (
        "progress",
        "Progress",
        (
            "comparisons",
            "comparison",
            "comparison-known",
            "comparison-keep",
            "comparison-set-aside",
        ),
    ),
    ("exports", "Exports", ("export",)),
    ("members", "Members", ("member-edit", "member-remove", "member-invite")),
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
    entry: tuple[str, str, tuple[str, ...]],
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
    return Place(label, url, here in {name, *inside}, is_home=not kwargs)


def _may_open(url: str, membership: Membership) -> bool:
    rule = rule_for(resolve(url).func, "GET")
    if rule is None:
        return False
    return not rule.who & CAMPAIGN_ROLES or Who(membership.role) in rule.who
