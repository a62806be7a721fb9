"""archive.warc.write: one write per exchange, all or nothing, sealed by rename, on disk before anybody is told."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive import WarcError
from archive.metadata import CrawlMetadata
from archive.storage.recover import recover_directory
from archive.warc import WarcWriter, build, new_record_id, read_at, scan
from archive.warc import write as write_module
from archive.warc.seal import Seal, heads, read_seals, seal_path
from tests.archive.exchanges import DATE, INFO, make_exchange
from tests.archive.judging import verdict_on
from tests.conftest import ROOT, unmeasured


def test_two_other_readers_find_the_very_blocks(tmp_path: Path) -> None:
    head = b"server:nginx\r\nX-F: a\r\n\tb\r\nX-G: \xc4\xe3\xba\xc3\r\nX-P:   padded  \r\n"
    odd = make_exchange(1, head=head, body=bytes(range(256)))
    writer = WarcWriter(tmp_path, "t", INFO)
    places = writer.append(odd)
    (seal,) = writer.close()
    path = tmp_path / seal.file
    wanted = {draft.record_id: draft.block for draft in odd}
    with path.open("rb") as file:
        warcio = {
            one.rec_headers.get_header("WARC-Record-ID")[1:-1]: one.raw_stream.read()
            for one in WarcioIterator(file, no_record_parse=True)
        }
    fast = {one.record_id[1:-1]: one.reader.read() for one in FastIterator(str(path), parse_http=False)}
    assert wanted.items() <= warcio.items()
    assert wanted.items() <= fast.items()
    assert [read_at(tmp_path, one.file, one.offset, one.length).id for one in places] == [one.record_id for one in odd]
    assert verdict_on(path).verdict == "ok"


def test_records_can_be_read_while_the_file_is_open(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "t", INFO)
    place = writer.append(make_exchange())[0]
    assert (tmp_path / f"{place.file}.open").exists()
    assert read_at(tmp_path, place.file, place.offset, place.length).type == "response"
    writer.close()
    assert not (tmp_path / f"{place.file}.open").exists()
    assert read_at(tmp_path, place.file, place.offset, place.length).type == "response"


def test_nothing_written_leaves_nothing(tmp_path: Path) -> None:
    assert WarcWriter(tmp_path, "t", INFO).close() == []
    assert list(tmp_path.iterdir()) == []


def test_every_file_begins_with_warcinfo_and_preamble_under_its_own_ids(tmp_path: Path) -> None:
    said_of_crawl = CrawlMetadata(
        crawl="c1", portal="t", scope="t", arguments={}, profile="", profile_digest="", configuration="", clock=""
    )
    crawl = build.metadata(said_of_crawl.as_bytes(), "application/json", date=DATE)
    writer = WarcWriter(tmp_path, "t", INFO, preamble=[crawl], max_bytes=2000, durable=False)
    for number in range(6):
        writer.append(make_exchange(number))
    seals = writer.close()
    assert len(seals) > 1
    ids = []
    for seal in seals:
        first, second, *rest = scan(tmp_path / seal.file)
        assert (first.type, first.header("WARC-Filename")) == ("warcinfo", seal.file)
        assert second.block == crawl.block
        # what stands beside a capture leaves that to the capture
        beside = {"request", "metadata"}
        said = {one.id: one.header("WARC-Warcinfo-ID") for one in (second, *rest)}
        assert all(said[one.id] == (None if one.type in beside else f"<{first.id}>") for one in rest)
        assert said[second.id] == f"<{first.id}>"
        ids += [one.id for one in (first, second, *rest)]
        assert verdict_on(tmp_path / seal.file).verdict == "ok"
    assert len(ids) == len(set(ids))


def test_files_roll_over_by_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = WarcWriter(tmp_path, "t", INFO, max_age=60, durable=False)
    now = time.monotonic()
    writer.append(make_exchange(0))
    monkeypatch.setattr(write_module.time, "monotonic", lambda: now + 61)
    writer.append(make_exchange(1))
    assert len(writer.close()) == 2


def test_seals_are_chained_and_handed_out(tmp_path: Path) -> None:
    told: list[Seal] = []
    writer = WarcWriter(tmp_path, "t", INFO, max_bytes=1, durable=False, on_seal=told.append)
    for number in range(3):
        writer.append(make_exchange(number))
    seals = writer.close()
    assert told == seals == list(writer.seals)
    assert [seal.previous for seal in seals] == [(), (seals[0].link,), (seals[1].link,)]
    later = WarcWriter(tmp_path, "u", INFO, durable=False)
    later.append(make_exchange(9))
    (last,) = later.close()
    assert last.previous == (seals[-1].link,)
    assert heads(read_seals(tmp_path)) == (last.link,)
    assert Seal.read(seal_path(tmp_path / last.file)) == last


def test_writers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    one, two = (WarcWriter(tmp_path, "t", INFO, durable=False) for _ in range(2))
    one.append(make_exchange(1))
    two.append(make_exchange(2))
    (first,), (second,) = one.close(), two.close()
    assert first.file != second.file
    assert set(heads(read_seals(tmp_path))) == {first.link, second.link}


async def test_all_who_wait_share_one_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = WarcWriter(tmp_path, "t", INFO)
    writer.append(make_exchange(0))
    flushes = 0
    real = write_module._datasync

    def slow(descriptor: int) -> None:
        nonlocal flushes
        flushes += 1
        time.sleep(0.02)
        real(descriptor)

    monkeypatch.setattr(write_module, "_datasync", slow)

    async def exchange(number: int) -> None:
        writer.append(make_exchange(number))
        await writer.settle()

    await asyncio.gather(*(exchange(number) for number in range(50)))
    assert flushes <= 3
    await writer.settle()
    assert flushes <= 3
    writer.close()


async def test_what_comes_during_a_flush_waits_for_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = WarcWriter(tmp_path, "t", INFO)
    writer.append(make_exchange(0))
    began: list[int] = []

    def record(_: int) -> None:
        began.append(writer._appended)
        time.sleep(0.05)

    monkeypatch.setattr(write_module, "_datasync", record)
    first = asyncio.ensure_future(writer.settle())
    await asyncio.sleep(0.01)
    writer.append(make_exchange(1))
    await writer.settle()
    assert first.done()
    assert len(began) == 2
    assert began[1] == writer._appended
    writer.close()


async def test_without_durability_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = WarcWriter(tmp_path, "t", INFO, durable=False)
    writer.append(make_exchange(0))
    with monkeypatch.context() as patch:
        patch.setattr(write_module, "_datasync", lambda _: pytest.fail("it flushed"))
        await writer.settle()
    writer.close()


@contextlib.contextmanager
def largest_file(size: int) -> Iterator[None]:
    """A limit of this process: writing beyond it fails in the middle of a write, as on a disk that is full."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_costs_nothing_that_was_written(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "t", INFO, durable=False)
    body = random.Random(1).randbytes(5000)
    kept = [place for number in range(3) for place in writer.append(make_exchange(number, body))]
    path = tmp_path / f"{kept[0].file}.open"
    size = path.stat().st_size
    with largest_file(size + 2000), pytest.raises(WarcError, match=r"the disk is full.*Make room"):
        writer.append(make_exchange(3, body))
    assert path.stat().st_size == size
    kept += writer.append(make_exchange(4, body))  # there is room again
    (seal,) = writer.close()
    assert [one.id for one in scan(tmp_path / seal.file)][1:] == [place.record_id for place in kept]
    assert verdict_on(tmp_path / seal.file).verdict == "ok"


