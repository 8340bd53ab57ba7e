"""A manager at their pages, and one comparison."""

import pytest
from django.test import Client

from labeling.assignment.models import Comparison
from tests.assignment.deciding import only
from tests.factories import Cast, signed_in
from tests.stock import stock


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


@pytest.fixture
def comparison(cast: Cast) -> Comparison:
    stock(cast.campaign, 1)
    return only(cast.campaign)
