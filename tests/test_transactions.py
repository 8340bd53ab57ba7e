"""One transaction a request, with its parts."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from labeling.accounts.models import User
from labeling.transactions import part, whole

pytestmark = pytest.mark.django_db(transaction=True)


def save(email: str, *, fail: bool = False) -> None:
    User.objects.create(email=email)
    if fail:
        raise ValueError("odd")


def people() -> list[str]:
    return list(User.objects.order_by("email").values_list("email", flat=True))


def test_part_alone_is_a_transaction() -> None:
    with pytest.raises(ValueError, match="odd"), part():
        save("a@annotate.localhost", fail=True)

    assert people() == []


def test_part_of_a_whole_makes_no_savepoint() -> None:
    with CaptureQueriesContext(connection) as queries, whole(), part():
        save("a@annotate.localhost")

    assert [each["sql"] for each in queries if "SAVEPOINT" in each["sql"]] == []
    assert people() == ["a@annotate.localhost"]


def test_whole_is_undone_with_all_its_parts() -> None:
    with pytest.raises(ValueError, match="odd"), whole(), part():
        save("a@annotate.localhost", fail=True)

    assert people() == []


def test_part_after_a_whole_is_a_transaction_again() -> None:
    with whole():
        pass
    with part():
        assert connection.in_atomic_block

    assert not connection.in_atomic_block


def test_whole_inside_a_transaction_is_a_savepoint_of_it() -> None:
    with transaction.atomic():
        with pytest.raises(ValueError, match="odd"), whole():
            save("a@annotate.localhost", fail=True)
        save("b@annotate.localhost")

    assert people() == ["b@annotate.localhost"]
