"""The wire client: connections kept and dropped, time-outs, limits, TLS, proxies, many addresses."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from crawler import OutOfScope
from crawler.capture.wire import client as wire_module
from crawler.capture.wire import connect
from crawler.capture.wire.client import Exchange, WireClient, WireRequest, request_bytes
from crawler.crawl_plan import SitePolicy
from crawler.scope import ConnectTo, origin_of
from tests.crawler.oddserver import CASES, GBK, OddServer

SITE = SitePolicy("odd.gov.cn", pace=0, read_timeout=1.0, connect_timeout=2.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddServer]:
    with OddServer(tmp_path_factory.mktemp("odd")) as running:
        yield running


@contextlib.asynccontextmanager
async def client(server: OddServer, **how: Any) -> AsyncIterator[WireClient]:
    opened = WireClient(ConnectTo.parse(server.connect_to()), **how)
    try:
        yield opened
    finally:
        await opened.close()


async def get(client: WireClient, name: str, scheme: str = "http", site: SitePolicy = SITE, **how: Any) -> Exchange:
    return await client.fetch(WireRequest(f"{scheme}://odd.gov.cn/{name}", site), **how)


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://a.gov.cn", b"GET / HTTP/1.1"),
        ("http://a.gov.cn?x=1", b"GET /?x=1 HTTP/1.1"),
        ("http://a.gov.cn/a/../b?q=%CD%A8+&&=#top", b"GET /a/../b?q=%CD%A8+&&= HTTP/1.1"),
        ("http://a.gov.cn/a b/年?x={}|", b"GET /a%20b/%E5%B9%B4?x={}| HTTP/1.1"),
        ("http://a.gov.cn/x\r\nEvil: 1", b"GET /x%0D%0AEvil:%201 HTTP/1.1"),
    ],
)
def test_the_target_is_sent_as_the_url_has_it(url: str, line: bytes) -> None:
    assert request_bytes(WireRequest(url, SITE), origin_of("http://a.gov.cn/")).split(b"\r\n")[0] == line


def test_headers_go_out_in_their_order_and_framing_is_ours() -> None:
    headers = [(b"X-b", b"1"), (b"hOST", b"evil"), (b"Content-Length", b"99"), (b"A", "年".encode()), (b"X-b", b"2")]
    request = WireRequest("https://a.gov.cn:8443/x", SITE, "POST", headers, b"body")
    assert request_bytes(request, origin_of(request.url)) == (
        b"POST /x HTTP/1.1\r\nHost: a.gov.cn:8443\r\nX-b: 1\r\nA: "
        + "年".encode()
        + b"\r\nX-b: 2\r\nContent-Length: 4\r\n\r\nbody"
    )


@pytest.mark.parametrize("field", [(b"A", b"1\r\nB: 2"), (b"A\n", b"1"), (b"A", b"\0")])
def test_a_header_cannot_become_two(field: tuple[bytes, bytes]) -> None:
    with pytest.raises(OutOfScope, match="line end"):
        request_bytes(WireRequest("http://a.gov.cn/", SITE, headers=[field]), origin_of("http://a.gov.cn/"))


def test_a_method_cannot_become_a_line() -> None:
    with pytest.raises(OutOfScope, match="method"):
        request_bytes(WireRequest("http://a.gov.cn/", SITE, "GET / X"), origin_of("http://a.gov.cn/"))


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_connections_are_kept_while_they_may_be(server: OddServer, scheme: str) -> None:
    async with client(server) as wire:
        first = await get(wire, "gzip", scheme)
        begun = server.connections
        second = await get(wire, "chunked_extensions", scheme)
        third = await get(wire, "close", scheme)
        assert server.connections == begun
        fourth = await get(wire, "gzip", scheme)
        fifth = await get(wire, "gzip", scheme, fresh=True)
        assert server.connections == begun + 2
    assert [one.reused for one in (first, second, third, fourth, fifth)] == [False, True, True, False, False]
    assert third.response == CASES["close"][0]
    assert first.address == "127.0.0.1"


async def test_bytes_beyond_the_answer_end_the_connection(server: OddServer) -> None:
    async with client(server) as wire:
        await get(wire, "excess")
        assert not (await get(wire, "gzip")).reused


async def test_kept_connections_are_few_and_grow_old(server: OddServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async with client(server) as wire:
        await asyncio.gather(*(get(wire, "slow") for _ in range(wire_module.MAX_IDLE + 3)))
        [idle] = wire._idle.values()
        assert len(idle) == wire_module.MAX_IDLE
        monkeypatch.setattr(wire_module, "IDLE_SECONDS", 0.0)
        assert not (await get(wire, "gzip")).reused


async def test_silence_and_the_whole_take_only_so_long(server: OddServer) -> None:
    async with client(server) as wire:
        silent = await get(wire, "hang", site=replace(SITE, read_timeout=0.2))
        late = await get(wire, "hang", site=replace(SITE, read_timeout=20.0, total_timeout=0.3))
    for exchange in (silent, late):
        assert exchange.failure is not None
        assert (exchange.truncated, exchange.failure.kind) == ("time", "timeout")
        assert exchange.response == CASES["hang"][0]
        assert exchange.elapsed < 1.5
    assert "silent for 0.2 s" in str(silent.failure)
    assert "took too long" in str(late.failure)


async def test_answers_are_cut_at_the_profile_limit(server: OddServer) -> None:
    async with client(server) as wire:
        exchange = await get(wire, "big", site=replace(SITE, max_bytes=100_000))
    assert (exchange.truncated, len(exchange.response)) == ("length", 100_000)
    assert CASES["big"][0].startswith(exchange.response)


async def test_a_reset_keeps_what_came(server: OddServer) -> None:
    async with client(server) as wire:
        exchange = await get(wire, "reset")
    assert exchange.response == CASES["reset"][0].removesuffix(b"RESET")
    assert exchange.failure is not None
    assert (exchange.truncated, exchange.failure.kind) == ("disconnect", "truncated")


@pytest.mark.parametrize("name", ["misframed", "contradiction"])
async def test_misframed_answers_are_read_to_the_end(server: OddServer, name: str) -> None:
    async with client(server) as wire:
        exchange = await get(wire, name)
    assert exchange.response == server._answer(name, b"")[0]
    assert exchange.failure is not None
    assert (exchange.truncated, exchange.failure.kind) == ("unspecified", "protocol")


async def test_no_answer_on_a_new_connection_is_a_failure_and_not_stale(server: OddServer) -> None:
    async with client(server) as wire:
        exchange = await get(wire, "nothing")
        assert (exchange.response, exchange.stale) == (b"", False)
        await get(wire, "gzip")
        reused = await get(wire, "nothing")
        posted = await get(wire, "gzip")
        posted = await wire.fetch(WireRequest("http://odd.gov.cn/nothing", SITE, "POST", body=b"x"))
    assert reused.reused
    assert reused.stale
    assert posted.reused
    assert not posted.stale, "what may have had an effect is not repeated"


async def test_tls_facts_and_a_certificate_that_does_not_verify(server: OddServer) -> None:
    async with client(server) as wire:
        exchange = await get(wire, "gzip", "https")
        again = await get(wire, "gzip", "https", fresh=True)
    assert exchange.tls is not None
    assert exchange.tls.verified is False
    assert exchange.tls.verify_error
    assert exchange.tls.version == "TLSv1.3"
    assert exchange.tls.cipher
    assert exchange.tls.certificate_pem is not None
    assert exchange.tls.certificate_pem.startswith("-----BEGIN CERTIFICATE-----")
    assert again.tls == exchange.tls


async def test_a_certificate_that_verifies(server: OddServer) -> None:
    async with client(server, cafile=str(server.cafile)) as wire:
        exchange = await get(wire, "gzip", "https")
    assert exchange.tls is not None
    assert exchange.tls.verified is True
    assert exchange.tls.verify_error is None


async def test_a_profile_may_require_that_it_verifies(server: OddServer) -> None:
    async with client(server) as wire:
        exchange = await get(wire, "gzip", "https", replace(SITE, verify="require"))
    assert exchange.failure is not None
    assert exchange.failure.kind == "tls"
    assert exchange.request == b""


async def test_a_port_that_does_not_speak_tls_is_a_tls_failure() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    plain = await asyncio.start_server(answer, "127.0.0.1", 0)
    wire = WireClient(ConnectTo.parse([f"*:443:127.0.0.1:{plain.sockets[0].getsockname()[1]}"]))
    exchange = await get(wire, "gzip", "https")
    await wire.close()
    plain.close()
    assert exchange.failure is not None
    assert exchange.failure.kind == "tls"


async def test_an_old_server_is_reached_by_the_legacy_policy_only(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("odd.gov.cn").configure_cert(context)
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold")
        writer.close()

    old = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    wire = WireClient(ConnectTo.parse([f"*:443:127.0.0.1:{old.sockets[0].getsockname()[1]}"]))
    modern = await get(wire, "x", "https")
    legacy = await get(wire, "x", "https", replace(SITE, tls="legacy"))
    await wire.close()
    old.close()
    assert modern.failure is not None
    assert modern.failure.kind == "tls"
    assert "`tls: legacy`" in modern.failure.message
    assert legacy.response.endswith(b"old")
    assert legacy.tls is not None
    assert legacy.tls.version == "TLSv1"


async def test_every_address_is_tried_and_private_ones_are_refused(
    server: OddServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    async def resolve(host: str, port: int) -> list[Any]:
        found = [(socket.AF_INET, ("127.0.0.1", 1)), (socket.AF_INET, ("127.0.0.1", server.port))]
        return found if host == "odd.gov.cn" else [(socket.AF_INET, ("192.168.0.1", port))]

    monkeypatch.setattr(connect, "resolve_host", resolve)
    monkeypatch.setattr(connect, "public_address", lambda address: asked.append(address) or address == "127.0.0.1")
    wire = WireClient()
    exchange = await get(wire, "gzip")
    private = await wire.fetch(WireRequest("http://inside.gov.cn/", SITE))
    await wire.close()
    assert exchange.status == 200
    assert asked == ["127.0.0.1", "127.0.0.1", "192.168.0.1"]
    assert private.failure is not None
    assert private.failure.kind == "scope"
    assert "192.168.0.1" in private.failure.message


async def test_names_that_do_not_resolve_and_ports_that_refuse() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        wire = WireClient(ConnectTo.parse([f"*:80:127.0.0.1:{taken.getsockname()[1]}"]))
        refused = await get(wire, "x")
        await wire.close()
    assert refused.failure is not None
    assert refused.failure.kind == "connect"
    assert (refused.request, refused.response, refused.address) == (b"", b"", None)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("kind", ["http", "socks5h"])
async def test_proxies(server: OddServer, kind: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY_PASSWORD", "s3cret")
    async with proxy(server, kind) as (port, seen):
        wire = WireClient()
        site = replace(SITE, proxy=f"{kind}://me:${{PROXY_PASSWORD}}@127.0.0.1:{port}")
        exchange = await get(wire, "gbk_name", scheme, site)
        denied = await get(wire, "x", scheme, replace(site, proxy=f"{kind}://me:wrong@127.0.0.1:{port}"))
        await wire.close()
    assert exchange.response == CASES["gbk_name"][0]
    assert exchange.response.endswith(GBK)
    assert exchange.address is None, "the origin's address is known to the proxy alone"
    # Twice over TLS: the second time without insisting on a certificate that verifies.
    assert seen == [("odd.gov.cn", 443)] * 2 if scheme == "https" else [("odd.gov.cn", 80)]
    assert b"s3cret" not in exchange.request
    assert exchange.request.startswith(b"GET /gbk_name HTTP/1.1\r\nHost: odd.gov.cn\r\n")
    assert denied.failure is not None
    assert denied.failure.kind == "connect"
    assert "wrong" not in denied.failure.message


async def test_a_mapped_host_is_reached_without_its_proxy(server: OddServer) -> None:
    async with client(server) as wire:
        exchange = await get(wire, "gzip", site=replace(SITE, proxy="http://127.0.0.1:1"))
    assert exchange.status == 200


@contextlib.asynccontextmanager
async def proxy(server: OddServer, kind: str) -> AsyncIterator[tuple[int, list[tuple[str, int]]]]:
    """A proxy that knows one user and leads everywhere to the odd server."""
    seen: list[tuple[str, int]] = []

    async def http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"Basic bWU6czNjcmV0" not in head:  # me:s3cret
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return False
        host, _, port = head.split(b" ")[1].partition(b":")
        seen.append((host.decode(), int(port)))
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
        return True

    async def socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, count = await reader.readexactly(2)
        await reader.readexactly(count)
        writer.write(b"\x05\x02")
        _, size = await reader.readexactly(2)
        user = await reader.readexactly(size)
        password = await reader.readexactly((await reader.readexactly(1))[0])
        if (user, password) != (b"me", b"s3cret"):
            writer.write(b"\x01\x01")
            return False
        writer.write(b"\x01\x00")
        assert await reader.readexactly(4) == b"\x05\x01\x00\x03"
        host = await reader.readexactly((await reader.readexactly(1))[0])
        seen.append((host.decode(), int.from_bytes(await reader.readexactly(2), "big")))
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
        return True

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened = await (http if kind == "http" else socks)(reader, writer)
        if opened:
            port = server.tls_port if seen[-1][1] == 443 else server.port
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1], seen
    finally:
        running.close()
        await asyncio.sleep(0.05)


BROKEN = {
    "a record that does not fit its key": b"\x17\x03\x03\x00\x40" + bytes(64),
    "a record longer than any": b"\x17\x03\x03\xff\xff" + bytes(200),
    "no record at all": b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(64),
}


@contextlib.contextmanager
def breaking(sent: bytes, behind: bytes) -> Iterator[int]:
    """A TLS server whose last segment holds ``sent`` and, right behind it, what breaks TLS; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("odd.gov.cn").configure_cert(context)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:  # who does not like the certificate comes a second time
                with contextlib.suppress(ssl.SSLError), listening.accept()[0] as accepted:
                    one(accepted)

    def one(accepted: socket.socket) -> None:
        came, out = ssl.MemoryBIO(), ssl.MemoryBIO()
        secure = context.wrap_bio(came, out, server_side=True)
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            try:
                secure.do_handshake()
                asked += secure.read(65536)
            except ssl.SSLWantReadError:
                accepted.sendall(out.read())
                received = accepted.recv(65536)
                if not received:
                    return
                came.write(received)
        secure.write(sent)
        accepted.sendall(out.read() + behind)
        accepted.recv(65536)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


