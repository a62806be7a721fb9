"""Scrapy over the capture session: a crawl in a process of its own against the odd server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import scrapy

from archive.metadata import FetchMetadata, read_metadata
from archive.warc import scan
from crawler.capture.handler import Fingerprinter
from crawler.capture.request import CaptureRequest, Render
from tests.conftest import ROOT
from tests.crawler.oddserver import GBK, UTF, OddServer

SCRIPT = Path(__file__).parents[1] / "crawling.py"


def crawl(server: OddServer, home: Path, *urls: Any, **wanted: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run a crawl; what came by URL (the last of each), and the closing line."""
    order = {"home": str(home), "connect_to": server.connect_to(), "urls": urls, **wanted}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", str(SCRIPT), json.dumps(order)],
        cwd=ROOT,
        env={"PATH": "/usr/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    *lines, end = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["url"].partition("odd.gov.cn")[2]: line for line in lines}, end


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddServer]:
    with OddServer(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture(scope="module")
def done(server: OddServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any], Path]:
    server.hits.clear()
    home = tmp_path_factory.mktemp("archive")
    names = ("gzip", "gzip_chunked", "target#a", "target#b", "found", "found_gbk", "secret", "cut_length", "nothing")
    urls = [f"http://odd.gov.cn/{name}" for name in (*names, "error", "chunked", "lf_only", "gbk_name", "outside")]
    post = {"url": "http://odd.gov.cn/echo", "method": "POST", "body": "a=1", "headers": {"Content-Type": "text/x"}}
    came, end = crawl(server, home, *urls, "https://odd.gov.cn/folded", "http://elsewhere.example.com/", post)
    return came, end, home


def test_answers_come_decoded_once(done: Any) -> None:
    came, _, _ = done
    for name in ("/gzip", "/gzip_chunked"):
        assert (came[name]["length"], came[name]["encoding"]) == (len(UTF), "")
        assert came[name]["start"].startswith("<html>")
    assert came["/chunked"]["length"] == came["/lf_only"]["length"] == len(GBK)
    assert came["/gbk_name"]["kind"] in {"HtmlResponse", "Response"}
    assert came["/echo"]["start"] == "a=1"


def test_every_answer_says_where_it_lies(done: Any) -> None:
    came, _, home = done
    records = {record.id: record for path in home.glob("warc/*.warc.gz") for record in scan(path)}
    for name in ("/gzip", "/folded", "/error"):
        capture = came[name]["capture"]
        place = capture["location"]
        record = records[place["record_id"]]
        assert (record.file, record.offset, record.length) == (place["file"], place["offset"], place["length"])
        assert record.type == capture["kind"] == "response"
        assert came[name]["ip"] == "127.0.0.1"
    fetches = [read_metadata(r.block) for r in records.values() if r.type == "metadata"]
    mine = [p for p in fetches if isinstance(p, FetchMetadata) and p.purpose != "robots"]
    assert {p.purpose for p in mine} == {"report"}
    assert {p.hints.portal for p in mine} == {"odd"}


def test_redirects_are_requests_of_their_own(done: Any, server: OddServer) -> None:
    came, _, _ = done
    assert came["/target?from=302"]["length"] == len(GBK)
    assert came["/target?q=%CD%A8%D6%AA"]["length"] == len(GBK)
    assert server.hits["found"] == server.hits["found_gbk"] == 1


def test_a_fragment_makes_another_request(done: Any, server: OddServer) -> None:
    came, _, _ = done
    assert {"/target#a", "/target#b"} <= came.keys()
    assert server.hits["target"] == 4


def test_errors_are_answers_for_the_spider(done: Any) -> None:
    came, _, _ = done
    assert came["/error"]["status"] == 404


def test_what_may_not_be_asked_is_ignored_with_the_reason(done: Any, server: OddServer) -> None:
    came, end, _ = done
    assert came["/secret"]["failed"] == "IgnoreRequest"
    assert "robots.txt forbids it" in came["/secret"]["message"]
    assert came[""]["failed"] == "IgnoreRequest"
    assert "outside the profile" in came[""]["message"]
    assert server.hits["secret"] == 0
    assert end["stats"]["capture/refused/robots"] == end["stats"]["capture/refused/scope"] == 1


