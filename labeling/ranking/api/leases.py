"""The next comparison for a person, and the leases they hold: keep them, give them back."""

from datetime import timedelta
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import Rule
from labeling.accounts.queries import user_of
from labeling.assignment.services.claiming import MOST_HELD, Why, claim_next
from labeling.assignment.services.leases import release_all, renew
from labeling.campaigns.queries import asked_at, campaign_of, member_in
from labeling.clock import database_now
from labeling.ranking.api.shown import ANSWER_RULE, TAGS, AssignmentOut, as_shown
from labeling.ranking.queries import paper_for, standing_of
from labeling.shapes import Strict, read, show

MOST_GRACE = 600


class NextIn(Strict):
    """How many comparisons to hold at a time, so that the next is at hand at once."""

    hold = serializers.IntegerField(default=1, min_value=1, max_value=MOST_HELD)


class NextOut(serializers.Serializer[Any]):
    """The person's lease, or null when nothing is left for them; and how far they are."""

    assignment = AssignmentOut(allow_null=True)
    upcoming = AssignmentOut(many=True, help_text="What else the person holds, in order.")
    why = serializers.ChoiceField(
        choices=Why.choices,
        allow_null=True,
        help_text="Why there is nothing, or less than asked for.",
    )
    done = serializers.IntegerField(help_text="Comparisons this person has judged or skipped.")
    open = serializers.IntegerField(help_text="Judgments the campaign still wants from anyone.")


class Next(APIView):
    """The next comparison for this person."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Claim the next comparison",
        description="Renews the leases the person already holds, and leases more up to `hold`.",
        tags=TAGS,
        request=NextIn,
        responses=NextOut,
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Lease the person their next comparison."""
        hold = read(NextIn, request.data)["hold"]
        return Response(show(NextOut, claimed(request, hold)))


def claimed(request: Request, hold: int) -> dict[str, Any]:
    """Claim up to ``hold`` comparisons for a request's person; return them for ``NextOut``."""
    campaign = campaign_of(request)
    claim = claim_next(member=member_in(request), now=asked_at(request), hold=hold)
    shown = [as_shown(paper_for(campaign, each)) for each in claim.assignments]
    standing = standing_of(campaign, user_of(request), claim.desk)
    return {
        "assignment": shown[0] if shown else None,
        "upcoming": shown[1:],
        "why": claim.why,
        "done": standing.done,
        "open": standing.open,
    }


class HeartbeatIn(Strict):
    """The tokens of the leases that a page or program still works on."""

    tokens = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_HELD
    )


class LiveOut(serializers.Serializer[Any]):
    """One lease that is live, and until when."""

    id = serializers.IntegerField()
    token = serializers.UUIDField()
    expires_at = serializers.DateTimeField()


class HeartbeatOut(serializers.Serializer[Any]):
    """Which of the leases are live; an answer to a lost one is still taken."""

    live = LiveOut(many=True)
    lost = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="Tokens whose lease is over, or was replaced by a newer one.",
    )


class GivenBackIn(Strict):
    """One lease that is given back."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    token = serializers.UUIDField()


class GiveBackIn(Strict):
    """The leases that are given back."""

    leases = serializers.ListField(child=GivenBackIn(), min_length=1, max_length=MOST_HELD)
    in_seconds = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=MOST_GRACE,
        help_text="Give them back only after this time, unless they are renewed before.",
    )


class Heartbeat(APIView):
    """The leases that somebody still works on."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Keep leases alive",
        description="Puts off the expiry of the leases with these tokens.",
        tags=TAGS,
        request=HeartbeatIn,
        responses=HeartbeatOut,
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Renew what is live, and name what is lost."""
        tokens = read(HeartbeatIn, request.data)["tokens"]
        live = renew(
            campaign=campaign_of(request),
            annotator=user_of(request),
            tokens=tokens,
            now=database_now(),
        )
        kept = {each.token for each in live}
        lost = [token for token in dict.fromkeys(tokens) if token not in kept]
        return Response(HeartbeatOut({"live": live, "lost": lost}).data)


class GiveBack(APIView):
    """Leases given back together."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        operation_id="campaigns_assignments_give_back",
        summary="Give several leases back unanswered",
        description="What a page does when it is closed. Leases that are over, and what is not "
        "yours, are left as they are.",
        tags=TAGS,
        request=GiveBackIn,
        responses={204: None},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Return the slots to the queue."""
        given = read(GiveBackIn, request.data)
        release_all(
            campaign=campaign_of(request),
            annotator=user_of(request),
            tokens={each["id"]: each["token"] for each in given["leases"]},
            now=database_now(),
            grace=timedelta(seconds=given["in_seconds"]),
        )
        return Response(status=204)
