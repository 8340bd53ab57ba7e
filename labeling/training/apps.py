"""Register the training stage with Django."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The training stage."""

    name = "labeling.training"
    default_auto_field = "django.db.models.BigAutoField"
