"""Read SEALING_KEYS: what the keys of model servers are sealed with in the database."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def read_sealing_keys(values: list[str], *, secret_key: str) -> list[str]:
    """Return the Fernet keys, newest first; without any, one that is derived from SECRET_KEY.

    Raises ImproperlyConfigured for one that is no Fernet key.
    """
    keys = [value.strip() for value in values if value.strip()]
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                f"SEALING_KEYS: number {number} is no Fernet key. Make one with: python -c "
                "'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
            ) from None
    derived = sha256(b"annotate: keys of model servers\n" + secret_key.encode()).digest()
    return keys or [urlsafe_b64encode(derived).decode()]
