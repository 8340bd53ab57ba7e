"""The shell's navigation, bars and static files."""

from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client

from annotate.templatetags.shell import figure, literal, money, percent_of, reasons
from tests.factories import Cast, signed_in

pytestmark = pytest.mark.django_db


def navigation(page: str) -> list[str]:
    nav = page.partition('<nav class="nav')[2].partition("</nav>")[0]
    return [link.partition(">")[2].partition("<")[0] for link in nav.split("<a ")[1:]]


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_navigation_offers_only_what_the_role_may_open(cast: Cast) -> None:
    path = f"/campaigns/{cast.campaign.pk}/guide/"
    offered = {
        name: navigation(page_of(signed_in(getattr(cast, name)), path))
        for name in ("annotator", "manager")
    }

    assert "Members" in offered["manager"]
    assert "Members" not in offered["annotator"]
    assert set(offered["annotator"]) < set(offered["manager"])


def test_navigation_marks_the_place_one_is_at(cast: Cast) -> None:
    page = page_of(signed_in(cast.manager), f"/campaigns/{cast.campaign.pk}/guide/edit/")
    nav = page.partition('<nav class="nav')[2].partition("</nav>")[0]

    assert nav.count('aria-current="page"') == 1
    assert 'aria-current="page">Guide' in nav


def test_every_place_offered_can_be_opened(cast: Cast) -> None:
    client = signed_in(cast.reviewer)
    page = page_of(client, f"/campaigns/{cast.campaign.pk}/guide/")
    nav = page.partition('<nav class="nav')[2].partition("</nav>")[0]
    addresses = [part.partition('"')[0] for part in nav.split('href="')[1:]]

    assert len(addresses) > 2
    assert {client.get(address).status_code for address in addresses} == {200}


def test_page_outside_campaigns_leads_home_only(cast: Cast) -> None:
    assert navigation(page_of(signed_in(cast.annotator), "/api/")) == ["Campaigns"]
    assert navigation(page_of(Client(), "/api/")) == []


def test_stacked_bar_draws_parts_to_scale_and_says_them() -> None:
    source = '{% load shell %}{% stack 1 "c1" "done" 0 "c2" "live" 3 "c3" "open" %}'
    text = Template(source).render(Context())

    assert 'aria-label="1 done, 3 open"' in text
    assert '<rect class="c1" x="0.000%" y="0" width="25.000%"' in text
    assert '<rect class="c3" x="25.000%" y="0" width="75.000%"' in text
    assert "c2" not in text


def test_stacked_bar_of_nothing_is_drawn() -> None:
    text = Template('{% load shell %}{% stack 0 "c1" "done" %}').render(Context())

    assert 'aria-label="nothing yet"' in text


@pytest.mark.parametrize(
    ("amount", "written"),
    [("0.1000", "0.10"), ("12", "12.00"), ("0.0525", "0.0525"), ("1200.5", "1200.50"),
     ("0", "0.00"), ("4000", "4000.00")],
)  # fmt: skip
def test_amounts_have_the_places_they_need(amount: str, written: str) -> None:
    assert money(Decimal(amount)) == written


def test_figures_are_written_for_people() -> None:
    assert (figure(5940), percent_of(119, 120), percent_of(1, 0)) == ("5,940", "99%", "0%")
    assert (reasons("one"), reasons(["one.", "two."])) == ("one", "one. two.")


def test_literals_become_code_and_nothing_else_gets_through() -> None:
    assert literal("a ``<b>`` & `c`") == "a <code>&lt;b&gt;</code> &amp; <code>c</code>"


def test_static_files_may_be_cached_unlike_pages(settings: Any) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True

    answer = Client().get("/static/annotate/base.css")
    answer.close()

    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    assert answer.headers["Last-Modified"]
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
