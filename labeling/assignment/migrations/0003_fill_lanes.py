"""Put the comparisons that are there into lanes, and the assignments to desks."""

from typing import Any, ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, OuterRef, Q, Subquery


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """One lane a campaign; desks with what people have done so far.

    Campaigns under way keep their ways: no hidden repeats, no share of the whole as a limit.
    """
    for round_ in apps.get_model("campaigns", "Round").objects.all():
        _fill_campaign(apps, round_)
    _size(apps)


def _fill_campaign(apps: Apps, round_: Any) -> None:
    allocations = apps.get_model("assignment", "Allocation").objects
    allocations.create(campaign_id=round_.campaign_id, repeat_percent=0, share_percent=100)
    comparisons = apps.get_model("assignment", "Comparison").objects
    waiting = comparisons.filter(campaign_id=round_.campaign_id)
    if not waiting.exists():
        return
    waiting.update(lane=apps.get_model("assignment", "Lane").objects.create(round=round_))
    assignments = apps.get_model("assignment", "Assignment").objects
    theirs = assignments.filter(comparison__campaign_id=round_.campaign_id)
    desks = apps.get_model("assignment", "Desk").objects
    people = (
        theirs.order_by()
        .values("annotator_id")
        .annotate(
            claims=Count("pk"),
            answers=Count("pk", filter=Q(state="submitted")),
            skips=Count("pk", filter=Q(state="skipped")),
        )
    )
    for person in people:
        desk = desks.create(campaign_id=round_.campaign_id, **person)
        mine = list(theirs.filter(annotator_id=person["annotator_id"]).order_by("pk"))
        for ordinal, assignment in enumerate(mine):
            assignment.desk, assignment.ordinal = desk, ordinal
        assignments.bulk_update(mine, ["desk", "ordinal"], batch_size=500)


def _size(apps: Apps) -> None:
    slots = apps.get_model("assignment", "ComparedCandidate").objects
    counted = slots.filter(comparison=OuterRef("pk")).order_by().values("comparison")
    size = Subquery(counted.annotate(n=Count("pk")).values("n"))
    apps.get_model("assignment", "Comparison").objects.update(size=size)


class Migration(migrations.Migration):
    """Fill what 0002 added."""

    dependencies: ClassVar = [
        ("assignment", "0002_lanes_and_desks"),
        ("campaigns", "0003_first_rounds"),
    ]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
