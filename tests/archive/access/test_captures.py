"""Look-ups: by address and time, by range, by id; what may be referred to; the content behind a revisit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from archive import DamagedWarc, DatabaseError, Home, NotFound
from archive.access.captures import Captures, Match
from archive.database import open_database
from archive.index.indexer import index
from archive.storage.open import open_storage
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")
URL = "http://www.a.gov.cn/nb/1.html"
DAY = timedelta(days=1)
PAGE = document("甲县人民政府", 2020, {"x": "1"})


@pytest.fixture
def captures(home: Home, database_url: str) -> Iterator[Captures]:
    """Three days: a page with validators, the same unchanged, a challenge; and neighbours."""
    with crawl(home, "c1") as made:
        first = made.page(URL, PAGE, headers=[("ETag", '"1"'), ("Last-Modified", "Mon, 02 Nov 2026 00:00:00 GMT")])
        made.page("http://www.a.gov.cn/nb/list.html", "list", purpose="list")
        made.page("http://www.a.gov.cn/nb/1.html#/x", "route")
        made.page("http://b.a.gov.cn/", "other", purpose="page")
        made.page("http://www.a.gov.cn/api", "{}", purpose="api", method="POST", body_digest="sha256:1")
    with crawl(home, "c2", at=START + DAY) as made:
        made.unchanged(URL, first)
        made.page("http://www.a.gov.cn/cut", "cu", truncated="disconnect")
    with crawl(home, "c3", at=START + 2 * DAY) as made:
        made.page(URL, "<script>$_ts=window['$_ts'];$_ts.nsd=1</script>", status=412)
    index(home, processes=1)
    with open_database(home) as database:
        yield Captures(database, open_storage(home))


def test_all_captures_of_an_address_oldest_first(captures: Captures) -> None:
    found = captures.list(URL)
    assert [(line.capture.kind, line.capture.status, line.verdict) for line in found] == [
        ("response", 200, "ok"),
        ("revisit", 304, "ok"),
        ("response", 412, "blocked"),
        ("response", 200, "ok"),  # the hash route, a place of its own behind the address
    ]
    assert [line.capture.status for line in captures.list(URL, since=START + DAY, until=START + 2 * DAY)] == [304]
    assert len(captures.list(URL, limit=1)) == 1


@pytest.mark.parametrize(("url", "match"), [(URL, "exact"), ("a.gov.cn", "domain")])
def test_pages_of_captures_are_the_list(captures: Captures, url: str, match: Match) -> None:
    every = [line.as_json() for line in captures.list(url, match=match)]
    for at, line in enumerate(every):
        page = captures.list(url, match=match, limit=2, after=line["capture"])
        assert [each.as_json() for each in page] == every[at + 1 : at + 3]


def test_places_for_replay(captures: Captures) -> None:
    found = captures.lookup(URL)
    assert [(place.kind, place.status) for place in found] == [("response", 200), ("revisit", 304), ("response", 412)]
    assert found[1].original == found[0].id
    assert captures.lookup("http://www.a.gov.cn/api") == []
    assert len(captures.lookup("http://www.a.gov.cn/api", method="POST", body_digest="sha256:1")) == 1


def test_what_the_driver_says_of_a_look_up_is_one_sentence(home: Home) -> None:
    with open_database(home) as database:
        captures = Captures(database, home.warc)
        with database.writing() as session:
            session.execute(text("ALTER TABLE captures RENAME TO elsewhere"))
        with pytest.raises(DatabaseError, match="does not answer"):
            captures.lookup(URL)


def test_ranges(captures: Captures) -> None:
    assert len(captures.list("http://www.a.gov.cn/nb/", match="prefix")) == 5
    assert {line.capture.url for line in captures.list("www.a.gov.cn", match="host")} == {
        URL, "http://www.a.gov.cn/nb/list.html", f"{URL}#/x", "http://www.a.gov.cn/api", "http://www.a.gov.cn/cut",
    }  # fmt: skip
    assert len(captures.list("a.gov.cn", match="domain")) == len(captures.list("www.a.gov.cn", match="host")) + 1


def test_closest_in_either_direction(captures: Captures) -> None:
    assert captures.closest(URL, START - DAY).status == 200
    assert captures.closest(URL, START + DAY - timedelta(hours=1)).status == 304
    assert captures.closest(URL, START + 9 * DAY).status == 412
    with pytest.raises(NotFound, match="never captured"):
        captures.closest("http://www.a.gov.cn/nowhere", START)


def test_as_of_gives_what_stood_there_not_the_challenge(captures: Captures) -> None:
    assert captures.as_of(URL, START + 9 * DAY).kind == "revisit"
    assert captures.as_of(URL, START + timedelta(hours=1)).kind == "response"
    with pytest.raises(NotFound):
        captures.as_of(URL, START - DAY)


def test_prior_is_a_whole_original_of_exactly_that_address(captures: Captures) -> None:
    prior = captures.prior(URL)
    assert prior is not None
    assert (prior.url, prior.etag, prior.last_modified) == (URL, '"1"', "Mon, 02 Nov 2026 00:00:00 GMT")
    assert prior.payload_digest is not None
    assert captures.prior("https://www.a.gov.cn/nb/1.html") is None
    assert captures.prior("http://www.a.gov.cn/cut") is None
    assert captures.prior("http://www.a.gov.cn/api") is None
    assert captures.prior("http://www.a.gov.cn/api", "POST", "sha256:1") is not None


def test_the_content_of_a_revisit_is_that_of_its_original(captures: Captures) -> None:
    revisit = captures.as_of(URL, START + 9 * DAY)
    assert captures.content(revisit) == PAGE.encode()
    assert captures.original(revisit).url == URL


def test_ids_may_be_shortened_while_they_are_clear(captures: Captures) -> None:
    capture = captures.as_of(URL, START + DAY)
    bare = capture.id.removeprefix("urn:uuid:")
    for name in (capture.id, f"<{capture.id}>", bare, bare[:12]):
        assert captures.get(name).id == capture.id
    for name in ("urn:uuid:nothing", bare[:4]):
        with pytest.raises(NotFound):
            captures.get(name)


def test_a_place_that_holds_another_record_is_named(captures: Captures) -> None:
    capture, other = (line.capture for line in captures.list(URL)[:2])
    capture.warc_file, capture.offset, capture.length = other.warc_file, other.offset, other.length
    with pytest.raises(DamagedWarc, match="another record"):
        captures.record(capture)
