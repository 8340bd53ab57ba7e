"""Every way to ask a route for something, and the answer each of them must get."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from labeling.access import CAMPAIGN_ROLES, Rule, Who
from tests.security.actors import Actor, admits
from tests.security.routes import Route
from tests.security.world import World

# What an id in an address names decides who may use it there. A new name has to be put here.
CAMPAIGN = {"campaign_id"}
SHARED = {
    "prompt_set_id", "prompt_id", "run_id", "generator_id", "export_id", "membership_id",
    "comparison_id", "candidate_id", "item_id", "objection_id", "server_id", "judging_id",
    "revocation_id",
}  # fmt: skip
PERSONAL = {"assignment_id", "judgment_id", "token_id", "attempt_id", "trial_id"}
PLAIN: dict[str, Any] = {
    "version": 1,
    "number": 1,
    "signed": "no-such-link",
    "signed_file": "no-such-link",
    "name": "manifest.json",
    "uidb36": "1",
    "key": "no-such-key",
    "path": "manifest.json",
}
ABSENT = {"missing": 987_654_321, "past the column": 2**64}
COLLEAGUE = {"annotator": "teammate", "teammate": "annotator", "stranger": "worker"}
# Who may make campaigns is not a role in one, so these decide inside the view.
DECIDED_INSIDE = {("api-campaigns", "POST"), ("campaign-new", "GET"), ("campaign-new", "POST")}
NOT_HERE, NOWHERE = "api-not-here", "/api/v1/no-such-thing/"
REACHED = "reached"


@dataclass(frozen=True)
class Case:
    """One address, filled in: ``own`` tells whether every object named is the actor's to ask for.

    ``campaign_own`` is None where the route names no campaign.
    """

    label: str
    url: str
    ids: dict[str, Any]
    own: bool
    campaign_own: bool | None


def cases(route: Route, actor: Actor, world: World) -> Iterator[Case]:
    """Yield the address with own ids, foreign ids, each mixture of them, and absent ones."""
    home, away = world.sides[actor.side], world.sides["B" if actor.side == "A" else "A"]
    own = home.ids(actor.person or "annotator")
    foreign = away.ids("annotator" if away.letter == "A" else "worker")
    colleague = home.ids(COLLEAGUE.get(actor.person, "annotator"))
    objects = set(route.ids) & (SHARED | PERSONAL)
    unknown = set(route.ids) - CAMPAIGN - SHARED - PERSONAL - PLAIN.keys()
    assert not unknown, f"/{route.pattern}: say in {__name__} what {unknown} names"
    personal = set(route.ids) & PERSONAL

    def case(label: str, campaign: dict, things: dict, *, is_own: bool) -> Case:
        picked = {name: (campaign if name in CAMPAIGN else {**PLAIN, **things})[name]
                  for name in route.ids}  # fmt: skip
        in_own = campaign is own if "campaign_id" in route.ids else None
        # An operator is at home in every campaign, but the objects must still be that one's.
        if actor.is_operator and in_own is False:
            in_own, is_own = True, things is campaign and not personal
        url = NOWHERE if route.name == NOT_HERE else reverse(route.name, kwargs=picked)
        return Case(label, url, {**things, **picked}, is_own, in_own)

    yield case("own", own, own, is_own=not (actor.is_operator and personal))
    if "campaign_id" in route.ids or objects:
        yield case("foreign", foreign, foreign, is_own=False)
        for label, number in ABSENT.items():
            nothing = dict.fromkeys(route.ids, number)
            yield case(
                label, own if objects else nothing, {**own, **nothing, **PLAIN}, is_own=False
            )
    if "campaign_id" in route.ids and objects:
        yield case("own campaign, foreign object", own, foreign, is_own=False)
        yield case("foreign campaign, own object", foreign, own, is_own=False)
    if personal:
        yield case("a colleague's", own, colleague, is_own=False)


def expected(route: Route, method: str, actor: Actor, case: Case) -> set[int] | str:
    """Return the statuses that answer this request, or REACHED."""
    rule = route.rule(method)
    if rule is None or route.name == NOT_HERE:
        return {404}
    if Who.PUBLIC in rule.who:
        return REACHED
    anonymous = actor.name == "anonymous" or (not route.is_api and actor.is_anonymous_on_pages)
    if anonymous:
        return {302} if method == "GET" and not route.is_api else {401}
    if actor.scopes is not None and (rule.scope is None or rule.scope not in actor.scopes):
        return {403}
    if rule.who & CAMPAIGN_ROLES:
        return _in_campaign(rule, actor, case)
    if Who.OPERATOR in rule.who and not actor.is_operator:
        return {404}
    if (route.name, method) in DECIDED_INSIDE and not admits_managers(actor):
        return {403}
    return REACHED if case.own else {404}


def _in_campaign(rule: Rule, actor: Actor, case: Case) -> set[int] | str:
    if not case.campaign_own:
        return {404}
    if not admits(rule, actor):
        return {403, 404} if case.label in ABSENT else {403}
    return REACHED if case.own else {404}


def admits_managers(actor: Actor) -> bool:
    """Tell whether the actor manages a campaign somewhere."""
    return actor.is_operator or actor.role == "manager"
