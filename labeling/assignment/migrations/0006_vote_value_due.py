"""Mark comparisons whose policy waits for what another judgment is worth."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fit_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let the next sweep mark what adaptive campaigns have already planned."""
    allocations = apps.get_model("assignment", "Allocation").objects
    allocations.filter(policy="adaptive").update(fitted="")


class Migration(migrations.Migration):
    """Add the mark with an index of the marked alone."""

    dependencies: ClassVar = [("assignment", "0005_drawn_pairs_and_orders")]
    operations: ClassVar = [
        migrations.AddField("comparison", "value_due", models.BooleanField(default=False)),
        migrations.AddIndex(
            "comparison",
            models.Index(fields=["id"], condition=models.Q(value_due=True), name="vote_value_due"),
        ),
        migrations.AddConstraint(
            "comparison",
            models.CheckConstraint(
                condition=models.Q(value_due=False) | models.Q(vote_value=None),
                name="due_value_is_unknown",
            ),
        ),
        migrations.RunPython(fit_again, migrations.RunPython.noop),
    ]
