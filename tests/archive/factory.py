"""Makes archives as a crawl leaves them, without a crawl: sealed WARC files with everything the index reads.

with crawl(home, "20261101-henan", "henan", at=moment) as made:
    made.page("http://www.a.gov.cn/1.html", html, hints={"list_title": "..."})
    made.unchanged("http://www.a.gov.cn/1.html", earlier_id, not_modified=True)
    made.discovery("http://www.a.gov.cn/list.html", [...])
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete

import archive.index.documents
import parsers
from archive import Home, processes
from archive.database import open_database
from archive.database.models import Base
from archive.index.indexer import index
from archive.metadata import (
    CONTENT_TYPE,
    Candidate,
    CrawlEndMetadata,
    CrawlMetadata,
    DiscoveryMetadata,
    Failure,
    FetchMetadata,
    Hint,
    replay_key,
)
from archive.warc import build
from archive.warc.write import WarcWriter
from parsers import AnnualReport, Check, Division, Figure, Hints, Issue, Locator, Section
from tests.archive import stored

START = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
_POOL = processes.pool  # the real one: tests put `fake_pool` in its place


class Made:
    """An open crawl; ids of the captures it made are returned by its methods."""

    def __init__(self, writer: WarcWriter, crawl: str, portal: str, at: datetime) -> None:
        self.writer = writer
        self.crawl = crawl
        self.portal = portal
        self.at = at

    def page(
        self,
        url: str,
        body: bytes | str,
        *,
        status: int = 200,
        media_type: str = "text/html",
        purpose: str = "report",
        hints: dict[str, Any] | None = None,
        headers: Sequence[tuple[str, str]] = (),
        truncated: Any = None,
        method: str = "GET",
        body_digest: str | None = None,
    ) -> str:
        """One exchange: response, request and what the crawler knew."""
        content = body.encode() if isinstance(body, str) else body
        head = [f"HTTP/1.1 {status} X", f"Content-Type: {media_type}", f"Content-Length: {len(content)}"]
        head += [f"{name}: {value}" for name, value in headers]
        block = "\r\n".join(head).encode() + b"\r\n\r\n" + content
        response = build.response(url.partition("#")[0], block, date=self._date(), truncated=truncated)
        return self._exchange(response, url, purpose, hints, status, method, body_digest)

    def unchanged(
        self,
        url: str,
        original: str,
        *,
        not_modified: bool = True,
        purpose: str = "report",
        hints: dict[str, Any] | None = None,
    ) -> str:
        """A revisit of an earlier capture."""
        status = 304 if not_modified else 200
        revisit = build.revisit(
            url.partition("#")[0],
            f'HTTP/1.1 {status} X\r\nETag: "1"\r\n\r\n'.encode(),
            date=self._date(),
            profile="server-not-modified" if not_modified else "identical-payload-digest",
            refers_to=original,
            refers_to_uri=url.partition("#")[0],
            refers_to_date=build.warc_date(START),
            payload_digest="sha256:A",
        )
        return self._exchange(revisit, url, purpose, hints, status, "GET", None)

    def rendered(self, url: str, html: str, *, hints: dict[str, Any] | None = None) -> str:
        """A page as the browser drew it."""
        dom = build.resource(f"urn:dom:{url}", html.encode(), "text/html; charset=utf-8", date=self._date())
        return self._exchange(dom, url, "report", hints, 200, "GET", None, rendered_by="chromium")

    def failure(
        self, url: str, kind: Any = "timeout", purpose: Any = "report", hints: dict[str, Any] | None = None
    ) -> None:
        """A request that left no response."""
        payload = self._fetch(url, purpose, hints, None, "GET", None, failure=Failure(kind=kind, message="no answer"))
        self.writer.append([build.metadata(payload.as_bytes(), CONTENT_TYPE, date=self._date(), uri=url)])

    def discovery(self, list_url: str, candidates: Sequence[dict[str, Any]], **more: Any) -> None:
        """What a list page held."""
        payload = DiscoveryMetadata(
            crawl=self.crawl,
            portal=self.portal,
            site="www.a.gov.cn",
            column="nb",
            list_url=list_url,
            cms="trs",
            candidates=[Candidate.model_validate(candidate) for candidate in candidates],
            **more,
        )
        self.writer.append([build.metadata(payload.as_bytes(), CONTENT_TYPE, date=self._date(), uri=list_url)])

    def _date(self) -> str:
        self.at += timedelta(seconds=1, microseconds=7)
        return build.warc_date(self.at)

    def _fetch(
        self,
        url: str,
        purpose: Any,
        hints: dict[str, Any] | None,
        status: int | None,
        method: str,
        body: str | None,
        **more: Any,
    ) -> FetchMetadata:
        return FetchMetadata(
            crawl=self.crawl,
            key=replay_key(method, url, b"", purpose),
            url=url,
            method=method,
            body_digest=body,
            purpose=purpose,
            hints=Hint(**{"portal": self.portal, **(hints or {})}),
            status=status,
            **more,
        )

    def _exchange(
        self,
        record: build.Draft,
        url: str,
        purpose: str,
        hints: dict[str, Any] | None,
        status: int,
        method: str,
        body_digest: str | None,
        **more: Any,
    ) -> str:
        payload = self._fetch(url, purpose, hints, status, method, body_digest, **more)
        fetch = build.metadata(
            payload.as_bytes(),
            CONTENT_TYPE,
            date=record.date,
            uri=url.partition("#")[0],
            concurrent_to=[record.record_id],
        )
        self.writer.append([record, fetch])
        return record.record_id


@contextlib.contextmanager
def crawl(
    home: Home,
    name: str,
    portal: str = "henan",
    *,
    at: datetime = START,
    made_up: bool = False,
    end: bool = True,
    problems: Sequence[str] = (),
    learned: Sequence[dict[str, Any]] = (),
    columns: Sequence[dict[str, Any]] = (),
    arguments: dict[str, Any] | None = None,
) -> Iterator[Made]:
    """Write one crawl; its files are sealed at the end of the block."""
    payload = CrawlMetadata(
        crawl=name,
        portal=portal,
        scope=portal,
        arguments=arguments or {},
        profile="key: henan\n",
        profile_digest="sha256:0",
        configuration="sha256:1",
        clock=build.warc_date(at),
        made_up=made_up,
        connect_to=["www.a.gov.cn:80:127.0.0.1:8080"] if made_up else [],
    )
    preamble = build.metadata(payload.as_bytes(), CONTENT_TYPE, date=build.warc_date(at))
    writer = WarcWriter(home.warc, name, {"software": "test"}, preamble=[preamble], durable=False, made_up=made_up)
    made = Made(writer, name, portal, at)
    yield made
    if end:
        last = CrawlEndMetadata(
            crawl=name,
            portal=portal,
            reason="finished",
            counts={},
            stats={},
            files=[],
            problems=list(problems),
            learned=list(learned),
            columns=list(columns),
        )
        writer.append([build.metadata(last.as_bytes(), CONTENT_TYPE, date=made._date())])
    writer.close()


def document(
    agency: str,
    year: int | None,
    cells: dict[str, str],
    *,
    kind: str = "people_government",
    division: str = "410825",
    more: str = "",
    outcome: str = "report",
    sections: int = 1,
) -> str:
    """A page that `fake_parse` reads; its prose is long enough to be compared as text."""
    lines = "".join(f"<p>{code}={value}</p>" for code, value in cells.items())
    facts = f"{agency}|{kind}|{division}|{year or ''}|{outcome}"
    more = more if sections == 1 else f"{more}<p>SECTIONS {sections}</p>"
    return f"<html><body><p>FACTS {facts}</p>{lines}<p>{'公开工作。' * 20}{more}</p></body></html>"


def fake_key(data: bytes, _: Hints) -> str:
    """The content key of a document that `fake_parse` reads: its bytes."""
    return f"text:{hashlib.sha256(data).hexdigest()}"


def install_fake_parser() -> None:
    """Put `fake_parse` in the parsers' place, for good: for processes that do nothing else."""
    parsers.parse = fake_parse
    parsers.PARSER_VERSION = "fake-1"
    parsers.configuration_digest = lambda: "sha256:c"
    archive.index.documents.content_key = fake_key