def test_a_disk_that_is_full_from_the_start(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "t", INFO)
    with largest_file(100), pytest.raises(WarcError, match="the disk is full"):
        writer.append(make_exchange())
    assert list(tmp_path.iterdir()) == []


async def test_a_flush_that_fails_is_told_and_the_file_not_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = WarcWriter(tmp_path, "t", INFO)
    writer.append(make_exchange(0))
    with monkeypatch.context() as patch:

        def fail(_: int) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        patch.setattr(write_module, "_datasync", fail)
        with pytest.raises(WarcError, match="cannot be written"):
            await writer.settle()
    with pytest.raises(WarcError, match="cannot be written"):
        writer.append(make_exchange(1))
    with pytest.raises(WarcError, match="cannot be written"):
        writer.close()
    (recovered,) = recover_directory(tmp_path)
    assert (recovered.state, recovered.records) == ("sealed", 4)


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WarcError, match="cannot be written"):
        WarcWriter(tmp_path / "file", "t", INFO)


@pytest.mark.parametrize("prefix", ["", "a/b", ".hidden", ".."])
def test_prefixes_that_are_none(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(WarcError, match="cannot begin a file name"):
        WarcWriter(tmp_path, prefix, INFO)


WRITER = """
import asyncio, random, sys
from pathlib import Path
from archive.warc import WarcWriter
from tests.archive.exchanges import make_exchange

async def main():
    body = random.Random(1).randbytes(int(sys.argv[2]))
    writer = WarcWriter(Path(sys.argv[1]), "k", {"software": "x"}, max_bytes=int(sys.argv[3]))
    number = 0
    while True:
        places = writer.append(make_exchange(number, body))
        await writer.settle()
        print(*(place.record_id for place in places), flush=True)
        number += 1

asyncio.run(main())
"""


def kill_while_writing(directory: Path, seed: int, *, body: int = 300_000) -> tuple[set[str], int]:
    """Start a writer, kill it at a random moment; returns the ids that it called safe and how many files are open."""
    chance = random.Random(seed)
    command = [sys.executable, "-c", WRITER, str(directory), str(body), str(8 * body)]
    with subprocess.Popen(command, cwd=ROOT, env=unmeasured(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.25))
        process.kill()
        told = [first, *process.stdout.readlines()]
    safe = {record_id for line in told if line.endswith("\n") for record_id in line.split()}
    return safe, len(list(directory.glob("*.open")))


def check_after_kill(directory: Path, safe: set[str]) -> None:
    recovered = recover_directory(directory)
    assert all(one.state == "sealed" for one in recovered)
    assert list(directory.glob("*.open")) == []
    found: list[str] = []
    for path in sorted(directory.glob("*.warc.gz")):
        assert verdict_on(path).verdict == "ok"
        found += [one.id for one in scan(path)]
        with path.open("rb") as file:
            assert len(list(WarcioIterator(file))) == Seal.read(seal_path(path)).records
    assert len(found) == len(set(found))
    assert safe <= set(found)


def test_kill_9_while_writing_loses_nothing_that_was_called_safe(tmp_path: Path) -> None:
    for seed in range(3):
        directory = tmp_path / str(seed)
        safe, _ = kill_while_writing(directory, seed)
        assert safe
        check_after_kill(directory, safe)


@pytest.mark.trial
def test_kill_9_fifty_times(tmp_path: Path) -> None:
    for seed in range(50):
        directory = tmp_path / str(seed)
        safe, _ = kill_while_writing(directory, 1000 + seed, body=random.Random(seed).choice([500, 80_000, 3_000_000]))
        check_after_kill(directory, safe)


def test_a_draft_is_written_as_it_was_built(tmp_path: Path) -> None:
    record_id = new_record_id()
    draft = build.resource("urn:dom:http://a.cn/", b"<p>x</p>", "text/html", date=DATE, record_id=record_id)
    writer = WarcWriter(tmp_path, "t", INFO, durable=False)
    (place,) = writer.append([draft])
    writer.close()
    record = read_at(tmp_path, place.file, place.offset, place.length)
    assert (record.id, record.uri, record.type, record.date) == (record_id, "urn:dom:http://a.cn/", "resource", DATE)
