"""Every route of the site, read from the URL resolver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from annotate.gate import ADMIN_NAMESPACE, LIBRARY_RULES
from labeling.access import Rule, rule_for

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Library views answer what they please; these are the methods their forms use.
LIBRARY_METHODS = ("GET", "POST")
TABLE = Path(__file__).with_name("routes.txt")
UPDATE = "python -m tests.security > tests/security/routes.txt"


@dataclass(frozen=True)
class Route:
    """One address pattern with its view and the names of the ids it takes."""

    name: str
    pattern: str
    ids: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/") and hasattr(self.view, "cls")

    @property
    def is_library(self) -> bool:
        return self.name in LIBRARY_RULES

    @property
    def view_class(self) -> type | None:
        """The class of a class-based view, ours or a library's."""
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)

    def rule(self, method: str) -> Rule | None:
        """Return the rule the gate goes by for a method."""
        if self.is_library:
            closed = method not in LIBRARY_METHODS
            return None if closed else LIBRARY_RULES[self.name]
        return rule_for(getattr(self.view, "cls", self.view), method)


def _walk(resolver: URLResolver, prefix: str, ids: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        taken = (*ids, *_ids_of(entry))
        if isinstance(entry, URLResolver):
            if entry.namespace != ADMIN_NAMESPACE:
                yield from _walk(entry, pattern, taken)
        else:
            yield Route(entry.name or "", pattern, taken, entry.callback)


def _ids_of(entry: URLPattern | URLResolver) -> tuple[str, ...]:
    if isinstance(entry.pattern, RegexPattern):
        return tuple(entry.pattern.regex.groupindex)
    return tuple(entry.pattern.converters)


def all_routes() -> list[Route]:
    """Return every route but those of the Django admin, which has its own tests."""
    return sorted(_walk(get_resolver(), "", ()), key=lambda route: (route.pattern, route.name))


def admin_routes() -> list[tuple[str, tuple[str, ...]]]:
    """Return the name and the positional or named ids of every route of the Django admin."""
    (admin,) = (
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and entry.namespace == ADMIN_NAMESPACE
    )
    found = list(_walk(admin, str(admin.pattern), ()))
    return [(route.name, route.ids) for route in found if route.name]


def table_addresses(model: type[models.Model]) -> list[str]:
    """Return where the Django admin shows a table, and all about its last row."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True)[0]
    return [
        reverse(f"{name}_changelist"),
        reverse(f"{name}_add"),
        *(reverse(f"{name}_{act}", args=[last]) for act in ("change", "delete", "history")),
    ]


def table() -> str:
    """Return one line for each route and method: who may use it, and a token's scope."""
    lines = []
    for route in all_routes():
        for method in METHODS:
            rule = route.rule(method)
            if rule is not None:
                who = ",".join(sorted(who.value for who in rule.who))
                scope = rule.scope.value if rule.scope else "-"
                lines.append(f"{method:6} /{route.pattern}  {who}  {scope}")
    lines.append("*      /operators/ and all below, the Django admin  operator  -")
    return "\n".join(lines) + "\n"
