"""Endpoints of what is compared, and of leases that are given back."""

from typing import ClassVar

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, RANKERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.assignment.enums import ComparisonState
from labeling.assignment.lanes import turn_of
from labeling.assignment.models import Comparison
from labeling.assignment.queries import comparisons_of, kept_for
from labeling.assignment.services.leases import release
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read


class ReleaseIn(Strict):
    """The token of the lease that is given back."""

    token = serializers.UUIDField()


class ComparisonOut(serializers.ModelSerializer[Comparison]):
    """One comparison with its candidates and how far it is judged."""

    candidates = serializers.SerializerMethodField(help_text="Candidate ids by slot.")
    skips = serializers.IntegerField(help_text="People who skipped it since it was restored last.")
    gold = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="The known answer as ranks by slot, where there is one.",
    )
    turn = serializers.SerializerMethodField(
        help_text="When it is handed out: `first`, `usual` or `last`."
    )
    withheld = serializers.SerializerMethodField(
        help_text="Personal data was reported of its prompt, and no manager has reviewed it yet."
    )
    kept_for = serializers.SerializerMethodField(
        help_text="Ids of the members for whom a slot is kept."
    )

    class Meta:
        model = Comparison
        fields = (
            "id", "prompt", "candidates", "drawn", "state", "wanted", "judged", "open_slots",
            "skips", "gold", "turn", "withheld", "kept_for", "created_at",
        )  # fmt: skip

    def get_candidates(self, comparison: Comparison) -> list[int]:
        """Return the ids of the candidates by slot."""
        return [slot.candidate_id for slot in comparison.slots.all()]

    def get_turn(self, comparison: Comparison) -> str:
        """Return when the comparison is handed out."""
        return turn_of(comparison.lane.priority)

    def get_withheld(self, comparison: Comparison) -> bool:
        """Tell whether nobody is shown the comparison until a manager has reviewed it."""
        return comparison.withheld_from != ""

    def get_kept_for(self, comparison: Comparison) -> list[int]:
        """Return the ids of the memberships of the people for whom a slot is kept."""
        return [membership for membership, _ in kept_for(comparison)]


class ComparisonsQuery(PageQuery):
    """The query parameters of the list of comparisons."""

    state = serializers.ChoiceField(choices=ComparisonState.choices, required=False)
    withheld = serializers.BooleanField(
        allow_null=True, default=None, help_text="What waits for a review after a report."
    )


class Comparisons(APIView):
    """What is compared in a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": MANAGERS.with_scope(Scope.JUDGMENTS_READ)}

    @extend_schema(
        summary="List the comparisons",
        tags=["assignment"],
        parameters=[ComparisonsQuery],
        responses=page_of(ComparisonOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """List the campaign's comparisons, newest first."""
        asked = read(ComparisonsQuery, request.query_params)
        found = comparisons_of(campaign_of(request))
        if "state" in asked:
            found = found.filter(state=asked["state"])
        if asked["withheld"] is not None:
            waits = ~Q(withheld_from="")
            found = found.filter(waits if asked["withheld"] else ~waits)
        return answer_page(request, found, ComparisonOut)


class Release(APIView):
    """A lease given back."""

    access: ClassVar[dict[str, Rule]] = {"POST": RANKERS.with_scope(Scope.JUDGMENTS_WRITE)}

    @extend_schema(
        summary="Give a lease back unanswered",
        tags=["assignment"],
        request=ReleaseIn,
        responses={204: None},
    )
    def post(self, request: Request, campaign_id: int, assignment_id: int) -> Response:
        """Return the slot to the queue; a lease that is already over is left as it is."""
        token = read(ReleaseIn, request.data)["token"]
        release(
            campaign=campaign_of(request),
            annotator=user_of(request),
            assignment_id=assignment_id,
            token=token,
            now=database_now(),
        )
        return Response(status=204)
