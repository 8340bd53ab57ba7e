"""Settings of the test runs: the product's own, with a random key and a folder of its own."""

import atexit
import contextlib
import os
import secrets
import shutil
import tempfile

import redis

_folder = tempfile.mkdtemp(prefix="annotate-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = _folder
os.environ["SECRET_KEY"] = secrets.token_urlsafe(60)
os.environ["SECURE"] = "0"
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_folder}/annotate.sqlite3")

from annotate.settings import *  # noqa: E402, F403 - the environment comes first
from annotate.settings import (  # noqa: E402 - as above
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    EMBEDDED_DATABASE,
    REDIS_URL,
)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if EMBEDDED_DATABASE:
    # A file, not memory: threads and live servers need their own connections.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test-{os.getpid()}.sqlite3"}
else:
    # Nothing here outlives its process; what a crash may cost is tried on a server of its own.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
# Static files come straight from the sources, so that no run needs them collected.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
if REDIS_URL:
    # Messages of this process are for its own workers, whoever else uses the server.
    _prefix = f"annotate-tests-{os.getpid()}:"
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = _prefix

    def _forget_messages() -> None:
        with contextlib.suppress(redis.RedisError):
            server = redis.Redis.from_url(REDIS_URL, socket_timeout=2)
            for key in server.scan_iter(f"{_prefix}*"):
                server.delete(key)

    atexit.register(_forget_messages)
