"""Settings of a page that adapters look up: a named value, and the address of a back-end."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from crawler.cms.javascript import around, setting
from crawler.cms.links import absolute
from crawler.cms.page import Page


def page_setting(page: Page, *names: str) -> str | None:
    """A setting of the page: in its address, in a field of a form, in an attribute, or in a script."""
    query = {name.lower(): text for name, text in parse_qsl(urlsplit(page.url).query)}
    for name in names:
        if query.get(name.lower()):
            return query[name.lower()]
    wanted = {name.lower() for name in names}
    for node in page.tree.css("input"):
        given = node.attributes
        if {(given.get("id") or "").lower(), (given.get("name") or "").lower()} & wanted and given.get("value"):
            return given["value"]
    return setting(page.text, *names)


def endpoint(page: Page, pattern: str) -> str | None:
    """The first address in the page's source that matches ``pattern``, absolute; quotes and brackets end it."""
    found = around(page.text, rf"(?:{pattern})[^\s\"'<>\\)]{{0,2000}}+")
    return absolute(page.base, found) if found else None