def fake_pool(count: int) -> ProcessPoolExecutor:
    """`archive.processes.pool` whose processes read with `fake_parse`, too: after a killed run all is read in them."""
    pool = _POOL(count)
    pool._initializer = _begin_with_fake_parser
    return pool


def _begin_with_fake_parser() -> None:
    processes._begin()
    install_fake_parser()


def fake_parse(data: bytes, hints: Hints) -> AnnualReport:
    """Reads what `document` wrote; anything else is no report."""
    text = data.decode("utf-8", "replace")
    found = re.search(r"FACTS ([^|<]*)\|([^|]*)\|([^|]*)\|([^|]*)\|(\w+)", text)
    if found is None:
        return AnnualReport("not_a_report", "text/html", "fake-1", "sha256:c")
    agency, kind, division, year, outcome = found.groups()
    cells = tuple(
        Figure(
            code,
            Decimal(value) if re.fullmatch(r"-?[\d.]+", value) else None,
            "number" if re.fullmatch(r"-?[\d.]+", value) else "blank",
            value,
            Locator.of("text", line=number, start=0, end=len(value)),
        )
        for number, (code, value) in enumerate(re.findall(r"<p>([\w]+)=([^<]*)</p>", text), 1)
    )
    sections = re.search(r"SECTIONS (\d)", text)
    total = next((cell.value for cell in cells if cell.code == "req_new__total"), None)
    checks = (
        Check(
            "T3_ROW_SUM", "req_new", total, Decimal(41), "error", "pass" if total == 41 else "fail", ("req_new__total",)
        ),
    )
    return AnnualReport(
        outcome,  # type: ignore[arg-type]
        "application/pdf" if data.startswith(b"%PDF") else "text/html",
        "fake-1",
        "sha256:c",
        title=(hints.list_title or f"{agency}{year}年政府信息公开工作年度报告") if agency else None,
        agency_name=agency or None,
        agency_kind=kind or None,
        division=Division(division, f"division {division}", "county") if division else None,
        year=int(year) if year else None,
        template="fmt2021" if cells else "no_tables",
        scope="jurisdiction",
        published_on=hints.list_date,
        published_on_kind="list" if hints.list_date else None,
        cells=cells,
        sections=tuple(
            Section(number, f"{number}、情况", "公开工作。", Locator.of("text", line=number, start=0, end=4))
            for number in range(1, int(sections[1] if sections else 1) + 1)
        ),
        checks=checks if total is not None else (),
        issues=(Issue("unit_assumed", "no unit is stated"),),
        sources=(("year", "title"),),
    )


def everything(home: Home) -> dict[str, list[Any]]:
    """All tables, but for numbers of the database's own."""
    with open_database(home) as database, database.session() as session:
        return stored.everything(session)


def forget(home: Home) -> None:
    """Empty the database, as whoever knows that files are lost deletes it."""
    with open_database(home) as database, database.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))


def end_index_at(home: Home, where: str, patch: pytest.MonkeyPatch, *, rebuild: bool = False) -> None:
    """An index that somebody ends with Ctrl-C.

    Args:
        home: whose.
        where: dotted name of what it would come to next, or a step of the indexer (``_files``).
        patch: of the test.
        rebuild: all of it anew.
    """

    def ended(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    name = where if "." in where else f"archive.index.indexer.Indexer.{where}"
    with patch.context() as patched, contextlib.suppress(KeyboardInterrupt):
        patched.setattr(name, ended)
        index(home, rebuild=rebuild, processes=1)
