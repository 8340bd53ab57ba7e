"""Register the assignment stage with Django."""

from django.apps import AppConfig


class AssignmentConfig(AppConfig):
    """The assignment stage."""

    name = "labeling.assignment"
    default_auto_field = "django.db.models.BigAutoField"
