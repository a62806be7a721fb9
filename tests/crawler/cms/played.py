"""Pages and answers as sites write them, for the tests of this room."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from crawler.cms import Page, read_list
from crawler.cms.request import ListRequest

HEX = "0123456789abcdef0123456789abcdef"


UUID = "29527d47-65f0-4e58-9a95-804549f339e9"


def page(url: str, text: str | bytes) -> Page:
    return Page(url, text if isinstance(text, bytes) else text.encode())


def links(*addresses: str) -> str:
    return "".join(f'<li><a href="{address}">文件</a></li>' for address in addresses)


def query(request: ListRequest) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def answer(request: ListRequest, text: str) -> tuple[ListRequest, ...]:
    return read_list(page(request.url, text), request).requests


def json_rows(count: int, **totals: object) -> str:
    rows = [{"title": f"t{n}", "url": f"/art/2024/1/{n + 1}/art_1_{n}.html"} for n in range(count)]
    return json.dumps({"success": True, "data": {"results": rows, **totals}})


URL = "http://www.a.gov.cn/zwgk/nb/index.html"


def column(text: str, url: str = URL) -> Page:
    return Page(url, text.encode())
