"""Runs get parts and can be paused; generators get what else decides what they make."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q, Value


class Migration(migrations.Migration):
    dependencies: ClassVar = [("generation", "0005_hygiene_gate")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RunPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("per_prompt", models.PositiveSmallIntegerField()),
                ("first_sample", models.PositiveSmallIntegerField()),
                ("seed", models.BigIntegerField()),
                ("temperature", models.FloatField(blank=True, null=True)),
                ("together", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="candidate",
            name="model_candidate_has_run",
        ),
        migrations.RemoveIndex(
            model_name="candidate",
            name="candidate_to_make",
        ),
        migrations.AddField(
            model_name="generator",
            name="adapter",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="generator",
            name="chat_template",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="generator",
            name="device",
            field=models.CharField(default="auto", max_length=20),
        ),
        migrations.AddField(
            model_name="generator",
            name="dtype",
            field=models.CharField(
                choices=[
                    ("auto", "As it was saved"),
                    ("float32", "float32"),
                    ("bfloat16", "bfloat16"),
                    ("float16", "float16"),
                ],
                default="auto",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="generator",
            name="seed",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="generator",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("base", "Base: pretrained only"),
                    ("sft", "Fine-tuned on answers"),
                    ("aligned", "Aligned with preferences"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="generator",
            name="system_prompt",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="generator",
            constraint=models.CheckConstraint(
                condition=Q(stage="") | Q(stage__in=["base", "sft", "aligned"]),
                name="generator_stage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="generator",
            constraint=models.CheckConstraint(
                condition=Q(backend="transformers") | Q(adapter="", dtype="auto", device="auto"),
                name="only_local_models_are_loaded_otherwise",
            ),
        ),
        migrations.AddConstraint(
            model_name="generator",
            constraint=models.CheckConstraint(
                condition=~Q(stage="base") | Q(chat_template=""),
                name="base_generator_has_no_template",
            ),
        ),
        migrations.AddField(
            model_name="runpart",
            name="generator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="generation.generator",
            ),
        ),
        migrations.AddField(
            model_name="runpart",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="generation.generationrun",
            ),
        ),
        migrations.AddField(
            model_name="candidate",
            name="part",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="candidates",
                to="generation.runpart",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=Q(state__in=("pending", "running")),
                fields=["part", "id"],
                name="candidate_to_make",
            ),
        ),
        migrations.AddConstraint(
            model_name="runpart",
            constraint=models.UniqueConstraint(
                fields=("run", "position"), name="part_once_a_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="runpart",
            constraint=models.UniqueConstraint(
                fields=("run", "first_sample"), name="part_once_a_sample"
            ),
        ),
        migrations.AddConstraint(
            model_name="runpart",
            constraint=models.CheckConstraint(
                condition=Q(per_prompt__gte=1) & Q(per_prompt__lte=Value(9) - F("first_sample")),
                name="run_makes_1_to_9_a_prompt",
            ),
        ),
        migrations.AddConstraint(
            model_name="runpart",
            constraint=models.CheckConstraint(
                condition=Q(together=False) | Q(per_prompt__gte=2), name="together_is_several"
            ),
        ),
        migrations.AddConstraint(
            model_name="runpart",
            constraint=models.CheckConstraint(
                condition=Q(temperature=None) | Q(temperature__gte=0, temperature__lte=2),
                name="part_temperature_in_bounds",
            ),
        ),
        migrations.AddField(
            model_name="generationrun",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="generationrun",
            constraint=models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(paused_at=None), name="stopped_run_is_not_paused"
            ),
        ),
    ]
