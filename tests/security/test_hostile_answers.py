"""Hostile text that programs read: no browser ever takes such an answer for a page."""

import pytest

from tests.security.actors import make_actors
from tests.security.hostile import Deal
from tests.security.planting import MARK, plant
from tests.security.routes import all_routes
from tests.security.walking import REACHED, cases, expected
from tests.security.world import built

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def test_hostile_text_outside_pages_is_json_or_a_download():
    with built() as world:
        actors = make_actors(world)
        plant(world, Deal(0, 5))
        answers = {
            case.url: actor.send("GET", case.url)
            for actor in (actors["operator"], actors["annotator"])
            for route in all_routes()
            for case in cases(route, actor, world)
            if case.label == "own" and expected(route, "GET", actor, case) == REACHED
        }
    other = {
        url: answer
        for url, answer in answers.items()
        if not answer["Content-Type"].startswith("text/html") and MARK.search(text_of(answer))
    }

    assert [url for url, answer in other.items() if not is_harmless(answer)] == []
    assert len(other) > 15


def text_of(answer) -> str:
    return answer.getvalue().decode(errors="replace")


def is_harmless(answer) -> bool:
    is_json = answer["Content-Type"].startswith("application/json")
    is_file = answer.get("Content-Disposition", "").startswith("attachment")
    return answer["X-Content-Type-Options"] == "nosniff" and (is_json or is_file)
