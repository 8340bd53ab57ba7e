"""Keep answers as text, so that a replay is the first answer to the byte."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Turn the JSON of an answer into its text; answers given before replay as they were."""

    dependencies: ClassVar = [("accounts", "0002_append_only")]
    operations: ClassVar = [
        migrations.AlterField("idempotencykey", "answer", models.TextField()),
    ]
