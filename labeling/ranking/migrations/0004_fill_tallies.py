"""Count on each comparison and assignment the judgments that are there."""

from collections import Counter
from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, OuterRef, Subquery


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write tallies from the counted judgments in force, and how many each lease has."""
    judgments = apps.get_model("ranking", "Judgment").objects
    tallies: dict[int, Counter[str]] = {}
    counted = judgments.filter(counted=True, superseded_by=None).order_by("comparison_id")
    for pk, outcome, ranks in counted.values_list("comparison_id", "outcome", "ranks"):
        verdict = "bad" if outcome == "both_bad" else ",".join(map(str, ranks))
        tallies.setdefault(pk, Counter())[verdict] += 1
    comparisons = apps.get_model("assignment", "Comparison").objects
    for pk, tally in tallies.items():
        comparisons.filter(pk=pk).update(tally=dict(tally))
    stored = judgments.filter(assignment=OuterRef("pk")).order_by().values("assignment")
    given = Subquery(stored.annotate(n=Count("pk")).values("n"))
    assignments = apps.get_model("assignment", "Assignment").objects
    assignments.filter(judgments__isnull=False).update(answers=given)


class Migration(migrations.Migration):
    """Fill what the assignment stage added."""

    dependencies: ClassVar = [("assignment", "0003_fill_lanes"), ("ranking", "0003_undone")]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
