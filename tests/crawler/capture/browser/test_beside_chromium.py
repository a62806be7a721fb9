"""The very bytes that the wire is fed, given to Chromium over its own network: both must read the same."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.warc import HttpMessage
from crawler import BrowserError
from crawler.capture.browser import chromium
from crawler.capture.wire.response import ResponseReader
from crawler.middlewares.redirects import Redirects
from tests.crawler.oddserver import CASES, GBK, UTF

pytestmark = pytest.mark.browser

SAME = [
    *("no_version", "no_blank", "lower_name", "te_twice", "te_thrice_in_one", "chunked_long_extension", "chunked_lf"),
    *("http10_no_chunks", "length_semicolon", "length_quoted", "length_negative", "length_22_digits", "length_list"),
    *("length_of_content", "gzip_checksum", "te_and_length", "folded", "lf_only", "no_colon", "space_before_colon"),
    *("chunked_extensions", "deflate_raw", "interim", "mixed_ends", "no_reason", "chunked", "gzip_chunked", "close"),
]
STRAY = {
    "bom": b"\xef\xbb\xbf" + CASES["close_sized"][0],
    "stray": b"OK\r\n" + CASES["close_sized"][0],
    "x_version": CASES["close_sized"][0].replace(b"HTTP/1.1", b"HTTP/1.x"),
}
MOVED = {
    "backslash": rb"Location: \a\b",
    "gbk": b"Location: /q?t=\xc4\xea\xb1\xa8",
    "dots": b"Location: /a/../b/%2e%2e/c",
    "empty": b"Location:",
    "none": b"X-Location: /nowhere",
    "refresh": b"Refresh: 0; url='/re fresh'x",
    "refresh_bare": b"Refresh: 0;/bare",
    "no_refresh": b"Refresh: url=/nowhere",
}
JOINED = {
    "raw": "/年报/l.jsp?t=年报&p=1#年",
    "backslash": "..\\2023\\r.html?path=\\a\\b",
    "slashes": "/a//b///c",
    "dots": "/a/%2e%2E/b/.%2e/./c",
    "tab": " /a\tb\n/c ",
    "scheme": "http:x.html",
    "quote": "/a'b?c'd\"<>`{}|^",
    "percent": "/%zz%4?%",
    "missing": "/q?t=한",
}


@contextlib.contextmanager
def playing(answers: dict[str, bytes]) -> Iterator[int]:
    """A server that answers ``/name`` with these bytes and closes; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)

    def one(accepted: socket.socket) -> None:
        with contextlib.suppress(OSError), accepted:
            asked = b""
            while b"\r\n\r\n" not in asked and (piece := accepted.recv(65536)):
                asked += piece
            name = asked.split(b" ")[1].decode("latin-1").strip("/") if asked else ""
            accepted.sendall(answers.get(name, b"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nnone"))
            accepted.shutdown(socket.SHUT_WR)
            accepted.recv(65536)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=one, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    try:
        executable: Path = chromium.find_chromium()
    except BrowserError as error:
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def goto(page: Any, port: int, name: str) -> None:
    page.goto(f"http://127.0.0.1:{port}/{name}", wait_until="load", timeout=20_000)


def test_the_same_bytes_give_the_same_page(page: Any) -> None:
    answers = {name: CASES[name][0] for name in SAME} | STRAY
    shown, read = {}, {}
    with playing(answers) as port:
        for name, answer in answers.items():
            goto(page, port, name)
            shown[name] = page.evaluate("document.querySelectorAll('p').length")
            reader = ResponseReader("GET")
            reader.feed(answer)
            reader.eof()
            content = HttpMessage.parse(reader.response, cut=reader.truncated is not None).content()
            assert content in {GBK, UTF}, name
            read[name] = content.count(b"<p>")
    assert shown == read == dict.fromkeys(answers, 400)


def test_the_same_answers_lead_to_the_same_addresses(page: Any) -> None:
    from scrapy import Request
    from scrapy.http import Headers, HtmlResponse
    from scrapy.utils.test import get_crawler

    redirects = Redirects.from_crawler(get_crawler())
    body = b"<html><p>page</p></html>"
    head = b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    answers = {
        name: b"HTTP/1.1 "
        + (b"200 OK" if "refresh" in name else b"302 Found")
        + b"\r\n"
        + field
        + b"\r\n"
        + head
        + body
        for name, field in MOVED.items()
    }
    browsers, ours = {}, {}
    with playing(answers) as port:
        for name, answer in answers.items():
            goto(page, port, name)
            page.wait_for_timeout(300 if "refresh" in name else 0)
            browsers[name] = page.url
            message = HttpMessage.parse(answer)
            headers = Headers()
            for field, value in message.headers:
                headers.appendlist(field, value)
            url = f"http://127.0.0.1:{port}/{name}"
            response = HtmlResponse(url, status=message.status or 0, headers=headers, body=message.body)
            ours[name] = redirects.process_response(Request(url), response).url
    assert ours == browsers


def test_the_same_links_lead_to_the_same_addresses(page: Any) -> None:
    from crawler.cms import Page

    links = "".join(
        f'<a id="{name}" href="{href}">{name}</a>'.replace(href, href.replace('"', "&quot;"))
        for name, href in JOINED.items()
    )
    for charset in ("gbk", "utf-8"):
        used = {name: href for name, href in JOINED.items() if charset == "utf-8" or name != "missing"}
        markup = (
            f"<html><head><meta charset={charset}><title>政府信息公开年报目录</title></head><body>{links}</body></html>"
        )
        body = markup.encode(charset, "xmlcharrefreplace")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
        with playing({f"x/y/{charset}.html": head + body}) as port:
            page.goto(f"http://127.0.0.1:{port}/x/y/{charset}.html")
            browsers = page.evaluate("Object.fromEntries([...document.links].map(a => [a.id, a.href]))")
            ours = {row.text: row.url for row in Page(page.url, body).links}
            assert {name: ours[name] for name in used} == {name: browsers[name].partition("#")[0] for name in used}
            assert ours["missing"] == browsers["missing"]
