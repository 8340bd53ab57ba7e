"""Keep what is erased, and let the audit log's words about it go, never its events."""

from typing import ClassVar

from django.db import migrations, models

from labeling.append_only import Erasable, protect

OLD, OLD_BACK = protect("accounts_auditevent")
NEW, NEW_BACK = protect(
    "accounts_auditevent", but=Erasable(texts={"data": "'{}'"}, targets=["{row}.target"])
)


class Migration(migrations.Migration):
    """Nothing is erased yet."""

    dependencies: ClassVar = [("accounts", "0004_user_language")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target", models.CharField(max_length=120, unique=True)),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(*protect("accounts_erasure")),
        migrations.RunPython(OLD_BACK, OLD),
        migrations.RunPython(NEW, NEW_BACK),
    ]
