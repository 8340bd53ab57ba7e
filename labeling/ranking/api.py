"""REST API of the ranking stage: the next comparison, answers to it, and the judgments given."""

from typing import Any, ClassVar
from uuid import uuid4

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import RANKERS, REVIEWERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.accounts.services.idempotency import LONGEST_KEY, Once
from labeling.assignment.services.claiming import MOST_HELD, Why, claim_next
from labeling.campaigns.queries import campaign_of, member_in
from labeling.clock import database_now
from labeling.ranking.answers import Answer, AnswerInvalid
from labeling.ranking.enums import GIVEN_OUTCOMES, Flag, Outcome, SkipReason
from labeling.ranking.models import Judgment
from labeling.ranking.queries import Paper, current_judgments, paper_for, standing_of, with_slots
from labeling.ranking.services import question_of, skip_comparison, submit_judgment
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

KEY_HEADER = "Idempotency-Key"
KEY = OpenApiParameter(
    KEY_HEADER,
    str,
    OpenApiParameter.HEADER,
    description=f"Any string of up to {LONGEST_KEY} characters, new for each new answer. A retry "
    "with the same key gets the first answer again. Without one, a retry may be refused.",
)
ANSWER_RULE = RANKERS.with_scope(Scope.JUDGMENTS_WRITE)


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


class AssignmentOut(serializers.Serializer[Any]):
    """A leased comparison: what is shown, what is asked, and the token to answer with."""

    id = serializers.IntegerField()
    token = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    prompt = TurnOut(many=True)
    responses = ResponseOut(many=True)
    question = QuestionOut()
    guideline_version = serializers.IntegerField(allow_null=True)


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


class JudgmentIn(Strict):
    """An answer in the order shown: the first rank is that of response A."""

    token = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=GIVEN_OUTCOMES)
    ranks = serializers.ListField(
        child=serializers.IntegerField(), default=list, help_text="1 is best; equal is a tie."
    )
    strength = serializers.IntegerField(
        allow_null=True, default=None, help_text="Pairs only: 1 barely to 4 much."
    )
    criteria = serializers.DictField(
        child=serializers.CharField(), default=dict, help_text="Criterion to A, same or B."
    )
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices), default=list)
    rationale = serializers.CharField(default="", allow_blank=True, trim_whitespace=False)
    active_ms = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    client = serializers.DictField(default=dict, help_text="What the page measured.")
    revises = serializers.IntegerField(
        allow_null=True, default=None, help_text="Your own judgment that this one replaces."
    )


class SkipIn(Strict):
    """A pass on a comparison."""

    token = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=SkipReason.choices)
    revises = serializers.IntegerField(allow_null=True, default=None)


class SavedOut(serializers.Serializer[Any]):
    """The receipt of an answer: it is committed when this is sent."""

    judgment = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    saved_at = serializers.DateTimeField()


class JudgmentOut(serializers.ModelSerializer[Judgment]):
    """One judgment in force, as managers and reviewers see it; ranks are by slot."""

    candidates = serializers.SerializerMethodField(help_text="Candidate ids by slot.")

    class Meta:
        model = Judgment
        fields = (
            "id", "comparison", "candidates", "annotator", "outcome", "ranks", "strength",
            "criteria", "flags", "rationale", "skip_reason", "display_order",
            "guideline_version", "counted", "supersedes", "active_ms", "created_at",
        )  # fmt: skip

    def get_candidates(self, judgment: Judgment) -> list[int]:
        """Return the ids of the comparison's candidates by slot."""
        return [slot.candidate_id for slot in judgment.comparison.slots.all()]


class Next(APIView):
    """The next comparison for this person."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Claim the next comparison",
        description="Renews the leases the person already holds, and leases more up to `hold`.",
        tags=["ranking"],
        request=NextIn,
        responses=NextOut,
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Lease the person their next comparison."""
        hold = read(NextIn, request.data)["hold"]
        claim = claim_next(member=member_in(request), now=database_now(), hold=hold)
        campaign = campaign_of(request)
        shown = [_as_shown(paper_for(campaign, each)) for each in claim.assignments]
        standing = standing_of(campaign, user_of(request))
        body = {
            "assignment": shown[0] if shown else None,
            "upcoming": shown[1:],
            "why": claim.why,
            "done": standing.done,
            "open": standing.open,
        }
        return Response(NextOut(body).data)


class Judgments(APIView):
    """The judgments of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": REVIEWERS.with_scope(Scope.JUDGMENTS_READ)}

    @extend_schema(
        summary="List the judgments in force",
        tags=["ranking"],
        parameters=[PageQuery],
        responses=page_of(JudgmentOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """List judgments that nothing supersedes, newest first."""
        read(PageQuery, request.query_params)
        judgments = with_slots(current_judgments(campaign_of(request)))
        return answer_page(request, judgments, JudgmentOut)


class Submit(APIView):
    """The answer to an assignment."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Answer a comparison",
        tags=["ranking"],
        request=JudgmentIn,
        responses={201: SavedOut},
        parameters=[KEY],
    )
    def post(self, request: Request, campaign_id: int, assignment_id: int) -> Response:
        """Store the answer; 201 is sent only after it is committed."""
        values = read(JudgmentIn, request.data)
        answer = Answer(
            **{**values, "ranks": tuple(values["ranks"]), "flags": tuple(values["flags"])}
        )
        once = submit_judgment(
            campaign=campaign_of(request),
            annotator=user_of(request),
            assignment_id=assignment_id,
            answer=answer,
            key=_key(request),
            now=database_now(),
        )
        return _receipt(once)


class Skip(APIView):
    """A pass on an assignment."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Skip a comparison",
        tags=["ranking"],
        request=SkipIn,
        responses={201: SavedOut},
        parameters=[KEY],
    )
    def post(self, request: Request, campaign_id: int, assignment_id: int) -> Response:
        """Pass on the comparison; its slot goes back to the queue."""
        given = read(SkipIn, request.data)
        once = skip_comparison(
            campaign=campaign_of(request),
            annotator=user_of(request),
            assignment_id=assignment_id,
            key=_key(request),
            now=database_now(),
            **given,
        )
        return _receipt(once)


def _key(request: Request) -> str:
    key = request.headers.get(KEY_HEADER, "") or uuid4().hex
    if len(key) > LONGEST_KEY:
        raise AnswerInvalid(KEY_HEADER, f"The key is over {LONGEST_KEY} characters.")
    return key


def _receipt(once: Once) -> Response:
    headers = {"Idempotency-Replayed": "true"} if once.replayed else {}
    return Response(SavedOut(once.answer).data, status=201, headers=headers)


def _as_shown(paper: Paper) -> dict[str, Any]:
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


BASE = "campaigns/<int:campaign_id>/"
urlpatterns = [
    path(BASE + "assignments/next/", Next.as_view(), name="api-next"),
    path(BASE + "assignments/<int:assignment_id>/judgment/", Submit.as_view(), name="api-submit"),
    path(BASE + "assignments/<int:assignment_id>/skip/", Skip.as_view(), name="api-skip"),
    path(BASE + "judgments/", Judgments.as_view(), name="api-judgments"),
]
