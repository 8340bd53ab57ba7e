"""No page is forgotten: each is photographed, shown by the index, and kept in the repository."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.screens.index import FOLDER, INDEX, LOOKS, index, picture_of
from tests.screens.places import PLACES, every_screen
from tests.security.actors import make_actors
from tests.security.routes import all_routes
from tests.security.walking import cases
from tests.security.world import World, built

MOST_MEGABYTES = 12
KEPT = [look for look in LOOKS if look.kept]


def pages(world: World) -> Iterator[str]:
    """Yield the name of each route that answers GET with a whole page, or with the way to one."""
    manager = make_actors(world)["manager"]
    for route in all_routes():
        if route.is_api or route.rule("GET") is None:
            continue
        answer = manager.send("GET", next(cases(route, manager, world)).url)
        if answer.status_code == 302 or b"<html" in answer.getvalue()[:200]:
            yield route.name


@pytest.mark.django_db
def test_every_page_is_photographed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with built() as world:
        found = set(pages(world))

    assert len(found) >= 40
    assert found - {screen.route for screen in every_screen()} == set()


def test_no_two_pictures_share_a_name() -> None:
    names = Counter(screen.name for screen in every_screen())

    assert [name for name, times in names.items() if times > 1] == []


def test_index_shows_every_page_and_state() -> None:
    assert INDEX.read_text(encoding="utf-8") == index()


def test_pictures_that_are_kept_are_there_and_no_others() -> None:
    wanted = {picture_of(screen, look) for screen in every_screen() for look in KEPT}
    there = {path for look in KEPT for path in FOLDER.glob(f"*/*-{look}.png")}

    assert there == wanted
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == {
        place.place for place in PLACES
    }


def test_pictures_keep_the_repository_small() -> None:
    sizes = [path.stat().st_size for look in KEPT for path in FOLDER.glob(f"*/*-{look}.png")]

    assert sum(sizes) < MOST_MEGABYTES * 1_000_000
