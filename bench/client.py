"""A person at the HTTP API: one session with its cookies, counting what it asks."""

import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import httpx2
import orjson

from annotate.launch import LaunchError
from bench.stack import Stack

ADMINISTRATOR = "manager@annotate.localhost"


class Counter:
    """How many requests all people together have made, and how long each took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.seconds: list[float] = []

    def add(self, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self.seconds.append(seconds)

    def percentile(self, share: float) -> float:
        """Return the time in milliseconds that this share of the requests stayed under."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Person:
    """One signed-in session; raises on any answer that is not a success."""

    def __init__(self, url: str, counter: Counter) -> None:
        self.http = httpx2.Client(base_url=url, timeout=60, follow_redirects=False)
        self.counter = counter

    def ask(self, method: str, path: str, *, headers: dict | None = None, **body: Any) -> Any:
        """Send one request under /api/v1/ and return the JSON of its answer."""
        answer = self.send(method, f"/api/v1/{path}", headers=headers or {}, **body)
        return answer.json() if answer.content else None

    def send(self, method: str, path: str, *, headers: dict, **body: Any) -> httpx2.Response:
        """Send one request with this session's CSRF token; raise unless it succeeded."""
        token = self.http.cookies.get("csrftoken", default="")
        sent = {**headers, "X-CSRFToken": token, "Referer": str(self.http.base_url)}
        start = time.perf_counter()
        answer = self.http.request(method, path, headers=sent, **body)
        self.counter.add(time.perf_counter() - start)
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer

    def accept(self, link: str, password: str, name: str) -> None:
        """Accept an invitation; the session is signed in afterwards."""
        body = {"link": link, "password": password, "display_name": name}
        self.ask("POST", "links/accept/", json=body)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the page, as a browser without scripts would."""
        self.send("GET", "/account/sign-in/", headers={})
        form = {"login": email, "password": password}
        self.send("POST", "/account/sign-in/", headers={}, data=form)

    def become_administrator(self, stack: Stack) -> None:
        """Be made the first administrator of an installation, and sign in."""
        password = secrets.token_urlsafe(16)
        stack.env["DJANGO_SUPERUSER_PASSWORD"] = password
        stack.manage("createsuperuser", "--noinput", "--email", ADMINISTRATOR)
        self.sign_in(ADMINISTRATOR, password)

    def import_rows(self, campaign: str, rows: Iterable[bytes]) -> dict[str, Any]:
        """Upload rows as one JSON Lines file; return the import once it is over."""
        files = {"file": ("prompts.jsonl", b"\n".join(rows), "application/jsonl")}
        found = self.ask("POST", f"{campaign}/prompt-sets/", files=files)
        where = f"{campaign}/prompt-sets/{found['id']}/"
        while found["state"] not in {"done", "failed"}:
            time.sleep(0.2)
            found = self.ask("GET", where)
        return dict(found)

    def every(self, query: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of every page of a list."""
        while query:
            page = self.ask("GET", query)
            yield from page["results"]
            query = page["next"].partition("/api/v1/")[2] if page["next"] else ""

    def candidates(self, campaign: str) -> list[dict[str, Any]]:
        """Return every candidate of a campaign, with its prompt's id under ``prompt``."""
        return [
            {**row, "prompt": prompt["id"]}
            for prompt in self.every(f"{campaign}/prompts/?limit=200")
            for row in self.every(f"{campaign}/prompts/{prompt['id']}/candidates/")
        ]

    def prepare_run(self, texts: Sequence[str], generator: dict[str, Any]) -> tuple[str, int]:
        """Make a campaign with a prompt of each text, and a generator; return the place of both.

        That is the campaign's path and the generator's id.
        """
        body = {"name": "Generated", "guideline": "Which answer is better?"}
        at = f"campaigns/{self.ask('POST', 'campaigns/', json=body)['id']}"
        rows = (orjson.dumps({"messages": [{"role": "user", "content": one}]}) for one in texts)
        found = self.import_rows(at, rows)
        if found["stored_rows"] != len(texts):
            raise LaunchError(f"only {found['stored_rows']} prompts were stored")
        return at, self.ask("POST", f"{at}/generators/", json=generator)["id"]