def test_cut_answers_are_asked_again_and_then_handed_on_marked(done: Any, server: OddServer) -> None:
    came, _, home = done
    assert server.hits["cut_length"] == 3
    assert came["/cut_length"]["flags"] == ["dataloss"]
    payloads = [read_metadata(r.block) for path in home.glob("warc/*.warc.gz") for r in scan(path, types={"metadata"})]
    cut = [p for p in payloads if isinstance(p, FetchMetadata) and p.url.endswith("/cut_length")]
    assert sorted(payload.attempt for payload in cut) == [1, 2, 3]


def test_no_answer_is_a_failure(done: Any, server: OddServer) -> None:
    came, _, _ = done
    assert came["/nothing"]["failed"] == "DownloadFailedError"
    # Three attempts; on a kept connection each is repeated once, since the connection may have been dead already.
    assert 3 <= server.hits["nothing"] <= 6


def test_the_crawl_has_statistics_and_a_log_of_its_own(done: Any) -> None:
    _, end, home = done
    assert end["stats"]["finish_reason"] == "finished"
    assert end["stats"]["capture/responses"] >= 12
    assert (home / "crawls" / end["crawl"] / "crawl.log").read_text().count("Spider opened") == 1


def test_the_past_is_replayed_through_scrapy(done: Any, server: OddServer) -> None:
    _, _, home = done
    server.hits.clear()
    came, end = crawl(
        server,
        home,
        "http://odd.gov.cn/gzip",
        "http://odd.gov.cn/found",
        "http://odd.gov.cn/never",
        plan={"as_of": "2100-01-01T00:00:00+00:00"},
    )
    assert not server.hits
    assert came["/gzip"]["flags"] == ["replayed"]
    assert came["/target?from=302"]["length"] == len(GBK)
    assert came["/never"]["failed"] == "IgnoreRequest"
    assert end["stats"]["capture/as_of_missed"] == 1


def test_a_disk_that_is_full_ends_the_crawl(server: OddServer, tmp_path: Path) -> None:
    # A file size limit is the full disk of one process.
    order = {
        "home": str(tmp_path),
        "connect_to": server.connect_to(),
        "urls": [f"http://odd.gov.cn/target?{n}" for n in range(50)],
    }
    limited = (
        "import resource, signal, sys, json; sys.path.insert(0, sys.argv[2]);"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (12000, 12000));"
        "from tests.crawler.crawling import main; main(json.loads(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, json.dumps(order), str(ROOT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    *_, end = [json.loads(line) for line in done.stdout.splitlines()]
    assert "disk is full" in end["fatal"]
    assert end["stats"]["finish_reason"] == "archive_failed"
    # Everything that was handed to the spider is there, whole.
    kept = {record.id for path in tmp_path.glob("warc/*.warc.gz*") for record in scan(path)}
    answers = [json.loads(line) for line in done.stdout.splitlines()[:-1] if '"capture"' in line]
    handed = {answer["capture"]["location"]["record_id"] for answer in answers}
    assert handed
    assert handed <= kept


def test_fingerprints_tell_fragments_and_steps_apart() -> None:
    prints = Fingerprinter()
    plain = scrapy.Request("http://a.gov.cn/list")
    render = CaptureRequest(render=Render(wait_for="li"))
    requests = [
        plain,
        plain.replace(url="http://a.gov.cn/list#2"),
        plain.replace(method="POST", body="page=2"),
        plain.replace(meta={"gongkai": render}),
        plain.replace(meta={"gongkai": replace(render, render=Render(wait_for="li", clicks=("a.next",)))}),
    ]
    assert len({prints.fingerprint(request) for request in requests}) == len(requests)
    assert prints.fingerprint(plain) == prints.fingerprint(
        plain.replace(meta={"gongkai": CaptureRequest(purpose="list")})
    )
