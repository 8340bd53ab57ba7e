"""Database triggers that refuse any change to rows already written."""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Step = Callable[[Apps, BaseDatabaseSchemaEditor], None]

POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{table} is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {table}_append_only_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
CREATE TRIGGER {table}_append_only_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER {table}_append_only_rows ON {table};
DROP TRIGGER {table}_append_only_truncate ON {table};
DROP FUNCTION {table}_append_only();
"""
SQLITE = tuple(
    f"CREATE TRIGGER {{table}}_append_only_{act.lower()} BEFORE {act} ON {{table}} "
    f"BEGIN SELECT RAISE(ABORT, '{{table}} is append-only: {act} refused'); END"
    for act in ("UPDATE", "DELETE")
)
SQLITE_BACK = tuple(f"DROP TRIGGER {{table}}_append_only_{act}" for act in ("update", "delete"))


def protect(table: str) -> tuple[Step, Step]:
    """Return the forward and backward steps (for RunPython) that make a table append-only."""

    def forward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, (POSTGRESQL,), SQLITE, table)

    def back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, (POSTGRESQL_BACK,), SQLITE_BACK, table)

    return forward, back


def _run(
    editor: BaseDatabaseSchemaEditor,
    postgresql: tuple[str, ...],
    sqlite: tuple[str, ...],
    table: str,
) -> None:
    statements = postgresql if editor.connection.vendor == "postgresql" else sqlite
    for statement in statements:
        editor.execute(statement.format(table=table).replace("%", "%%"), params=())
