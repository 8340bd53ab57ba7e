"""The small cast: people and campaigns, made by the services that make them in earnest."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from django.test import Client

from labeling.access import Scope
from labeling.accounts.models import User
from labeling.accounts.services.tokens import LONGEST_LIFE, make_token
from labeling.campaigns.enums import CampaignState, Role
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.services import add_member, create_campaign, set_state
from labeling.clock import database_now

PASSWORD = "a long enough passphrase"
_numbers = count(1)


def make_user(email: str = "", *, display_name: str = "", **fields: Any) -> User:
    """Make a person who has an account with PASSWORD; the name is the address's first part."""
    address = email or f"person{next(_numbers)}@annotate.localhost"
    name = display_name or address.partition("@")[0]
    return User.objects.create_user(address, PASSWORD, display_name=name, **fields)


def make_operator(email: str = "operator@annotate.localhost") -> User:
    """Make an operator."""
    return User.objects.create_superuser(email, PASSWORD, display_name="operator")


def make_campaign(manager: User | None = None, *, state: str = "active", **fields: Any) -> Campaign:
    """Make a campaign with a guide, in ``state``, managed by ``manager`` (or somebody new)."""
    user = manager or make_user()
    given = {"name": f"Campaign {next(_numbers)}", "guideline": "Prefer what is true.", **fields}
    campaign = create_campaign(user=user, **given)
    if state != CampaignState.DRAFT:
        campaign = set_state(campaign=campaign, state=CampaignState.ACTIVE, by=user)
    if state not in {CampaignState.DRAFT, CampaignState.ACTIVE}:
        campaign = set_state(campaign=campaign, state=state, by=user)
    return campaign


def add_person(campaign: Campaign, user: User, role: str = Role.ANNOTATOR) -> Membership:
    """Give a person a role in a campaign."""
    return add_member(
        campaign=campaign, email=user.email, role=role, by=campaign.created_by, now=database_now()
    ).membership


def make_member(campaign: Campaign, role: str = Role.ANNOTATOR, email: str = "") -> User:
    """Make a person with a role in a campaign."""
    user = make_user(email)
    add_person(campaign, user, role)
    return user


def make_bearer(user: User, *scopes: Scope) -> dict[str, str]:
    """Make an API token with ``scopes`` (all unless named); return the header that carries it."""
    now = database_now()
    _, secret = make_token(
        user=user, name="test", scopes=scopes or Scope, expires_at=now + LONGEST_LIFE, now=now
    )
    return {"Authorization": f"Bearer {secret}"}


def signed_in(user: User) -> Client:
    """Return a test client in which the person is signed in."""
    client = Client()
    client.force_login(user, backend="labeling.accounts.authentication.Links")
    return client


@dataclass(frozen=True)
class Cast:
    """Everybody a test may need around one active campaign, and a stranger with their own."""

    campaign: Campaign
    manager: User
    annotator: User
    teammate: User
    reviewer: User
    stranger: User
    foreign: Campaign
    operator: User


def make_cast(**fields: Any) -> Cast:
    """Make the cast; ``fields`` go to its campaign."""
    manager = make_user("manager@annotate.localhost")
    stranger = make_user("stranger@annotate.localhost")
    campaign = make_campaign(manager, **fields)
    return Cast(
        campaign=campaign,
        manager=manager,
        annotator=make_member(campaign, email="annotator@annotate.localhost"),
        teammate=make_member(campaign, email="teammate@annotate.localhost"),
        reviewer=make_member(campaign, Role.REVIEWER, "reviewer@annotate.localhost"),
        stranger=stranger,
        foreign=make_campaign(stranger, name="Somebody else's"),
        operator=make_operator(),
    )
