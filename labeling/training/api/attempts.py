"""How people do in training and qualification, over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.campaigns.queries import campaign_of
from labeling.shapes import PageQuery, answer_page, page_of, read
from labeling.training.api.items import TAGS
from labeling.training.enums import AttemptState, Use
from labeling.training.queries import attempts_of


class AttemptOut(serializers.Serializer[Any]):
    """One attempt of one person, with the terms that it began with."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField(source="person_id")
    name = serializers.CharField(source="person.get_short_name")
    use = serializers.ChoiceField(choices=Use.choices)
    number = serializers.IntegerField(help_text="Of this person and use, from 1.")
    state = serializers.ChoiceField(choices=AttemptState.choices)
    pass_percent = serializers.IntegerField(allow_null=True, help_text="Null for a training.")
    most_items = serializers.IntegerField()
    answered = serializers.IntegerField(help_text="Answers that count.")
    agreed = serializers.IntegerField(help_text="Of these, how many agree with the reference.")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Null while it runs.")


class AttemptsQuery(PageQuery):
    """The query parameters of the list of attempts."""

    use = serializers.ChoiceField(choices=Use.choices, required=False)


class Attempts(APIView):
    """Everybody's attempts in a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": MANAGERS.with_scope(Scope.JUDGMENTS_READ)}

    @extend_schema(
        summary="List attempts at training and qualification",
        tags=TAGS,
        parameters=[AttemptsQuery],
        responses=page_of(AttemptOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of attempts, newest first."""
        use = read(AttemptsQuery, request.query_params).get("use")
        found = attempts_of(campaign_of(request))
        return answer_page(request, found.filter(use=use) if use else found, AttemptOut)
