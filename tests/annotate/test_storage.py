"""Exports go to a bucket only where one is named so that it can be reached."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from annotate import storage
from annotate.storage import exports_storage

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = "import django; django.setup(); import annotate.urls, exports.tasks, sys"


def test_without_a_name_there_is_no_bucket() -> None:
    assert exports_storage("", "https://s3.annotate.invalid") == {}


@pytest.mark.parametrize(
    ("address", "bucket", "location"),
    [
        ("s3://annotate", "annotate", ""),
        ("s3://annotate/", "annotate", ""),
        ("s3://my.bucket-1/lab/exports/", "my.bucket-1", "lab/exports"),
    ],
)
def test_bucket_and_prefix_are_taken(address: str, bucket: str, location: str) -> None:
    options = exports_storage(address, "")["exports"]["OPTIONS"]

    assert (options["bucket_name"], options["location"]) == (bucket, location)
    assert options["endpoint_url"] is None


@pytest.mark.parametrize(
    "address",
    [
        "annotate",
        "https://annotate.invalid/bucket",
        "s3://",
        "s3://Annotate",
        "s3://word:word@annotate",
        "s3://annotate/../word",
        "s3://annotate//word",
        "s3://annotate?word=1",
    ],
)
def test_what_names_no_bucket_is_refused_without_a_word_of_it(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EXPORTS_STORAGE must be s3://") as refused:
        exports_storage(address, "")

    assert "word" not in str(refused.value)


@pytest.mark.parametrize("endpoint", ["s3.annotate.invalid", "ftp://annotate.invalid", "https://"])
def test_an_endpoint_that_is_no_address_is_refused(endpoint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="AWS_ENDPOINT_URL_S3 must be http"):
        exports_storage("s3://annotate", endpoint)


def test_without_the_extra_a_bucket_is_refused_with_the_remedy(monkeypatch) -> None:
    monkeypatch.setattr(storage, "find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match=r"Install requirements/s3\.txt"):
        exports_storage("s3://annotate", "")


def test_nothing_of_a_bucket_is_loaded_where_there_is_none() -> None:
    asked = f"{EVERYTHING}; print([one for one in ('boto3', 'storages') if one in sys.modules])"
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert ended.stdout == "[]\n"
