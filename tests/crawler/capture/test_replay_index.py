"""Resuming by replaying: what may be given again, which crawl is unfinished, and kill -9 in the middle."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fastwarc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from archive import Home
from archive.metadata import CrawlEndMetadata, FetchMetadata, read_metadata
from archive.signatures import Judgement
from archive.storage.audit import verify_home
from archive.storage.open import open_storage
from archive.warc import WarcWriter, build, read_at, scan
from crawler.capture import records
from crawler.capture.replay_index import ReplayIndex
from tests.conftest import ROOT
from tests.crawler.oddserver import OddServer

SCRIPT = Path(__file__).parents[1] / "crawling.py"
DATE = "2026-01-02T03:04:05.000000Z"
OK = b"HTTP/1.1 200 OK\r\n\r\nhello"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path, create=True)


def write(home: Home, prefix: str, *exchanges: list[Any], preamble: list[Any] | None = None) -> Path:
    writer = WarcWriter(home.warc, prefix, {}, preamble=preamble or [])
    for drafts in exchanges:
        writer.append(drafts)
    [seal] = writer.close()
    return home.warc / seal.file


def exchange(key: str, *, date: str = DATE, block: bytes = OK, truncated: Any = None, **facts: Any) -> list[Any]:
    known = {"crawl": "c", "key": key, "url": "http://a/", "purpose": "page", "status": 200}
    response = build.response("http://a/", block, date=date, truncated=truncated)
    payload = FetchMetadata(**{**known, **facts})
    return [response, records.metadata_draft(payload, "http://a/", date=date, concurrent_to=[response.record_id])]


@pytest.mark.parametrize(
    ("drafts", "replays"),
    [
        (exchange("k"), True),
        (exchange("k", status=301), True),
        (exchange("k", status=404), False),
        (exchange("k", status=503), False),
        (exchange("k", status=429), False),
        (exchange("k", status=304), False),
        (exchange("k", blocked_by="ruishu"), False),
        (exchange("k", failure={"kind": "truncated", "message": "cut"}), False),
        (exchange("k", truncated="disconnect"), False),
        (exchange("k", purpose="robots"), False),
    ],
)
def test_only_complete_unblocked_answers_replay(home: Home, drafts: list[Any], replays: bool) -> None:
    index = ReplayIndex()
    index.add_files(open_storage(home), [write(home, "x", drafts).name])
    held = index.find("k")
    assert (held is not None) == replays
    if held is not None:
        assert read_at(home.warc, held.content.file, held.content.offset, held.content.length).block == OK


def test_the_latest_answer_counts_up_to_a_moment(home: Home) -> None:
    later = "2026-02-02T00:00:00.000000Z"
    files = [write(home, "x", exchange("k")).name, write(home, "y", exchange("k", date=later)).name]
    index = ReplayIndex()
    index.add_files(open_storage(home), reversed(files))
    assert index.find("k").date == later  # type: ignore[union-attr]
    past = ReplayIndex()
    past.add_files(open_storage(home), files, until="2026-01-31T00:00:00.000000Z")
    assert past.find("k").date == DATE  # type: ignore[union-attr]
    index.forget("k")
    assert index.find("k") is None
    assert len(past) == 1


@pytest.mark.parametrize("earlier", [False, True])
def test_a_revisit_gives_its_original(home: Home, *, earlier: bool) -> None:
    first = write(home, "x", exchange("other"))
    [original, _] = list(scan(first, types={"response", "metadata"}))
    place = original.location
    revisit = build.revisit(
        "http://a/",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        date=DATE,
        profile="server-not-modified",
        refers_to=original.id,
        refers_to_uri="http://a/",
        refers_to_date=original.date,
        payload_digest=None,
    )
    payload = FetchMetadata(crawl="c", key="k", url="http://a/", purpose="page", status=304, original=place)
    metadata = records.metadata_draft(payload, date=DATE, concurrent_to=[revisit.record_id])
    said = json.loads(metadata.block)
    assert said["original"] == {"file": place.file, "offset": place.offset, "length": place.length}
    if earlier:  # the record's id stood here too
        said["original"]["record_id"] = place.record_id
        metadata = dataclasses.replace(metadata, block=json.dumps(said).encode())
    drafts = [revisit, metadata]
    index = ReplayIndex()
    index.add_files(open_storage(home), [write(home, "y", drafts).name])
    held = index.find("k")
    assert held is not None
    assert held.ref(Judgement("ok")).unchanged
    assert held.location.record_id == revisit.record_id
    assert held.content == place


def test_a_damaged_file_is_named_and_the_rest_is_used(home: Home) -> None:
    broken = write(home, "x", exchange("a"), exchange("b"))
    broken.write_bytes(broken.read_bytes()[:-40])
    index = ReplayIndex()
    index.add_files(open_storage(home), [broken.name, write(home, "y", exchange("c")).name])
    assert list(index.damaged) == [broken.name]
    assert index.find("a") is not None
    assert index.find("c") is not None


BAD = [
    b'{"schema":"gongkai.fetch/1","crawl":"c","url":"http://a/","purpose":"nonsense","status":200}',
    b'{"schema":"gongkai.fetch/1","crawl":["c"],"url":7}',
    b'{"crawl":"c","schema":"gongkai.discovery/1"',
    b'{"schema":"gongkai.crawl/1","x":' + b"[" * 100_000,
    b"\xff\xfe{",
]


@pytest.mark.parametrize("block", BAD)
def test_a_payload_that_cannot_be_understood_costs_itself(home: Home, block: bytes) -> None:
    good, odd = exchange("a"), exchange("b")
    odd[1] = dataclasses.replace(odd[1], block=block)
    index = ReplayIndex()
    index.add_files(open_storage(home), [write(home, "x", good, odd, exchange("c")).name])
    assert [index.find(key) is not None for key in "abc"] == [True, False, True]
    assert index.damaged == {}


# -- kill -9 --------------------------------------------------------------------------------------------------------


def kill_until_done(server: OddServer, home: Path, pages: int, after: list[int]) -> int:
    """Run the crawl of the tree, killing it each time when so many pages were answered; how many kills hit."""
    server.tree = pages
    order = {"home": str(home), "connect_to": server.connect_to(), "urls": ["http://odd.gov.cn/tree0"], "follow": True}
    order["runner"] = "run"
    kills = 0
    for number in [*after, None]:
        goal = None if number is None else sum(server.hits.values()) + number
        run = subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps(order)],
            cwd=ROOT,
            env={"PATH": "/usr/bin", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if goal is not None:
            while run.poll() is None and sum(server.hits.values()) < goal:
                time.sleep(0.002)
            if run.poll() is None:
                os.kill(run.pid, signal.SIGKILL)
                kills += 1
        out, err = run.communicate(timeout=120)
        if goal is None or run.returncode >= 0:
            assert run.returncode == 0, err.decode()
            end = json.loads(out.splitlines()[-1])
            assert end["stats"]["finish_reason"] == "finished"
            return kills
    raise AssertionError


def check_nothing_lost_nothing_twice(server: OddServer, home: Path, pages: int, kills: int) -> None:
    paths = sorted((home / "warc").glob("*.warc.gz"))
    assert not list((home / "warc").glob("*.open"))
    captured: Counter[str] = Counter()
    for path in paths:
        with path.open("rb") as file:
            by_fastwarc = [(r.record_id, r.reader.read()) for r in FastIterator(file, parse_http=False)]
        with path.open("rb") as file:
            by_warcio = [
                (r.rec_headers.get_header("WARC-Record-ID"), r.raw_stream.read())
                for r in ArchiveIterator(file, no_record_parse=True)
            ]
        assert [block for _, block in by_fastwarc] == [block for _, block in by_warcio]
        size = path.stat().st_size
        last = None
        for last in scan(path):
            if last.type == "response":
                captured[str(last.uri)] += 1
        assert last is not None
        assert last.offset + last.length == size
    robots = captured.pop("http://odd.gov.cn/robots.txt")
    assert 1 <= robots <= 1 + kills  # a run may die before it has asked
    assert set(captured) == {f"http://odd.gov.cn/tree{number}" for number in range(pages)}
    assert set(captured.values()) == {1}
    # Asked twice was only what was under way when the process died.
    repeated = sum(count - 1 for name, count in server.hits.items() if name.startswith("tree"))
    assert repeated <= 4 * kills
    payloads = [read_metadata(record.block) for path in paths for record in scan(path, types={"metadata"})]
    ends = [payload for payload in payloads if isinstance(payload, CrawlEndMetadata)]
    assert len(ends) == 1
    verdicts = verify_home(Home.at(home), processes=1)
    assert {verdict.verdict for verdict in verdicts} <= {"ok", "note"}, [found.problems for found in verdicts]


def test_kill_9_in_the_middle_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    with OddServer(tmp_path) as server:
        server.delay = 0.005
        kills = kill_until_done(server, tmp_path / "home", 120, [30, 25])
        assert kills == 2
        check_nothing_lost_nothing_twice(server, tmp_path / "home", 120, kills)


# -- a disk that fills up, two at once --------------------------------------------------------------------------------


def start(server: OddServer, home: Path, **more: Any) -> subprocess.Popen[bytes]:
    order = {"home": str(home), "connect_to": server.connect_to(), "urls": ["http://odd.gov.cn/tree0"], "follow": True}
    limit = more.pop("limit", None)
    small = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), json.dumps({**order, "runner": "run", **more})],
        cwd=ROOT,
        env={"PATH": "/usr/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},  # a limit would cut these
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=small,  # noqa: PLW1509 - this process has no threads that hold locks over it
    )


def finish(run: subprocess.Popen[bytes]) -> dict[str, Any]:
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0, err.decode()
    last: dict[str, Any] = json.loads(out.splitlines()[-1])
    return last


def fill(server: OddServer, home: Path, pages: int, limits: list[int]) -> None:
    """No file may grow beyond a limit, as if the disk were full there; then there is room again."""
    server.tree = pages
    for limit in limits:
        end = finish(start(server, home, limit=limit))
        assert "the disk is full" in (end["fatal"] or ""), end
    assert finish(start(server, home))["stats"]["finish_reason"] == "finished"
    check_nothing_lost_nothing_twice(server, home, pages, len(limits))


def test_a_full_disk_stops_the_crawl_and_costs_nothing(tmp_path: Path) -> None:
    with OddServer(tmp_path) as server:
        fill(server, tmp_path / "home", 80, [40_000])


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_disks_that_are_full_at_random_moments(tmp_path: Path) -> None:
    rng = random.Random(51)
    for number in range(8):
        directory = tmp_path / str(number)
        directory.mkdir()
        with OddServer(directory) as server:
            fill(server, directory / "home", 150, [rng.randint(9_000, 60_000) for _ in range(2)])


@pytest.mark.trial
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a tmpfs")
def test_a_small_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no tmpfs can be mounted here")
    try:
        with OddServer(tmp_path) as server:
            server.tree = 150
            assert "the disk is full" in finish(start(server, disk / "home"))["fatal"]
            subprocess.run(["mount", "-o", "remount,size=32m", str(disk)], check=True)
            assert finish(start(server, disk / "home"))["stats"]["finish_reason"] == "finished"
            check_nothing_lost_nothing_twice(server, disk / "home", 150, 1)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_crawls_write_at_once(tmp_path: Path) -> None:
    with OddServer(tmp_path) as server:
        server.tree, server.delay = 60, 0.005
        home = tmp_path / "home"
        second = {"portal": "two", "site": {"host": "two.gov.cn"}, "urls": ["http://two.gov.cn/tree0"]}
        ends = [finish(run) for run in [start(server, home), start(server, home, **second)]]
    assert [end["stats"]["finish_reason"] for end in ends] == ["finished", "finished"]
    found = [record.uri or "" for path in home.glob("warc/*.warc.gz") for record in scan(path, types={"response"})]
    pages = Counter(uri for uri in found if "/tree" in uri)
    assert len(pages) == 120
    assert set(pages.values()) == {1}
    assert {verdict.verdict for verdict in verify_home(Home.at(home), processes=1)} <= {"ok", "note"}


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_fifty_kills_at_random_moments(tmp_path: Path) -> None:
    rng = random.Random(50)
    kills = trial = 0
    while kills < 50:
        trial += 1
        directory = tmp_path / str(trial)
        directory.mkdir()
        with OddServer(directory) as server:
            server.delay = 0.002
            hit = kill_until_done(server, directory / "home", 150, [rng.randint(1, 40) for _ in range(5)])
            check_nothing_lost_nothing_twice(server, directory / "home", 150, hit)
            kills += hit
