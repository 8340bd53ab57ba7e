"""Let a person choose the language of the interface."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody has chosen yet: the browser's language stays in force."""

    dependencies: ClassVar = [("accounts", "0003_answers_as_text")]
    operations: ClassVar = [
        migrations.AddField(
            "user",
            "language",
            models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
