"""Connect to hosts that are allowed, and to no address that such a host must not have.

A name is looked up once for each connection, the addresses found are checked, and the one that
passed is the one connected to: a name whose answer changes in between (DNS rebinding) gains
nothing. Certificates are checked against the name.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import httpx2

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Awaitable[list[str]]]
PORTS = {"http": 80, "https": 443}


class NotAllowed(Exception):
    """The host is on no list, or has no address that it may have."""


def host_of(url: str) -> str:
    """Return ``host:port`` of an address, in lower case, as allow-lists write it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}"


async def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system finds them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PinnedTransport(httpx2.AsyncBaseTransport):
    """Sends what goes to allowed hosts, to an address that was checked; refuses the rest."""

    def __init__(
        self,
        allowed: Collection[str],
        *,
        inner: httpx2.AsyncBaseTransport | None = None,
        look_up: LookUp = look_up,
    ) -> None:
        """``allowed`` are hosts as ``host_of`` writes them."""
        self._allowed, self._look_up = frozenset(allowed), look_up
        self._inner = inner or httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to one of its host's addresses; raise NotAllowed where none may be."""
        name, port = request.url.host, request.url.port or PORTS[request.url.scheme]
        if f"{name}:{port}" not in self._allowed:
            raise NotAllowed(name)
        address = await self._address(name, port)
        request.url = request.url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": name}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def _address(self, name: str, port: int) -> str:
        if _is_own(name):
            return name
        try:
            found = await self._look_up(name, port)
        except OSError as error:
            raise httpx2.ConnectError(f"{name} has no address") from error
        for address in found:
            if may_have(ip_address(address.partition("%")[0])):
                return address
        raise NotAllowed(name)


def may_have(address: Address) -> bool:
    """Tell whether a name may lead to this address.

    A network of one's own is where model servers often are. The machine itself, what hands out
    a cloud's credentials (link-local) and what is no host at all are not: who means those
    writes the address, not a name.
    """
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    known = mapped or address
    return not (
        known.is_loopback
        or known.is_link_local
        or known.is_multicast
        or known.is_unspecified
        or known.is_reserved
    )


def _is_own(name: str) -> bool:
    """Tell whether the operator wrote an address, or this machine by its name."""
    if name == "localhost":
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
