"""From a name to a connected socket: which addresses there are, which may be asked, which answers."""

from __future__ import annotations

import asyncio
import contextlib
import socket

from crawler.errors import OutOfScope
from crawler.scope import public_address

Sockaddr = tuple[socket.AddressFamily, tuple[str, int]]


async def resolve_host(host: str, port: int) -> list[Sockaddr]:
    """All addresses of a name, in the resolver's order."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _kind, _proto, _name, address in found]  # type: ignore[misc]


def public_only(addresses: list[Sockaddr], host: str) -> list[Sockaddr]:
    """Those that a public server can have.

    Raises:
        OutOfScope: there is none.
    """
    public = [entry for entry in addresses if public_address(entry[1][0])]
    if not public:
        refused = ", ".join(sorted({entry[1][0] for entry in addresses})) or "nothing"
        raise OutOfScope(
            f"resolves to {refused}, which no public server has",
            subject=host,
            advice="Map the host with --connect-to if that is meant",
        )
    return public


async def connect(addresses: list[Sockaddr]) -> socket.socket:
    """Connect to the first address that answers, in the order of the resolver (RFC 6724)."""
    loop = asyncio.get_running_loop()
    last: OSError = OSError("the name has no address")
    for number, (family, address) in enumerate(addresses):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            # A dead address must not use up the time of those that follow it.
            async with asyncio.timeout(None if number == len(addresses) - 1 else 5.0):
                await loop.sock_connect(sock, address)
        except TimeoutError:
            last = OSError(f"{address[0]} does not answer")
            sock.close()
        except OSError as error:
            last = error
            sock.close()
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise last
