"""Register the generation stage with Django."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """The generation stage."""

    name = "labeling.generation"
    default_auto_field = "django.db.models.BigAutoField"
