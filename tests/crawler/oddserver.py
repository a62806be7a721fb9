"""A server that answers with odd HTTP and keeps a ledger of every byte: what portals, old servers and bad proxies send.

``OddServer`` runs in a thread of its own, on loopback, in plain and TLS. Each path of `CASES` is one oddity; the ledger
holds request and response of every exchange as they went over the wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import brotli
import trustme
import zstandard

TEXT = (
    "<html><head><meta charset=gb2312><title>政府信息公开工作年度报告</title></head><body>"
    + "<p>主动公开、依申请公开、行政复议、行政诉讼情况。</p>" * 400
    + "</body></html>"
)
GBK = TEXT.encode("gb18030")
UTF = TEXT.encode()
GZ = gzip.compress(UTF, mtime=0)
TYPE = b"Content-Type: text/html; charset=gb2312"
RESET = b"RESET"


def message(
    status: bytes, fields: list[bytes], body: bytes = b"", *, version: bytes = b"HTTP/1.1", end: bytes = b"\r\n"
) -> bytes:
    """An answer from its lines."""
    return version + b" " + status + end + b"".join(field + end for field in fields) + end + body


def sized(body: bytes, *fields: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer whose length is said once."""
    return message(status, [*fields, b"Content-Length: %d" % len(body)], body)


def chunks(
    data: bytes,
    *,
    extension: bytes = b"",
    trailer: bytes = b"",
    upper: bool = False,
    width: int = 0,
    end: bytes = b"\r\n",
) -> bytes:
    """``data`` in chunks of uneven sizes."""
    out = []
    position = 0
    sizes = (1, 7, 1000, 4096)
    while position < len(data):
        part = data[position : position + sizes[len(out) % 4]]
        position += len(part)
        size = (b"%X" if upper else b"%x") % len(part)
        out.append(size.rjust(width, b"0") + extension + end + part + end)
    return b"".join(out) + b"0" + end + trailer + end


CHUNKED = b"Transfer-Encoding: chunked"
_deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
RAW_DEFLATE = _deflate.compress(UTF) + _deflate.flush()

