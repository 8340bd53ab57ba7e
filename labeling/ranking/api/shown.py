"""What the operations of the ranking stage have in common: how a comparison is shown."""

from typing import Any

from rest_framework import serializers

from labeling.access import RANKERS, Scope
from labeling.ranking.queries import Paper
from labeling.ranking.services.answering import question_of

ANSWER_RULE = RANKERS.with_scope(Scope.JUDGMENTS_WRITE)
TAGS = ["ranking"]


class TurnOut(serializers.Serializer[Any]):
    """One turn of the prompt."""

    role = serializers.CharField()
    content = serializers.CharField(source="text")


class ResponseOut(serializers.Serializer[Any]):
    """One response under the letter it is shown by; nothing names its model."""

    letter = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField(help_text="The text as safe HTML.")


class QuestionOut(serializers.Serializer[Any]):
    """What the campaign asks about a comparison."""

    criteria = serializers.ListField(child=serializers.CharField())
    tie_allowed = serializers.BooleanField()
    neither_allowed = serializers.BooleanField()
    rationale_required = serializers.BooleanField()
    rationale_min = serializers.IntegerField()
    reason_tags = serializers.ListField(child=serializers.CharField())
    ideal_asked = serializers.BooleanField()
    ideal_required = serializers.BooleanField()


class AssignmentOut(serializers.Serializer[Any]):
    """A leased comparison: what is shown, what is asked, and the token to answer with."""

    id = serializers.IntegerField()
    token = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    prompt = TurnOut(many=True)
    responses = ResponseOut(many=True)
    question = QuestionOut()
    guideline_version = serializers.IntegerField(allow_null=True)


def as_shown(paper: Paper) -> dict[str, Any]:
    """Return a leased comparison for ``AssignmentOut``."""
    assignment = paper.assignment
    return {
        "id": assignment.pk,
        "token": assignment.token,
        "expires_at": assignment.expires_at,
        "prompt": paper.turns,
        "responses": paper.responses,
        "question": question_of(paper.campaign, len(paper.responses)),
        "guideline_version": paper.guideline_version,
    }
