"""The Django project of Annotate: wiring only."""

from annotate.celery import app as celery_app

__all__ = ["celery_app"]
