"""What byte-exact capture costs: bare Scrapy, Scrapy with our capture, and wget writing WARC, side by side.

    python benchmarks/capture.py [--pages 2000] [--rounds 5] [--json FILE]

A server on loopback plays pages of Chinese text of 60-100 KB. Every mode fetches all of them in a process of its own,
start-up included, in random order within each round, so that what else the machine does falls on all alike; ratios are
taken within a round and their median printed. A first run of each mode is not counted. Capture runs as in production:
compression, metadata records, digests, judging, and durable writing (every answer waits for its ``fdatasync``); only
the pace is 0. Bare Scrapy runs with its own defaults, consoles off; ``tuned`` is bare Scrapy with the one setting of
ours that makes Scrapy itself cheaper (CONCURRENT_ITEMS), for a comparison of the capture alone.

Goals: CPU and wall clock at most 1.4 of bare Scrapy, wall clock at most 0.80 of wget's WARC.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parent.parent
CONCURRENCY = 16
GOALS = {"cpu / scrapy": 1.4, "wall / scrapy": 1.4, "wall / wget": 0.8}


# -- the pages ------------------------------------------------------------------------------------------------------


def make_pages(count: int) -> list[bytes]:
    """Pages of 60-100 KB: varied Chinese prose between the mark-up of a CMS; the same on every run."""
    rng = random.Random(2021)
    words = ["".join(chr(rng.randint(0x4E00, 0x9FA0)) for _ in range(rng.randint(2, 4))) for _ in range(4000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    pages = []
    for number in range(count):
        parts = [f"<html><head><meta charset=utf-8><title>第{number}页</title></head><body><div class=article>"]
        size = rng.randint(60_000, 100_000)
        length = 0
        while length < size:
            text = "".join(rng.choices(words, weights, k=60)) + "。"
            part = f'<p class="para" style="text-indent: 2em;">{text}</p>\n'
            length += len(part.encode())
            parts.append(part)
        links = "".join(f'<li><a href="/p/{(number + step) % count}.html">{step}</a></li>' for step in range(40))
        parts.append(f"</div><ul class=links>{links}</ul></body></html>")
        body = "".join(parts).encode()
        head = (
            "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html; charset=utf-8\r\n"
            f'ETag: "{number}"\r\nContent-Length: {len(body)}\r\n\r\n'
        )
        pages.append(head.encode() + body)
    return pages


class _Server(asyncio.Protocol):
    pages: ClassVar[list[bytes]] = []
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            found = path.startswith(b"/p/")
            self.transport.write(self.pages[int(path[3:-5])] if found else self.missing)


def serve(count: int) -> None:
    """Play the pages until killed; the port goes to stdout."""

    async def main() -> None:
        _Server.pages = make_pages(count)
        server = await asyncio.get_running_loop().create_server(_Server, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(main())


# -- the modes ------------------------------------------------------------------------------------------------------


def crawl(mode: str, port: int, count: int, directory: Path) -> None:
    """Fetch all pages with Scrapy, bare or with capture."""
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.settings import Settings

    base = "http://bench.gov.cn" if mode == "capture" else f"http://127.0.0.1:{port}"
    seen = 0

    class Bench(scrapy.Spider):
        name = "bench"

        async def start(self) -> Any:
            for number in range(count):
                yield scrapy.Request(f"{base}/p/{number}.html")

        def parse(self, response: Any) -> None:
            nonlocal seen
            seen += response.body.count(b"<title>")

    plain = {
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    }
    settings = Settings()
    if mode == "capture":
        from archive import Home
        from crawler.crawl_plan import CrawlPlan, SitePolicy

        settings.setmodule("crawler.settings")
        settings.set(
            "GONGKAI_PLAN",
            CrawlPlan(
                home=Home.at(directory, create=True),
                portal="bench",
                scope="bench",
                sites=(SitePolicy("bench.gov.cn", pace=0, concurrency=CONCURRENCY),),
                connect_to=(f"*:80:127.0.0.1:{port}",),
                pace=0,
            ),
        )
    if mode == "tuned":
        from crawler.settings import CONCURRENT_ITEMS

        plain["CONCURRENT_ITEMS"] = CONCURRENT_ITEMS
    settings.setdict(plain, priority="cmdline")
    process = CrawlerProcess(settings)
    process.crawl(Bench)
    process.start()
    if seen != count:
        sys.exit(f"{mode}: {seen} of {count} pages")


def wget(port: int, count: int, directory: Path) -> list[str]:
    """The command that fetches all pages into a compressed WARC."""
    urls = directory / "urls.txt"
    urls.write_text("".join(f"http://127.0.0.1:{port}/p/{number}.html\n" for number in range(count)))
    return ["wget", "-q", "-i", str(urls), "-O", os.devnull, f"--warc-file={directory / 'wget'}"]


def measure(mode: str, port: int, count: int) -> dict[str, float]:
    """Run one mode in a process of its own: wall clock and CPU in seconds, peak memory in MB, bytes written."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        directory = Path(name)
        if mode == "wget":
            command = wget(port, count, directory)
        else:
            command = [sys.executable, __file__, "--run", mode, "--port", str(port), "--pages", str(count)]
            command += ["--directory", name]
        begun = time.perf_counter()
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        child = subprocess.Popen(command, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)})
        _pid, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{mode} failed with status {child.returncode}")
        written = sum(path.stat().st_size for path in directory.rglob("*.warc.gz"))
        return {
            "wall": wall,
            "cpu": usage.ru_utime + usage.ru_stime,
            "rss": usage.ru_maxrss / 1024,
            "written": written / 1e6,
        }