# name -> (bytes, whether the server then closes)
CASES: dict[str, tuple[bytes, bool]] = {
    "case": (sized(UTF, b"cOnTeNt-TyPe: text/html", b"X-ODD:nospace", b"x-odd:   three   ", b"X-Tab:\ttab\t"), False),
    "repeated": (sized(GBK, b"Set-Cookie: a=1; Path=/", TYPE, b"X-A: 1", b"Set-Cookie: b=2", b"x-a: 2"), False),
    "chunked": (message(b"200 OK", [TYPE, CHUNKED], chunks(GBK)), False),
    "chunked_extensions": (
        message(
            b"200 OK",
            [TYPE, b"transfer-encoding: Chunked", b"Trailer: X-T"],
            chunks(GBK, extension=b' ;name="v;w"', trailer=b"X-T: tail\r\n", upper=True, width=6),
        ),
        False,
    ),
    "chunked_lf": (message(b"200 OK", [TYPE, CHUNKED], chunks(GBK, end=b"\n")), False),
    "fresh": (sized(GBK, TYPE, b"Cache-Control: max-age=600"), False),
    "gzip": (sized(GZ, TYPE, b"Content-Encoding: gzip"), False),
    "gzip_chunked": (message(b"200 OK", [TYPE, b"Content-Encoding: gzip", CHUNKED], chunks(GZ)), False),
    "gzip_members": (sized(GZ + GZ, TYPE, b"Content-Encoding: gzip"), False),
    "gzip_cut": (sized(GZ[: len(GZ) // 2], TYPE, b"Content-Encoding: gzip"), False),
    "gzip_not_applied": (sized(GBK, TYPE, b"Content-Encoding: gzip"), False),
    "br": (sized(brotli.compress(UTF), TYPE, b"Content-Encoding: br"), False),
    "zstd": (sized(zstandard.compress(UTF), TYPE, b"Content-Encoding: zstd"), False),
    "deflate": (sized(zlib.compress(UTF), TYPE, b"Content-Encoding: deflate"), False),
    "deflate_raw": (sized(RAW_DEFLATE, TYPE, b"Content-Encoding: deflate"), False),
    "http10": (message(b"200 OK", [TYPE, b"Server: old"], GBK, version=b"HTTP/1.0"), True),
    "http10_keep": (
        message(
            b"200 OK", [TYPE, b"Connection: Keep-Alive", b"Content-Length: %d" % len(GBK)], GBK, version=b"HTTP/1.0"
        ),
        False,
    ),
    "close": (message(b"200 OK", [TYPE, b"Connection: close"], GBK), True),
    "close_sized": (sized(GBK, TYPE, b"Connection: close"), True),
    "excess": (message(b"200 OK", [TYPE, b"Content-Length: 100"], GBK[:2000]), True),
    "cut_length": (message(b"200 OK", [TYPE, b"Content-Length: %d" % (len(GBK) + 500)], GBK), True),
    "cut_chunk": (message(b"200 OK", [TYPE, CHUNKED], chunks(GBK)[:5000]), True),
    "cut_last_chunk": (message(b"200 OK", [TYPE, CHUNKED], chunks(GBK)[:-5]), True),
    "cut_head": (b"HTTP/1.1 200 OK\r\nContent-Ty", True),
    "not_modified": (message(b"304 Not Modified", [b'ETag: "v1"']), False),
    "no_content": (message(b"204 No Content", [b"X-Empty: yes"]), False),
    "empty": (sized(b"", TYPE), False),
    "found": (sized(b"<a href=x>moved</a>", b"Location: /target?from=302", TYPE, status=b"302 Found"), False),
    "found_gbk": (sized(b"", b"Location: /target?q=" + "通知".encode("gb18030"), status=b"302 Moved"), False),
    "moved": (message(b"301 Moved Permanently", [b"Location: target", b"Connection: close"]), True),
    "target": (sized(GBK, TYPE), False),
    "gbk_name": (sized(GBK, TYPE, b"Content-Disposition: attachment; filename=" + "年报.doc".encode("gb18030")), False),
    "no_reason": (sized(GBK, TYPE, status=b"200"), False),
    "gbk_reason": (sized(GBK, TYPE, status=b"200 " + "成功".encode("gb18030")), False),
    "bad_name": (sized(GBK, TYPE, b"Bad Name: v"), False),
    "no_colon": (sized(GBK, TYPE, b"this line has no colon"), False),
    "space_before_colon": (sized(GBK, TYPE, b"X-Foo : v"), False),
    "name_not_ascii": (sized(GBK, TYPE, "X-名: v".encode("gb18030")), False),
    "control_characters": (sized(GBK, TYPE, b"X-C: a\x00b\x01"), False),
    "empty_value": (sized(GBK, TYPE, b"X-Nothing:", b":no name"), False),
    "long_value": (sized(GBK, TYPE, b"X-Long: " + b"v" * 70_000), False),
    "many_fields": (sized(GBK, TYPE, *(b"X-%d: %d" % (number, number) for number in range(500))), False),
    "plus_length": (message(b"200 OK", [TYPE, b"Content-Length: +%d" % len(GBK)], GBK), True),
    "length_twice": (sized(GBK, TYPE, b"Content-Length: %d" % len(GBK)), False),
    "length_list": (message(b"200 OK", [TYPE, b"Content-Length: %d, %d" % (len(GBK), len(GBK))], GBK), False),
    "te_gzip": (message(b"200 OK", [TYPE, b"Transfer-Encoding: gzip, chunked"], chunks(GZ)), False),
    "te_identity": (sized(GBK, TYPE, b"Transfer-Encoding: identity"), False),
    "te_and_length": (message(b"200 OK", [TYPE, CHUNKED, b"Content-Length: 7"], chunks(GBK)), False),
    "lf_only": (
        message(b"200 OK", [b"Content-Type: text/html", b"Content-Length: %d" % len(GBK)], GBK, end=b"\n"),
        False,
    ),
    "mixed_ends": (b"HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: %d\r\n\n" % len(GBK) + GBK, False),
    "folded": (sized(GBK, TYPE, b"X-Fold: one", b"\ttwo", b"  three"), False),
    "folded_length": (message(b"200 OK", [TYPE, b"Content-Length:", b" %d" % len(GBK)], GBK), False),
    "interim": (message(b"103 Early Hints", [b"Link: </s.css>; rel=preload"]) + sized(GBK, TYPE), False),
    "no_type": (sized(GBK), False),
    "error": (sized(b"<h1>404</h1>", TYPE, status=b"404 Not Found"), False),
    "busy": (sized(b"busy", TYPE, status=b"500 Internal Server Error"), False),
    "big": (sized(b"%PDF-1.4\n" + b"x" * 3_000_000, b"Content-Type: application/pdf"), False),
    "slow": (sized(UTF, TYPE), False),
    "reset": (message(b"200 OK", [TYPE, b"Content-Length: %d" % len(GBK)], GBK[:3000]) + RESET, True),
    "hang": (message(b"200 OK", [TYPE, b"Content-Length: %d" % len(GBK)], GBK[:2000]), False),
    "lower_status": (sized(GBK, TYPE, status=b"200 ok"), False),
    "odd_status": (sized(GBK, TYPE, status=b"299 Something Else"), False),
    "space_reason": (sized(GBK, TYPE, status=b"200  two  spaces "), False),
    "no_version": (message(b"200 Document follows", [TYPE], GBK, version=b"HTTP"), True),
    "no_blank": (sized(GBK, TYPE, status=b"200OK"), False),
    "lower_name": (message(b"200 OK", [TYPE, b"Content-Length: %d" % len(GBK)], GBK, version=b"http/1.1"), False),
    "crcrlf": (message(b"200 OK", [TYPE, b"Content-Length: %d" % len(GBK)], GBK, end=b"\r\r\n"), False),
    "te_twice": (message(b"200 OK", [TYPE, CHUNKED, CHUNKED], chunks(GBK)), False),
    "te_thrice_in_one": (
        message(b"200 OK", [TYPE, b"Transfer-Encoding: chunked, Chunked,chunked"], chunks(GBK)),
        False,
    ),
    "chunked_crcrlf": (message(b"200 OK", [TYPE, CHUNKED], chunks(GBK, end=b"\r\r\n")), False),
    "chunked_long_extension": (message(b"200 OK", [TYPE, CHUNKED], chunks(GBK, extension=b";x=" + b"y" * 9000)), False),
    "chunked_no_trailer": (message(b"200 OK", [TYPE, CHUNKED], chunks(GBK)[:-2]), True),
    "http10_no_chunks": (message(b"200 OK", [TYPE, CHUNKED], GBK, version=b"HTTP/1.0"), True),
    "length_semicolon": (message(b"200 OK", [TYPE, b"Content-Length: %d;" % len(GBK)], GBK), True),
    "length_quoted": (message(b"200 OK", [TYPE, b'Content-Length: "%d"' % len(GBK)], GBK), True),
    "length_negative": (message(b"200 OK", [TYPE, b"Content-Length: -1"], GBK), True),
    "length_22_digits": (message(b"200 OK", [TYPE, b"Content-Length: " + b"9" * 22], GBK), True),
    "length_of_content": (
        message(b"200 OK", [TYPE, b"Content-Encoding: gzip", b"Content-Length: %d" % len(UTF)], GZ),
        True,
    ),
    "gzip_checksum": (sized(GZ[:-8] + b"\0" * 4 + GZ[-4:], TYPE, b"Content-Encoding: gzip"), False),
}
# What no block may hold, and the metadata beside it does: an interim head, and bytes past the answer's own length.
LEFT_OUT = {"interim", "excess"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One entry of the ledger."""

    path: str
    request: bytes
    response: bytes
    tls: bool
    at: float


class OddServer:
    """The server; a context manager.

    Attributes:
        ledger: every exchange, in order.
        port, tls_port: where it listens on 127.0.0.1.
        connections: how many were made.
        tree: how many pages the tree has: page n links to 2n + 1 and 2n + 2.
        delay: seconds before a page of the tree is answered.
    """

    def __init__(self, directory: Path) -> None:
        authority = trustme.CA()
        self.cafile = directory / "authority.pem"
        authority.cert_pem.write_to_path(self.cafile)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("odd.gov.cn").configure_cert(self._context)
        self.ledger: list[Exchange] = []
        self.connections = 0
        self.tree = 0
        self.delay = 0.0
        self.hits: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def connect_to(self) -> tuple[str, str]:
        """The mappings that lead every host here."""
        return f"*:80:127.0.0.1:{self.port}", f"*:443:127.0.0.1:{self.tls_port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._main())

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        plain = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        secure = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = plain.sockets[0].getsockname()[1]
        self.tls_port = secure.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        plain.close()
        secure.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        # Cancelled when the server ends; asyncio's streams would report that as an error.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            while await self._exchange(reader, writer):
                pass
        writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await reader.readuntil(b"\r\n\r\n")
        for line in request.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                request += await reader.readexactly(int(line.partition(b":")[2]))
        path = request.split(b" ")[1].decode("latin-1")
        name = path.lstrip("/").partition("?")[0]
        self.hits[name] += 1
        answer, close = self._answer(name, request)
        if name.startswith("tree"):
            await asyncio.sleep(self.delay)
        reset = answer.endswith(RESET)
        answer = answer.removesuffix(RESET)
        secure = writer.get_extra_info("ssl_object") is not None
        self.ledger.append(Exchange(path, request, answer, secure, time.monotonic()))
        pieces = [answer[start : start + 9000] for start in range(0, len(answer), 9000)] if name == "slow" else [answer]
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if len(pieces) > 1:
                await asyncio.sleep(0.01)
        if name == "hang":
            await asyncio.sleep(30)
        if reset:
            await asyncio.sleep(0.05)
            opened = writer.get_extra_info("socket")
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        return not close

    def _answer(self, name: str, request: bytes) -> tuple[bytes, bool]:
        if name == "robots.txt":
            return sized(b"User-agent: *\nDisallow: /secret\n", b"Content-Type: text/plain"), False
        if name.startswith("tree"):
            return self._tree(int(name.removeprefix("tree"))), False
        if name == "outside":
            return sized(b"", b"Location: http://elsewhere.example.com/", status=b"302 Found"), False
        if name == "nothing":
            return b"", True
        if name == "once":  # dies on the kept connection after its first answer
            return sized(b"once", TYPE), True
        if name == "garbage":
            return b"SSH-2.0-OpenSSH_9.2\r\n", True
        if name == "misframed":
            return message(b"200 OK", [TYPE, CHUNKED], b"5\r\nhello\r\nzz\r\nmore"), True
        if name == "contradiction":
            return message(b"200 OK", [b"Content-Length: 5", b"Content-Length: 9"], b"hello"), True
        if name == "echo":
            return sized(request.partition(b"\r\n\r\n")[2], b"Content-Type: application/octet-stream"), False
        if name == "conditional":
            if b'if-none-match: "v1"' in request.lower():
                return message(b"304 Not Modified", [b'ETag: "v1"', b"X-Seen: again"]), False
            return sized(GBK, TYPE, b'ETag: "v1"', b"Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT"), False
        answer, close = CASES.get(name, (sized(b"nothing here", status=b"404 Not Found"), False))
        if request.startswith(b"HEAD"):
            return answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", False
        return answer, close

    def _tree(self, number: int) -> bytes:
        children = [child for child in (2 * number + 1, 2 * number + 2) if child < self.tree]
        links = "".join(f'<a href="/tree{child}">{child}</a>' for child in children)
        return sized(f"<html>{links}<p>{'年报' * 2000}</p></html>".encode(), b"Content-Type: text/html")
