"""A campaign over the HTTP API, and people who answer its comparisons by a rule."""

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from annotate.launch import LaunchError
from bench.client import Counter, Person
from bench.stack import Stack
from exports.client import Client, Export

PATIENCE_SECONDS, MOST_WAITS = 300, 240
SCOPES = ["export:read", "export:write"]
# Of a person, by number, and what is shown to them: the parts of the answer they give.
Rule = Callable[[int, dict[str, Any]], dict[str, Any]]


class RuledCampaign:
    """A campaign in which every answer follows a rule; made, filled and exported over HTTP."""

    def __init__(self, stack: Stack, *, overlap: int, **asked: Any) -> None:
        """Sign a first administrator in, and make and start the campaign."""
        self.stack, self.overlap = stack, overlap
        self.manager = Person(stack.url, Counter())
        self.manager.become_administrator(stack)
        body = {"guideline": "Which answer is better?", "overlap": overlap, **asked}
        self.id = int(self.manager.ask("POST", "campaigns/", json=body)["id"])
        self.at = f"campaigns/{self.id}"
        plain = {"version": 1, "repeat_percent": 0}  # every answer counts
        self.manager.ask("PATCH", f"{self.at}/allocation/", json=plain)
        self.manager.ask("POST", f"{self.at}/state/", json={"state": "active"})

    def import_rows(self, rows: Sequence[bytes]) -> None:
        """Import rows with responses, and wait until each is a comparison."""
        found = self.manager.import_rows(self.at, rows)
        if found["stored_rows"] != len(rows):
            raise LaunchError(f"of {len(rows)} rows only {found['stored_rows']} were stored")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._progress("wanted") < len(rows) * self.overlap:
            if time.monotonic() > deadline:
                raise LaunchError("not every row became a comparison")
            time.sleep(0.5)

    def answer_all(self, people: int, rule: Rule) -> int:
        """Let so many people answer until nothing is wanted; return how many answers they gave."""
        emails = [{"email": f"annotator{n}@annotate.localhost"} for n in range(people)]
        body = {"members": emails}
        added = self.manager.ask("POST", f"{self.at}/members/", json=body)["results"]
        with ThreadPoolExecutor(people) as pool:
            work = [pool.submit(self._work, n, one["link"], rule) for n, one in enumerate(added)]
            return sum(one.result() for one in work)

    def token(self) -> str:
        """Return the secret of an API token that may ask for exports and read them."""
        body = {"name": "bench", "scopes": SCOPES}
        return str(self.manager.ask("POST", "tokens/", json=body)["secret"])

    def export(self, client: Client, **selection: Any) -> Export:
        """Ask for an export and return it once it is ready."""
        return client.wait(client.request(self.id, **selection), seconds=PATIENCE_SECONDS)

    def _progress(self, name: str) -> int:
        return int(self.manager.ask("GET", f"{self.at}/progress/")[name])

    def _work(self, number: int, link: str, rule: Rule) -> int:
        """Join by the link and answer; others may hold the last places for a moment."""
        person, given = Person(self.stack.url, Counter()), 0
        person.accept(link, secrets.token_urlsafe(16), f"annotator {number}")
        for _ in range(MOST_WAITS):
            found = person.ask("POST", f"{self.at}/assignments/next/")
            while found["assignment"] is not None:
                found = self._answer(person, found["assignment"], rule(number, found["assignment"]))
                given += 1
            if found["open"] == 0:
                return given
            time.sleep(0.25)
        raise LaunchError(f"annotator {number} waited too long for the last comparisons")

    def _answer(self, person: Person, shown: dict[str, Any], said: dict[str, Any]) -> Any:
        """Send one answer and claim what comes next in the same request."""
        receipt = person.ask(
            "POST",
            f"{self.at}/assignments/{shown['id']}/judgment/",
            headers={"Idempotency-Key": secrets.token_hex(16)},
            json={"token": shown["token"], "hold": 1, **said},
        )
        return receipt["next"]


def texts_of(shown: dict[str, Any]) -> list[str]:
    """Return the responses that are shown, in their order."""
    return [one["text"] for one in shown["responses"]]


def last_turn(messages: Iterable[dict[str, Any]]) -> str:
    """Return what the user said last."""
    return str(list(messages)[-1]["content"])
