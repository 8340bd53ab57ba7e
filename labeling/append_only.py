"""Database triggers that refuse any change to rows already written.

Only the texts of what is erased may go: never anything else of a row, and never the row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Step = Callable[[Apps, BaseDatabaseSchemaEditor], None]

POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION '{table} is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {table}_append_only_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
CREATE TRIGGER {table}_append_only_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
"""
# A nested test: of a TRUNCATE there is no row to look at.
POSTGRESQL_UNLESS = "IF TG_OP = 'UPDATE' THEN IF {goes} THEN RETURN NEW; END IF; END IF;"
POSTGRESQL_BACK = """
DROP TRIGGER {table}_append_only_rows ON {table};
DROP TRIGGER {table}_append_only_truncate ON {table};
DROP FUNCTION {table}_append_only();
"""
SQLITE = (
    "CREATE TRIGGER {table}_append_only_{name} BEFORE {act} ON {table} {when}BEGIN "
    "SELECT RAISE(ABORT, '{table} is append-only: {act} refused'); END"
)
SQLITE_BACK = "DROP TRIGGER {table}_append_only_{name}"
# The table of what is erased; no trigger may name another one: SQLite could not alter that.
ERASED = "EXISTS (SELECT 1 FROM accounts_erasure WHERE target IN ({targets}))"


@dataclass(frozen=True)
class Erasable:
    """What of a row may be emptied once one of its targets is erased.

    ``texts`` maps columns to what they are then, and ``targets`` are the targets of a row, both in
    SQL; ``{row}`` stands for OLD or NEW.
    """

    texts: Mapping[str, str]
    targets: Sequence[str]

    def known(self, row: str) -> str:
        """Return the test whether a row has something erased."""
        targets = ", ".join(self.targets).replace("{row}", row)
        return ERASED.replace("{targets}", targets)

    def emptied(self, same: str) -> str:
        """Return the test whether each text is as it was, or empty; ``same`` compares."""
        return " AND ".join(
            f"(NEW.{column} {same} OLD.{column} OR NEW.{column} {same} {empty})"
            for column, empty in self.texts.items()
        )


def protect(table: str, but: Erasable | None = None) -> tuple[Step, Step]:
    """Return the forward and backward steps (for RunPython) that make a table append-only.

    A table with ``but`` is protected so for good: its later migrations say so, too.
    """

    def forward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            unless = POSTGRESQL_UNLESS.replace("{goes}", _goes(but)) if but else ""
            _run(editor, POSTGRESQL.replace("{table}", table).replace("{unless}", unless))
            return
        when = f"WHEN NOT ({_goes_sqlite(but, _columns(apps, table))}) " if but else ""
        _run(editor, _sqlite(SQLITE, table, "UPDATE", when))
        _run(editor, _sqlite(SQLITE, table, "DELETE"))

    def back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            _run(editor, POSTGRESQL_BACK.replace("{table}", table))
            return
        for act in ("UPDATE", "DELETE"):
            _run(editor, _sqlite(SQLITE_BACK, table, act))

    return forward, back


def _goes(but: Erasable) -> str:
    """Return the test of PostgreSQL whether a change is nothing but an erasure."""
    texts = ", ".join(f"'{column}'" for column in but.texts)
    others = f"to_jsonb(NEW) - ARRAY[{texts}] = to_jsonb(OLD) - ARRAY[{texts}]"
    return f"{others} AND {but.emptied('IS NOT DISTINCT FROM')} AND {but.known('OLD')}"


def _goes_sqlite(but: Erasable, columns: Sequence[str]) -> str:
    others = [f"NEW.{one} IS OLD.{one}" for one in columns if one not in but.texts]
    return f"{' AND '.join(others)} AND {but.emptied('IS')} AND {but.known('OLD')}"


def _columns(apps: Apps, table: str) -> list[str]:
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    return [str(field.column) for field in model._meta.local_concrete_fields]


def _sqlite(statement: str, table: str, act: str, when: str = "") -> str:
    named = {"table": table, "name": act.lower(), "act": act, "when": when}
    for name, value in named.items():
        statement = statement.replace(f"{{{name}}}", value)
    return statement


# How a table refuses a new row of what is erased, after its name.
TAKES_NOTHING = "takes nothing of what is erased"
REFUSE_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_of_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {known} THEN
        RAISE EXCEPTION '{table} {refusal}'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_of_erased BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_of_erased();
"""
REFUSE_SQLITE = (
    "CREATE TRIGGER {table}_of_erased BEFORE INSERT ON {table} WHEN {known} BEGIN "
    "SELECT RAISE(ABORT, '{table} {refusal}'); END"
)
REFUSE_BACK = {
    "postgresql": "DROP TRIGGER {table}_of_erased ON {table}; DROP FUNCTION {table}_of_erased();",
    "sqlite": "DROP TRIGGER {table}_of_erased",
}


def refuse_erased(table: str, but: Erasable) -> tuple[Step, Step]:
    """Return the steps after which a table takes no new row of what is erased."""

    def forward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        statement = REFUSE_SQLITE
        if editor.connection.vendor == "postgresql":
            statement = REFUSE_POSTGRESQL
        statement = statement.replace("{table}", table).replace("{refusal}", TAKES_NOTHING)
        _run(editor, statement.replace("{known}", but.known("NEW")))

    def back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, REFUSE_BACK[editor.connection.vendor].replace("{table}", table))

    return forward, back


def _run(editor: BaseDatabaseSchemaEditor, statement: str) -> None:
    editor.execute(statement.replace("%", "%%"), params=())
