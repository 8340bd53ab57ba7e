"""A run's generator stands with its parts alone."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("generation", "0007_one_part_each")]

    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name="generationrun",
            name="run_makes_1_to_9_a_prompt",
        ),
        migrations.RemoveField(
            model_name="generationrun",
            name="generator",
        ),
        migrations.RemoveField(
            model_name="generationrun",
            name="per_prompt",
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=~Q(source="model") | Q(run__isnull=False, part__isnull=False),
                name="model_candidate_has_run",
            ),
        ),
    ]
