"""One annotator's claims and answers over HTTP, as programs and as the page send them."""

import http.client
import json
import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench.assign.loops import RANKED

ASSIGNMENT = re.compile(r'data-assignment="(\d+)"')
TOKEN = re.compile(r'name="token" value="([0-9a-f-]{36})"')
ACTIVE_MS = 9000


class Session:
    """A signed-in person on one connection that is kept open."""

    def __init__(self, stock: Any, annotator: int) -> None:
        self.connection = http.client.HTTPConnection(stock["host"], timeout=60)
        token = uuid4().hex
        session = stock["sessions"][str(annotator)]
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "X-CSRFToken": token,
        }
        self.campaign = stock["campaign"]

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """Send one request and return the body of its answer; raise unless it succeeded."""
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {said[:500]!r}")
        return said

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class TwoRequests(Session):
    """A program at the REST API that claims and answers with a request each."""

    HOLD_AFTERWARDS = 0

    def claim(self) -> Any:
        """Ask for the next comparison."""
        return _shown(self._post("next/", {}, {}))

    def submit(self, claimed: Any) -> Any:
        """Send an answer under a key of its own; return what the server says."""
        body = {
            "token": claimed["token"],
            "outcome": "ranked",
            "ranks": RANKED,
            "active_ms": ACTIVE_MS,
            "hold": self.HOLD_AFTERWARDS,
        }
        return self._post(f"{claimed['id']}/judgment/", body, {"Idempotency-Key": uuid4().hex})

    def _post(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        kind = {"Content-Type": "application/json", "Accept": "application/json"}
        base = f"/api/v1/campaigns/{self.campaign}/assignments/"
        return json.loads(
            self.send("POST", base + path, json.dumps(body).encode(), {**kind, **headers})
        )


class OneRequest(TwoRequests):
    """A program at the REST API whose answers claim what comes next."""

    HOLD_AFTERWARDS = 1
    following: Any = None

    def claim(self) -> Any:
        """Take what came with the last answer; only the first is asked for."""
        return self.following or super().claim()

    def submit(self, claimed: Any) -> Any:
        """Send an answer, and keep the comparison that comes back."""
        answer = super().submit(claimed)
        self.following = _shown(answer["next"])
        return answer


class Page(Session):
    """The ranking page's script: an answer brings the next comparison as a piece of the page.

    It claims one at a time, so that every answer is one claim, as in the other ways.
    """

    shown = ""

    def claim(self) -> str:
        """Take the page that came with the last answer; only the first is asked for."""
        return self.shown or self._fragment("GET", "", b"")

    def submit(self, claimed: str) -> None:
        """Post the sheet under a key of its own, and keep the page that comes back."""
        sheet = {"token": _found(TOKEN, claimed), "scale": "4", "active_ms": ACTIVE_MS}
        path = f"{_found(ASSIGNMENT, claimed)}/"
        self.shown = self._fragment("POST", path, urlencode(sheet).encode())

    def _fragment(self, method: str, path: str, body: bytes) -> str:
        headers = {
            "X-Fragment": "1",
            "Idempotency-Key": uuid4().hex,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        where = f"/campaigns/{self.campaign}/rank/{path}"
        return self.send(method, where, body, headers).decode()


def _shown(claimed: Any) -> Any:
    if claimed["assignment"] is None:
        raise RuntimeError("the queue ran out of comparisons")
    return claimed["assignment"]


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError("the queue ran out of comparisons")
    return found[1]
