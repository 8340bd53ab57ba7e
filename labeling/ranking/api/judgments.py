"""Answers to comparisons: give, skip, take back; and the judgments of a campaign."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import REVIEWERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.queries import assignment_for
from labeling.assignment.services.claiming import MOST_HELD, CampaignNotActive
from labeling.campaigns.queries import asked_at, campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.ranking.answers import Answer, Ideal
from labeling.ranking.api.leases import NextOut, claimed
from labeling.ranking.api.shown import ANSWER_RULE, TAGS, AssignmentOut, as_shown
from labeling.ranking.enums import GIVEN_OUTCOMES, Flag, Outcome, SkipReason
from labeling.ranking.models import Judgment
from labeling.ranking.queries import current_judgments, paper_for, with_slots
from labeling.ranking.services.answering import skip_comparison, submit_judgment, undo_judgment
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read, show

HOLD_HELP = "Claim in the same request: hold so many comparisons afterwards, the answer names them."


class IdealIn(Strict):
    """A response as it should have been."""

    of = serializers.CharField(help_text="The letter of the response that you edited.")
    text = serializers.CharField(trim_whitespace=False)


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
    acceptable_to = serializers.IntegerField(
        allow_null=True,
        default=None,
        help_text="Three or more: the last rank that is acceptable; 0 for none.",
    )
    criteria = serializers.DictField(
        child=serializers.CharField(), default=dict, help_text="Criterion to A, same or B."
    )
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices), default=list)
    rationale = serializers.CharField(default="", allow_blank=True, trim_whitespace=False)
    reason_tags = serializers.ListField(child=serializers.CharField(), default=list)
    ideal = IdealIn(allow_null=True, default=None)
    guideline_version = serializers.IntegerField(
        allow_null=True, default=None, help_text="The version you judged by, if not the latest."
    )
    active_ms = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    client = serializers.DictField(default=dict, help_text="What the page measured.")
    revises = serializers.IntegerField(
        allow_null=True, default=None, help_text="Your own judgment that this one replaces."
    )
    hold = serializers.IntegerField(
        default=0, min_value=0, max_value=MOST_HELD, help_text=HOLD_HELP
    )


class SkipIn(Strict):
    """A pass on a comparison."""

    token = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=SkipReason.choices)
    revises = serializers.IntegerField(allow_null=True, default=None)
    hold = serializers.IntegerField(
        default=0, min_value=0, max_value=MOST_HELD, help_text=HOLD_HELP
    )


class SavedOut(serializers.Serializer[Any]):
    """The receipt of an answer: it is committed when this is sent."""

    judgment = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    saved_at = serializers.DateTimeField()


class AnsweredOut(SavedOut):
    """The receipt of an answer, and what comes next if that was asked for."""

    next = NextOut(allow_null=True)


class UndoneOut(SavedOut):
    """The receipt of an answer taken back, and the comparison that the person holds again."""

    held = serializers.BooleanField(
        help_text="False when all its slots are taken: a new answer is kept, but not counted."
    )
    assignment = AssignmentOut()


class JudgmentOut(serializers.ModelSerializer[Judgment]):
    """One judgment in force, as managers and reviewers see it; ranks are by slot."""

    kind = serializers.ChoiceField(
        choices=Kind.choices, source="assignment.kind", help_text="What it was given for."
    )
    candidates = serializers.SerializerMethodField(help_text="Candidate ids by slot.")

    class Meta:
        model = Judgment
        fields = (
            "id", "comparison", "kind", "candidates", "annotator", "outcome", "ranks", "strength",
            "acceptable_to", "criteria", "flags", "rationale", "reason_tags", "ideal", "ideal_slot",
            "skip_reason", "display_order",
            "guideline_version", "counted", "supersedes", "active_ms", "created_at",
        )  # fmt: skip

    def get_candidates(self, judgment: Judgment) -> list[int]:
        """Return the ids of the comparison's candidates by slot."""
        return [slot.candidate_id for slot in judgment.comparison.slots.all()]


class Judgments(APIView):
    """The judgments of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": REVIEWERS.with_scope(Scope.JUDGMENTS_READ)}

    @extend_schema(
        summary="List the judgments in force",
        tags=TAGS,
        parameters=[PageQuery],
        responses=page_of(JudgmentOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """List judgments that nothing supersedes, newest first; `undone` takes one back."""
        read(PageQuery, request.query_params)
        judgments = with_slots(current_judgments(campaign_of(request)))
        return answer_page(request, judgments, JudgmentOut)


class Submit(APIView):
    """The answer to an assignment."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Answer a comparison",
        tags=TAGS,
        request=JudgmentIn,
        responses={201: AnsweredOut},
    )
    def post(self, request: Request, campaign_id: int, assignment_id: int) -> Response:
        """Store the answer; 201 is sent only after it is committed."""
        values = read(JudgmentIn, request.data)
        hold, ideal = values.pop("hold"), values.pop("ideal")
        lists = {name: tuple(values[name]) for name in ("ranks", "flags", "reason_tags")}
        answer = Answer(**{**values, **lists}, ideal=Ideal(**ideal) if ideal else None)
        receipt = submit_judgment(
            campaign=campaign_of(request),
            annotator=user_of(request),
            assignment_id=assignment_id,
            answer=answer,
            now=asked_at(request),
        ).answer
        if Flag.PERSONAL_DATA in answer.flags:
            ring("ranking.withhold_reported", judgment_id=receipt["judgment"])
        return _answered(request, receipt, hold)


class Skip(APIView):
    """A pass on an assignment."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Skip a comparison",
        tags=TAGS,
        request=SkipIn,
        responses={201: AnsweredOut},
    )
    def post(self, request: Request, campaign_id: int, assignment_id: int) -> Response:
        """Pass on the comparison; its slot goes back to the queue."""
        given = read(SkipIn, request.data)
        hold = given.pop("hold")
        receipt = skip_comparison(
            campaign=campaign_of(request),
            annotator=user_of(request),
            assignment_id=assignment_id,
            now=asked_at(request),
            **given,
        ).answer
        return _answered(request, receipt, hold)


def _answered(request: Request, receipt: dict[str, Any], hold: int) -> Response:
    """Answer the receipt, with the next comparison if it is asked for and there may be one."""
    try:
        following = claimed(request, hold) if hold else None
    except CampaignNotActive:  # the answer is saved all the same
        following = None
    return Response(show(AnsweredOut, {**receipt, "next": following}), status=201)


class Undo(APIView):
    """An answer taken back."""

    access: ClassVar[dict[str, Rule]] = {"POST": ANSWER_RULE}

    @extend_schema(
        summary="Take an answer back",
        description="Your latest judgment of a comparison, or a skip. It stays in the history; "
        "you hold the comparison again, under a new token.",
        tags=TAGS,
        request=None,
        responses=UndoneOut,
    )
    def post(self, request: Request, campaign_id: int, judgment_id: int) -> Response:
        """Take the answer back and show its comparison again."""
        campaign, person = campaign_of(request), user_of(request)
        undone = undo_judgment(
            campaign=campaign, annotator=person, judgment_id=judgment_id, now=database_now()
        ).answer
        assignment = assignment_for(campaign, person, undone["assignment"])
        shown = as_shown(paper_for(campaign, assignment))
        held = assignment.state == AssignmentState.LIVE
        return Response(UndoneOut({**undone, "held": held, "assignment": shown}).data)
