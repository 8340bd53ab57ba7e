"""People who answer over HTTP until told to stop, and who send again what got no answer."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench.client import Counter, Person

PAUSE_SECONDS = 0.1
SEND_TWICE_PERCENT, GIVE_UP_PERCENT = 5, 20
PREFETCH = 3


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    body: bytes
    replayed: bool

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Sent:
    """One answer that was sent under one key, and what its author was told, if anything."""

    key: str
    assignment: int
    judgment: int | None = None
    tries: int = 0
    replayed: bool = False


@dataclass
class Load:
    """What all people together sent; ``newest`` is when the newest one acknowledged was begun."""

    sent: list[Sent] = field(default_factory=list)
    acknowledged: int = 0
    newest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, began: float) -> None:
        """Count one acknowledged answer whose request was begun then."""
        with self.lock:
            self.acknowledged += 1
            self.newest = max(self.newest, began)


class Clicker(threading.Thread):
    """One signed-in person."""

    def __init__(self, load: Load, url: str, campaign: int, email: str, password: str) -> None:
        super().__init__(name=email, daemon=True)
        self.load = load
        self.place = f"/api/v1/campaigns/{campaign}/assignments/"
        self.drawn = random.Random(email)
        self.http = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        person = Person(url, Counter())
        person.sign_in(email, password)
        cookies = person.http.cookies
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies.get("csrftoken") or "",
            "Content-Type": "application/json",
        }
        person.http.close()

    def run(self) -> None:
        """Claim and answer; whatever goes wrong here is the test's business."""
        try:
            while not self.load.stop.is_set():
                self._once()
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise to
            self.load.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            self.http.close()

    def _once(self) -> None:
        hold = self.drawn.choice([1, PREFETCH])
        answer = self._until_answered("next/", {"hold": hold}, key="")
        if answer is None:
            return
        shown = answer.json()["assignment"]
        if shown is None:
            self.load.wrong.append(f"nothing was left: {answer.json()['why']}")
            self.load.stop.set()
            return
        self._answer(shown)

    def _answer(self, shown: dict[str, Any]) -> None:
        """Send one answer until it is acknowledged; sometimes give up, sometimes send it twice."""
        sent = Sent(uuid4().hex, shown["id"])
        self.load.sent.append(sent)
        ranks = self.drawn.choice([[1, 2], [2, 1]])
        body = {"token": shown["token"], "outcome": "ranked", "ranks": ranks}
        place = f"{sent.assignment}/judgment/"
        gives_up = self._happens(GIVE_UP_PERCENT)
        answer = self._until_answered(place, body, key=sent.key, sent=sent, gives_up=gives_up)
        if answer is None:
            return
        sent.judgment = answer.json()["judgment"]
        sent.replayed = answer.replayed
        if self._happens(SEND_TWICE_PERCENT):
            again = self._until_answered(place, body, key=sent.key)
            if again is not None and again.body != answer.body:
                self.load.wrong.append(f"another answer to the same key: {again.body!r}")

    def _until_answered(
        self,
        place: str,
        body: dict[str, Any],
        *,
        key: str,
        sent: Sent | None = None,
        gives_up: bool = False,
    ) -> Reply | None:
        """Send a request until it succeeds; None once the test is over, or the person gave up."""
        while not self.load.stop.is_set():
            began = time.monotonic()
            answer = self._send(place, body, key)
            if answer is not None and answer.status < 300:
                if sent is not None:
                    sent.tries += 1
                    self.load.acknowledge(began)
                return answer
            if answer is not None and not _may_pass(answer):
                self.load.wrong.append(f"{place}: {answer.status} {answer.body[:300]!r}")
                return None
            if sent is not None:
                sent.tries += 1
            if gives_up:
                return None
            self.load.stop.wait(PAUSE_SECONDS)
        return None

    def _send(self, place: str, body: dict[str, Any], key: str) -> Reply | None:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        try:
            self.http.request("POST", self.place + place, json.dumps(body), headers)
            answer = self.http.getresponse()
            replayed = answer.headers.get("Idempotency-Replayed") == "true"
            return Reply(answer.status, answer.read(), replayed)
        except (OSError, http.client.HTTPException):
            self.http.close()  # the next request opens a new connection
            return None

    def _happens(self, percent: int) -> bool:
        return self.drawn.random() * 100 < percent


def _may_pass(answer: Reply) -> bool:
    """Tell whether a refusal asks to try again: the database is away, or a twin is under way."""
    if answer.status == 409:
        return bool(answer.json()["error"]["code"] == "request_in_flight")
    return answer.status == 503
