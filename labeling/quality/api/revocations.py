"""What is revoked, over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.prompts.queries import prompt_for
from labeling.quality.models import Revocation
from labeling.quality.queries import annotator_for, revocation_in, revocations_of
from labeling.quality.rules import LONGEST_REASON, LONGEST_SOURCE
from labeling.quality.services.revoking import lift, revoke
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

TAGS = ["quality"]
READS = MANAGERS.with_scope(Scope.JUDGMENTS_READ)
WRITES = MANAGERS.with_scope(Scope.JUDGMENTS_WRITE)


class RevocationIn(Strict):
    """What to revoke: one person, one prompt or one source of prompts."""

    annotator = serializers.IntegerField(min_value=1, required=False, help_text="A person's id.")
    prompt = serializers.IntegerField(min_value=1, required=False)
    source = serializers.CharField(  # type: ignore[assignment]  # the name of an attribute, too
        max_length=LONGEST_SOURCE, required=False
    )
    reason = serializers.CharField(max_length=LONGEST_REASON)


class RevocationOut(serializers.ModelSerializer[Revocation]):
    """One revocation; in force while `lifted_at` is null, and for good with `erased_at`."""

    class Meta:
        model = Revocation
        fields = (
            "id", "annotator", "prompt", "source", "reason", "made_by", "made_at", "lifted_by",
            "lifted_at", "erased_at",
        )  # fmt: skip


class Revocations(APIView):
    """The revocations of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READS, "POST": WRITES}

    @extend_schema(
        summary="List what is and was revoked",
        tags=TAGS,
        parameters=[PageQuery],
        responses=page_of(RevocationOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of revocations, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, revocations_of(campaign_of(request)), RevocationOut)

    @extend_schema(
        summary="Revoke a person's work, a prompt or a source",
        description="No export from now on has it, and those that have are marked. Nothing is "
        "deleted: lifted, it counts again.",
        tags=TAGS,
        request=RevocationIn,
        responses={201: RevocationOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Revoke, and have the exports looked through."""
        given = read(RevocationIn, request.data)
        campaign = campaign_of(request)
        made = revoke(
            campaign=campaign,
            by=user_of(request),
            reason=given["reason"],
            now=database_now(),
            **_named(campaign, given),
        )
        ring("exports.find_removals")
        return Response(RevocationOut(made).data, status=201)


class LiftRevocation(APIView):
    """One revocation, ended."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITES}

    @extend_schema(summary="Lift a revocation", tags=TAGS, request=None, responses=RevocationOut)
    def post(self, request: Request, campaign_id: int, revocation_id: int) -> Response:
        """Let it count again."""
        found = revocation_in(campaign_of(request), revocation_id)
        lifted = lift(revocation=found, by=user_of(request), now=database_now())
        return Response(RevocationOut(lifted).data)


def _named(campaign: Campaign, given: dict[str, Any]) -> dict[str, Any]:
    """Return what is named as `revoke` takes it; raise NotFound for what is not there."""
    named: dict[str, Any] = {}
    if "annotator" in given:
        named["annotator"] = annotator_for(campaign, given["annotator"])
    if "prompt" in given:
        named["prompt"] = prompt_for(campaign, given["prompt"])
    if "source" in given:
        named["source"] = given["source"]
    return named
