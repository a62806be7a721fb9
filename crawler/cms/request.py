"""Requests that belong to a list: what adapters ask for, and how a body or a query of theirs is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MAX_PAGES = 300
"""So many pages of one list are asked for, whatever number it states."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A further request that belongs to a list.

    Attributes:
        page: which page of the list it asks for, from 1.
        dialect: how it was made: ``static`` (a page of its own), ``link`` (a pager's link) or an adapter's interface.
        adapter: whose `Adapter.next_requests` reads the answer.
        tentative: nobody promised that it exists; a missing page is no failure.
        annual: it asks for annual reports by name, whatever the page that it was found on lists.
        group, otherwise: requests of one group are readings of the same rule; when none of them brings rows,
            ``otherwise`` is tried.
        turn: 0: it is asked for at once; above: a guess, asked for only while the list is not whole, in this order.
        reading: which reading of the list it belongs to (its own pages, or one back-end); what one of them states is
            compared with what it brought.
        state: what the adapter needs to go on from the answer.
    """

    url: str
    page: int = 1
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    dialect: str = "static"
    adapter: str = "generic"
    tentative: bool = False
    annual: bool = False
    group: str = ""
    otherwise: tuple[ListRequest, ...] = ()
    turn: int = 0
    reading: str = ""
    state: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """One entry of the state."""
        return dict(self.state).get(name, default)


def form(values: Mapping[str, str | int]) -> bytes:
    """A form body."""
    return urlencode({name: str(value) for name, value in values.items()}).encode()


def json_body(value: Any) -> bytes:
    """A JSON body."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def with_query(url: str, **values: str | int | None) -> str:
    """``url`` with query parameters set; others keep their place, None takes one out."""
    parts = urlsplit(url)
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    pairs += [(name, str(value)) for name, value in values.items() if value is not None]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))


FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"), ("X-Requested-With", "XMLHttpRequest"))


JSON = (("Content-Type", "application/json;charset=UTF-8"), ("X-Requested-With", "XMLHttpRequest"))


XHR = (("X-Requested-With", "XMLHttpRequest"),)
