"""The sample portals: honest HTTP, real figures, and pages that hold what their description says."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest

from crawler.samples import Answer, Pages, Request, SampleServer
from crawler.samples.server import respond

PORTAL = Pages(
    {
        "/page": Answer(b"<p>page</p>", modified=parsedate_to_datetime("Tue, 02 Feb 2021 04:00:00 GMT")),
        "/list?page=2": Answer(b"second"),
        "/list": Answer(b"first"),
        "/chunked": Answer(b"x" * 10_000, framing="chunked"),
        "/gzip": Answer(b"y" * 10_000, compress=True),
        "/forced": Answer(b"z" * 100, compress="always"),
        "/close": Answer(b"until the end", framing="close"),
    }
)


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with SampleServer({"www.example.gov.cn": PORTAL, "www.example.gov.cn:9311": Pages({"/": Answer(b"other")})}) as it:
        yield it


def get(server: SampleServer, target: str, host: str = "www.example.gov.cn", method: str = "GET", **headers: str):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    try:
        connection.request(method, target, headers={"Host": host, **headers})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_host_decides_and_unknown_hosts_are_not_found(server: SampleServer) -> None:
    assert get(server, "/page")[1] == b"<p>page</p>"
    assert get(server, "/", host="www.example.gov.cn:9311")[1] == b"other"
    assert get(server, "/page", host="www.other.gov.cn")[0].status == 404
    assert get(server, "/nothing")[0].status == 404
    assert f"*:9311:127.0.0.1:{server.port}" in server.connect_to


def test_a_page_may_depend_on_its_query(server: SampleServer) -> None:
    assert get(server, "/list?page=2")[1] == b"second"
    assert get(server, "/list?page=1")[1] == b"first"


def test_conditional_requests(server: SampleServer) -> None:
    first, _ = get(server, "/page")
    tag, day = first.headers["ETag"], first.headers["Last-Modified"]
    again, content = get(server, "/page", **{"If-None-Match": f'W/{tag}, "x"'})
    assert (again.status, content, again.headers["ETag"]) == (304, b"", tag)
    assert get(server, "/page", **{"If-Modified-Since": day})[0].status == 304
    assert get(server, "/page", **{"If-Modified-Since": "Mon, 01 Feb 2021 04:00:00 GMT"})[0].status == 200
    assert get(server, "/page", **{"If-Modified-Since": "yesterday"})[0].status == 200
    other_tag, _ = get(server, "/page", **{"If-None-Match": '"x"', "If-Modified-Since": day})
    assert other_tag.status == 200, "If-None-Match wins"


def test_framing_and_compression(server: SampleServer) -> None:
    answer, content = get(server, "/chunked")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert content == b"x" * 10_000
    assert get(server, "/gzip")[1] == b"y" * 10_000
    packed, content = get(server, "/gzip", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(content) < 1000
    assert get(server, "/forced")[0].headers["Content-Encoding"] == "gzip"
    closed, content = get(server, "/close")
    assert (closed.headers["Connection"], closed.headers["Content-Length"], content) == (
        "close",
        None,
        b"until the end",
    )
    head, content = get(server, "/page", method="HEAD")
    assert (head.headers["Content-Length"], content) == ("11", b"")


def test_form_and_query_fields() -> None:
    request = Request("POST", "http", "h", "/search?a=1&b=", (("Content-Type", "x"),), "标题=年报".encode())
    assert request.query == {"a": "1", "b": ""}
    assert request.form == {"标题": "年报"}
    assert request.header("content-type") == "x"
    assert respond(request, Answer(b"", status=521))[0].startswith(b"HTTP/1.1 521 Unknown\r\n")


def test_what_is_not_http_does_no_harm(server: SampleServer) -> None:
    for rubbish in (b"rubbish\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"", b"\x16\x03\x01\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(rubbish)
            raw.shutdown(socket.SHUT_WR)
            assert raw.recv(100) == b""
    assert get(server, "/page")[0].status == 200


def test_tls_names_the_hosts_and_is_trusted_by_nobody(server: SampleServer) -> None:
    context = ssl.create_default_context()
    with (
        socket.create_connection(("127.0.0.1", server.tls_port)) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(raw, server_hostname="www.example.gov.cn")
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", server.tls_port, context=context)
    connection.request("GET", "/page", headers={"Host": "www.example.gov.cn"})
    assert connection.getresponse().read() == b"<p>page</p>"
    connection.close()


def test_a_port_that_is_taken_is_an_error(server: SampleServer) -> None:
    with pytest.raises(OSError, match="address"), SampleServer({}, tls=False, port=server.port):
        pass
