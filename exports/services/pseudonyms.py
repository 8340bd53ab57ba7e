"""Give the annotators of a campaign the names that its exports call them by."""

import secrets

from exports.models import PseudonymKey
from labeling.campaigns.models import Campaign

BYTES = 32


def name_people(campaign: Campaign) -> None:
    """Make the key that their names come of, where there is none; safe to call twice."""
    key = PseudonymKey(campaign=campaign, secret=secrets.token_bytes(BYTES))
    PseudonymKey.objects.bulk_create([key], ignore_conflicts=True)
