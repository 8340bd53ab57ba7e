"""Members over REST: list, add and invite, change, remove.

Only a manager's own session changes members: a token that could would outlive its revocation.
"""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope, answers_secrets
from labeling.accounts.queries import has_come, link_url, user_of
from labeling.campaigns.abilities import (
    LONGEST_LANGUAGE,
    LONGEST_SKILL,
    MOST_LANGUAGES,
    MOST_SKILLS,
)
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Membership
from labeling.campaigns.queries import campaign_of, member_of, members_of
from labeling.campaigns.services import Added, add_members, change_member, remove_member
from labeling.campaigns.services.members import MOST_AT_ONCE
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

TAGS = ["members"]


class NewMemberIn(Strict):
    """One person to add, by e-mail address."""

    email = serializers.CharField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices, default=Role.ANNOTATOR)


class NewMembersIn(Strict):
    """The people to add: all of them or, if one entry does not hold, nobody."""

    members = serializers.ListField(child=NewMemberIn(), min_length=1, max_length=MOST_AT_ONCE)


class MemberIn(Strict):
    """What is to be changed of a member."""

    role = serializers.ChoiceField(choices=Role.choices, required=False)
    languages = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_LANGUAGE),
        max_length=MOST_LANGUAGES,
        required=False,
        help_text="Tags such as `en` or `pt-BR` of the languages they judge; none means any.",
    )
    skills = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_SKILL),
        max_length=MOST_SKILLS,
        required=False,
        help_text="Each as in a prompt's tag `skill:<name>`, letter by letter, without `skill:`.",
    )
    qualified = serializers.BooleanField(
        required=False, help_text="Whether they may start where a campaign asks for it."
    )


class MemberOut(serializers.Serializer[Any]):
    """One member, as managers see them."""

    id = serializers.IntegerField()
    email = serializers.EmailField(source="user.email")
    display_name = serializers.CharField(source="user.display_name")
    role = serializers.ChoiceField(choices=Role.choices)
    languages = serializers.ListField(child=serializers.CharField())
    skills = serializers.ListField(child=serializers.CharField())
    qualified = serializers.SerializerMethodField()
    qualified_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when a manager finds them fit; null when not."
    )
    has_come = serializers.SerializerMethodField(help_text="Whether they ever signed in.")
    created_at = serializers.DateTimeField()

    def get_qualified(self, membership: Membership) -> bool:
        """Tell whether a manager finds the member fit."""
        return membership.qualified_at is not None

    def get_has_come(self, membership: Membership) -> bool:
        """Tell whether the member has entered their account yet."""
        return has_come(membership.user)


class AddedOut(serializers.Serializer[Any]):
    """One person who is a member now, with the invitation link if the account is new."""

    member = MemberOut(source="membership")
    is_new = serializers.BooleanField(help_text="False for those who were members before.")
    link = serializers.SerializerMethodField(
        allow_null=True, help_text="The single-use invitation link; only this answer has it."
    )

    def get_link(self, added: Added) -> str | None:
        """Return the whole address of the invitation."""
        return link_url(added.link) if added.link else None


class AddedManyOut(serializers.Serializer[Any]):
    """Everybody named in the request, in its order."""

    results = AddedOut(many=True)


@answers_secrets
class Members(APIView):
    """The members of a campaign."""

    access: ClassVar[dict[str, Rule]] = {
        "GET": MANAGERS.with_scope(Scope.CAMPAIGNS_READ),
        "POST": MANAGERS,
    }

    @extend_schema(
        operation_id="campaigns_members_list",
        tags=TAGS,
        summary="List members",
        parameters=[PageQuery],
        responses=page_of(MemberOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of members, in the order in which they joined."""
        read(PageQuery, request.query_params)
        return answer_page(request, members_of(campaign_of(request)), MemberOut, ordering="id")

    @extend_schema(
        tags=TAGS,
        summary="Add up to 500 people",
        description="An address without an account gets one, and a single-use invitation link. "
        "Members keep the role they have. All are added or none.",
        request=NewMembersIn,
        responses={201: AddedManyOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Add people and answer the invitation links of those who are new here."""
        given = read(NewMembersIn, request.data)["members"]
        campaign = campaign_of(request)
        added = add_members(
            campaign=campaign,
            people=[(person["email"], person["role"]) for person in given],
            by=user_of(request),
            now=database_now(),
        )
        ring("assignment.plan_comparisons", campaign_id=campaign.pk)
        return Response(AddedManyOut({"results": added}).data, status=201)


class OneMember(APIView):
    """One member of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"PATCH": MANAGERS, "DELETE": MANAGERS}

    @extend_schema(
        tags=TAGS,
        summary="Change a member",
        description="Their role, and what decides which work reaches them; what is not given "
        "stays. It holds from their next claim on.",
        request=MemberIn,
        responses=MemberOut,
    )
    def patch(self, request: Request, campaign_id: int, membership_id: int) -> Response:
        """Change what is given: all of it or nothing."""
        given = read(MemberIn, request.data)
        membership = member_of(campaign_of(request), membership_id)
        now = database_now()
        changed = change_member(membership=membership, by=user_of(request), now=now, **given)
        ring("assignment.plan_comparisons", campaign_id=campaign_id)
        return Response(MemberOut(changed).data)

    @extend_schema(tags=TAGS, summary="Remove a member", responses={204: None})
    def delete(self, request: Request, campaign_id: int, membership_id: int) -> Response:
        """Take the member out; what they judged stays."""
        membership = member_of(campaign_of(request), membership_id)
        remove_member(membership=membership, by=user_of(request), now=database_now())
        ring("assignment.plan_comparisons", campaign_id=campaign_id)
        return Response(status=204)
