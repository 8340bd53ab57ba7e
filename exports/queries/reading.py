"""How streams read many rows fast: values without the framework's objects around them."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler


class IsAnyOf(Func):
    """Whether a column holds one of some keys, sent as one parameter however many they are."""

    output_field = BooleanField()
    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY ("

    def __init__(self, column: str, keys: Collection[int]) -> None:
        super().__init__(F(column), Value(f"{{{','.join(map(str, keys))}}}"))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the condition for SQLite, which has no arrays: a list as JSON."""
        column, keys = self.get_source_expressions()
        listed = self.copy()
        listed.set_source_expressions([column, Value(f"[{keys.value[1:-1]}]")])
        return listed.as_sql(
            compiler,
            connection,
            template="%(expressions)s))",
            arg_joiner=" IN (SELECT value FROM json_each(",
        )


def text_of(column: str) -> Cast:
    """Return a column as the database writes it, to be read when and if it is needed."""
    return Cast(column, TextField())


def moment_of(text: str) -> datetime:
    """Return the moment that ``text_of`` gave."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
