"""Let the database refuse changes to accounts_auditevent."""

from typing import ClassVar

from django.db import migrations

from labeling.append_only import protect


class Migration(migrations.Migration):
    """Add the append-only triggers."""

    dependencies: ClassVar = [("accounts", "0001_initial_tables")]
    operations: ClassVar = [migrations.RunPython(*protect("accounts_auditevent"))]
