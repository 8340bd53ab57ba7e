"""The OpenAPI schema: made once a process, and naming who may use each operation."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from annotate.idempotency import HEADER, WHAT_IT_IS, takes_key
from labeling.access import rule_for

KEY = {"in": "header", "name": HEADER, "schema": {"type": "string"}, "description": WHAT_IT_IS}


class DeclaredSchema(AutoSchema):
    """Add each operation's declared rule as ``x-who`` and ``x-scope``, and the key of writes."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation, or None when it is left out of the schema."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        rule = rule_for(self.view, self.method)
        if operation is not None and rule is not None:
            operation["x-who"] = sorted(who.value for who in rule.who)
            operation["x-scope"] = rule.scope.value if rule.scope else None
            if takes_key(self.view, rule, self.method):
                operation.setdefault("parameters", []).append(KEY)
        return operation


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI schema of every operation; the routes never change in a process."""
    generator: Any = SchemaGenerator  # the library is untyped
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema
