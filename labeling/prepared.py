"""Statements made once and run with new values: what every claim and every answer does.

Django composes the SQL of a queryset anew each time, which costs several times what running it
does. These keep the models, their fields and their instances, and only leave that out.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet
from django.db.models.query import get_related_populators

AnyModel = TypeVar("AnyModel", bound=Model)
Change = tuple[str, list[Any]]
_noted: ContextVar[list[Change] | None] = ContextVar("_noted", default=None)


def _database() -> BaseDatabaseWrapper:
    """Return this thread's connection itself: its proxy looks it up for every attribute."""
    return connections[DEFAULT_DB_ALIAS]


class Prepared(Generic[AnyModel]):
    """A queryset of model instances, composed once for each kind of database.

    ``build`` makes the queryset from stand-ins for the values that change from run to run, which
    are ``samples``: one for each of its parameters, each different, of the type of the real
    values (whole numbers or texts). What else it filters by stays as it is composed.

    >>> by_id = Prepared(lambda pk: User.objects.filter(pk=pk), samples=[-1])
    >>> by_id.first(7)
    """

    def __init__(
        self, build: Callable[..., QuerySet[AnyModel]], *, samples: Sequence[int | str]
    ) -> None:
        self._build = build
        self._samples = list(samples)
        self._composed: dict[str, _Composed[AnyModel]] = {}

    def rows(self, *values: int | str) -> list[AnyModel]:
        """Run the statement with these values in place of the samples."""
        database = _database()
        composed = self._composed.get(database.vendor)
        if composed is None:
            composed = _Composed(self._build(*self._samples), self._samples)
            self._composed[database.vendor] = composed
        return composed.rows(values, database)

    def first(self, *values: int | str) -> AnyModel | None:
        """Return the first instance, or None."""
        found = self.rows(*values)
        return found[0] if found else None


class _Composed(Generic[AnyModel]):
    """One queryset's SQL, and how its rows become instances with what they refer to."""

    def __init__(self, queryset: QuerySet[AnyModel], samples: Sequence[int | str]) -> None:
        query = queryset.query
        compiler = query.get_compiler(connection=connection)  # that of whichever thread runs it
        sql, params = compiler.as_sql()
        # Values that never change go into the text, so that a plan made once for all values
        # can still go by the partial indexes that name them.
        first, *others = sql.split("%s")
        values = ["%s" if value in samples else _literal(value) for value in params]
        self.sql = first + "".join(map(str.__add__, values, others))
        self.order = [samples.index(value) for value in params if value in samples]
        self.compiler: Any = compiler
        self.converters = compiler.get_converters([part[0] for part in compiler.select])
        info: Any = compiler.klass_info
        fields = info["select_fields"]
        self.model: type[AnyModel] = info["model"]
        self.columns = slice(fields[0], fields[-1] + 1)
        self.names = [compiler.select[at][0].target.attname for at in fields]
        self.annotations = list(compiler.annotation_col_map.items())
        populators: Any = get_related_populators  # its arguments differ between versions
        self.related = populators(info, compiler.select, DEFAULT_DB_ALIAS)

    def rows(self, values: Sequence[int | str], database: BaseDatabaseWrapper) -> list[AnyModel]:
        with database.cursor() as cursor:
            cursor.execute(self.sql, [values[at] for at in self.order])
            rows = cursor.fetchall()
        if self.converters and rows:
            rows = self.compiler.apply_converters(rows, self.converters)
        return [self._instance(row, database.alias) for row in rows]

    def _instance(self, row: Sequence[Any], alias: str) -> AnyModel:
        made = self.model.from_db(alias, self.names, row[self.columns])
        for populator in self.related:
            populator.populate(row, made)
        for name, at in self.annotations:
            setattr(made, name, row[at])
        return made


def _literal(value: object) -> str:
    """Return a constant of ours as SQL; a per cent sign is doubled, as in any statement."""
    if isinstance(value, int):
        return str(int(value)) if not isinstance(value, bool) else str(value).upper()
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


@contextmanager
def together() -> Iterator[None]:
    """Send what is written inside, each row once, with the instance that is inserted after it.

    Where the database takes several writes as one statement, that is one; what nothing is inserted
    after is sent at the end. What is read inside does not see it yet.
    """
    entered = _noted.set([])
    try:
        yield
        noted = _noted.get() or []
    finally:
        _noted.reset(entered)
    _send(noted)


def write(instance: Model, *names: str) -> None:
    """Store these fields of an instance that the database has."""
    sql, fields = _update(type(instance), names)
    change(sql, [*_values(instance, fields, _database()), instance.pk])


def change(sql: str, values: list[Any]) -> None:
    """Run a statement that changes rows, or send it ``together`` with what is written there."""
    noted = _noted.get()
    if noted is None:
        _send([(sql, values)])
    else:
        noted.append((sql, values))


def insert(instance: Model) -> None:
    """Store a new instance and give it its id."""
    database, noted = _database(), _noted.get() or []
    sql, fields = _insert(type(instance))
    values = _values(instance, fields, database)
    if noted and database.vendor == "postgresql":
        sql, values = _as_one(noted, sql), [*(one for _, given in noted for one in given), *values]
    else:
        _send(noted)
    noted.clear()
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        (instance.pk,) = cursor.fetchone()
    instance._state.adding = False
    instance._state.db = database.alias


def _send(changes: Sequence[Change]) -> None:
    for sql, values in changes:
        with _database().cursor() as cursor:
            cursor.execute(sql, values)


def _as_one(changes: Sequence[Change], sql: str) -> str:
    """Return a statement that makes these changes and then does ``sql``."""
    parts = ", ".join(f"change_{at} AS ({change})" for at, (change, _) in enumerate(changes))
    return f"WITH {parts} {sql}"


def _values(
    instance: Model, fields: Sequence["Field[Any, Any]"], database: BaseDatabaseWrapper
) -> list[Any]:
    return [field.get_db_prep_save(getattr(instance, field.attname), database) for field in fields]


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, list["Field[Any, Any]"]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    table, key = _quoted(model._meta.db_table), _quoted(_key_of(model))
    return f"UPDATE {table} SET {changes} WHERE {key} = %s", fields  # noqa: S608 - names of ours


@cache
def _insert(model: type[Model]) -> tuple[str, list["Field[Any, Any]"]]:
    fields: list[Any] = [each for each in model._meta.concrete_fields if not each.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = _quoted(model._meta.db_table), _quoted(_key_of(model))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {key}"  # noqa: S608 - names of ours
    return sql, fields


def _quoted(name: str) -> str:
    return f'"{name}"'  # as both databases do


def _key_of(model: type[Model]) -> str:
    key: Any = model._meta.pk
    return str(key.column)
