"""What every page knows: the campaign of the route and the person's role in it."""

from typing import Any

from django.http import HttpRequest


def campaign_and_role(request: HttpRequest) -> dict[str, Any]:
    """Return ``campaign`` and ``role`` for pages inside a campaign, nothing elsewhere."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {"campaign": membership.campaign, "role": membership.role}
