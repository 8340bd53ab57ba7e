"""The judging guide over REST: its versions, and a new one."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, MEMBERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of, guidelines_of, member_in
from labeling.campaigns.rules import LONGEST_GUIDELINE
from labeling.campaigns.services import accept_warning, mark_read, publish_guideline
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

TAGS = ["campaigns"]


class GuidelineIn(Strict):
    """The text of a guide, in Markdown."""

    text = serializers.CharField(max_length=LONGEST_GUIDELINE, trim_whitespace=False)
    must_be_read = serializers.BooleanField(
        default=False, help_text="Nobody gets work before they have confirmed that they read it."
    )


class GuidelineOut(serializers.Serializer[Any]):
    """One version of a campaign's guide; the highest is in force."""

    version = serializers.IntegerField()
    text = serializers.CharField()
    must_be_read = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class Guidelines(APIView):
    """The versions of a campaign's judging guide."""

    access: ClassVar[dict[str, Rule]] = {
        "GET": MEMBERS.with_scope(Scope.CAMPAIGNS_READ),
        "POST": MANAGERS.with_scope(Scope.CAMPAIGNS_WRITE),
    }

    @extend_schema(
        operation_id="campaigns_guidelines_list",
        tags=TAGS,
        summary="List the versions of the guide",
        parameters=[PageQuery],
        responses=page_of(GuidelineOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of versions, the one in force first."""
        read(PageQuery, request.query_params)
        rows = guidelines_of(campaign_of(request))
        return answer_page(request, rows, GuidelineOut, ordering="-version")

    @extend_schema(
        tags=TAGS,
        summary="Publish a version of the guide",
        description="The text that is in force already makes no new version.",
        request=GuidelineIn,
        responses={201: GuidelineOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Put the text in force."""
        given = read(GuidelineIn, request.data)
        guide = publish_guideline(campaign=campaign_of(request), by=user_of(request), **given)
        return Response(GuidelineOut(guide).data, status=201)


class ReadingOut(serializers.Serializer[Any]):
    """What you have read of a campaign's guide."""

    guideline_read = serializers.IntegerField(help_text="The latest version that you have read.")


class Reading(APIView):
    """A version of the guide, read."""

    access: ClassVar[dict[str, Rule]] = {"POST": MEMBERS.with_scope(Scope.JUDGMENTS_WRITE)}

    @extend_schema(
        tags=TAGS,
        summary="Confirm that you have read a version of the guide",
        description="Earlier versions count as read with it.",
        request=None,
        responses=ReadingOut,
    )
    def post(self, request: Request, campaign_id: int, version: int) -> Response:
        """Write it down for the person who asks."""
        return Response(ReadingOut(mark_read(membership=member_in(request), version=version)).data)


class WarningOut(serializers.Serializer[Any]):
    """Whether you are ready for what the campaign warns of."""

    warning_accepted = serializers.BooleanField()


class Warned(APIView):
    """The content warning, accepted."""

    access: ClassVar[dict[str, Rule]] = {"POST": MEMBERS.with_scope(Scope.JUDGMENTS_WRITE)}

    @extend_schema(
        tags=TAGS,
        summary="Confirm that you are ready for what a campaign warns of",
        description="Asked again when the warning changes.",
        request=None,
        responses=WarningOut,
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Write it down for the person who asks."""
        return Response(WarningOut(accept_warning(membership=member_in(request))).data)