# -- the figures ----------------------------------------------------------------------------------------------------


def report(rounds: list[dict[str, dict[str, float]]]) -> dict[str, Any]:
    """Medians per mode, and of the ratios within each round."""
    modes = list(rounds[0])
    result: dict[str, Any] = {
        mode: {key: round(statistics.median(one[mode][key] for one in rounds), 3) for key in rounds[0][mode]}
        for mode in modes
    }
    ratios = {
        "cpu / scrapy": [one["capture"]["cpu"] / one["scrapy"]["cpu"] for one in rounds],
        "wall / scrapy": [one["capture"]["wall"] / one["scrapy"]["wall"] for one in rounds],
        "cpu / tuned": [one["capture"]["cpu"] / one["tuned"]["cpu"] for one in rounds],
        "wall / tuned": [one["capture"]["wall"] / one["tuned"]["wall"] for one in rounds],
    }
    if "wget" in modes:
        ratios["wall / wget"] = [one["capture"]["wall"] / one["wget"]["wall"] for one in rounds]
    print(f"{'mode':10} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'WARC MB':>8}")
    for mode in modes:
        row = result[mode]
        print(f"{mode:10} {row['wall']:8.2f} {row['cpu']:8.2f} {row['rss']:8.0f} {row['written']:8.1f}")
    for name, values in ratios.items():
        median = statistics.median(values)
        result[name] = {"median": round(median, 3), "min": round(min(values), 3), "max": round(max(values), 3)}
        goal = GOALS.get(name)
        verdict = "" if goal is None else f"  goal {goal:.2f}: {'met' if median <= goal else 'MISSED'}"
        print(f"{name:14} {median:.2f} ({min(values):.2f}-{max(values):.2f}){verdict}")
    return result


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--run", choices=["scrapy", "tuned", "capture"], help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.pages)
        return
    if arguments.run:
        crawl(arguments.run, arguments.port, arguments.pages, arguments.directory)
        return
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--pages", str(arguments.pages)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        modes = ["scrapy", "tuned", "capture", *(["wget"] if shutil.which("wget") else [])]
        for mode in modes:
            measure(mode, port, 20)
        rounds = []
        for number in range(arguments.rounds):
            order = random.sample(modes, len(modes))
            measured = {mode: measure(mode, port, arguments.pages) for mode in order}
            rounds.append({mode: measured[mode] for mode in modes})
            print(f"round {number + 1} of {arguments.rounds} done", file=sys.stderr)
        result = report(rounds)
    finally:
        server.terminate()
        server.wait()
    if arguments.json:
        arguments.json.write_text(json.dumps({"pages": arguments.pages, "rounds": rounds, "result": result}, indent=1))


if __name__ == "__main__":
    main()
