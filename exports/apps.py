"""Register the exports with Django."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The published datasets."""

    name = "exports"
    default_auto_field = "django.db.models.BigAutoField"
