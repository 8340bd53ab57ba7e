"""Register the accounts stage with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts stage."""

    name = "labeling.accounts"
    default_auto_field = "django.db.models.BigAutoField"
