"""Signing in leads to a page of this site, whatever the address asks for."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from labeling.accounts.enums import LinkPurpose
from labeling.accounts.services.links import give_link
from labeling.clock import database_now
from tests.factories import PASSWORD, signed_in
from tests.security.world import World

pytestmark = [pytest.mark.once, pytest.mark.django_db]
OFF_SITE = (
    "https://evil.example", "http://evil.example", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "HTTPS://evil.example",
    "https://testserver@evil.example", "https://testserver.evil.example",
    "https://evil.example/testserver", "https://evil.example#testserver",
    "https://evil.example?testserver", "https://evil.example\\@testserver",
    "https://testserver:80@evil.example", "//testserver@evil.example", "//evil.example:80",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://evil.example",
    "%2f%2fevil.example", "/%09/evil.example", "//evil%E3%80%82example", "//ⓔvil.example",
    "/.//evil.example", "/..//evil.example", "//[::1]", "//2130706433", "\x00//evil.example",
    "http:\\\\evil.example", "/redirect?next=//evil.example", "?next=//evil.example",
)  # fmt: skip


def is_off_site(place: str) -> bool:
    """Tell whether a browser would leave the site, as browsers read addresses."""
    read = re.sub("[\t\r\n]", "", place.strip("\x00 ")).replace("\\", "/")
    parts = urlsplit(urljoin("http://testserver/account/sign-in/", read))
    slashes = read.startswith("//") and urlsplit(read).hostname != "testserver"
    return slashes or parts.scheme not in {"http", "https"} or parts.hostname != "testserver"


def test_addresses_that_leave_the_site_are_known_as_such():
    assert len(OFF_SITE) >= 40
    assert is_off_site("/\\evil.example")
    assert is_off_site("javascript:alert(1)")
    assert not is_off_site("/campaigns/1/?next=//evil.example")


@pytest.mark.parametrize("place", OFF_SITE)
def test_next_never_leaves_the_site(place: str, stage: World):
    user = stage.sides["A"].people["manager"]
    secret = give_link(user=user, purpose=LinkPurpose.SIGN_IN, created_by=None, now=database_now())
    sign_in, link = reverse("account_login"), reverse("link", args=[secret])
    known = signed_in(user)
    form = {"login": user.email, "password": PASSWORD}
    query = {"next": place}

    answers = [
        Client().post(sign_in, form, query_params=query),
        Client().post(sign_in, {**form, **query}),
        Client().post(link, {}, query_params=query),
        Client().post(link, query),
        known.get(sign_in, query),
        known.post(reverse("account_reauthenticate"), {**form, **query}),
        known.post(reverse("account_logout"), query),
    ]

    assert [one.status_code for one in answers[:3]] == [302, 302, 302]
    places = [one["Location"] for one in answers if 300 <= one.status_code < 400]
    assert [one for one in places if is_off_site(one)] == []
