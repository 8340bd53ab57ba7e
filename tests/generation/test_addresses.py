"""Nothing is sent to a host that is on no list, or to an address that a name must not lead to."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import httpx2
import pytest

from labeling.generation.backends.addresses import NotAllowed, PinnedTransport, host_of, may_have

pytestmark = pytest.mark.once
NAME = "models.example:443"


class Sent(httpx2.AsyncBaseTransport):
    """Answers everything, and keeps to which address, for which name it was."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        name = request.extensions["sni_hostname"]
        self.requests.append((request.url.host, name, request.headers["Host"]))
        return httpx2.Response(200)


def ask(url: str, *answers: list[str], allowed=(NAME,), times: int = 1) -> Sent:
    """Send a request so many times; each look-up gets the next answer."""
    waiting = list(answers)

    async def look_up(host: str, port: int) -> list[str]:
        return waiting.pop(0)

    async def send() -> None:
        transport = PinnedTransport(allowed, inner=sent, look_up=look_up)
        async with httpx2.AsyncClient(transport=transport) as client:
            for _ in range(times):
                await client.get(url)

    sent = Sent()
    # In a thread of its own: the browser tests leave a loop running in theirs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, send()).result()
    return sent


def test_address_that_was_checked_is_connected_to_under_its_name():
    sent = ask("https://models.example/v1", ["203.0.113.7", "203.0.113.8"])

    assert sent.requests == [("203.0.113.7", "models.example", "models.example")]


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/v1",
        "http://models.example/v1",
        "https://models.example:8443/v1",
        "https://127.0.0.1/v1",
        "https://models.example.evil.example/v1",
    ],
)
def test_host_on_no_list_is_refused_without_a_look_up(url: str):
    with pytest.raises(NotAllowed):
        ask(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "::1", "169.254.169.254", "fe80::1", "0.0.0.0", "::",
     "224.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "255.255.255.255"],
)  # fmt: skip
def test_name_that_leads_to_the_machine_itself_or_to_no_host_is_refused(address: str):
    with pytest.raises(NotAllowed):
        ask("https://models.example/v1", [address])


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.2", "fd00::5", "203.0.113.7"])
def test_name_may_lead_into_ones_own_network_and_into_the_world(address: str):
    assert may_have(ip_address(address))


def test_name_whose_answer_changes_to_loopback_is_refused_from_then_on():
    with pytest.raises(NotAllowed):
        ask("https://models.example/v1", ["203.0.113.7"], ["127.0.0.1"], times=2)


def test_first_address_that_may_be_is_taken():
    sent = ask("https://models.example/v1", ["127.0.0.1", "203.0.113.7"])

    assert sent.requests[0][0] == "203.0.113.7"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_address_that_the_operator_wrote_is_taken_as_it_is(host: str):
    sent = ask(f"http://{host}/v1", allowed=(host,))

    assert sent.requests[0][0] == host.partition(":")[0]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Models.Example/v1", "models.example:443"),
        ("http://models.example/v1", "models.example:80"),
        ("http://[::1]:8000/v1", "::1:8000"),
    ],
)
def test_host_is_written_with_its_port(url: str, host: str):
    assert host_of(url) == host
