"""Endpoints of what managers decide of single comparisons."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.assignment.api.comparisons import ComparisonOut
from labeling.assignment.enums import Turn
from labeling.assignment.queries import comparison_for, people_named
from labeling.assignment.services.directing import direct, withdraw
from labeling.assignment.services.marking import (
    mark_gold,
    restore,
    retire,
    set_turn,
    unmark_gold,
)
from labeling.assignment.services.withholding import review_prompt
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.prompts.queries import prompt_for
from labeling.shapes import Strict, read

TAGS = ["assignment"]
MOST_AT_ONCE = 100
DECIDES = MANAGERS.with_scope(Scope.JUDGMENTS_WRITE)


class DirectedIn(Strict):
    """The members for whom a slot is to be kept."""

    members = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        min_length=1,
        max_length=MOST_AT_ONCE,
        help_text="Ids from the list of members.",
    )


class GoldIn(Strict):
    """The known answer."""

    ranks = serializers.ListField(
        child=serializers.IntegerField(),
        max_length=9,
        help_text="The rank of the response in each slot: 1 is best, equal is a tie, no gaps.",
    )


class TurnIn(Strict):
    """When a comparison is to be handed out."""

    turn = serializers.ChoiceField(
        choices=Turn.choices, help_text="What was begun is finished first, whatever its turn."
    )


class ReviewIn(Strict):
    """What becomes of the comparisons of a prompt that are withheld."""

    hand_out = serializers.BooleanField(
        help_text="True: each is again what it was. False: they stay retired."
    )


class ReviewedOut(serializers.Serializer[Any]):
    """How many comparisons are withheld no more."""

    comparisons = serializers.IntegerField()


def _decision(request: Request, comparison_id: int) -> dict[str, Any]:
    """Return what every decision takes."""
    return {
        "campaign": campaign_of(request),
        "comparison_id": comparison_id,
        "by": user_of(request),
        "now": database_now(),
    }


def _answer(request: Request, comparison_id: int) -> Response:
    comparison = comparison_for(campaign_of(request), comparison_id)
    return Response(ComparisonOut(comparison).data)


class Directed(APIView):
    """The people by name for whom slots of a comparison are kept."""

    access: ClassVar[dict[str, Rule]] = {"POST": DECIDES}

    @extend_schema(
        summary="Keep a comparison for members by name",
        description="It is the next that each of them is given. Free slots are taken first; "
        "beyond them one more judgment is wanted for each. All are named or none.",
        tags=TAGS,
        request=DirectedIn,
        responses=ComparisonOut,
    )
    def post(self, request: Request, campaign_id: int, comparison_id: int) -> Response:
        """Keep a slot for each of the members."""
        people = people_named(campaign_of(request), read(DirectedIn, request.data)["members"])
        direct(**_decision(request, comparison_id), people=people)
        return _answer(request, comparison_id)


class OneDirected(APIView):
    """The slot of a comparison that is kept for one member."""

    access: ClassVar[dict[str, Rule]] = {"DELETE": DECIDES}

    @extend_schema(
        summary="Keep a comparison for a member no longer", tags=TAGS, responses={204: None}
    )
    def delete(
        self, request: Request, campaign_id: int, comparison_id: int, membership_id: int
    ) -> Response:
        """Give the slot back to everybody."""
        people = people_named(campaign_of(request), [membership_id])
        withdraw(**_decision(request, comparison_id), people=people)
        return Response(status=204)


class Gold(APIView):
    """The known answer of a comparison."""

    access: ClassVar[dict[str, Rule]] = {"PUT": DECIDES, "DELETE": DECIDES}

    @extend_schema(
        summary="Make a comparison a known answer",
        description="It is then a hidden test: given to everybody once, at the campaign's rate, "
        "and never counted.",
        tags=TAGS,
        request=GoldIn,
        responses=ComparisonOut,
    )
    def put(self, request: Request, campaign_id: int, comparison_id: int) -> Response:
        """Set or replace the known answer."""
        ranks = read(GoldIn, request.data)["ranks"]
        mark_gold(**_decision(request, comparison_id), ranks=ranks)
        return _answer(request, comparison_id)

    @extend_schema(summary="Take a known answer away", tags=TAGS, responses={204: None})
    def delete(self, request: Request, campaign_id: int, comparison_id: int) -> Response:
        """Make the comparison ordinary work again."""
        unmark_gold(**_decision(request, comparison_id))
        return Response(status=204)


class Retired(APIView):
    """A comparison that is handed out no more."""

    access: ClassVar[dict[str, Rule]] = {"POST": DECIDES}

    @extend_schema(summary="Retire a comparison", tags=TAGS, request=None, responses=ComparisonOut)
    def post(self, request: Request, campaign_id: int, comparison_id: int) -> Response:
        """Hand the comparison out no more; what people hold or have answered stays."""
        retire(**_decision(request, comparison_id))
        return _answer(request, comparison_id)


class Restored(APIView):
    """A retired comparison that is handed out again."""

    access: ClassVar[dict[str, Rule]] = {"POST": DECIDES}

    @extend_schema(
        summary="Restore a retired comparison", tags=TAGS, request=None, responses=ComparisonOut
    )
    def post(self, request: Request, campaign_id: int, comparison_id: int) -> Response:
        """Hand the comparison out again, first of all; its skips count from 0 again."""
        restore(**_decision(request, comparison_id))
        return _answer(request, comparison_id)


class Reviewed(APIView):
    """What is withheld of a prompt since personal data was reported."""

    access: ClassVar[dict[str, Rule]] = {"POST": DECIDES}

    @extend_schema(
        summary="Review what is withheld of a prompt",
        description="Single comparisons are reviewed by restoring or retiring them.",
        tags=TAGS,
        request=ReviewIn,
        responses=ReviewedOut,
    )
    def post(self, request: Request, campaign_id: int, prompt_id: int) -> Response:
        """Hand all its withheld comparisons out again, or keep them retired."""
        reviewed = review_prompt(
            prompt=prompt_for(campaign_of(request), prompt_id),
            hand_out=read(ReviewIn, request.data)["hand_out"],
            by=user_of(request),
            now=database_now(),
        )
        return Response(ReviewedOut({"comparisons": reviewed}).data)


class OneTurn(APIView):
    """When a comparison is handed out."""

    access: ClassVar[dict[str, Rule]] = {"PUT": DECIDES}

    @extend_schema(
        summary="Hand a comparison out first, last or as usual",
        tags=TAGS,
        request=TurnIn,
        responses=ComparisonOut,
    )
    def put(self, request: Request, campaign_id: int, comparison_id: int) -> Response:
        """Set when the comparison is handed out."""
        turn = Turn(read(TurnIn, request.data)["turn"])
        set_turn(**_decision(request, comparison_id), turn=turn)
        return _answer(request, comparison_id)
