"""Reads about campaigns: the one door to each of them."""

from datetime import datetime

from django.db.models import Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest

from labeling.accounts.models import User
from labeling.campaigns.changes import Piece, changed_passages
from labeling.campaigns.enums import Role, RoundState
from labeling.campaigns.models import Campaign, Guideline, Membership, Round
from labeling.clock import database_now
from labeling.errors import Forbidden, NotFound
from labeling.prepared import Prepared
from labeling.wording import gettext

MEMBERSHIP = Prepared(
    lambda campaign_id, user_id: (
        Membership.objects.select_related("campaign")
        .filter(campaign_id=campaign_id, user_id=user_id)
        .annotate(read_at=Now())
    ),
    samples=[-1, -2],
)


def campaigns_of(user: User) -> QuerySet[Campaign]:
    """Return the campaigns a person belongs to, newest first; all of them for an operator."""
    campaigns = Campaign.objects.order_by("-id")
    return campaigns if user.is_superuser else campaigns.filter(memberships__user=user)


def campaigns_seen_by(user: User) -> QuerySet[Campaign]:
    """Return ``campaigns_of`` with the person's ``own_role`` and the ``guide_version`` in force."""
    own = Membership.objects.filter(campaign=OuterRef("pk"), user=user).values("role")[:1]
    role = Value(Role.MANAGER.value) if user.is_superuser else Subquery(own)
    return campaigns_of(user).annotate(
        own_role=role, guide_version=Coalesce(Max("guidelines__version"), 0)
    )


def membership_of(user: User, campaign_id: int) -> Membership:
    """Return a person's membership with its campaign; an operator counts as manager.

    Raises NotFound when there is no such campaign or the person does not belong to it.
    """
    found = MEMBERSHIP.first(campaign_id, user.pk)
    if user.is_superuser:
        campaign = found.campaign if found else Campaign.objects.filter(pk=campaign_id).first()
        if campaign is not None:
            return Membership(campaign=campaign, user=user, role=Role.MANAGER)
    if found is None:
        raise NotFound(gettext("There is no such campaign, or you are not a member of it."))
    found.user = user
    return found


def campaign_of(request: HttpRequest) -> Campaign:
    """Return the campaign of the route, which the gate has already checked and loaded."""
    return member_in(request).campaign


def member_in(request: HttpRequest) -> Membership:
    """Return the membership the gate found for this person in the route's campaign."""
    membership: Membership = request.membership  # type: ignore[attr-defined]  # set by the gate
    return membership


def asked_at(request: HttpRequest) -> datetime:
    """Return the database's time of a request: when the gate read the membership, or now."""
    read_at: datetime | None = getattr(getattr(request, "membership", None), "read_at", None)
    return read_at or database_now()


def role_in(request: HttpRequest) -> Role:
    """Return the role the gate found for this person in the route's campaign."""
    return Role(member_in(request).role)


def lock_campaign(campaign_id: int) -> Campaign:
    """Return the campaign as it is now, its row locked until the transaction ends.

    The lock lets others go on adding rows that point at the campaign.
    """
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def current_round(campaign: Campaign) -> Round:
    """Return the open round of a campaign, or the last one while none is open."""
    rounds = Round.objects.filter(campaign=campaign)
    return rounds.filter(state=RoundState.OPEN).first() or rounds.latest("number")


def rounds_of(campaign: Campaign) -> QuerySet[Round]:
    """Return every round of a campaign, newest first."""
    return Round.objects.filter(campaign=campaign).order_by("-number")


def round_of(campaign: Campaign, number: int) -> Round:
    """Return one round of the campaign by its number, or raise NotFound."""
    found = rounds_of(campaign).filter(number=number).first()
    if found is None:
        raise NotFound(gettext("The campaign has no round of this number."))
    return found


def guideline_of(campaign: Campaign) -> Guideline | None:
    """Return the version of the judging guide in force, or None while there is none."""
    return Guideline.objects.filter(campaign=campaign).order_by("-version").first()


def guidelines_of(campaign: Campaign) -> QuerySet[Guideline]:
    """Return every version of the judging guide, newest first."""
    return Guideline.objects.filter(campaign=campaign).order_by("-version")


def guideline_version(campaign: Campaign, version: int) -> Guideline:
    """Return one version of the campaign's guide, or raise NotFound."""
    found = Guideline.objects.filter(campaign=campaign, version=version).first()
    if found is None:
        raise NotFound(gettext("The guide of this campaign has no such version."))
    return found


def guideline_changes(campaign: Campaign, since: int) -> list[list[Piece]]:
    """Return what changed in the guide since a version that a person read; none since version 0.

    A version never changes, so what lies between two of them is worked out once.
    """
    now = campaign.guideline_version
    if not 0 < since < now:
        return []
    texts = dict(
        Guideline.objects.filter(campaign=campaign, version__in=(since, now)).values_list(
            "version", "text"
        )
    )
    return changed_passages(texts[since], texts[now])


def members_of(campaign: Campaign) -> QuerySet[Membership]:
    """Return the campaign's members with their accounts, in the order in which they joined."""
    return Membership.objects.filter(campaign=campaign).select_related("user").order_by("id")


def member_of(campaign: Campaign, membership_id: int) -> Membership:
    """Return one member of the campaign, or raise NotFound."""
    found = members_of(campaign).select_related("campaign").filter(pk=membership_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such member."))
    return found


def may_create_campaigns(user: User) -> bool:
    """Tell whether the person is an operator or manages a campaign already."""
    if user.is_superuser:
        return True
    return Membership.objects.filter(user=user, role=Role.MANAGER).exists()


def check_may_create(user: User) -> None:
    """Raise Forbidden unless the person may create campaigns."""
    if not may_create_campaigns(user):
        raise Forbidden(
            gettext(
                "Campaigns are created by operators and by managers of a campaign. Ask one of them "
                "to create it and to make you its manager."
            )
        )
