"""Keys under which captures are found: SURT, and what SURT leaves out.

SURT (Sort-friendly URI Reordering Transform, as in CDX indexes) makes one key of addresses that differ only in letters'
case, ``www.``, a trailing slash or a session id, and sorts a host beside its subdomains. It also drops the fragment,
which on many portals is the route of a page drawn by script, and knows nothing of POST bodies. Both are kept here,
behind the SURT, so that prefix and host queries stay ranges of one index:

    cn,gov,henan)/zwgk/list?page=2          GET
    cn,gov,henan)/zwgk #/report/2023        GET, hash route
    cn,gov,henan)/api/list POST sha256:...  POST
"""

from __future__ import annotations

import functools
import re
import warnings
from urllib.parse import urlsplit

with warnings.catch_warnings():  # it is of 2019 and has strings that today's compiler complains of
    warnings.simplefilter("ignore")
    import surt

_PLAIN = re.compile(
    r"https?://(?:www\.)?(?!www\d*\.)((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,})((?:/\w+(?:[.-]\w+)*)*/?)", re.ASCII
)
LAST = "\uffff"
"""Sorts behind every character that a key may go on with."""


@functools.lru_cache(maxsize=65536)
def url_key(url: str, method: str = "GET", body_digest: str | None = None) -> str:
    """The key of one locator."""
    address, _, fragment = url.partition("#")
    key = surt_of(address)
    if fragment.startswith(("/", "!")) or "=" in fragment or "/" in fragment:
        key += f" #{fragment}"  # a route; "#top" only scrolls
    if method.upper() != "GET" or body_digest:
        key += f" {method.upper()} {body_digest or '-'}"
    return key


def surt_of(address: str) -> str:
    """SURT of an address without fragment; of what is no address the text itself, so that nothing stays unfindable."""
    plain = _PLAIN.fullmatch(address)
    if plain is not None:  # as most addresses are; the same by fewer steps
        host, path = plain.groups()
        return f"{','.join(reversed(host.split('.')))}){path.rstrip('/').lower() or '/'}"
    try:
        return str(surt.surt(address)).replace(" ", "%20")
    except (ValueError, TypeError, AttributeError, UnicodeError):
        return address.replace(" ", "%20").lower()


def prefix_range(url_prefix: str) -> tuple[str, str]:
    """First key and first key behind, of all addresses that begin with ``url_prefix``.

    A prefix that names only a host gives that host; the path may end anywhere.
    """
    address = url_prefix if "//" in url_prefix else f"http://{url_prefix}"
    key = surt_of(address)
    if urlsplit(address).path.endswith("/") and not key.endswith("/"):
        key += "/"
    if not urlsplit(address).path:
        key = key.partition(")")[0] + ")"
    return key, key + LAST


def host_range(host: str, *, subdomains: bool = False) -> tuple[str, str]:
    """First key and first key behind, of all addresses at ``host`` (name, with port where it is not the usual one).

    With ``subdomains`` the host's subdomains are included; the range then also holds the host itself.
    """
    key = surt_of(f"http://{host}/").partition(")")[0]
    if subdomains:
        return key, key + LAST  # callers filter hosts that merely begin alike, see `within_host`
    return key + ")", key + ")" + LAST


def within_host(key: str, host: str) -> bool:
    """Whether ``key`` belongs to ``host`` or a subdomain of it."""
    stem = surt_of(f"http://{host}/").partition(")")[0]
    return key.startswith((f"{stem})", f"{stem},"))
