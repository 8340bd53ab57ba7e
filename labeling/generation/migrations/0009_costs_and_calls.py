"""Calls of model servers, and what runs may cost, are rows that all workers share."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("generation", "0008_runs_without_generator")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ModelCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reserved", models.DecimalField(decimal_places=6, default=0, max_digits=14)),
                ("started_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ModelHost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=260, unique=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("closed_until", models.DateTimeField(blank=True, null=True)),
                ("not_before", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="candidate",
            name="cost",
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="candidate",
            name="response_id",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="generationrun",
            name="ceiling",
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="generationrun",
            name="reserved",
            field=models.DecimalField(decimal_places=6, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name="generationrun",
            name="spent",
            field=models.DecimalField(decimal_places=6, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name="generator",
            name="price_read",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name="generator",
            name="price_written",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=12),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(
                condition=Q(("response_id", ""), _negated=True),
                fields=("run", "response_id"),
                name="candidate_once_a_response",
            ),
        ),
        migrations.AddConstraint(
            model_name="generationrun",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("reserved__gte", 0),
                    ("spent__gte", 0),
                    Q(("ceiling", None), ("ceiling__gte", 0), _connector="OR"),
                ),
                name="run_owes_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="generator",
            constraint=models.CheckConstraint(
                condition=Q(("price_read__gte", 0), ("price_written__gte", 0)),
                name="generator_prices_cost",
            ),
        ),
        migrations.AddField(
            model_name="modelcall",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="generation.generationrun",
            ),
        ),
        migrations.AddField(
            model_name="modelcall",
            name="host",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calls",
                to="generation.modelhost",
            ),
        ),
        migrations.AddIndex(
            model_name="modelcall",
            index=models.Index(fields=["host", "started_at"], name="calls_of_a_minute"),
        ),
        migrations.AddIndex(
            model_name="modelcall",
            index=models.Index(
                condition=Q(("ended_at", None)),
                fields=["host", "expires_at"],
                name="calls_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelcall",
            constraint=models.CheckConstraint(
                condition=Q(("reserved__gte", 0)), name="call_reserves_no_debt"
            ),
        ),
    ]
