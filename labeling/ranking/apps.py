"""Register the ranking stage with Django."""

from django.apps import AppConfig


class RankingConfig(AppConfig):
    """The ranking stage."""

    name = "labeling.ranking"
    default_auto_field = "django.db.models.BigAutoField"
