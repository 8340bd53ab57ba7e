"""A sealed key opens with the keys of this deployment, for its own host, and nowhere else."""

import pytest
from cryptography.fernet import Fernet

from labeling.generation.services.sealing import CannotOpen, reseal, seal, unseal

pytestmark = pytest.mark.once
HOST, KEY = "models.example:443", "sk-very-secret"


def test_key_opens_for_the_host_it_was_sealed_for():
    sealed = seal(KEY, host=HOST)

    assert KEY not in sealed
    assert unseal(sealed, host=HOST) == KEY


@pytest.mark.parametrize("host", ["models.example:8443", "evil.example:443", ""])
def test_key_opens_for_no_other_host(host: str):
    with pytest.raises(CannotOpen):
        unseal(seal(KEY, host=HOST), host=host)


def test_key_sealed_with_a_key_that_is_gone_stays_closed(settings):
    sealed = seal(KEY, host=HOST)
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]

    for act in (lambda: unseal(sealed, host=HOST), lambda: reseal(sealed)):
        with pytest.raises(CannotOpen):
            act()


def test_key_is_moved_to_the_newest_sealing_key(settings):
    old, new = settings.SEALING_KEYS[0], Fernet.generate_key().decode()
    sealed = seal(KEY, host=HOST)
    settings.SEALING_KEYS = [new, old]

    moved = reseal(sealed)
    settings.SEALING_KEYS = [new]

    assert unseal(moved, host=HOST) == KEY


@pytest.mark.parametrize(
    "change", [lambda text: text[:-4] + "AAA=", lambda text: "", lambda _: "x"]
)
def test_sealed_key_that_was_changed_stays_closed(change):
    with pytest.raises(CannotOpen):
        unseal(change(seal(KEY, host=HOST)), host=HOST)
