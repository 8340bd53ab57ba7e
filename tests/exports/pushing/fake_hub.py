"""A Hub on loopback: dataset repositories, commits and large files, as huggingface_hub 2.4 asks.

Large files go the way of Git LFS; the other way, Xet, is switched off where this is used.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TOKEN = "a-token-of-the-tests"
LARGE = (".parquet", ".gz", ".zip")


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Refusal(Exception):
    """Answered with this status and these words."""

    def __init__(self, status: int, words: str, **more: str) -> None:
        super().__init__(words)
        self.status, self.words, self.more = status, words, more


@dataclass
class Repo:
    private: bool
    commits: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=lambda: {".gitattributes": b"*.parquet lfs\n"})

    @property
    def head(self) -> str:
        return self.commits[-1]

    def commit(self, message: str) -> None:
        self.messages.append(message)
        self.commits.append(hashlib.sha1(f"{len(self.commits)}{message}".encode()).hexdigest())


class FakeHub:
    """What the Hub holds, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.repos: dict[str, Repo] = {}
        self.large: dict[str, bytes] = {}
        self.asked: list[Asked] = []
        self.writers = {TOKEN}
        self.readers: set[str] = set()
        self.refusals: dict[str, Refusal] = {}

    def add_repo(self, name: str, *, private: bool = True) -> Repo:
        repo = self.repos[name] = Repo(private)
        repo.commit("initial commit")
        return repo

    def answer(self, asked: Asked) -> Any:
        """Return what is answered; raise Refusal."""
        for part, refusal in self.refusals.items():
            if part in asked.path:
                raise refusal
        if asked.method == "PUT":
            return self._store(asked)
        self._check_token(asked)
        path = asked.path.partition("?")[0]
        if path == "/api/repos/create":
            return self._create(json.loads(asked.body))
        if path == "/api/validate-yaml":
            yaml.safe_load(json.loads(asked.body)["content"].split("---\n")[1])
            return {"errors": [], "warnings": []}
        if path.endswith("/objects/batch"):
            return self._batch(json.loads(asked.body))
        if path.startswith("/verify/"):
            return self._verify(path.rpartition("/")[2], json.loads(asked.body))
        return self._of_repo(path.removeprefix("/api/datasets/"), asked)

    def _check_token(self, asked: Asked) -> None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.writers | self.readers:
            raise Refusal(401, "Invalid username or password.")
        if asked.method == "POST" and token not in self.writers:
            raise Refusal(403, "Forbidden")

    def _create(self, wish: dict[str, Any]) -> Any:
        assert wish["type"] == "dataset"
        name = f"{wish['organization']}/{wish['name']}"
        url = f"{self.url}/datasets/{name}"
        if name in self.repos:
            raise Refusal(409, "You already created this dataset repo", url=url)
        self.add_repo(name, private=wish["visibility"] == "private")
        return {"url": url}

    def _of_repo(self, path: str, asked: Asked) -> Any:
        owner, name, *rest = path.split("/")
        repo = self.repos.get(f"{owner}/{name}")
        if repo is None:
            raise Refusal(404, "Repository not found")
        acts: dict[str, Callable[[Repo, bytes], Any]] = {
            "tree": self._tree,
            "preupload": self._preupload,
            "commit": self._commit,
        }
        if rest in ([], ["revision", "main"]):
            return {"id": f"{owner}/{name}", "sha": repo.head, "private": repo.private}
        answer = acts[rest[0]](repo, asked.body)
        if rest[0] == "commit":
            answer["commitUrl"] = f"{self.url}/datasets/{owner}/{name}/commit/{repo.head}"
        return answer

    def _tree(self, repo: Repo, _: bytes) -> Any:
        return [
            {"type": "file", "path": path, "size": len(content), "oid": oid(path, content)}
            for path, content in sorted(repo.files.items())
        ]

    def _preupload(self, repo: Repo, body: bytes) -> Any:
        return {
            "files": [
                {
                    "path": one["path"],
                    "uploadMode": "lfs" if one["path"].endswith(LARGE) else "regular",
                    "shouldIgnore": False,
                    "oid": oid(one["path"], repo.files[one["path"]])
                    if one["path"] in repo.files
                    else None,
                }
                for one in json.loads(body)["files"]
            ]
        }

    def _batch(self, wish: dict[str, Any]) -> Any:
        assert "basic" in wish["transfers"]
        return {"transfer": "basic", "objects": list(map(self._transfer, wish["objects"]))}

    def _transfer(self, one: dict[str, Any]) -> Any:
        if one["oid"] in self.large:
            return one
        actions = {
            "upload": {"href": f"{self.url}/large/{one['oid']}"},
            "verify": {"href": f"{self.url}/verify/{one['oid']}"},
        }
        return {**one, "actions": actions}

    def _store(self, asked: Asked) -> Any:
        name = asked.path.rpartition("/")[2]
        assert hashlib.sha256(asked.body).hexdigest() == name
        self.large[name] = asked.body
        return {}

    def _verify(self, name: str, body: dict[str, Any]) -> Any:
        assert len(self.large[name]) == body["size"]
        return {}

    def _commit(self, repo: Repo, body: bytes) -> Any:
        header, *operations = map(json.loads, body.splitlines())
        if header["value"].get("parentCommit", repo.head) != repo.head:
            raise Refusal(412, "The expected parent commit is not the head")
        for one in operations:
            kind, value = one["key"], one["value"]
            if kind == "file":
                repo.files[value["path"]] = base64.b64decode(value["content"])
            elif kind == "lfsFile":
                repo.files[value["path"]] = self.large[value["oid"]]
            else:
                assert kind == "deletedFile"
                del repo.files[value["path"]]
        repo.commit(header["value"]["summary"])
        return {"commitOid": repo.head}


def oid(path: str, content: bytes) -> str:
    """Return what the Hub tells files apart by: SHA-256 of large ones, Git's own of the others."""
    if path.endswith(LARGE):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def read_body(handler: BaseHTTPRequestHandler) -> bytes:
    """Read what was sent, in one piece or in chunks."""
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    pieces = []
    while size := int(handler.rfile.readline(), 16):
        pieces.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(pieces)


def lay_out(repo: Repo, folder: Path) -> Path:
    """Write a repository's files into a folder, as a download does."""
    for path, content in repo.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@contextmanager
def fake_hub() -> Iterator[FakeHub]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = read_body(self)
            asked = Asked(self.command, self.path, headers, body)
            hub.asked.append(asked)
            try:
                status, answer = 200, hub.answer(asked)
            except Refusal as refusal:
                status, answer = refusal.status, {"error": refusal.words, **refusal.more}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    hub = FakeHub(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
