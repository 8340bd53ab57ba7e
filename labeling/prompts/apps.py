"""Register the prompts stage with Django."""

from django.apps import AppConfig


class PromptsConfig(AppConfig):
    """The prompts stage."""

    name = "labeling.prompts"
    default_auto_field = "django.db.models.BigAutoField"
