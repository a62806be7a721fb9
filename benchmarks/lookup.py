"""Capture look-up: our index against pywb's binary search in a sorted CDXJ file, over the same captures.

    python benchmarks/lookup.py --pywb PYTHON [--captures 1000000] [--lookups 2000] [--rounds 5] [--json FILE]

PYTHON is the interpreter of an environment that has pywb (it cannot share ours: its pins contradict). Both look up the
same random addresses, each once, and give all captures of each with their places: ours through `Captures.lookup` (the
address canonicalised, SQL, rows read), pywb's through its own `binsearch`, as its file index does (the address
canonicalised with surt, the lines read as `CDXObject`). Rounds alternate, so that whatever else the machine does falls
on both; the median of the rounds' ratios counts, of processor time and of time by the clock.

Goal: at least 3 times faster at 1,000,000 captures.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from archive import Home
from archive.access.captures import Captures
from archive.database import Database, open_database
from archive.database.models import Capture, WarcFile
from archive.storage.open import open_storage
from archive.urlkey import url_key

PER_ADDRESS = 5
START = datetime(2020, 1, 1, tzinfo=UTC)
PYWB = """
import json, sys, time
from surt import surt
from pywb.utils.binsearch import iter_exact
from pywb.warcserver.index.cdxobject import CDXObject
with open(sys.argv[1], "rb") as index:
    for line in sys.stdin:
        urls = json.loads(line)
        begin = time.perf_counter(), time.process_time()
        found = 0
        for url in urls:
            for cdx in iter_exact(index, surt(url).encode()):
                found += CDXObject(cdx)["offset"] != ""
        print(json.dumps([time.perf_counter() - begin[0], time.process_time() - begin[1], found]), flush=True)
"""


def url_of(number: int) -> str:
    """An address like those of portals."""
    host = f"www.county{number % 3000}.gov.cn"
    return f"http://{host}/zwgk/zfxxgknb/{2008 + number % 17}/t{20080101 + number % 9973}_{number}.html"


def fill(database: Database, captures: int) -> None:
    """Rows as the index makes them."""
    addresses = captures // PER_ADDRESS
    with database.writing() as session:
        session.add(WarcFile(name="a.warc.gz", sha256="", size=1, records=captures, signatures=""))
        session.flush()
        for start in range(0, addresses, 20_000):
            rows = []
            for number in range(start, min(start + 20_000, addresses)):
                url = url_of(number)
                key = url_key(url)
                for version in range(PER_ADDRESS):
                    serial = number * PER_ADDRESS + version
                    rows.append(
                        {
                            "id": f"urn:uuid:{random.Random(serial).getrandbits(128):032x}",
                            "kind": "response",
                            "url": url,
                            "url_key": key,
                            "method": "GET",
                            "captured_at": START + timedelta(days=version * 90, seconds=number % 86400),
                            "status": 200,
                            "media_type": "text/html",
                            "digest": f"sha256:{serial:052d}",
                            "warc_file": "a.warc.gz",
                            "offset": serial * 20_000,
                            "length": 20_000,
                            "purpose": "report",
                        }
                    )
            random.Random(start).shuffle(rows)  # captures of one address do not lie together in real life
            session.execute(insert(Capture), rows)
            print(f"\r{min(start + 20_000, addresses) * PER_ADDRESS:,} captures", end="", file=sys.stderr)
    print(file=sys.stderr)


def write_cdxj(path: Path, captures: int) -> None:
    """The same captures as sorted CDXJ, with the fields that pywb's own indexer writes."""
    lines = []
    for number in range(captures // PER_ADDRESS):
        url = url_of(number)
        key = url_key(url)
        for version in range(PER_ADDRESS):
            serial = number * PER_ADDRESS + version
            moment = START + timedelta(days=version * 90, seconds=number % 86400)
            fields = {
                "url": url,
                "mime": "text/html",
                "status": "200",
                "digest": f"sha256:{serial:052d}",
                "length": "20000",
                "offset": str(serial * 20_000),
                "filename": "a.warc.gz",
            }
            lines.append(f"{key} {moment:%Y%m%d%H%M%S} {json.dumps(fields)}\n")
    lines.sort()
    path.write_text("".join(lines), encoding="utf-8")


def summed_up(rounds: list[tuple[float, float]]) -> dict[str, object]:
    """Microseconds per look-up, ours and pywb's, and how many times faster ours is."""
    ratios = [theirs / ours for ours, theirs in rounds]
    return {
        "us_per_lookup": round(statistics.median(ours for ours, _ in rounds), 1),
        "us_per_lookup_pywb": round(statistics.median(theirs for _, theirs in rounds), 1),
        "times_faster": round(statistics.median(ratios), 2),
        "times_faster_min_max": [round(min(ratios), 2), round(max(ratios), 2)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pywb", required=True, help="interpreter that has pywb")
    parser.add_argument("--captures", type=int, default=1_000_000)
    parser.add_argument("--lookups", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder) / "home", create=True)
        cdxj = Path(folder) / "index.cdxj"
        write_cdxj(cdxj, options.captures)
        with open_database(home) as database:
            fill(database, options.captures)
            captures = Captures(database, open_storage(home))
            peer = subprocess.Popen(
                [options.pywb, "-c", PYWB, str(cdxj)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            assert peer.stdin is not None
            assert peer.stdout is not None
            clock: list[tuple[float, float]] = []
            work: list[tuple[float, float]] = []
            for round_ in range(options.rounds + 1):
                urls = [url_of(rng.randrange(options.captures // PER_ADDRESS)) for _ in range(options.lookups)]
                begin = time.perf_counter(), time.process_time()
                found = sum(len(captures.lookup(url)) for url in urls)
                here = time.perf_counter() - begin[0], time.process_time() - begin[1]
                peer.stdin.write(json.dumps(urls) + "\n")
                peer.stdin.flush()
                *there, found_there = json.loads(peer.stdout.readline())
                assert found == found_there == options.lookups * PER_ADDRESS, (found, found_there)
                if round_:  # the first warms both
                    clock.append((here[0] / options.lookups * 1e6, there[0] / options.lookups * 1e6))
                    work.append((here[1] / options.lookups * 1e6, there[1] / options.lookups * 1e6))
            peer.stdin.close()
            peer.wait()
    result = {"captures": options.captures, "cpu": summed_up(work), "wall": summed_up(clock), "goal": 3.0}
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
