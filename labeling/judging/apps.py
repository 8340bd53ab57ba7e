"""Register the judging stage with Django."""

from django.apps import AppConfig


class JudgingConfig(AppConfig):
    """The judging stage."""

    name = "labeling.judging"
    default_auto_field = "django.db.models.BigAutoField"
