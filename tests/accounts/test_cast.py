"""The cast itself."""

from labeling.campaigns.models import Membership
from tests.factories import Cast


def test_cast_has_its_roles(cast: Cast) -> None:
    roles = Membership.objects.filter(campaign=cast.campaign).values_list("user__email", "role")

    assert sorted(roles) == [
        ("annotator@annotate.localhost", "annotator"),
        ("manager@annotate.localhost", "manager"),
        ("reviewer@annotate.localhost", "reviewer"),
        ("teammate@annotate.localhost", "annotator"),
    ]
