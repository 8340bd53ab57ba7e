"""Read HF_ENDPOINT: the Hub that exports are pushed to, and that alone is sent the token."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from annotate.checks import LOOPBACK

REFUSAL = (
    "HF_ENDPOINT must be https://host[:port], or empty for the public Hub; the token goes there."
)


def read_hub_address(value: str) -> str:
    """Return the address without a slash at its end, or an empty text for the library's own.

    Raises ImproperlyConfigured for what is no address, and for one that would send the token
    unencrypted to another machine.
    """
    if not value.strip():
        return ""
    parts = urlsplit(value.strip())
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (is_safe and parts.hostname) or parts.username or parts.query or parts.fragment:
        raise ImproperlyConfigured(REFUSAL)
    return value.strip().rstrip("/")
