"""What a manager sends from the page of a comparison."""

from typing import Any

from django.test import Client

from labeling.accounts.models import User
from labeling.assignment.models import Comparison
from labeling.campaigns.models import Membership
from tests.factories import Cast


def decide(client: Client, comparison: Comparison, act: str, **form: Any) -> Any:
    where = f"/campaigns/{comparison.campaign_id}/comparisons/{comparison.pk}/{act}/"
    return client.post(where, form, follow=True)


def member(cast: Cast, person: User) -> int:
    return Membership.objects.get(campaign=cast.campaign, user=person).pk
