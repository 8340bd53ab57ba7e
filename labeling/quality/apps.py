"""Register the quality stage with Django."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """The quality stage."""

    name = "labeling.quality"
    default_auto_field = "django.db.models.BigAutoField"
