"""Records of an exchange, as the tests write them."""

from __future__ import annotations

from collections.abc import Callable

from archive.warc import Draft, build, new_record_id

DATE = "2026-11-20T08:00:00.000000Z"
INFO = {"software": "gongkai/test"}

Exchange = Callable[..., list[Draft]]


def make_exchange(
    number: int = 0, body: bytes = b"<p>hello</p>", head: bytes = b"Content-Type: text/html\r\n"
) -> list[Draft]:
    """A response, its request and a metadata record, linked."""
    uri = f"http://www.example.gov.cn/{number}.html"
    answer = new_record_id()
    return [
        build.response(
            uri,
            b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: %d\r\n\r\n" % len(body) + body,
            date=DATE,
            record_id=answer,
            ip="192.0.2.1",
        ),
        build.request(
            uri,
            b"GET /%d.html HTTP/1.1\r\nHost: www.example.gov.cn\r\n\r\n" % number,
            date=DATE,
            concurrent_to=[answer],
        ),
        build.metadata(b'{"schema":"x/1"}', "application/json", date=DATE, uri=uri, concurrent_to=[answer]),
    ]
