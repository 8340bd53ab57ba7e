"""Reads of judgments, and of what a person needs to see in order to judge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, Sum

from labeling.accounts.models import User
from labeling.assignment.models import Assignment, ComparedCandidate, Comparison, Desk
from labeling.assignment.queries import DESK, lanes_in_use, open_in
from labeling.campaigns.models import Campaign, PayRate
from labeling.campaigns.queries import guideline_version
from labeling.errors import NotFound
from labeling.prepared import Prepared
from labeling.ranking.answers import LETTERS
from labeling.ranking.enums import ANSWERS, Outcome
from labeling.ranking.models import Judgment, RenderedUpTo
from labeling.ranking.rendered import KEPT_SECONDS, html_of, html_of_response, html_of_turns
from labeling.ranking.rendering import VERSION
from labeling.wording import gettext

OPEN_COUNTED_EVERY, OPEN_COUNTED = 10, 10_000


@dataclass(frozen=True)
class Turn:
    """One turn of the prompt: who spoke, the exact text, and its safe HTML."""

    role: str
    text: str
    html: str


@dataclass(frozen=True)
class Shown:
    """One response under its letter, as text and as safe HTML; nothing names its model."""

    letter: str
    text: str
    html: str


@dataclass(frozen=True)
class Paper:
    """All that a person sees of one assignment, the responses in their display order."""

    assignment: Assignment
    campaign: Campaign
    turns: Sequence[Turn]
    responses: Sequence[Shown]

    @property
    def guideline_version(self) -> int | None:
        """The version of the guide in force, None while there is none."""
        return self.campaign.guideline_version or None


@dataclass(frozen=True)
class Standing:
    """How far a person is: judged (skips included) and still open in the campaign."""

    done: int
    open: int


@dataclass(frozen=True)
class Earned:
    """What a person's answers have earned in a campaign, in one currency."""

    annotator_id: int
    currency: str
    answers: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class Work:
    """What a person has done: in all, in the last 24 hours, and their median seconds there."""

    answers: int
    skips: int
    lately: int
    pace: int | None


SLOTS = Prepared(
    lambda comparison_id: (
        ComparedCandidate.objects.select_related(
            "candidate__rendered", "candidate__prompt__rendered"
        )
        .only(
            "candidate__text",
            "candidate__rendered__version",
            "candidate__rendered__html",
            "candidate__prompt__messages",
            "candidate__prompt__rendered__version",
            "candidate__prompt__rendered__html",
        )
        .filter(comparison_id=comparison_id)
        .order_by("slot")
    ),
    samples=[-1],
)


def paper_for(campaign: Campaign, assignment: Assignment) -> Paper:
    """Return what a person sees of an assignment; texts come rendered and in display order."""
    turns, responses = texts_shown(assignment.comparison_id, assignment.display_order)
    return Paper(assignment=assignment, campaign=campaign, turns=turns, responses=responses)


def texts_shown(comparison_id: int, display_order: Sequence[int]) -> tuple[list[Turn], list[Shown]]:
    """Return the turns and responses of a comparison, rendered, as shown in this order."""
    candidates = [slot.candidate for slot in SLOTS.rows(comparison_id)]
    shown = [candidates[slot] for slot in display_order]
    prompt = candidates[0].prompt
    turns = [
        Turn(turn["role"], turn["content"], html)
        for turn, html in zip(prompt.messages, html_of_turns(prompt), strict=True)
    ]
    responses = [
        Shown(letter, each.text, html_of_response(each))
        for letter, each in zip(LETTERS, shown, strict=False)
    ]
    return turns, responses


def guide_html(campaign: Campaign) -> str:
    """Return the guide in force as safe HTML, empty while there is none.

    A version never changes, so it is read and rendered once.
    """
    version = campaign.guideline_version
    if not version:
        return ""
    return str(
        cache.get_or_set(
            f"guide:{VERSION}:{campaign.pk}:{version}",
            lambda: html_of(guideline_version(campaign, version).text),
            KEPT_SECONDS,
        )
    )


def text_in_slot(assignment: Assignment, slot: int) -> str:
    """Return the text of the response in one slot of an assignment's comparison."""
    slots = ComparedCandidate.objects.filter(comparison_id=assignment.comparison_id, slot=slot)
    return str(slots.values_list("candidate__text", flat=True).get())


def campaigns_to_render() -> list[int]:
    """Return the ids of campaigns of which this version of the renderer has made nothing ahead."""
    begun = RenderedUpTo.objects.filter(version=VERSION).values("campaign_id")
    return list(Campaign.objects.exclude(pk__in=begun).values_list("pk", flat=True))


def standing_of(campaign: Campaign, annotator: User, desk: Desk | None = None) -> Standing:
    """Return how many comparisons a person has judged, and how many slots are open to all.

    ``desk`` is the person's, where it has just been read.
    The open slots are counted at most every ten seconds, and no further than ``OPEN_COUNTED``:
    counting them costs a walk over the queue, and what is handed out never goes by this number.
    """
    desk = desk or DESK.first(campaign.pk, annotator.pk)
    done = 0 if desk is None else desk.answers + desk.skips
    key = f"open:{campaign.pk}"
    open_slots = cache.get(key)
    if open_slots is None:
        open_slots = _open_slots(campaign)
        cache.set(key, open_slots, OPEN_COUNTED_EVERY)
    return Standing(done=done, open=open_slots)


def _open_slots(campaign: Campaign) -> int:
    """Sum the free slots of the first ``OPEN_COUNTED`` comparisons that have one."""
    total = 0
    for lane in lanes_in_use(campaign.pk).filter(gold=False):
        waiting = open_in(lane).values("open_slots")[:OPEN_COUNTED]
        total += waiting.aggregate(total=Sum("open_slots", default=0))["total"]
    return total


def latest_judgment(assignment: Assignment) -> Judgment | None:
    """Return the person's judgment in force for an assignment, or None."""
    return Judgment.objects.filter(assignment=assignment, superseded_by=None).first()


def current_judgments(campaign: Campaign) -> QuerySet[Judgment]:
    """Return the judgments in force in a campaign: skips, surplus and what was taken back too."""
    return Judgment.objects.filter(comparison__campaign=campaign, superseded_by=None)


def counted_judgments(campaign: Campaign) -> QuerySet[Judgment]:
    """Return the judgments that decide something: in force and counted."""
    return current_judgments(campaign).filter(counted=True)


def with_slots(judgments: QuerySet[Judgment]) -> QuerySet[Judgment]:
    """Return the judgments with assignments and slots of comparisons loaded, in slot order."""
    in_order = Prefetch("comparison__slots", ComparedCandidate.objects.order_by("slot"))
    return judgments.select_related("assignment").prefetch_related(in_order)


def judgment_for(campaign: Campaign, annotator: User, judgment_id: int) -> Judgment:
    """Return a person's own judgment in a campaign; raise NotFound for any other."""
    own = Judgment.objects.filter(annotator=annotator, comparison__campaign=campaign)
    found = own.filter(pk=judgment_id).first()
    if found is None:
        raise NotFound(gettext("There is no such judgment of yours in this campaign."))
    return found


LAST = Prepared(
    lambda campaign_id, annotator_id: _to_undo(campaign_id, annotator_id).order_by("-id")[:1],
    samples=[-1, -2],
)


def last_of(campaign: Campaign, annotator: User) -> Judgment | None:
    """Return the person's latest judgment that they can take back; skips included."""
    return LAST.first(campaign.pk, annotator.pk)


def history_of(campaign: Campaign, annotator: User) -> QuerySet[Judgment]:
    """Return the person's judgments in force with what they judged, newest first."""
    own = _to_undo(campaign.pk, annotator.pk).select_related("comparison__prompt")
    return own.defer("client").order_by("-id")


def work_of(campaign: Campaign, annotator: User, now: datetime) -> Work:
    """Return how much a person has done in a campaign, in all and in the last 24 hours."""
    desk = DESK.first(campaign.pk, annotator.pk)
    own = Judgment.objects.filter(
        annotator=annotator, comparison__campaign=campaign, created_at__gt=now - timedelta(days=1)
    )
    answered = own.filter(outcome__in=ANSWERS, superseded_by=None)
    times = sorted(answered.values_list("active_ms", flat=True))
    return Work(
        answers=desk.answers if desk else 0,
        skips=desk.skips if desk else 0,
        lately=len(times),
        pace=round(median(times) / 1000) if times else None,
    )


def earnings_in(campaign: Campaign, annotator: User | None = None) -> list[Earned]:
    """Return what each person, or one, has earned: their answers in force, whatever came of them.

    Each pays what an answer paid when it was first given, so that neither a change of mind nor
    a new rate changes it. Surplus answers, repeats and known answers pay as any other; to skip
    and to take back pay nothing.
    """
    rates = {rate.pk: rate for rate in PayRate.objects.filter(campaign=campaign, amount__gt=0)}
    found: dict[tuple[int, str], Earned] = {}
    for annotator_id, rate_id, answers in _answers_by_rate(campaign, annotator) if rates else ():
        if rate := rates.get(rate_id):
            before = found.get((annotator_id, rate.currency)) or Earned(annotator_id, rate.currency)
            found[annotator_id, rate.currency] = replace(
                before,
                answers=before.answers + answers,
                amount=before.amount + answers * rate.amount,
            )
    return list(found.values())


def _answers_by_rate(campaign: Campaign, annotator: User | None) -> QuerySet[Any, Any]:
    """Return (person, rate, count) of answers in force, by the rate when each was first given."""
    first = Judgment.objects.filter(assignment=OuterRef("assignment"), supersedes=None)
    rate = PayRate.objects.filter(campaign=campaign, since__lte=OuterRef("given"))
    own = {} if annotator is None else {"annotator": annotator}
    return (
        current_judgments(campaign)
        .filter(outcome__in=ANSWERS, **own)
        .annotate(given=Subquery(first.values("created_at")))
        .annotate(rate=Subquery(rate.order_by("-since", "-pk").values("pk")[:1]))
        .values("annotator", "rate")
        .annotate(answers=Count("pk"))
        .order_by("annotator", "rate")
        .values_list("annotator", "rate", "answers")
    )


def _to_undo(campaign_id: int, annotator_id: int) -> QuerySet[Judgment]:
    """Return a person's judgments in force, to be read from the newest on, a few at a time.

    Asked for as values, the later judgment and the campaign are looked up row by row; as joins,
    PostgreSQL reads every judgment there is before the first.
    """
    later = Judgment.objects.filter(supersedes=OuterRef("pk")).values("pk")[:1]
    campaign = Comparison.objects.filter(pk=OuterRef("comparison")).values("campaign_id")[:1]
    own = Judgment.objects.filter(annotator_id=annotator_id).exclude(outcome=Outcome.UNDONE)
    return own.alias(later=Subquery(later), campaign=Subquery(campaign)).filter(
        later=None, campaign=campaign_id
    )
