"""What earlier crawls hold: revisits, originals, pages and pictures that did not change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from archive import DatabaseError, Home
from archive.access.captures import Captures, Prior
from archive.access.record import content_of, find_record
from archive.database import open_database
from archive.database.models import Discovery
from archive.index.indexer import index
from archive.metadata import Candidate, DiscoveryMetadata, Hint
from archive.storage.audit import verify_home
from crawler.capture.request import CaptureRef, CaptureRequest, Render
from crawler.capture.session import CaptureSession
from tests.crawler.capturing import discovery, once, payloads, plan, records
from tests.crawler.oddserver import GBK, OddServer


class Memory:
    """Earlier captures, as the database would know them."""

    def __init__(self) -> None:
        self.known: dict[str, Prior] = {}

    def learn(self, home: Home) -> None:
        for record in records(home):
            if record.type == "response" and (message := record.http()).status == 200:
                self.known[record.uri or ""] = Prior(
                    record.location,
                    datetime.fromisoformat(record.date),
                    record.uri or "",
                    record.header("WARC-Payload-Digest"),
                    message.header("ETag"),
                    message.header("Last-Modified"),
                )

    def prior(self, url: str, method: str, body_digest: str | None) -> Prior | None:
        assert (method, body_digest) == ("GET", None)
        return None if url.endswith("robots.txt") else self.known.get(url)

    def prior_answer(
        self, url: str, method: str, body_digest: str | None, status: int, payload_digest: str
    ) -> Prior | None:
        found = self.known.get(url)
        return found if found is not None and (status, found.payload_digest) == (200, payload_digest) else None

    def prior_rendered(self, url: str, payload_digest: str) -> Prior | None:
        found = self.known.get(f"urn:dom:{url}")
        return found if found is not None and found.payload_digest == payload_digest else None

    def prior_discovery(self, list_url: str, column: str, page: int) -> None:
        """None was recorded."""


async def test_what_did_not_change_becomes_a_revisit_and_gives_the_original(server: OddServer, home: Home) -> None:
    memory = Memory()
    [first, *_] = await once(plan(home, server), "conditional", "gzip_chunked")
    memory.learn(home)
    before = {path.name for path in home.warc.glob("*.warc.gz")}
    again, same = await once(plan(home, server, prior=memory), "conditional", "gzip_chunked")
    new = [record for record in records(home) if record.file not in before]
    assert [record.type for record in new if record.uri and record.type != "metadata"].count("response") == 0
    robots, not_modified, identical = [record for record in new if record.type == "revisit"]
    assert robots.uri == "http://odd.gov.cn/robots.txt"
    assert not_modified.header(
        "WARC-Profile",
    ).endswith("server-not-modified")
    assert not_modified.block == b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nX-Seen: again\r\n\r\n'
    assert not_modified.header("WARC-Refers-To") == f"<{first.ref.record_id}>"
    assert (again.status, again.wire_status, again.content) == (200, 304, GBK)
    assert again.ref.kind == same.ref.kind == "revisit"
    assert again.ref.unchanged
    assert same.ref.unchanged
    assert identical.header("WARC-Profile").endswith("identical-payload-digest")
    assert identical.block.endswith(b"\r\n\r\n")
    assert same.content.startswith(b"<html>")
    request = next(r for r in new if r.type == "request" and r.uri == "http://odd.gov.cn/conditional")
    assert b'If-None-Match: "v1"' in request.block
    assert b"If-Modified-Since: Mon, 01 Jan 2024" in request.block


async def test_revisits_can_be_switched_off(server: OddServer, home: Home) -> None:
    memory = Memory()
    await once(plan(home, server), "conditional")
    memory.learn(home)
    [answer] = await once(plan(home, server, prior=memory, full=True, dedupe=False), "conditional")
    assert (answer.ref.kind, answer.wire_status) == ("response", 200)


async def test_a_database_that_vanishes_costs_the_savings_and_nothing_else(server: OddServer, home: Home) -> None:
    class Gone(Memory):
        def prior(self, *_: Any) -> Prior | None:
            raise DatabaseError("does not answer", subject="postgresql://...")

        prior_answer = prior_rendered = prior_discovery = prior  # type: ignore[assignment]

    session = CaptureSession.open(plan(home, server, prior=Gone()))
    answer = await session.fetch("http://odd.gov.cn/conditional")
    ref = await session.recorder.keep_rendered(
        "http://odd.gov.cn/", CaptureRequest(), b"<html>", final_url="", screenshot=b"P", rendered_by="Chromium"
    )
    link = Candidate(text="2023", href="1.html", decision="follow", reason="annual_report")
    session.recorder.keep_discovery(discovery(session).model_copy(update={"candidates": [link]}))
    assert (answer.status, answer.ref.kind, ref.kind) == (200, "response", "rendered")
    assert session.counts["capture/prior_unknown"] == 6  # robots.txt too; before and after each answer
    await session.close()


async def test_a_304_whose_original_is_gone_is_asked_again_in_full(server: OddServer, home: Home) -> None:
    memory = Memory()
    await once(plan(home, server), "conditional")
    memory.learn(home)
    known = memory.known["http://odd.gov.cn/conditional"]
    memory.known[known.url] = replace(known, location=replace(known.location, file="gone.warc.gz"), payload_digest=None)
    [answer] = await once(plan(home, server, prior=memory), "conditional")
    assert (answer.status, answer.content, answer.ref.kind) == (200, GBK, "response")


async def crawl_twice(server: OddServer, home: Home, pictures: tuple[bytes, bytes]) -> tuple[CaptureRef, CaptureRef]:
    """One rendered list, indexed in between as at the end of every crawl."""
    ask = CaptureRequest(purpose="list", render=Render(), hints=Hint(portal="odd"))
    refs = []
    for picture in pictures:
        with open_database(home) as database:
            session = CaptureSession.open(plan(home, server, prior=Captures(database, home.warc)))
            url = "http://odd.gov.cn/list#p2"
            ref = await session.recorder.keep_rendered(
                url,
                ask,
                b"<html>list</html>",
                text=b"list",
                final_url=url,
                screenshot=picture,
                rendered_by="Chromium/156",
            )
            link = Candidate(text="2023", href="1.html", decision="follow", reason="annual_report")
            session.recorder.keep_discovery(discovery(session).model_copy(update={"candidates": [link]}))
            await session.close("shutdown" if refs else "finished")
        refs.append(ref)
        index(home, processes=1)
    return refs[0], refs[1]


async def test_a_rendered_list_that_did_not_change_is_written_once(server: OddServer, home: Home) -> None:
    first, second = await crawl_twice(server, home, (b"\x89PNG", b"\x89PNG"))
    assert (first.kind, second.kind, second.unchanged) == ("rendered", "revisit", True)
    revisits = [record for record in records(home) if record.type == "revisit"]
    assert [record.uri for record in revisits] == ["urn:dom:http://odd.gov.cn/list", "urn:view:http://odd.gov.cn/list"]
    assert revisits[0].header("WARC-Refers-To") == f"<{first.record_id}>"
    assert [record.type for record in records(home)].count("conversion") == 1
    assert {verdict.verdict for verdict in verify_home(home)} == {"ok"}

    def rows() -> list[Any]:
        with open_database(home) as database, database.session() as session:
            found = session.execute(select(*Discovery.__table__.columns).order_by(Discovery.id)).all()
            return [tuple(row) for row in found]

    before = rows()
    assert len(before) == 2
    with open_database(home) as database:
        captures = Captures(database, home.warc)
        again = captures.get(second.record_id)
        assert (again.kind, again.url, again.rendered_by) == ("revisit", "http://odd.gov.cn/list#p2", "Chromium/156")
        assert captures.content(again) == b"<html>list</html>"
    assert content_of(find_record(second.record_id, home), home) == b"<html>list</html>"
    index(home, rebuild=True, processes=1)
    assert rows() == before
    continued = CaptureSession.open(plan(home, server))
    answer = await continued.render("http://odd.gov.cn/list#p2", CaptureRequest(purpose="list", render=Render()))
    assert (answer.content, answer.ref.record_id) == (b"<html>list</html>", second.record_id)
    link = Candidate(text="2023", href="1.html", decision="follow", reason="annual_report")
    continued.recorder.keep_discovery(discovery(continued).model_copy(update={"candidates": [link]}))
    await continued.close()
    assert sum(isinstance(payload, DiscoveryMetadata) for payload in payloads(home)) == 2


async def test_another_picture_of_the_same_page_is_kept(server: OddServer, home: Home) -> None:
    await crawl_twice(server, home, (b"\x89PNG", b"\x89PNG 2"))
    kinds = [(record.type, record.uri[:8]) for record in records(home) if record.uri and record.uri.startswith("urn:v")]
    assert kinds == [("resource", "urn:view")] * 2
