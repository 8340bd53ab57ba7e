"""The Celery application; tasks are found in each stage's tasks module."""

import os

from celery import Celery

from annotate.brokers import mend_transports

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotate.settings")
mend_transports()

app = Celery("annotate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
