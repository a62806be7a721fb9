"""What a home with many reports costs: bytes a report, indexing, every look, export and rebuild, and how they grow.

    python benchmarks/nation.py [--reports 2000 20000] [--against CHECKOUT] [--keep DIR] [--json FILE]

WARC files of so many invented reports (`benchmarks._invented`) are written as crawls write them: two crawls of every
county's portal, list pages with what was decided about each link, reports as pages in 88 layouts and as text, PDF and
sheets, files beside pages; in the second crawl most answers are 304, one report in 33 was corrected, one in 200 is
gone. Commands run in processes of their own: seconds by the clock, seconds of processor time, and the largest memory
that was resident (mapped pages of the database count in it). With ``--against`` another checkout does the same on the
same files, command by command in turn, with this environment's libraries.

Several sizes show the growth. 100,000 reports are a trial of several hours: `--reports 2000 20000 100000`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zlib import crc32

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive import Home  # noqa: E402
from archive.index.discoveries import candidates_digest  # noqa: E402
from archive.metadata import (  # noqa: E402
    CONTENT_TYPE,
    Candidate,
    CrawlEndMetadata,
    CrawlMetadata,
    DiscoveryMetadata,
    FetchMetadata,
    Hint,
    replay_key,
)
from archive.warc import RecordLocation, WarcWriter, build  # noqa: E402
from benchmarks._invented import Invented, reports  # noqa: E402

FIRST, SECOND = datetime(2026, 2, 1, 1, 0, tzinfo=UTC), datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
ROWS = 50
MEDIA = {
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
    "sheet": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GROUPS = {
    "figures, locators, raw texts, checks": ("figures", "cells", "checks", "check_", "findings", "figure_", "codes"),
    "captures to readings": (
        "captures", "judgements", "discoveries", "discovery_", "publications", "versions", "readings", "contents",
        "failures", "hints", "list_pages", "record_",
    ),
    "sections and prose": ("sections", "prose", "issues"),
}  # fmt: skip
COMMAND = (sys.executable, "-P", "-m", "crawler")


# -- the archive


class Crawler:
    """Writes what one crawl of one county leaves.

    Args:
        home: whose files.
        portal: name of the county's portal.
        begin: when the crawl begins.
    """

    def __init__(self, home: Home, portal: str, begin: datetime) -> None:
        self.portal = portal
        self.crawl = f"{portal}-{begin:%Y%m%d%H%M%S}"
        self.now = begin
        about = CrawlMetadata(
            crawl=self.crawl, portal=portal, scope=portal, arguments={"portal": portal}, profile=f"key: {portal}\n",
            profile_digest="sha256:0", configuration="sha256:1", clock=build.warc_date(begin),
        )  # fmt: skip
        preamble = build.metadata(about.as_bytes(), CONTENT_TYPE, date=build.warc_date(begin))
        self.writer = WarcWriter(home.warc, self.crawl, {"software": "bench"}, preamble=[preamble], durable=False)

    def exchange(self, url: str, answer: build.Draft, purpose: Any, hint: Hint, status: int) -> str:
        """One answer with its request and what the crawler knew; the id of the answer."""
        place = url.partition("//")[2]
        host, _, path = place.partition("/")
        sent = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: gongkai\r\nAccept: */*\r\n\r\n".encode()
        request = build.request(url, sent, date=answer.date, concurrent_to=[answer.record_id])
        fetch = FetchMetadata(
            crawl=self.crawl, key=replay_key("GET", url, b"", purpose), url=url, purpose=purpose, status=status,
            hints=hint,
        )  # fmt: skip
        said = build.metadata(
            fetch.as_bytes(), CONTENT_TYPE, date=answer.date, uri=url, concurrent_to=[answer.record_id]
        )
        self.writer.append([answer, request, said])
        return answer.record_id

    def page(
        self, url: str, data: bytes, media: str, purpose: str, hint: Hint, *, status: int = 200
    ) -> tuple[str, str]:
        """A whole answer; its id and payload digest."""
        head = (
            f"HTTP/1.1 {status} OK\r\nServer: nginx\r\nContent-Type: {media}\r\nContent-Length: {len(data)}\r\n"
            f'Last-Modified: Mon, 19 Jan 2026 01:00:00 GMT\r\nETag: "{len(data):x}-{crc32(url.encode()):x}"\r\n\r\n'
        )
        draft = build.response(url, head.encode() + data, date=self._tick())
        return self.exchange(url, draft, purpose, hint, status), draft.payload_digest or ""

    def unchanged(self, url: str, original: tuple[str, str], purpose: str, hint: Hint) -> str:
        """An answer 304 to a conditional request."""
        draft = build.revisit(
            url, b"HTTP/1.1 304 Not Modified\r\nServer: nginx\r\n\r\n", date=self._tick(),
            profile="server-not-modified", refers_to=original[0], refers_to_uri=url,
            refers_to_date=build.warc_date(FIRST), payload_digest=original[1],
        )  # fmt: skip
        return self.exchange(url, draft, purpose, hint, 304)

    def discovery(self, payload: DiscoveryMetadata) -> RecordLocation:
        """What a list page held."""
        draft = build.metadata(payload.as_bytes(), CONTENT_TYPE, date=self._tick(), uri=payload.list_url)
        return self.writer.append([draft])[0]

    def close(self) -> None:
        """End the crawl and seal its files."""
        end = CrawlEndMetadata(crawl=self.crawl, portal=self.portal, reason="finished", counts={}, stats={}, files=[])
        self.writer.append([build.metadata(end.as_bytes(), CONTENT_TYPE, date=self._tick())])
        self.writer.close()

    def _tick(self) -> str:
        self.now += timedelta(seconds=1, microseconds=7)
        return build.warc_date(self.now)


def write_archive(home: Home, count: int) -> int:
    """The WARC files of so many reports; returns the bytes of the documents."""
    size = 0
    for number, (host, of_host) in enumerate(groupby(reports(count), key=lambda report: report.host)):
        size += _portal(home, number, host, list(of_host))
    return size


def _portal(home: Home, number: int, host: str, every: list[Invented]) -> int:
    """Two crawls of one county."""
    portal = f"made{number}"
    column = f"http://{host}/zwgk/zfxxgknb/"
    hints = {
        report.serial: Hint(
            portal=portal, site=host, column=column, publisher=report.agency, division=report.division,
            list_title=report.title, list_date=f"{report.year + 1}-01-15", year=report.year,
        )
        for report in every
    }  # fmt: skip
    first = Crawler(home, portal, FIRST)
    answers: dict[str, tuple[str, str]] = {}
    held: dict[str, tuple[RecordLocation, str]] = {}
    pages = [every[at : at + ROWS] for at in range(0, len(every), ROWS)]
    size = 0
    for at, rows in enumerate(pages):
        url = column if at == 0 else f"{column}index_{at}.html"
        links = "".join(f'<li><a href="{report.url}">{report.title}</a></li>' for report in rows)
        page = f"<html><meta charset=utf-8><body><ul>{links}</ul></body></html>".encode()
        answers[url] = first.page(url, page, MEDIA["html"], "list", Hint(portal=portal, site=host, column=column))
        payload = DiscoveryMetadata(
            crawl=first.crawl, portal=portal, site=host, column=column, list_url=url, capture=answers[url][0],
            page=at + 1, pages=len(pages), stated_total=len(every), cms="trs", candidates=list(_candidates(rows)),
        )  # fmt: skip
        place = first.discovery(payload)
        held[url] = (place, candidates_digest(payload.candidates))
    for report in every:
        data = report.document()
        size += len(data)
        answers[report.url] = first.page(report.url, data, MEDIA[report.kind], "report", hints[report.serial])
        if report.twin:
            hint = hints[report.serial].model_copy(update={"twin_of": report.url})
            answers[report.twin] = first.page(report.twin, report.twin_document(), MEDIA["sheet"], "attachment", hint)
    first.close()
    second = Crawler(home, portal, SECOND)
    for at, (url, (place, digest)) in enumerate(held.items()):
        capture = second.unchanged(url, answers[url], "list", Hint(portal=portal, site=host, column=column))
        second.discovery(
            DiscoveryMetadata(
                crawl=second.crawl, portal=portal, site=host, column=column, list_url=url, capture=capture,
                page=at + 1, pages=len(pages), stated_total=len(every), cms="trs", candidates=[], same_as=place,
                candidates_digest=digest,
            )
        )  # fmt: skip
    for report in every:
        hint = hints[report.serial]
        if report.serial % 200 == 11:
            second.page(report.url, b"<h1>404</h1>", MEDIA["html"], "report", hint, status=404)
        elif report.serial % 33 == 5:
            second.page(report.url, report.document(correction=1), MEDIA[report.kind], "report", hint)
        else:
            second.unchanged(report.url, answers[report.url], "report", hint)
        if report.twin:
            twin = hint.model_copy(update={"twin_of": report.url})
            second.unchanged(report.twin, answers[report.twin], "attachment", twin)
    second.close()
    return size


def _candidates(rows: Sequence[Invented]) -> Iterator[Candidate]:
    for report in rows:
        yield Candidate(
            text=report.title, title=report.title, href=report.url, url=report.url, date=f"{report.year + 1}-01-15",
            decision="follow", reason="report",
        )  # fmt: skip
    for name in ("首页", "上一页", "下一页", "尾页", "信息公开指南", "信息公开制度"):
        yield Candidate(text=name, href=f"/{name}/", decision="skip", reason="navigation")


# -- measuring


@dataclass(frozen=True, slots=True)
class State:
    """One state of the code with a home of its own."""

    name: str
    checkout: Path
    home: Path


@dataclass(frozen=True, slots=True)
class Spent:
    """What one command took."""

    seconds: float
    cpu: float
    megabytes: float

    def as_json(self) -> dict[str, float]:
        """Rounded."""
        return {"s": round(self.seconds, 2), "cpu_s": round(self.cpu, 2), "MB": round(self.megabytes)}


def run(state: State, *words: str) -> Spent:
    """Run one command to its end; its output goes nowhere."""
    environment = {**os.environ, "PYTHONPATH": str(state.checkout), "GONGKAI_CONFIG": str(state.checkout / "config")}
    begun = time.perf_counter()
    child = subprocess.Popen(
        [*COMMAND, *words, "--home", str(state.home)], cwd=state.checkout, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{state.name}: {' '.join(words)}: exit {child.returncode}: {said.decode()[-2000:]}")
    return Spent(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def table_bytes(path: Path) -> dict[str, int]:
    """Bytes of each table with its indexes, as SQLite's own statistics have them."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = connection.execute(
            "SELECT m.tbl_name, SUM(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY 1"
        ).fetchall()
    return dict(sorted(((str(name), int(size)) for name, size in rows), key=lambda pair: -pair[1]))


