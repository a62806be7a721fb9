"""Where an address stands to a page or a column: on its host, below it, in a folder of annual reports, the same."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms.address_shapes import ANNUAL_TOKENS
from crawler.discovery.decision import Context


def is_same_path(url: str, other: str) -> bool:
    """Whether two addresses differ in their query alone: the tabs of a list (``?nd=2023``)."""
    return is_same_host(url, other) and urlsplit(url).path == urlsplit(other).path and bool(urlsplit(url).query)


def is_own_folder(url: str, context: Context) -> bool:
    """On the same host as the page, below it or in a folder of annual reports: the body's own years."""
    if not is_same_host(url, context.page):
        return False
    return is_below(url, context.page) or bool(ANNUAL_TOKENS.search(urlsplit(url).path))


def is_below(url: str, column: str) -> bool:
    """Whether an address is on the column's host, in its folder and not that folder itself."""
    target, base = urlsplit(url), urlsplit(column)
    if _bare(target.hostname) != _bare(base.hostname):
        return False
    head, _, tail = base.path.rpartition("/")
    folder = f"{head}/" if not tail or "." in tail else f"{base.path}/"
    return folder != "/" and target.path.startswith(folder) and len(target.path) > len(folder)


def is_same_host(url: str, other: str) -> bool:
    """Whether two addresses are on one host, with or without www."""
    return _bare(urlsplit(url).hostname) == _bare(urlsplit(other).hostname)


def _bare(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.")


def is_same(url: str, other: str) -> bool:
    """Whether two addresses are one page, with or without index.html and www.; another hash route is another page."""
    one, two = urlsplit(url), urlsplit(other)
    if one.fragment != two.fragment and (one.fragment or two.fragment):
        return False
    return (_bare(one.hostname), _plain(one.path), one.query) == (_bare(two.hostname), _plain(two.path), two.query)


def is_root(url: str) -> bool:
    """Whether an address is a host's home page."""
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _plain(path: str) -> str:
    return re.sub(r"/index\.s?html?$", "/", path).rstrip("/")


def is_numbered_page(url: str) -> bool:
    """Whether an address is a numbered page of a list."""
    return bool(re.search(r"(?:index|list)[_-]?\d*\.s?html?$", urlsplit(url).path))
