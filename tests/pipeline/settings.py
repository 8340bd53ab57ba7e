"""Settings of a worker that a test starts: the product's own, on the test's broker."""

import os

from annotate.settings import *  # noqa: F403 - the product's own
from annotate.settings import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_BROKER_URL = os.environ["BROKER_OF_THE_TEST"]
if os.environ["PREFIX_OF_THE_TEST"]:
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = os.environ["PREFIX_OF_THE_TEST"]
