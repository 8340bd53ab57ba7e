"""One world for all the tests of a module, in one transaction that is never committed."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.security.world import World, built


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both campaigns with all they hold; tests reach it by ``stage``."""
    with django_db_blocker.unblock(), transaction.atomic():
        with built() as made:
            yield made
        transaction.set_rollback(True)


@pytest.fixture
def stage(world: World, db: None) -> Iterator[World]:
    """The world; what a test does to it is undone."""
    logging.disable()  # tens of thousands of lines that nobody would read
    cache.clear()
    yield world
    cache.clear()
    logging.disable(logging.NOTSET)
