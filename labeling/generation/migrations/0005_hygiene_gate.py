"""Responses that are unfit to be compared are held back, and released in somebody's name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = ["pending", "running", "done", "held", "failed"]


class Migration(migrations.Migration):
    """Add what the gate looks for, what it found, and the state in between."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("generation", "0004_failures_beside_attempts"),
    ]

    operations = [
        migrations.AddField(
            model_name="generationrun",
            name="unchecked",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="generationrun",
            name="longest",
            field=models.PositiveIntegerField(default=20000),
        ),
        migrations.AddField(
            model_name="candidate", name="flaws", field=models.JSONField(blank=True, default=list)
        ),
        migrations.AddField(
            model_name="candidate",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="candidate",
            name="released_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="candidate",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Waiting"),
                    ("running", "Being made"),
                    ("done", "Done"),
                    ("held", "Held back"),
                    ("failed", "Failed"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="candidate", name="candidate_state_known"),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=Q(state__in=STATES), name="candidate_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=~Q(state="held") | (~Q(text="") & ~Q(flaws=[]) & Q(released_at=None)),
                name="held_candidate_has_text_and_flaws",
            ),
        ),
    ]
