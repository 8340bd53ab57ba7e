"""Let the words of the erased leave their judgments, and take no new judgment of theirs."""

from typing import ClassVar

from django.db import migrations

from labeling.append_only import Erasable, protect, refuse_erased

TABLE = "ranking_judgment"
OF_ERASED = Erasable(
    texts={"rationale": "''", "ideal": "''", "ideal_slot": "NULL", "client": "'{}'"},
    targets=["'user:' || {row}.annotator_id", "'comparison:' || {row}.comparison_id"],
)
OLD, OLD_BACK = protect(TABLE)
NEW, NEW_BACK = protect(TABLE, but=OF_ERASED)
REFUSE, TAKE = refuse_erased(TABLE, OF_ERASED)


class Migration(migrations.Migration):
    """A migration that alters the table on SQLite lets NEW and REFUSE go first, then adds them."""

    dependencies: ClassVar = [
        ("accounts", "0005_erasures"),
        ("ranking", "0008_reports_of_personal_data"),
    ]
    operations: ClassVar = [
        migrations.RunPython(OLD_BACK, OLD),
        migrations.RunPython(NEW, NEW_BACK),
        migrations.RunPython(REFUSE, TAKE),
    ]
