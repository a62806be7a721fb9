"""Judging WARC files: `gongkai verify` against a bare FastWARC pass, FastWARC checking digests, and `warcio check`.

    python benchmarks/warc_verify.py [--files 4] [--pages 1000] [--rounds 3] [--warcio]

Files as the crawler writes them: a response (60-100 KB of Chinese markup), a request and a metadata record per page,
with digests. FastWARC reads records and throws them away, in one process; verify checks framing, gzip trailers, header
rules, block and payload digests and links, in one process and in as many as there are processors. Medians of rounds in
which all take turns; ratios are to the bare pass of the same round.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from warc_write import DATE, make_pages, messages


def write(directory: Path, files: int, pages: int) -> list[Path]:
    from archive.warc import WarcWriter, build, new_record_id

    made = make_pages(pages)
    for number in range(files):
        writer = WarcWriter(directory, f"bench{number}", {"software": "bench"}, durable=False)
        for at, page in enumerate(made):
            uri, answer, asked = messages(at, page)
            record_id = new_record_id()
            writer.append(
                [
                    build.response(uri, answer, date=DATE, record_id=record_id, ip="192.0.2.1"),
                    build.request(uri, asked, date=DATE, concurrent_to=[record_id]),
                    build.metadata(b'{"schema":"x"}', "application/json", date=DATE, concurrent_to=[record_id]),
                ]
            )
        writer.close()
    return sorted(directory.glob("*.warc.gz"))


def bare(paths: list[Path]) -> None:
    from fastwarc import ArchiveIterator

    for path in paths:
        for _ in ArchiveIterator(str(path), parse_http=False):
            pass


def fastwarc_digests(paths: list[Path]) -> None:
    from fastwarc import ArchiveIterator

    for path in paths:
        for record in ArchiveIterator(str(path), parse_http=False):
            if "WARC-Block-Digest" in record.headers and not record.verify_block_digest():
                raise SystemExit("a digest does not fit")


def warcio_check(paths: list[Path]) -> None:
    subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *map(str, paths)], check=False, stdout=subprocess.DEVNULL
    )


def verify(paths: list[Path], processes: int) -> None:
    from archive.verify.files import verify_files

    if {found.verdict for found in verify_files(paths, processes=processes)} != {"ok"}:
        raise SystemExit("a file is not ok")


def measure(run: Callable[[], None]) -> tuple[float, float]:
    def cpu() -> float:
        return sum(
            used.ru_utime + used.ru_stime
            for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        )

    wall, spent = time.perf_counter(), cpu()
    run()
    return time.perf_counter() - wall, cpu() - spent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=4)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--warcio", action="store_true", help="warcio check too (slow)")
    given = options.parse_args()
    processors = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="warc-verify-") as directory:
        paths = write(Path(directory), given.files, given.pages)
        size = sum(path.stat().st_size for path in paths) / 1e6
        runs: dict[str, Callable[[], None]] = {
            "FastWARC, bare pass": lambda: bare(paths),
            "FastWARC, block digests": lambda: fastwarc_digests(paths),
            "verify, 1 process": lambda: verify(paths, 1),
            f"verify, {processors} processes": lambda: verify(paths, processors),
        }
        if given.warcio:
            runs["warcio check"] = lambda: warcio_check(paths)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
        for _ in range(given.rounds):
            for name, run in runs.items():
                taken[name].append(measure(run))
    counted = f"{given.files} files, {size:.0f} MB, {given.pages * 3} records each"
    print(f"{counted}, {given.rounds} rounds, {processors} processors")
    print(f"{'':26} {'wall s':>7} {'CPU s':>7} {'wall / bare':>12} {'CPU / bare':>11}")
    base = taken["FastWARC, bare pass"]
    for name, times in taken.items():
        wall, cpu = (statistics.median(one[at] for one in times) for at in (0, 1))
        ratios = [
            statistics.median(one[at] / other[at] for one, other in zip(times, base, strict=True)) for at in (0, 1)
        ]
        print(f"{name:26} {wall:7.2f} {cpu:7.2f} {ratios[0]:12.2f} {ratios[1]:11.2f}")


if __name__ == "__main__":
    main()
