"""What `gongkai index --rebuild` spends on reading files, against a bare FastWARC pass over the same files.

    python benchmarks/rebuild.py [--pages 4000] [--files 8] [--rounds 5] [--json FILE]

The files are as a crawl writes them: response, request and fetch metadata of pages of 60-100 KB (Chinese prose, gzip
members by ISA-L). Bare: FastWARC's `ArchiveIterator` over every record, HTTP heads parsed, contents read; one process.
Ours: the scan of the index as it runs (`archive.index.extract`: every record's place, heads, judgement of every answer,
metadata typed), in as many processes as there are processors and, for comparison, in one; and the whole first half of
the rebuild with the rows written. Rounds alternate; medians of the rounds' ratios. Processor time is told where all the
work is done in this process: it is what other work on the machine changes least.

Goal: the scan takes at most 1.5 times the bare pass.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from fastwarc import ArchiveIterator

from archive import Home
from archive.index.extract import scan_file
from archive.index.indexer import index
from archive.metadata import CONTENT_TYPE, CrawlMetadata, FetchMetadata, Hint
from archive.processes import Workers, workers
from archive.storage.base import Storage
from archive.storage.open import open_storage
from archive.warc import WarcWriter, build, warc_date


def make_page(rng: random.Random, words: list[str]) -> bytes:
    """A page of 60-100 KB with the usual mark-up."""
    size = rng.randint(60_000, 100_000)
    parts = ["<html><head><meta charset=utf-8><title>公开</title></head><body><div class=article>"]
    length = 0
    while length < size:
        part = f'<p style="text-indent: 2em;">{"".join(rng.choices(words, k=60))}。</p>\n'
        length += len(part.encode())
        parts.append(part)
    return "".join([*parts, "</div></body></html>"]).encode()


def make_home(home: Home, pages: int, files: int) -> int:
    """Files of one crawl; returns the bytes of all blocks."""
    rng = random.Random(11)
    words = ["".join(chr(rng.randint(0x4E00, 0x9FA0)) for _ in range(rng.randint(2, 4))) for _ in range(3000)]
    bodies = [make_page(rng, words) for _ in range(200)]
    crawl = CrawlMetadata(
        crawl="bench", portal="henan", scope="henan", arguments={}, profile="", profile_digest="", configuration="",
        clock=warc_date(),
    )  # fmt: skip
    total = 0
    for number in range(files):
        preamble = build.metadata(crawl.as_bytes(), CONTENT_TYPE, date=warc_date())
        writer = WarcWriter(home.warc, f"bench{number}", {}, preamble=[preamble], durable=False)
        for serial in range(number, pages, files):
            url = f"http://www.county{serial % 50}.gov.cn/zwgk/{serial}.html"
            body = bodies[serial % len(bodies)]
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            response = build.response(url, head + body, date=warc_date())
            sent = f"GET /zwgk/{serial}.html HTTP/1.1\r\nHost: www.county{serial % 50}.gov.cn\r\n\r\n".encode()
            request = build.request(url, sent, date=warc_date(), concurrent_to=[response.record_id])
            fetch = FetchMetadata(
                crawl="bench", key=f"GET {url} - page", url=url, purpose="page", status=200, hints=Hint(portal="henan")
            )
            said = build.metadata(
                fetch.as_bytes(), CONTENT_TYPE, date=warc_date(), uri=url, concurrent_to=[response.record_id]
            )
            writer.append([response, request, said])
            total += len(response.block) + len(request.block) + len(said.block)
        writer.close()
    return total


def bare(paths: list[Path]) -> int:
    """Every record read to its end."""
    size = 0
    for path in paths:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                size += len(record.reader.read())
    return size


def _scan(task: tuple[Storage, str]) -> int:
    return len(scan_file(*task).captures)


def ours(running: Workers, tasks: list[tuple[Storage, str]]) -> int:
    """The scan of the index."""
    return sum(running.map(_scan, tasks, parallel_from=2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pages", type=int, default=4_000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder) / "home", create=True)
        total = make_home(home, options.pages, options.files)
        paths = sorted(home.warc.glob("*.warc.gz"))
        tasks = [(open_storage(home), path.name) for path in paths]
        spent: dict[str, list[float]] = {"bare": [], "scan": [], "scan_one_process": [], "index": []}
        processor: dict[str, list[float]] = {"bare": [], "scan_one_process": []}
        with workers() as many, workers(1) as one:
            for round_ in range(options.rounds + 1):
                times = {}
                for name in spent:
                    begin, used = time.perf_counter(), time.process_time()
                    if name == "bare":
                        bare(paths)
                    elif name == "index":
                        index(home, rebuild=True)
                    else:
                        assert ours(many if name == "scan" else one, tasks) == options.pages
                    times[name] = time.perf_counter() - begin
                    if round_ and name in processor:
                        processor[name].append(time.process_time() - used)
                if round_:  # the first starts the processes and fills the page cache
                    for name, value in times.items():
                        spent[name].append(value)
    result: dict[str, object] = {"pages": options.pages, "megabytes": round(total / 1e6), "goal": 1.5}
    for name, values in spent.items():
        result[f"{name}_seconds"] = round(statistics.median(values), 2)
        ratios = [value / base for value, base in zip(values, spent["bare"], strict=True)]
        if name != "bare":
            result[f"{name}_ratio"] = round(statistics.median(ratios), 2)
            result[f"{name}_ratio_min_max"] = [round(min(ratios), 2), round(max(ratios), 2)]
    ratios = [value / base for value, base in zip(processor["scan_one_process"], processor["bare"], strict=True)]
    result["scan_one_process_cpu_ratio"] = round(statistics.median(ratios), 2)
    result["scan_one_process_cpu_ratio_min_max"] = [round(min(ratios), 2), round(max(ratios), 2)]
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
