"""A bench empties no database that somebody else may need."""

from types import SimpleNamespace
from typing import Any

import pytest

from annotate.launch import LaunchError
from bench.stack import BROKER, check_may_be_emptied


def broker(number: int | None, keys: int) -> Any:
    named = {} if number is None else {"db": number}
    return SimpleNamespace(
        connection_pool=SimpleNamespace(connection_kwargs=named), dbsize=lambda: keys
    )


@pytest.mark.parametrize(("number", "keys"), [(BROKER, 9), (BROKER, 0), (3, 0), (None, 0)])
def test_a_bench_may_empty_its_own_database_and_empty_ones(number: int | None, keys: int) -> None:
    check_may_be_emptied(broker(number, keys))


@pytest.mark.parametrize(("number", "told"), [(3, 3), (None, 0)])
def test_a_bench_refuses_to_empty_what_is_not_its_own(number: int | None, told: int) -> None:
    with pytest.raises(LaunchError, match=f"database {told} of REDIS_URL is not empty"):
        check_may_be_emptied(broker(number, 1))
