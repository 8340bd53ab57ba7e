"""What a server asks for with Retry-After is read, and bounded."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from labeling.generation.backends import server as module
from labeling.generation.backends.faults import (
    Refused,
)


@pytest.mark.parametrize(
    ("given", "pause"), [("7", 7.0), ("0", 0.0), ("61", False), ("soon", True), (None, True)]
)
def test_pause_follows_retry_after_up_to_a_minute(given, pause):
    headers = {} if given is None else {"Retry-After": given}
    wait = module._retry_after(httpx2.Response(429, headers=headers))

    assert module._worth_another_try(Refused(429, wait)) == pause


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0),
        ("inf", 86_400, 86_400),
        ("-5", 0, 0),
        ("1e300", 86_400, 86_400),
    ],
)
def test_retry_after_is_from_at_once_to_a_day(given, least, most):
    wait = module._retry_after(httpx2.Response(429, headers={"Retry-After": given}))

    assert wait is not None
    assert least <= wait <= most


def test_retry_after_may_be_a_date():
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)

    wait = module._retry_after(httpx2.Response(429, headers={"Retry-After": then}))

    assert wait is not None
    assert 20 <= wait <= 30


@pytest.mark.parametrize("given", ["nan", "soon", "", "Thu, 01 Jan", "9" * 400])
def test_retry_after_that_says_nothing_does_no_harm(given):
    wait = module._retry_after(httpx2.Response(429, headers={"Retry-After": given}))

    assert wait is None or 0 <= wait <= 86_400
