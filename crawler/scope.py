"""Which addresses may be asked at all: hosts of the profile, schemes, resolved addresses, ``--connect-to``.

Three questions, asked of every request (a redirect's target is a request like any other):

* is the scheme http or https, and the host one that the profile names?
* where does the connection go: to a mapped address, or to what DNS says?
* is that address one that a public web server can have? A name that resolves to a private, loopback, link-local,
  shared (CGNAT) or multicast address is refused unless the operator mapped the host there. A host written as a number
  (``2130706433``, ``0x7f.1``) is a name like any other: what the resolver makes of it is what is judged.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.errors import OutOfScope, UsageError

DEFAULT_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What the IANA registries of special-purpose addresses hold and `ipaddress` calls global, in some or all versions.
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")))
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host (lower case, ASCII, no brackets) and port of a URL."""

    scheme: str
    host: str
    port: int

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as the Host header names them: no default port, brackets around IPv6."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


@functools.lru_cache(maxsize=4096)
def origin_of(url: str) -> Origin:
    """The origin of ``url``.

    Raises:
        OutOfScope: neither http nor https, no host, a host that no name or address can be, or a port that is none.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise OutOfScope(f"is not a usable address ({error})", subject=url) from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        raise OutOfScope("only http and https addresses with a host are fetched", subject=url)
    return Origin(scheme, ascii_host(host), port or DEFAULT_PORTS[scheme])


def ascii_host(host: str) -> str:
    """A host name in lower-case ASCII (IDNA for Chinese names), or an address; without a trailing dot.

    Raises:
        OutOfScope: it holds what neither a name nor an address has: it would stand in the Host header as it is.
    """
    host = host.strip().rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise OutOfScope(f"is not a host name ({error})", subject=host) from error
    if not _HOST.fullmatch(host):
        raise OutOfScope("is not a host name", subject=repr(host))
    return host


def host_matches(host: str, patterns: Iterable[str]) -> bool:
    """Whether ``host`` is one of ``patterns``; ``*.example.gov.cn`` matches everything below that name."""
    for pattern in patterns:
        name = pattern.lower()
        if name.startswith("*."):
            if host.endswith(name[1:]):
                return True
        elif host == ascii_host(name):
            return True
    return False


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """Mappings of ``--connect-to``: (host or ``*``, port or ``*``) to (address, port)."""

    entries: tuple[tuple[str, str, str, str], ...] = ()

    @classmethod
    def parse(cls, texts: Sequence[str]) -> ConnectTo:
        """Read ``HOST:PORT:ADDR:PORT`` texts; IPv6 addresses stand in brackets; ``*`` or nothing matches any.

        Raises:
            UsageError: an entry of another form.
        """
        return cls(tuple(_parse_mapping(text) for text in texts))

    def __bool__(self) -> bool:
        return bool(self.entries)

    def target(self, host: str, port: int) -> tuple[str, int] | None:
        """Where ``host:port`` is mapped to, or None; the first entry that matches counts, as in curl."""
        for from_host, from_port, address, to_port in self.entries:
            if from_host in {"*", "", host} and from_port in {"*", "", str(port)}:
                return address or host, int(to_port or port)
        return None

    def all_loopback(self, hosts: Iterable[str]) -> bool:
        """Whether every one of ``hosts`` is mapped to loopback on both default ports."""
        names = [name.removeprefix("*.") for name in hosts]
        return bool(names) and all(self._loopback(ascii_host(name)) for name in names)

    def _loopback(self, host: str) -> bool:
        # A host whose mapping names one port only is reached through that port only: an unmapped port would go to
        # the real host, so at least one port must be mapped and no port of the profile's URLs may be left out.
        targets = [
            address for from_host, _port, address, _to in self.entries if from_host in {"*", "", host} and address
        ]
        return bool(targets) and all(is_loopback(address) for address in targets)


def _parse_mapping(text: str) -> tuple[str, str, str, str]:
    parts: list[str] = []
    rest = text.strip()
    while rest or len(parts) < 4:
        if rest.startswith("["):
            inner, bracket, rest = rest[1:].partition("]")
            if not bracket or (rest and not rest.startswith(":")):
                break
            parts.append(inner)
            rest = rest[1:]
        else:
            part, colon, rest = rest.partition(":")
            parts.append(part)
            if not colon:
                break
    ports = [parts[index] for index in (1, 3)] if len(parts) == 4 else []
    if len(parts) != 4 or rest or not all(port in {"", "*"} or _is_port(port) for port in ports) or parts[3] == "*":
        raise UsageError(
            "is not HOST:PORT:ADDR:PORT",
            subject=f"--connect-to {text}",
            advice="For example www.henan.gov.cn:80:127.0.0.1:8080, or *:443:127.0.0.1:8443",
        )
    return parts[0].lower(), parts[1], parts[2], parts[3]


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) < 1 << 16


def is_loopback(address: str) -> bool:
    """Whether a literal address (or the name localhost) is this machine."""
    if address == "localhost":
        return True
    try:
        return _unwrap(ipaddress.ip_address(address)).is_loopback
    except ValueError:
        return False


def public_address(address: str) -> bool:
    """Whether ``address`` (as text) is one that a web server on the public Internet can have.

    An address that embeds another leads there, so that has to be public too, and so on inwards.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_public(form) for form in _forms(ip))


def _public(ip: IPAddress) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _GLOBAL_IPV6:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL)


def _forms(ip: IPAddress) -> list[IPAddress]:
    """What has to be judged of an address: itself, unless it is but another spelling, and the IPv4 addresses inside.

    Spellings are IPv4-mapped (``::ffff:1.1.1.1``), NAT64 (``64:ff9b::``, RFC 6052) and 6to4 (``2002::``); ISATAP (an
    interface ``[0200:]5efe:1.1.1.1`` below any prefix, RFC 5214) stands beside its prefix. Teredo, IPv4-compatible
    and local NAT64 prefixes are no public addresses to begin with.
    """
    forms: list[IPAddress] = [_unwrap(ip)]
    # The bits "universal" and "group" may be set.
    if ip.version == 6 and (int(ip) >> 32) & 0xFCFFFFFF == 0x5EFE:
        forms.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return forms


def _unwrap(ip: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv4-mapped, NAT64, 6to4 address: that is where the packets go."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip.sixtofour is not None:
            return ip.sixtofour
    return ip
