"""Register the campaigns stage with Django."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """The campaigns stage."""

    name = "labeling.campaigns"
    default_auto_field = "django.db.models.BigAutoField"
