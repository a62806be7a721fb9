"""What a second crawl of an unchanged portal adds to the archive, and what that consists of.

    python benchmarks/second_crawl.py [--pages 60] [--lists 6] [--files 10] [--rendered 3]

A server on loopback plays report pages of 60-100 KB (Chinese prose between the mark-up of a CMS), list pages with 20
links each, PDF files of 300 KB (random bytes: they do not compress, like real ones) and pages that were rendered (DOM
and a picture of 80 KB). One host answers with validators and right 304s, the other sends everything in full each time.
Both crawls go through the capture as production does, are indexed, and every archive is verified at the end.

Goal: the second crawl adds at most 2 % of the bytes of the first.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive import Home  # noqa: E402
from archive.access.captures import Captures  # noqa: E402
from archive.database import open_database  # noqa: E402
from archive.index.indexer import index  # noqa: E402
from archive.metadata import Candidate, DiscoveryMetadata, Hint  # noqa: E402
from archive.storage.audit import verify_home  # noqa: E402
from archive.warc import scan  # noqa: E402
from benchmarks.capture import make_pages  # noqa: E402
from crawler.capture.request import CaptureRequest, Render  # noqa: E402
from crawler.capture.session import CaptureSession  # noqa: E402
from crawler.crawl_plan import CrawlPlan, SitePolicy  # noqa: E402
from crawler.samples.server import Answer, Pages, SampleServer  # noqa: E402
from parsers.configuration import facts_file  # noqa: E402

MODIFIED = datetime(2026, 3, 1, tzinfo=UTC)
HOSTS = {"www.validators.gov.cn": MODIFIED, "www.nothing.gov.cn": None}


def make_portal(counts: argparse.Namespace) -> dict[str, tuple[str, bytes]]:
    """Paths to purpose and body."""
    rng = random.Random(7)
    bodies = [page.partition(b"\r\n\r\n")[2] for page in make_pages(counts.pages + counts.lists)]
    portal = {
        f"/zwgk/2024/t20240126_{number}.html": ("report", body) for number, body in enumerate(bodies[: counts.pages])
    }
    # a list page: the shell of a CMS (a third of a page) and its links
    for number, body in enumerate(bodies[counts.pages :]):
        shell = body.decode()[:8000]
        links = "".join(f"<li><a href={url}>{text}</a></li>" for url, text in candidates(number))
        portal[f"/zwgk/list_{number}.html"] = ("list", f"{shell}<ul>{links}</ul>".encode())
    for number in range(counts.files):
        portal[f"/zwgk/P0{number}.pdf"] = ("attachment", b"%PDF-1.7" + rng.randbytes(300_000))
    return portal


def candidates(number: int) -> list[tuple[str, str]]:
    """The links of a list page."""
    names = ["温县", "镇平县", "鹿邑县", "博爱县", "孝敬镇", "代县", "忻州市", "沭阳县"]
    return [
        (f"/zwgk/2024/t20240126_{number * 20 + row}.html", f"{names[row % 8]}{2008 + row}年政府信息公开工作年度报告")
        for row in range(20)
    ]


async def crawl(home: Home, server: SampleServer, portal: dict[str, tuple[str, bytes]], rendered: int) -> int:
    """One crawl; returns how many requests it made."""
    rng = random.Random(9)
    drawn = [(rng.randbytes(80_000), page) for _, page in list(portal.values())[:rendered]]
    profile = (facts_file("portals/henan.yaml")).read_text()
    with open_database(home) as database:
        plan = CrawlPlan(
            home=home,
            portal="bench",
            scope="bench",
            sites=tuple(SitePolicy(host, pace=0, concurrency=8) for host in HOSTS),
            profile=profile,
            connect_to=tuple(server.connect_to),
            pace=0,
            prior=Captures(database, home.warc),
        )
        session = CaptureSession.open(plan)
        for host in HOSTS:
            base = f"http://{host}"
            for path, (purpose, _) in portal.items():
                hint = Hint(
                    portal="bench", site=host, column=f"{base}/zwgk/", list_title="温县2023年政府信息公开年度报告"
                )
                await session.fetch(base + path, ask=CaptureRequest(purpose=purpose, hints=hint))
                if purpose == "list":
                    number = int(path[len("/zwgk/list_") : -5])
                    session.recorder.keep_discovery(found(session, host, base + path, number))
            for number, (picture, html) in enumerate(drawn):
                url = f"{base}/drawn/{number}#/list"
                ask = CaptureRequest(purpose="list", render=Render(), hints=Hint(portal="bench", site=host))
                await session.recorder.keep_rendered(
                    url, ask, html, final_url=url, screenshot=picture, rendered_by="Chromium/156.0.0.0"
                )
        requests = session.counts["capture/requests"]
        await session.close("finished", {})
    index(home)
    return requests


def found(session: CaptureSession, host: str, url: str, number: int) -> DiscoveryMetadata:
    """What was decided about the links of a list page."""
    return DiscoveryMetadata(
        crawl=session.crawl,
        portal="bench",
        site=host,
        column=f"http://{host}/zwgk/",
        list_url=url,
        cms="trs",
        candidates=[
            Candidate(
                text=text, href=href, url=f"http://{host}{href}", date="2024-01-26", decision="follow", reason="report"
            )
            for href, text in candidates(number)
        ],
    )


def sizes(paths: set[Path]) -> Counter[str]:
    """Bytes in the files by kind of record."""
    kinds: Counter[str] = Counter()
    for path in paths:
        for record in scan(path):
            kind = record.type
            if kind == "metadata":
                kind += " " + (record.uri or "urn:gongkai:crawl").split(":")[2]
            kinds[kind] += record.length
    return kinds


def main() -> None:
    """Crawl twice and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("pages", 60), ("lists", 6), ("files", 10), ("rendered", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    counts = parser.parse_args()
    portal = make_portal(counts)
    media = {"report": "text/html; charset=utf-8", "list": "text/html", "attachment": "application/pdf"}
    hosts = {
        host: Pages(
            {path: Answer(body, media_type=media[kind], modified=modified) for path, (kind, body) in portal.items()}
        )
        for host, modified in HOSTS.items()
    }
    with tempfile.TemporaryDirectory() as directory, SampleServer(hosts, tls=False) as server:
        home = Home.at(Path(directory) / "home", create=True)
        requests = asyncio.run(crawl(home, server, portal, counts.rendered))
        first = set(home.warc.glob("*.warc.gz"))
        asyncio.run(crawl(home, server, portal, counts.rendered))
        second = set(home.warc.glob("*.warc.gz")) - first
        before, after = sizes(first), sizes(second)
        print(f"{'record':<22}{'first':>14}{'second':>12}{'%':>8}")
        for kind in sorted(before | after):
            print(f"{kind:<22}{before[kind]:>14,}{after[kind]:>12,}{100 * after[kind] / before.total():>8.2f}")
        share = 100 * after.total() / before.total()
        print(f"{'all':<22}{before.total():>14,}{after.total():>12,}{share:>8.2f}   goal 2.00")
        print(f"{requests} requests in each; {after.total() / requests:.0f} bytes for each in the second crawl")
        verdicts = Counter(verdict.verdict for verdict in verify_home(home))
        print("verify:", ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()))


if __name__ == "__main__":
    main()
