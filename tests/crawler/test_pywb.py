"""pywb, in an environment of its own, replays what was captured."""

from __future__ import annotations

import asyncio
import gzip
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive import Home
from crawler import CrawlerError
from crawler.capture.session import CaptureSession
from crawler.crawl_plan import CrawlPlan, SitePolicy
from tests.crawler.oddserver import CASES, GBK, UTF, OddServer

PYWB = "pywb==2.10.0"
# What comes out of replay when the content coding is removed: the odd forms that pywb replays as they are meant. Chunks
# with extensions or line ends of LF it hands on as they were sent, and a length beside chunks it believes.
SAME = ("case", "gzip", "gzip_chunked", "deflate", "slow")
SAME_GBK = (
    *("chunked", "repeated", "http10", "close", "target", "gbk_name", "no_reason", "gbk_reason"),
    *("no_colon", "space_before_colon", "control_characters", "plus_length", "te_identity"),
    *("lf_only", "folded", "interim", "length_twice", "no_type", "empty_value", "cut_last_chunk", "http10_keep"),
)
TEXTS = {**dict.fromkeys(SAME, UTF), **dict.fromkeys(SAME_GBK, GBK)}


@pytest.fixture(scope="module")
def pywb(request: pytest.FixtureRequest) -> Path:
    """The ``bin`` directory of an environment with pywb."""
    directory = Path(request.config.cache.mkdir("pywb")) / f"{PYWB}-{sys.version_info.major}.{sys.version_info.minor}"
    tools = directory / "bin"
    if not (tools / "wayback").exists():
        subprocess.run([sys.executable, "-m", "venv", str(directory)], check=True, capture_output=True)
        done = subprocess.run(
            [str(tools / "python"), "-m", "pip", "install", "-q", PYWB, "setuptools"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"{PYWB} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return tools


@contextmanager
def replay(pywb: Path, directory: Path, home: Home) -> Iterator[str]:
    """pywb over the files of ``home``; the address of its collection."""
    files = [str(path) for path in sorted(home.warc.glob("*.warc.gz"))]
    for step in (["init", "odd"], ["add", "odd", *files]):
        subprocess.run([str(pywb / "wb-manager"), *step], cwd=directory, capture_output=True, check=True, timeout=120)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (directory / "wayback.log").open("wb") as log:
        server = subprocess.Popen(
            [str(pywb / "wayback"), "-p", str(port), "-b", "127.0.0.1", "-d", str(directory)], stdout=log, stderr=log
        )
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                    break
                except OSError:
                    assert server.poll() is None, (directory / "wayback.log").read_text()
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/odd"
        finally:
            server.terminate()
            server.wait(20)


def fetch(url: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers={"User-Agent": "test"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


async def capture(server: OddServer, home: Home) -> None:
    site = SitePolicy("odd.gov.cn", pace=0, concurrency=8, read_timeout=1.0)
    plan = CrawlPlan(home, "odd", "all", (site,), connect_to=server.connect_to(), pace=0)
    session = CaptureSession.open(plan)
    for name in CASES:
        try:
            await session.fetch(f"http://odd.gov.cn/{name}")
        except CrawlerError:
            assert name == "cut_head"
    await session.close()


@pytest.mark.trial
@pytest.mark.timeout(900)
def test_pywb_replays_the_odd_exchanges(pywb: Path, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "archive", create=True)
    with OddServer(tmp_path) as server:
        asyncio.run(capture(server, home))
    (tmp_path / "wayback").mkdir()
    wrong = {}
    with replay(pywb, tmp_path / "wayback", home) as address:
        for name, text in TEXTS.items():
            status, body = fetch(f"{address}/2026id_/http://odd.gov.cn/{name}")
            if body.startswith(b"\x1f\x8b"):
                body = gzip.decompress(body)
            if (status, body) != (200, text):
                wrong[name] = (status, len(body), body[:80])
        assert fetch(f"{address}/2026id_/http://odd.gov.cn/error")[0] == 404
        status, page = fetch(f"{address}/2026mp_/http://odd.gov.cn/target")
        assert status == 200
        assert "政府信息公开工作年度报告".encode("gb18030") in page
    assert wrong == {}
