"""Who gets to which campaign page, and what the others see."""

import pytest

from labeling.campaigns.models import Campaign, Membership, Round
from tests.campaigns.test_web import page_of, text_of
from tests.factories import Cast, signed_in

pytestmark = pytest.mark.django_db


def own_pages(campaign: Campaign) -> list[tuple[str, str]]:
    member = Membership.objects.filter(campaign=campaign).order_by("-id")[0].pk
    return [
        ("get", page_of(campaign)),
        ("get", page_of(campaign, "edit")),
        ("post", page_of(campaign, "edit")),
        ("post", page_of(campaign, "state")),
        ("get", page_of(campaign, "guide")),
        ("get", page_of(campaign, "guide", 1)),
        ("get", page_of(campaign, "guide", "edit")),
        ("post", page_of(campaign, "guide", "edit")),
        ("get", page_of(campaign, "rounds")),
        ("post", page_of(campaign, "rounds")),
        ("get", page_of(campaign, "rounds", 1)),
        ("post", page_of(campaign, "rounds", 1)),
        ("post", page_of(campaign, "rounds", 1, "close")),
        ("post", page_of(campaign, "rounds", 1, "open")),
        ("get", page_of(campaign, "members")),
        ("post", page_of(campaign, "members")),
        ("get", page_of(campaign, "members", member)),
        ("post", page_of(campaign, "members", member)),
        ("post", page_of(campaign, "members", member, "invite")),
        ("get", page_of(campaign, "members", member, "remove")),
        ("post", page_of(campaign, "members", member, "remove")),
    ]


def rows() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Campaign, Membership, Round)]


def test_stranger_finds_no_page_and_changes_nothing(cast: Cast) -> None:
    before = rows()
    client = signed_in(cast.stranger)

    for method, url in own_pages(cast.campaign):
        page = getattr(client, method)(url)
        assert page.status_code == 404, (method, url)
        assert cast.campaign.name not in text_of(page)

    assert rows() == before


def test_annotator_sees_the_campaign_but_no_managers_page(cast: Cast) -> None:
    client = signed_in(cast.annotator)
    open_pages = {
        page_of(cast.campaign),
        *(page_of(cast.campaign, *p) for p in (["guide"], ["guide", 1])),
    }

    for method, url in own_pages(cast.campaign):
        assert getattr(client, method)(url).status_code == (200 if url in open_pages else 403)


def test_annotator_sees_no_other_persons_address(cast: Cast) -> None:
    client = signed_in(cast.annotator)

    for url in ("/", page_of(cast.campaign), page_of(cast.campaign, "guide")):
        text = text_of(client.get(url)).replace(cast.annotator.email, "")
        assert "@annotate.localhost" not in text