def held(path: Path, count: int) -> dict[str, float]:
    """How many figures, checks and captures there are a report: what its bytes are to be divided by."""
    with sqlite3.connect(path) as connection:
        return {
            name: round(connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] / count, 2)
            for name in ("figures", "checks", "captures", "discoveries", "versions")
        }


def grouped(tables: dict[str, int], count: int) -> dict[str, float]:
    """Kilobytes a report of the groups that the goals speak of, and of the rest."""
    found = dict.fromkeys([*GROUPS, "other"], 0)
    for table, size in tables.items():
        group = next((name for name, begins in GROUPS.items() if table.startswith(begins)), "other")
        found[group] += size
    return {name: round(size / count / 1000, 2) for name, size in found.items()}


def looks(home: Path) -> dict[str, tuple[str, ...]]:
    """Every look, by name."""
    with sqlite3.connect(home / "gongkai.db") as connection:
        (report,) = connection.execute("SELECT id FROM reports WHERE year = 2022 ORDER BY id LIMIT 1").fetchone()
        (url,) = connection.execute("SELECT url FROM publications ORDER BY url LIMIT 1").fetchone()
    return {
        "status": ("status",),
        "show": ("show", report),
        "prove": ("prove", report),
        "history": ("history", report),
        "captures": ("captures", url),
        "reports": ("reports",),
        "checks": ("checks",),
        "changes": ("changes",),
        "coverage": ("coverage", "--date", "2026-11-30"),
    }


