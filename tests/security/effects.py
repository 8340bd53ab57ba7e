"""Everything that a request could have changed, in one digest."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection

# A refused page may still renew the session that it was asked from.
TABLES = sorted(
    model._meta.db_table
    for model in apps.get_models(include_auto_created=True)
    if model is not Session
)
FOLDERS = (settings.UPLOADS_DIR, settings.EXPORTS_DIR)


def state() -> dict[str, str]:
    """Return a digest of each table and folder, of the tasks rung for and of the mails sent."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    files = [path for folder in FOLDERS for path in sorted(Path(folder).rglob("*"))]
    found["files"] = repr([(path, path.stat().st_size, path.stat().st_mtime_ns) for path in files])
    found["tasks"] = str(len(connection.run_on_commit))
    found["mails"] = str(len(mail.outbox))
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Name what is not as it was."""
    return [name for name, digest in before.items() if after[name] != digest]
