"""What the index reads from one file, whoever made it."""

from __future__ import annotations

import pytest

from archive import DamagedWarc, Home
from archive.database import models
from archive.index.extract import FileFacts, scan_file
from archive.metadata import CONTENT_TYPE, Failure, FetchMetadata
from archive.storage.open import open_storage
from archive.warc import WarcWriter, build
from tests.archive.factory import crawl

DATE = "2026-11-01T02:00:00.000001Z"


def facts(home: Home) -> FileFacts:
    """Of the home's only file."""
    return scan_file(open_storage(home), min(home.warc.glob("*.warc.gz")).name)


def write(home: Home, *drafts: build.Draft) -> None:
    """A file of somebody else's records."""
    writer = WarcWriter(home.warc, "foreign", {"software": "other"}, durable=False)
    writer.append(drafts)
    writer.close()


def test_a_file_without_our_metadata_still_has_captures(home: Home) -> None:
    block = b'HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=gbk\r\nETag: "x"\r\n\r\n<p>x'
    write(
        home,
        build.response("http://a.gov.cn/1", block, date="2016-09-19T17:20:14Z"),
        build.resource("dns:a.gov.cn", b"1.2.3.4", "text/dns", date=DATE),
    )
    (row,) = facts(home).captures.values()
    assert (row["url"], row["url_key"], row["status"], row["media_type"]) == (
        "http://a.gov.cn/1", "cn,gov,a)/1", 200, "text/html",
    )  # fmt: skip
    assert (row["purpose"], row["crawl_id"], row["etag"], row["method"]) == (None, None, '"x"', "GET")


@pytest.mark.parametrize(("said", "status"), [(200, None), (404, 404), (502, 502)])
def test_a_drawn_page_is_a_capture_and_its_picture_is_none(home: Home, said: int, status: int | None) -> None:
    dom = build.resource("urn:dom:http://a.gov.cn/", b"<p>drawn", "text/html; charset=utf-8", date=DATE)
    view = build.resource("urn:view:http://a.gov.cn/", b"\x89PNG", "image/png", date=DATE)
    fetch = FetchMetadata(
        crawl="c", key="k", url="http://a.gov.cn/#/route", purpose="report", rendered_by="chromium 156", status=said
    )
    beside = build.metadata(fetch.as_bytes(), CONTENT_TYPE, date=DATE, concurrent_to=[dom.record_id])
    write(home, dom, view, beside)
    (row,) = facts(home).captures.values()
    assert (row["kind"], row["url"], row["rendered_by"]) == ("rendered", "http://a.gov.cn/#/route", "chromium 156")
    assert row["status"] == status


@pytest.mark.parametrize(
    ("media_type", "block", "purpose"),
    [
        ("text/html", "<p>信息公开 年度报告".encode(), "imported"),
        ("application/pdf", b"%PDF-1.7", "imported"),
        ("text/html", b"<p>home", None),
    ],
)
def test_a_file_kept_without_a_head_is_no_drawn_page(
    home: Home, media_type: str, block: bytes, purpose: str | None
) -> None:
    write(home, build.resource("http://a.gov.cn/1", block, media_type, date=DATE))
    (row,) = facts(home).captures.values()
    assert (row["kind"], row["media_type"], row["purpose"]) == ("resource", media_type, purpose)


@pytest.mark.parametrize(("profile", "status"), [("server-not-modified", 304), ("identical-payload-digest", 200)])
def test_a_revisit_names_its_original_and_is_not_cut_off(home: Home, profile: str, status: int) -> None:
    draft = build.revisit(
        "http://a.gov.cn/1", f"HTTP/1.1 {status} X\r\n\r\n".encode(), date=DATE, profile=profile,  # type: ignore[arg-type]
        refers_to="urn:uuid:1", refers_to_uri="http://a.gov.cn/1", refers_to_date=DATE, payload_digest="sha256:A",
    )  # fmt: skip
    write(home, draft)
    found = facts(home)
    (row,) = found.captures.values()
    assert (row["kind"], row["original"], row["status"], row["truncated"]) == ("revisit", "urn:uuid:1", status, None)
    assert found.judgements == {}


def test_a_request_that_got_no_answer_is_a_failure(home: Home) -> None:
    request = build.request("http://a.gov.cn/", b"GET / HTTP/1.1\r\nHost: a.gov.cn\r\n\r\n", date=DATE)
    fetch = FetchMetadata(
        crawl="c", key="k", url="http://a.gov.cn/", purpose="list", failure=Failure(kind="reset", message="by peer")
    )
    write(home, request, build.metadata(fetch.as_bytes(), CONTENT_TYPE, date=DATE, concurrent_to=[request.record_id]))
    found = facts(home)
    assert found.captures == {}
    assert [(row["kind"], row["message"], row["purpose"]) for row in found.rows[models.Failure]] == [
        ("reset", "by peer", "list")
    ]


def test_an_answer_that_broke_off_is_a_capture_that_says_so(home: Home) -> None:
    response = build.response("http://a.gov.cn/", b"HTTP/1.1 200 OK\r\n\r\nhal", date=DATE)
    fetch = FetchMetadata(
        crawl="c", key="k", url="http://a.gov.cn/", purpose="report", failure=Failure(kind="truncated", message="eof")
    )
    write(home, response, build.metadata(fetch.as_bytes(), CONTENT_TYPE, date=DATE, concurrent_to=[response.record_id]))
    found = facts(home)
    assert [row["truncated"] for row in found.captures.values()] == ["truncated"]
    assert found.rows[models.Failure] == []


def test_what_cannot_be_understood_is_named(home: Home) -> None:
    write(
        home,
        build.metadata(b'{"schema": "gongkai.fetch/1"}', CONTENT_TYPE, date=DATE),
        build.metadata(b'{"schema": "gongkai.unknown/9"}', CONTENT_TYPE, date=DATE),
        build.metadata(b"via: http://a.gov.cn/\r\n", "application/warc-fields", date=DATE),
        build.response("http://a.gov.cn/", b"HTTP/1.1 200 OK\r\n\r\n", date="yesterday"),
    )
    found = facts(home)
    assert (len(found.left_out), found.captures) == (2, {})


def test_a_crawl_says_how_it_began_and_ended(home: Home) -> None:
    with crawl(home, "c1", "henan", made_up=True) as made:
        made.discovery("http://a.gov.cn/list", [{"text": "t", "href": "h", "decision": "skip", "reason": "guide"}] * 2)
    found = facts(home)
    assert (found.crawls["c1"]["made_up"], found.ends["c1"]["end_reason"]) == (True, "finished")
    assert len({row["id"] for row in found.rows[models.Discovery]}) == 2
    assert {row["list_url"] for row in found.rows[models.Discovery]} == {"http://a.gov.cn/list"}


def test_a_damaged_file_is_none(home: Home) -> None:
    with crawl(home, "c1"):
        pass
    path = min(home.warc.glob("*.warc.gz"))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DamagedWarc):
        facts(home)
    found = scan_file(open_storage(home), path.name, damaged=True)
    assert "cut-member" in found.damage
    assert (list(found.crawls), found.ends, len(found.left_out)) == (["c1"], {}, 1)