def measure(states: Sequence[State], count: int, rounds: int) -> dict[str, Any]:
    """Everything at one size, command by command in turn."""
    result: dict[str, Any] = {state.name: {} for state in states}

    def note(name: str, words: tuple[str, ...], times: int = 1) -> None:
        spent: dict[str, list[Spent]] = {state.name: [] for state in states}
        for _ in range(times):
            for state in states:
                spent[state.name].append(run(state, *words))
        for state in states:
            best = min(spent[state.name], key=lambda one: one.seconds)
            result[state.name][name] = best.as_json()
            print(f"{count:>8,} {state.name:6} {name:22} {best.as_json()}", file=sys.stderr, flush=True)

    note("index, 1 process", ("index", "--processes", "1"))
    for state in states:
        tables = table_bytes(state.home / "gongkai.db")
        result[state.name]["KB a report"] = grouped(tables, count)
        result[state.name]["a report has"] = held(state.home / "gongkai.db", count)
        result[state.name]["tables, KB a report"] = {
            name: round(size / count / 1000, 2) for name, size in tables.items() if size / count >= 10
        }
    note("rebuild, 2 processes", ("index", "--rebuild", "--processes", "2"))
    for name, words in looks(states[0].home).items():
        note(name, words, rounds)
    for state in states:
        target = state.home.with_name(f"tables-{state.name}")
        result[state.name]["export"] = run(state, "export", str(target)).as_json()
        print(f"{count:>8,} {state.name:6} export {result[state.name]['export']}", file=sys.stderr, flush=True)
        shutil.rmtree(target)
    for state in states:
        for name in ("index, 1 process", "rebuild, 2 processes"):
            result[state.name][name]["reports/s"] = round(count / result[state.name][name]["s"], 1)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--against", type=Path, help="another checkout, run with this environment's libraries")
    parser.add_argument("--keep", type=Path, help="make the homes here and leave them there")
    parser.add_argument("--rounds", type=int, default=3, help="looks are taken so often; the quickest counts")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for count in options.reports:
            folder = (options.keep or Path(temporary)) / str(count)
            home = Home.at(folder / "here", create=True)
            begun = time.perf_counter()
            size = write_archive(home, count)
            stored = sum(path.stat().st_size for path in home.warc.iterdir())
            states = [State("here", ROOT, home.root)]
            if options.against:
                there = folder / "there"
                shutil.copytree(home.warc, there / "warc", copy_function=os.link)
                states.insert(0, State("there", options.against.resolve(), there))
            found[str(count)] = {
                "documents, KB a report": round(size / count / 1000, 1),
                "WARC, KB a report": round(stored / count / 1000, 1),
                "written in s": round(time.perf_counter() - begun, 1),
                **measure(states, count, options.rounds),
            }
    if len(options.reports) > 1:
        found["growth"] = growth(found, str(options.reports[0]), str(options.reports[-1]))
    print(json.dumps(found, indent=1, ensure_ascii=False))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def growth(found: dict[str, Any], small: str, large: str) -> dict[str, Any]:
    """By command: how many times the seconds and the memory of the small archive the large one takes."""
    return {
        name: {unit: round(found[large]["here"][name][unit] / spent[unit], 2) for unit in ("s", "MB") if spent[unit]}
        for name, spent in found[small]["here"].items()
        if "MB" in spent
    }


if __name__ == "__main__":
    main()
