"""Writing WARC files: ours against warcio and FastWARC, same exchanges, one run.

    python benchmarks/warc_write.py [--pages 2000] [--rounds 3]

Every writer writes responses (60-100 KB of Chinese markup) and requests with block and payload digests, one gzip member
per record, to the same file system. Ours is timed as the crawler uses it, building records included: as it is
(durable, one flush per exchange awaited), without flushes, and appending in groups of 16 that share a flush. Printed:
megabytes of records per second of CPU time, and each writer's CPU as a multiple of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

DATE = "2026-11-20T08:00:00Z"


def make_pages(count: int) -> list[bytes]:
    chance = random.Random(1)
    words = ["".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(3)) for _ in range(4000)]
    pages = []
    for _ in range(count):
        cells, size, wanted = [], 0, chance.randint(60_000, 100_000)
        while size < wanted:
            cell = f"<td class='c{chance.randint(0, 99)}'>{chance.choice(words)}</td>"
            cells.append(cell)
            size += len(cell.encode())
        pages.append("".join(cells).encode())
    return pages


def messages(number: int, page: bytes) -> tuple[str, bytes, bytes]:
    uri = f"http://www.example.gov.cn/art/{number}.html"
    head = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page)
    return uri, head + page, b"GET /art/%d.html HTTP/1.1\r\nHost: www.example.gov.cn\r\n\r\n" % number


def ours(pages: list[bytes], directory: Path, *, durable: bool, group: int = 1) -> None:
    from archive.warc import WarcWriter, build, new_record_id

    writer = WarcWriter(directory, "bench", {"software": "bench"}, durable=durable)

    async def exchange(number: int, page: bytes) -> None:
        uri, answer, asked = messages(number, page)
        record_id = new_record_id()
        writer.append(
            [
                build.response(uri, answer, date=DATE, record_id=record_id, ip="192.0.2.1"),
                build.request(uri, asked, date=DATE, concurrent_to=[record_id]),
            ]
        )
        await writer.settle()

    async def run() -> None:
        for start in range(0, len(pages), group):
            await asyncio.gather(*(exchange(start + at, page) for at, page in enumerate(pages[start : start + group])))

    asyncio.run(run())
    writer.close()


def warcio(pages: list[bytes], directory: Path) -> None:
    from warcio.statusandheaders import StatusAndHeadersParser
    from warcio.warcwriter import WARCWriter

    with (directory / "warcio.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        for number, page in enumerate(pages):
            uri, answer, asked = messages(number, page)
            for kind, block in (("response", answer), ("request", asked)):
                payload = io.BytesIO(block)
                parser = StatusAndHeadersParser(["HTTP/1.1"] if kind == "response" else ["GET"])
                headers = parser.parse(payload)
                writer.write_record(writer.create_warc_record(uri, kind, payload=payload, http_headers=headers))


def fastwarc(pages: list[bytes], directory: Path, *, level: int) -> None:
    from fastwarc import GzipWriter, WarcRecord, WarcRecordType

    with (directory / f"fastwarc{level}.warc.gz").open("wb") as out:
        for number, page in enumerate(pages):
            uri, answer, asked = messages(number, page)
            for kind, block in ((WarcRecordType.response, answer), (WarcRecordType.request, asked)):
                record = WarcRecord()
                record.init_headers(kind)
                record.headers["WARC-Target-URI"] = uri
                record.headers["Content-Type"] = "application/http"
                record.is_http = True
                record.set_bytes_content(block)
                stream = GzipWriter(out, compression_level=level)
                record.write(stream, checksum_data=True)
                stream.finish()


def measure(run: Callable[[Path], None]) -> tuple[float, float, int]:
    """CPU and wall seconds and bytes written."""
    directory = Path(tempfile.mkdtemp(prefix="warc-write-"))
    try:
        wall, cpu = time.perf_counter(), time.process_time()
        run(directory)
        spent = time.process_time() - cpu, time.perf_counter() - wall
        return *spent, sum(path.stat().st_size for path in directory.iterdir())
    finally:
        shutil.rmtree(directory)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    pages = make_pages(given.pages)
    size = sum(map(len, pages)) / 1e6
    writers: dict[str, Callable[[Path], None]] = {
        "ours": lambda directory: ours(pages, directory, durable=True),
        "ours, groups of 16": lambda directory: ours(pages, directory, durable=True, group=16),
        "ours, not durable": lambda directory: ours(pages, directory, durable=False),
        "warcio (gzip 9)": lambda directory: warcio(pages, directory),
        "FastWARC (gzip 6)": lambda directory: fastwarc(pages, directory, level=6),
        "FastWARC (gzip 1)": lambda directory: fastwarc(pages, directory, level=1),
    }
    taken: dict[str, list[tuple[float, float, int]]] = {name: [] for name in writers}
    for _ in range(given.rounds):
        for name, run in writers.items():
            taken[name].append(measure(run))
    print(
        f"{given.pages} exchanges, {size:.0f} MB of pages, {given.rounds} rounds, medians, {os.cpu_count()} processors"
    )
    print(f"{'writer':20} {'MB/s CPU':>9} {'MB/s wall':>9} {'MB out':>7} {'CPU / ours':>11} {'wall / ours':>11}")
    for name, runs in taken.items():
        cpu, wall = (statistics.median(run[at] for run in runs) for at in (0, 1))
        pairs = list(zip(runs, taken["ours"], strict=True))
        times = [statistics.median(run[at] / base[at] for run, base in pairs) for at in (0, 1)]
        print(
            f"{name:20} {size / cpu:9.0f} {size / wall:9.0f} {runs[0][2] / 1e6:7.1f} {times[0]:11.2f} {times[1]:11.2f}"
        )


if __name__ == "__main__":
    main()
