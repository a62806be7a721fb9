"""Going through a proxy: HTTP (always CONNECT) and SOCKS5 (RFC 1928, RFC 1929).

Some portals refuse foreign addresses, so a profile may name a proxy. Its credentials come from the environment
(``${NAME}``) and never reach a log or a record; CONNECT also for http keeps them, and the proxy's form of a request,
out of the bytes that are archived.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import os
import re
import socket
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawler.crawl_plan import redact
from crawler.errors import ProfileError

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SOCKS_LONGEST = 255  # bytes: a name, password or host has one byte that says its length
_SCHEMES = {"http": 8080, "socks5": 1080, "socks5h": 1080}
_SOCKS_ERRORS = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "time to live expired",
    7: "command not supported",
    8: "address type not supported",
}


class ProxyRefused(Exception):
    """The proxy did not open the way."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy. ``remote_names`` says that it resolves host names, not we."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, url: str) -> Proxy:
        """Read a proxy URL; ``${NAME}`` is replaced from the environment.

        Raises:
            ProfileError: another scheme, no host, a variable that is not set, or a login that SOCKS cannot carry.
        """
        try:
            parts = urlsplit(_VARIABLE.sub(_variable, url))
            port = parts.port
        except ValueError as error:
            raise ProfileError(f"is not a proxy address ({error})", subject=redact(url)) from None
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ProfileError(
                "is not a proxy address", subject=redact(url), advice="Write http://, socks5:// or socks5h://HOST:PORT"
            )
        user = unquote(parts.username) if parts.username is not None else None
        password = unquote(parts.password) if parts.password is not None else None
        if parts.scheme != "http" and max(len((user or "").encode()), len((password or "").encode())) > _SOCKS_LONGEST:
            raise ProfileError(
                f"holds a name or password of more than {_SOCKS_LONGEST} bytes, which SOCKS cannot carry",
                subject=redact(url),
            )
        return cls(parts.scheme, parts.hostname, port or _SCHEMES[parts.scheme], user, password)

    @property
    def remote_names(self) -> bool:
        """Whether host names are resolved behind the proxy (then addresses cannot be checked here)."""
        return self.scheme != "socks5"

    def authorization(self) -> bytes | None:
        """Value of Proxy-Authorization, when there are credentials."""
        if self.user is None:
            return None
        return b"Basic " + base64.b64encode(f"{self.user}:{self.password or ''}".encode())


class _Channel:
    """The few reads and writes of a handshake on a connected socket; never reads further than asked."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        await self._loop.sock_sendall(self._sock, data)

    async def exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            more = await self._loop.sock_recv(self._sock, length - len(data))
            if not more:
                raise ProxyRefused("the proxy closed the connection")
            data += more
        return data

    async def head(self, limit: int = 16384) -> bytes:
        data = b""
        while not data.endswith((b"\r\n\r\n", b"\n\n")):
            if len(data) > limit:
                raise ProxyRefused("the proxy's answer has no end")
            data += await self.exactly(1)
        return data


async def open_tunnel(proxy: Proxy, sock: socket.socket, host: str, port: int) -> None:
    """Ask ``proxy`` for a way to ``host:port`` over ``sock``, which is connected to it and non-blocking.

    Raises:
        ProxyRefused: it said no, or what it said could not be understood.
        OSError: the connection broke.
    """
    channel = _Channel(sock)
    if proxy.scheme == "http":
        await _http_connect(proxy, channel, host, port)
    else:
        await _socks5(proxy, channel, host, port)


async def _http_connect(proxy: Proxy, channel: _Channel, host: str, port: int) -> None:
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1".encode(), b"Host: " + authority.encode()]
    if credentials := proxy.authorization():
        lines.append(b"Proxy-Authorization: " + credentials)
    await channel.send(b"\r\n".join(lines) + b"\r\n\r\n")
    head = await channel.head()
    match = re.match(rb"HTTP/\d\.\d\s+(\d{3})[^\r\n]*", head)
    if match is None or match[1][:1] != b"2":
        raise ProxyRefused(f"the proxy answered {head.splitlines()[0].decode('latin-1', 'replace')}")


async def _socks5(proxy: Proxy, channel: _Channel, host: str, port: int) -> None:
    methods = b"\x00\x02" if proxy.user is not None else b"\x00"
    await channel.send(bytes((5, len(methods))) + methods)
    version, method = await channel.exactly(2)
    if version != 5 or method not in methods:
        raise ProxyRefused("the SOCKS proxy accepts none of our ways to log in")
    if method == 2:
        user, password = (proxy.user or "").encode(), (proxy.password or "").encode()
        await channel.send(bytes((1, len(user))) + user + bytes((len(password),)) + password)
        if (await channel.exactly(2))[1] != 0:
            raise ProxyRefused("the SOCKS proxy refused user name and password")
    await channel.send(b"\x05\x01\x00" + _socks_address(host) + port.to_bytes(2, "big"))
    _version, reply, _reserved, kind = await channel.exactly(4)
    if reply != 0:
        raise ProxyRefused(f"the SOCKS proxy said: {_SOCKS_ERRORS.get(reply, f'error {reply}')}")
    length = {1: 4, 4: 16}.get(kind) or (await channel.exactly(1))[0]
    await channel.exactly(length + 2)


def _socks_address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        if len(name) > _SOCKS_LONGEST:
            raise ProxyRefused("the host name is longer than SOCKS can carry") from None
        return bytes((3, len(name))) + name
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


def _variable(match: re.Match[str]) -> str:
    value = os.environ.get(match[1])
    if value is None:
        raise ProfileError(
            "this variable of the proxy address is not set",
            subject=match[1],
            advice="Set it, or take the proxy out of the profile",
        )
    return value
