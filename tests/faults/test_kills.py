"""An answer that was acknowledged is there after any crash, once, and the service comes back."""

import json
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.faults.books import Books, compare
from tests.faults.cluster import Cluster, programs
from tests.faults.load import Clicker, Load
from tests.faults.site import Site
from tests.pipeline.product import within
from tests.plugin import FIGURES, FULL, Record

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("faults")]
FAULTS, ANSWERS, PEOPLE = (20, 20_000, 12) if FULL else (2, 200, 4)
PROMPTS = ANSWERS // 30 * 2  # ten pairs each, three judgments a pair: twice what is answered
BACK_SECONDS = 30
PATIENCE_SECONDS = 600
KINDS = ("database", "web server", "database connection", "web worker")


@dataclass
class Killer:
    """Who kills, one thing at a time while people work, and takes down how long each was felt."""

    site: Site
    cluster: Cluster
    load: Load
    drawn: random.Random = field(default_factory=lambda: random.Random(7))
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def work(self, faults: int, answers: int) -> None:
        """Kill at random moments, spread over so many acknowledged answers."""
        pace = answers / (faults + 1)
        for number in range(faults):
            after = round(pace * (number + self.drawn.uniform(0.5, 1.5)))
            self._wait_for(after)
            self._kill(KINDS[number % len(KINDS)])
        self._wait_for(answers)

    def _wait_for(self, answers: int) -> None:
        def enough() -> bool:
            assert self.load.wrong == []
            return self.load.acknowledged >= answers

        within(PATIENCE_SECONDS, enough, f"{answers} acknowledged answers")

    def _kill(self, kind: str) -> None:
        began = time.monotonic()
        if kind == "web server":
            self.site.kill()
        elif kind == "web worker":
            self.site.kill_one_worker(self.drawn)
        elif kind == "database connection":
            self.cluster.kill_one_connection(self.drawn)
        else:
            self.cluster.stop()
            self.cluster.start()
        down = time.monotonic()
        within(2 * BACK_SECONDS, lambda: self.load.newest > down, f"an answer after: {kind}")
        self.seconds.setdefault(kind, []).append(time.monotonic() - began)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A database server that may be killed; who ends the test early leaves nothing running."""
    if programs() is None:
        pytest.skip("no initdb on this machine")
    before = signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated"))
    cluster = Cluster()
    yield cluster
    cluster.remove()
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def site(cluster: Cluster) -> Iterator[Site]:
    """A web server on that database."""
    site = Site(cluster.url)
    yield site
    site.remove()


def test_kills_lose_no_acknowledged_answer_and_double_none(
    cluster: Cluster, site: Site, record_property: Record
) -> None:
    made = json.loads(site.run("-m", "tests.faults.prepare", str(PEOPLE), str(PROMPTS)))
    site.start()
    load = Load()
    people = [
        Clicker(load, site.url, made["campaign"], email, made["password"])
        for email in made["people"]
    ]
    killer = Killer(site, cluster, load)
    for person in people:
        person.start()
    try:
        killer.work(FAULTS, ANSWERS)
    finally:
        load.stop.set()
        for person in people:
            person.join(PATIENCE_SECONDS)

    with cluster.connect() as connection:
        books = compare(connection, load.sent)
    record_property(FIGURES, f"{books}\n{told(load, killer, site)}")
    assert cluster.is_durable()
    assert load.wrong == []
    assert books.acknowledged >= ANSWERS
    assert broken(books) == (0, 0, 0, 0)
    assert max(max(each) for each in killer.seconds.values()) <= BACK_SECONDS


def broken(books: Books) -> tuple[int, int, int, int]:
    return books.missing, books.doubles, books.strays, books.uneven


def told(load: Load, killer: Killer, site: Site) -> str:
    """Say what the clients went through and how long each kind of fault was felt."""
    tries = Counter(min(one.tries, 3) for one in load.sent)
    replayed = sum(one.replayed for one in load.sent)
    felt = {
        kind: f"{len(each)} x, at most {max(each):.1f} s" for kind, each in killer.seconds.items()
    }
    return (
        f"{replayed} acknowledged only when sent again after a commit; "
        f"sent once {tries[1]}, twice {tries[2]}, more {tries[3]}; "
        f"web server started {site.starts} x; {felt}"
    )
