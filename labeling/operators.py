"""Tables of the Django admin that operators can look at and not touch."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:  # at run time the class takes no parameters
    AnyAdmin = admin.ModelAdmin[Any]
else:
    AnyAdmin = admin.ModelAdmin


class ReadOnly(AnyAdmin):
    """A table to look at; pages and the API change its rows through services, which log it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: services make these rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: services change these rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: services delete these rows."""
        return False
