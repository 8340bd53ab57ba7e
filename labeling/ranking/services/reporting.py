"""Take reports of personal data: what shows the prompt is withheld until a manager looks."""

from datetime import datetime

from labeling.assignment.services.withholding import Reported, withhold
from labeling.ranking.enums import Flag, Outcome
from labeling.ranking.models import Judgment, Report


def note_report(judgment: Judgment) -> None:
    """Store a report with the judgment that makes it, in its transaction.

    A change of mind that keeps the flag is no new report: a manager may have reviewed the first.
    """
    if Flag.PERSONAL_DATA in judgment.flags and not _said_before(judgment.supersedes):
        Report.objects.create(judgment=judgment)


def _said_before(earlier: Judgment | None) -> bool:
    if earlier is not None and earlier.outcome == Outcome.UNDONE:
        earlier = earlier.supersedes
    return earlier is not None and Flag.PERSONAL_DATA in earlier.flags


def withhold_reported(*, now: datetime, judgment_id: int | None = None) -> int:
    """Withhold what was reported and is not seen to yet; return how many comparisons.

    All reports that wait, or the one in a judgment. Safe to run twice and beside itself.
    """
    waiting = Report.objects.filter(withheld_at=None).order_by("pk")
    if judgment_id is not None:
        waiting = waiting.filter(judgment=judgment_id)
    what = ("judgment__annotator", "judgment__comparison__prompt")
    return sum(_withhold(report, now) for report in waiting.select_related(*what))


def _withhold(report: Report, now: datetime) -> int:
    judgment = report.judgment
    reported = Reported(judgment.annotator, judgment.created_at, judgment.pk)
    withheld = withhold(prompt=judgment.comparison.prompt, reported=reported, now=now)
    Report.objects.filter(pk=report.pk).update(withheld_at=now)
    return withheld