@pytest.mark.parametrize("behind", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("size", [500, 40_000])
async def test_what_was_decrypted_before_tls_breaks_is_kept(behind: bytes, size: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    with breaking(head + b"x" * size, behind) as port:
        wire = WireClient(ConnectTo.parse([f"*:443:127.0.0.1:{port}"]))
        exchange = await get(wire, "x", "https", replace(SITE, read_timeout=3.0))
        await wire.close()
    assert exchange.response == head + b"x" * size
    assert exchange.truncated == "disconnect"
    assert exchange.failure is not None
    assert "SSLError" in exchange.failure.message
    assert exchange.elapsed < 2.5


async def test_an_answer_that_is_whole_does_not_suffer_from_what_breaks_tls_behind_it() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    with breaking(answer, BROKEN["no record at all"]) as port:
        wire = WireClient(ConnectTo.parse([f"*:443:127.0.0.1:{port}"]))
        exchange = await get(wire, "x", "https")
        await wire.close()
    assert (exchange.response, exchange.failure) == (answer, None)


@pytest.mark.parametrize("tls", ["default", "legacy"])
async def test_plain_http_where_tls_is_expected_is_called_so(tls: Any) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    plain = await asyncio.start_server(answer, "127.0.0.1", 0)
    wire = WireClient(ConnectTo.parse([f"*:443:127.0.0.1:{plain.sockets[0].getsockname()[1]}"]))
    exchange = await get(wire, "x", "https", replace(SITE, tls=tls))
    await wire.close()
    plain.close()
    assert exchange.failure is not None
    assert exchange.failure.kind == "tls"
    assert "does not speak TLS" in exchange.failure.message
    assert "tls: legacy" not in exchange.failure.message


@pytest.mark.parametrize("answer", [b"HTTP/1.1 OK\r\n\r\n", b"<html>", b"220 mail.example ESMTP\r\n"])
async def test_of_what_is_not_http_every_byte_comes_back(answer: bytes) -> None:
    whole = answer + b"y" * 120_000

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(whole)
        await writer.drain()
        writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire = WireClient(ConnectTo.parse([f"*:80:127.0.0.1:{running.sockets[0].getsockname()[1]}"]))
    exchange = await get(wire, "x")
    await wire.close()
    running.close()
    assert (exchange.garbage, exchange.response) == (whole, b"")
    assert exchange.failure is not None
    assert f"({len(whole)} bytes)" in exchange.failure.message
