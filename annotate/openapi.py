"""The OpenAPI schema: made once a process, and naming who may use each operation."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from labeling.access import rule_for


class DeclaredSchema(AutoSchema):
    """Add each operation's declared rule: ``x-who`` lists the roles, ``x-scope`` the scope."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation, or None when it is left out of the schema."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        rule = rule_for(self.view, self.method)
        if operation is not None and rule is not None:
            operation["x-who"] = sorted(who.value for who in rule.who)
            operation["x-scope"] = rule.scope.value if rule.scope else None
        return operation


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI schema of every operation; the routes never change in a process."""
    generator: Any = SchemaGenerator  # the library is untyped
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema
