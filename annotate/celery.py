"""The Celery application; tasks are found in each stage's tasks module."""

import os

from celery import Celery
from kombu.transport import sqlalchemy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotate.settings")

# The embedded broker looks for messages this often (seconds). As a transport option the
# value reaches SQLAlchemy and raises TypeError, so it is set on the class.
sqlalchemy.Transport.polling_interval = 0.25

app = Celery("annotate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
