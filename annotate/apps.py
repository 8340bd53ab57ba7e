"""Register the project itself, for its templates, static files and commands."""

from django.apps import AppConfig


class AnnotateConfig(AppConfig):
    """The project."""

    name = "annotate"
