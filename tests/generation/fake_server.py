"""A model server on loopback that answers as it is told, faults included."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

Handler = BaseHTTPRequestHandler


class FakeServer:
    """What the server was asked, and how it answers: one step a request, the last one stays."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.steps: list[Callable[[Handler, dict[str, Any]], None]] = [answer]
        self.ended = threading.Event()

    def next_step(self) -> Callable[[Handler, dict[str, Any]], None]:
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


@contextmanager
def fake_server() -> Iterator[FakeServer]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append(asked)
            fake.paths.append(self.path)
            fake.keys.append(self.headers.get("Authorization"))
            try:
                fake.next_step()(self, asked)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    fake = FakeServer(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    fake.ended.set()
    server.shutdown()
    thread.join()
    server.server_close()


def body_for(asked: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a right answer, whose text depends on what was asked alone."""
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    choice = {"index": 0, "message": {"content": digest[:12]}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 5, "completion_tokens": 7}
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "model": asked["model"],
        "choices": [choice],
        "usage": usage,
        **changes,
    }


def send(handler: Handler, status: int, content: bytes, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


def answer(handler: Handler, asked: dict[str, Any]) -> None:
    send(handler, 200, json.dumps(body_for(asked)).encode())


def as_many_as_asked(handler: Handler, asked: dict[str, Any]) -> None:
    """Give as many texts as ``n`` says, each another."""
    whole = body_for(asked)
    (first,) = whole["choices"]
    text = first["message"]["content"]
    choices = [
        {**first, "index": at, "message": {"content": f"{text} {at}"}} for at in range(asked["n"])
    ]
    send(handler, 200, json.dumps({**whole, "choices": choices}).encode())


def status(code: int, **headers: str) -> Callable[[Handler, dict[str, Any]], None]:
    return lambda handler, asked: send(handler, code, b"secret detail", **headers)


def content(value: bytes) -> Callable[[Handler, dict[str, Any]], None]:
    return lambda handler, asked: send(handler, 200, value)


def changed(**changes: Any) -> Callable[[Handler, dict[str, Any]], None]:
    def step(handler: Handler, asked: dict[str, Any]) -> None:
        send(handler, 200, json.dumps(body_for(asked, **changes)).encode())

    return step


def hang_up(handler: Handler, asked: dict[str, Any]) -> None:
    handler.close_connection = True


def cut_short(handler: Handler, asked: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def drip(fake: FakeServer) -> Callable[[Handler, dict[str, Any]], None]:
    """Send a byte now and then until the test ends: never silent, never done."""

    def step(handler: Handler, asked: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not fake.ended.wait(0.01):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    return step


def endless(handler: Handler, asked: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.end_headers()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        handler.wfile.write(b" " * 65536)
