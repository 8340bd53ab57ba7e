"""The mutant: Celery as it comes, and nobody who looks whether a message was lost."""

from annotate.settings import *  # noqa: F403 - the product's settings, all but these

CELERY_TASK_ACKS_LATE = False
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_BEAT_SCHEDULE = {}
