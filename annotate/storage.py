"""Read EXPORTS_STORAGE: the bucket that the files of exports are kept in, if there is one."""

import re
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SHAPE = (
    "EXPORTS_STORAGE must be s3://bucket or s3://bucket/prefix, or empty for the data folder; "
    "the keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)
ENDPOINT = "AWS_ENDPOINT_URL_S3 must be http(s)://host[:port], or empty for the service of AWS."
NO_EXTRA = (
    "EXPORTS_STORAGE needs the extra `s3`, which is not installed. Install requirements/s3.txt."
)
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")


def exports_storage(address: str, endpoint: str) -> dict[str, dict[str, Any]]:
    """Return the entry of STORAGES that keeps exports in a bucket; none where there is none.

    Raises ImproperlyConfigured for what is no address, and without the packages to reach one.
    """
    if not address:
        return {}
    place = urlsplit(address)
    names_place = BUCKET.fullmatch(place.netloc) and PREFIX.fullmatch(place.path)
    if place.scheme != "s3" or not names_place or place.query or place.fragment:
        raise ImproperlyConfigured(SHAPE)
    server = urlsplit(endpoint)
    if endpoint and not (server.scheme in {"http", "https"} and server.hostname):
        raise ImproperlyConfigured(ENDPOINT)
    if not all(map(find_spec, ("boto3", "storages"))):
        raise ImproperlyConfigured(NO_EXTRA)
    options = {
        "bucket_name": place.netloc,
        "location": place.path.strip("/"),
        "endpoint_url": endpoint or None,
        "client_config": _patience(),
    }
    return {"exports": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}


def _patience() -> Any:
    """Return how long to wait for a bucket: less than the usual five minutes, as people wait."""
    from botocore.config import Config  # noqa: PLC0415 - boto3 is an extra, and slow

    retries = {"mode": "standard", "total_max_attempts": 3}
    return Config(connect_timeout=5, read_timeout=20, retries=retries)
