"""The token for the Hub goes nowhere unencrypted."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from annotate.hub import read_hub_address


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("", ""),
        (" ", ""),
        ("https://hub.annotate.invalid/", "https://hub.annotate.invalid"),
        ("https://hub.annotate.invalid:8443", "https://hub.annotate.invalid:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_address_is_taken(value: str, address: str) -> None:
    assert read_hub_address(value) == address


@pytest.mark.parametrize(
    "value",
    [
        "hub.annotate.invalid",
        "http://hub.annotate.invalid",
        "ftp://hub.annotate.invalid",
        "https://",
        "https://someone:word@hub.annotate.invalid",
        "https://hub.annotate.invalid?token=word",
        "https://hub.annotate.invalid#word",
    ],
)
def test_address_that_would_show_the_token_is_refused_without_a_word_of_it(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HF_ENDPOINT must be https://") as refused:
        read_hub_address(value)

    assert "word" not in str(refused.value)
