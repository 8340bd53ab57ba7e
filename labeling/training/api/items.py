"""Items set aside for training and qualification, over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read
from labeling.training.enums import Use
from labeling.training.queries import item_for, items_of
from labeling.training.rules import LONGEST_REASON
from labeling.training.services.items import edit_item, set_item_aside, take_item_back

TAGS = ["training"]
READS = MANAGERS.with_scope(Scope.JUDGMENTS_READ)
WRITES = MANAGERS.with_scope(Scope.JUDGMENTS_WRITE)
RANKS_HELP = "The known answer: the rank of the response in each slot, 1 is best, equal is a tie."


def ranks_field(help_text: str = RANKS_HELP) -> serializers.ListField:
    """Return the field of a known answer that may be left out."""
    return serializers.ListField(
        child=serializers.IntegerField(), max_length=9, required=False, help_text=help_text
    )


class ItemEditIn(Strict):
    """The fields of an item to change."""

    use = serializers.ChoiceField(choices=Use.choices, required=False)
    reason = serializers.CharField(
        max_length=LONGEST_REASON,
        required=False,
        help_text="Why the reference prefers it, in Markdown; people read it after their answer.",
    )
    ranks = ranks_field()


class ItemIn(ItemEditIn):
    """A comparison to set aside."""

    comparison = serializers.IntegerField(min_value=1)
    use = serializers.ChoiceField(choices=Use.choices)
    reason = serializers.CharField(max_length=LONGEST_REASON)
    ranks = ranks_field(f"{RANKS_HELP} Needed where it has none.")


class ItemOut(serializers.Serializer[Any]):
    """One item, and how people do on it."""

    id = serializers.IntegerField()
    comparison = serializers.IntegerField(source="comparison_id")
    use = serializers.ChoiceField(choices=Use.choices)
    reason = serializers.CharField()
    ranks = serializers.ListField(
        child=serializers.IntegerField(), source="comparison.gold", allow_null=True
    )
    in_use = serializers.BooleanField(help_text="False once it was taken back.")
    answered = serializers.IntegerField(help_text="Answers that count.")
    agreed = serializers.IntegerField(help_text="Of these, how many agree with the reference.")
    created_at = serializers.DateTimeField()


class Items(APIView):
    """The items of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READS, "POST": WRITES}

    @extend_schema(
        summary="List the items set aside",
        tags=TAGS,
        parameters=[PageQuery],
        responses=page_of(ItemOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of items, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, items_of(campaign_of(request)), ItemOut)

    @extend_schema(
        summary="Set a comparison aside for training or qualification",
        description="It gets its known answer if it has none, and nobody is given it as work or "
        "as a hidden test from then on.",
        tags=TAGS,
        request=ItemIn,
        responses={201: ItemOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Set a comparison aside."""
        given = read(ItemIn, request.data)
        campaign = campaign_of(request)
        item = set_item_aside(
            campaign=campaign,
            comparison_id=given.pop("comparison"),
            by=user_of(request),
            now=database_now(),
            **given,
        )
        return Response(ItemOut(item_for(campaign, item.pk)).data, status=201)


class OneItem(APIView):
    """One item."""

    access: ClassVar[dict[str, Rule]] = {"PATCH": WRITES, "DELETE": WRITES}

    @extend_schema(
        summary="Change an item",
        description="With other `ranks` everybody's answers are scored anew: who passes by that "
        "is qualified, and nobody loses a pass.",
        tags=TAGS,
        request=ItemEditIn,
        responses=ItemOut,
    )
    def patch(self, request: Request, campaign_id: int, item_id: int) -> Response:
        """Change the fields that are given."""
        campaign = campaign_of(request)
        item = item_for(campaign, item_id)
        given = read(ItemEditIn, request.data)
        edit_item(item=item, by=user_of(request), now=database_now(), **given)
        return Response(ItemOut(item_for(campaign, item_id)).data)

    @extend_schema(
        summary="Take an item back",
        description="Its answers count for nobody any more, and its comparison is handed out as "
        "before, except to those who met it.",
        tags=TAGS,
        responses={204: None},
    )
    def delete(self, request: Request, campaign_id: int, item_id: int) -> Response:
        """Use the item no longer."""
        item = item_for(campaign_of(request), item_id)
        take_item_back(item=item, by=user_of(request), now=database_now())
        return Response(status=204)
