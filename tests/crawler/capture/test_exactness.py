"""The reference server and checker (``shared/tools/wire``) agree that what is archived is what went over the wire."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from archive import Home
from crawler import CrawlerError
from crawler.capture.request import CaptureRequest
from crawler.capture.session import CaptureSession
from crawler.crawl_plan import CrawlPlan, SitePolicy

NAME = re.compile(r'^ "(\w+)": ', re.MULTILINE)
FAILING = {"noresp"}
# An interim head, and bytes past the promised length, can stand in no response block; the metadata holds them.
LEFT_OUT = {"/interim103", "/cl_short"}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def reference(shared: Path, directory: Path) -> Iterator[tuple[int, int]]:
    """The reference server with its ledger in ``directory``."""
    issued = trustme.CA().issue_cert("odd.gov.cn")
    (directory / "cert.pem").write_bytes(issued.private_key_and_cert_chain_pem.bytes())
    ports = free_port(), free_port()
    command = [sys.executable, str(shared / "tools/wire/oddserver.py"), *map(str, ports), "ledger.jsonl", "cert.pem"]
    with subprocess.Popen(command, cwd=directory) as server:
        try:
            for port in ports:
                for _ in range(200):
                    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                        break
                    time.sleep(0.05)
            yield ports
        finally:
            server.terminate()


async def crawl(home: Home, ports: tuple[int, int], scheme: str, names: list[str]) -> None:
    site = SitePolicy("odd.gov.cn", pace=0, concurrency=8, read_timeout=1.5)
    mapped = (f"*:80:127.0.0.1:{ports[0]}", f"*:443:127.0.0.1:{ports[1]}")
    session = CaptureSession.open(CrawlPlan(home, "odd", "all", (site,), connect_to=mapped, pace=0))

    async def one(path: str, method: str = "GET", body: bytes = b"") -> None:
        try:
            await session.fetch(
                f"{scheme}://odd.gov.cn/{path}", method=method, body=body, ask=CaptureRequest(purpose="api")
            )
        except CrawlerError:
            assert path in FAILING

    twice = ("retry", "reset", "gzip", "chunked", "cond", "index", "br", "zstd", "folded", "lfonly", "slow", "te_gzip")
    paths = [*names, *(f"{name}?again" for name in twice), "redir_target?from=302"]
    await asyncio.gather(*(one(path) for path in paths), one("post", "POST", b"a=1&b=\xc4\xe3"), one("oddcase", "HEAD"))
    await session.close()


@pytest.mark.shared
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_reference_checker_finds_every_byte(shared: Path, tmp_path: Path, scheme: str) -> None:
    names = NAME.findall((shared / "tools/wire/oddserver.py").read_text())
    names += ["retry", "reset", "noresp", "hang", "cond", "index"]
    home = Home.at(tmp_path / "archive", create=True)
    with reference(shared, tmp_path) as ports:
        asyncio.run(crawl(home, ports, scheme, names))
    found = tmp_path / "found"
    found.mkdir()
    for path in home.warc.glob("*.warc.gz"):
        (found / path.name).symlink_to(path)
    checker = [sys.executable, str(shared / "tools/wire/check_exact.py"), str(tmp_path / "ledger.jsonl"), str(found)]
    done = subprocess.run(checker, capture_output=True, text=True, check=True, timeout=60)
    counts = re.match(r"responses exact (\d+)/(\d+), requests exact (\d+)/(\d+)", done.stdout)
    assert counts is not None, done.stdout
    responses, of_responses, requests, of_requests = map(int, counts.groups())
    assert of_responses >= 62
    assert (responses, requests) == (of_responses - len(LEFT_OUT), of_requests), done.stdout
    wrong = {line.split()[0] for line in done.stdout.splitlines()[1:] if line.startswith("   /")}
    assert wrong == LEFT_OUT
