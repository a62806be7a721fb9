"""From files to reports: what is kept, what is one version, what belongs together; in one go or piece by piece."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import DatabaseError, Home
from archive.access.captures import Captures
from archive.access.record import content_of, find_record
from archive.database import open_database
from archive.database.models import (
    Act,
    Agency,
    Capture,
    Crawl,
    Discovery,
    Division,
    Failure,
    Judgement,
    Publication,
    Reading,
    Report,
    SealedReading,
    Version,
)  # fmt: skip
from archive.evidence.proof import prove
from archive.index.indexer import IndexResult, index
from archive.status import overview
from archive.storage.audit import verify_home
from archive.storage.open import open_storage, push
from archive.warc import WarcWriter, build, scan
from archive.warc.seal import seal_path
from tests.archive import stored
from tests.archive.factory import START, crawl, document, everything, fake_parse, forget
from tests.archive.stores import LOGIN, answering

pytestmark = pytest.mark.usefixtures("fake_parser")

URL = "http://www.wenxian.gov.cn/2021/1.html"
DAY = timedelta(days=1)
CELLS = {"req_new__total": "41", "req_granted__total": "40"}


def rows(home: Home, model: Any, *columns: str) -> list[Any]:
    """Rows of a table in order, or tuples of some columns."""
    with open_database(home) as database, database.session() as session:
        found = session.scalars(select(model)).all()
    if not columns:
        return list(found)
    return sorted(tuple(getattr(row, name) for name in columns) for row in found)


def held(home: Home, what: Callable[[Session], list[Any]]) -> list[Any]:
    """What hangs on the readings of a home."""
    with open_database(home) as database, database.session() as session:
        return what(session)


def run(home: Home, **options: Any) -> IndexResult:
    """Index in this process."""
    return index(home, processes=1, **options)


def test_a_crawl_becomes_captures_a_report_and_figures(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.discovery("http://www.wenxian.gov.cn/list.html", [
            {"text": "2020年报告", "href": "1.html", "url": URL, "decision": "follow", "reason": "annual_report"},
            {"text": "指南", "href": "2.html", "url": None, "decision": "skip", "reason": "guide"},
        ])  # fmt: skip
        made.page("http://www.wenxian.gov.cn/robots.txt", "", status=404, purpose="robots")
        made.page(URL, document("温县人民政府", 2020, CELLS), hints={"list_date": "2021-01-20"})
        made.failure("http://www.wenxian.gov.cn/3.html")
    result = run(home)
    assert (result.files, result.captures, result.versions, result.readings, result.ok) == (1, 2, 1, 1, True)
    report = rows(home, Report)[0]
    assert report.id == f"{rows(home, Agency)[0].id}-2020-main"
    assert report.id.startswith("410825-")
    assert (report.status, report.changed, report.portal, report.published_on) == ("ok", False, "henan", "2021-01-20")
    assert [(f.code, f.value) for f in held(home, stored.figures)] == [
        ("req_granted__total", Decimal(40)),
        ("req_new__total", Decimal(41)),
    ]
    assert rows(home, Division, "code", "level") == [("410825", "county")]
    assert rows(home, Discovery, "decision", "reason") == [
        ("follow", "annual_report"),
        ("skip", "guide"),
    ]
    assert rows(home, Failure, "kind") == [("timeout",)]
    assert rows(home, Crawl, "id", "portal", "end_reason", "made_up") == [("c1", "henan", "finished", False)]
    assert [(c.rule, c.outcome, c.report_id) for c in held(home, stored.checks)] == [("T3_ROW_SUM", "pass", report.id)]
    capture = next(row for row in rows(home, Capture) if row.url == URL)
    assert report.capture == capture.id
    assert (capture.kind, capture.status, capture.purpose) == ("response", 200, "report")


def test_indexing_again_changes_nothing(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS))
    run(home)
    before = everything(home)
    result = run(home)
    assert (result.files, result.captures, result.versions, result.readings) == (0, 0, 0, 0)
    assert everything(home) == before


def test_a_second_crawl_of_an_unchanged_portal_adds_no_version_and_no_figure(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        first = made.page(URL, document("温县人民政府", 2020, CELLS))
    run(home)
    with crawl(home, "c2", at=START + DAY) as made:
        made.unchanged(URL, first)
    with crawl(home, "c3", at=START + 2 * DAY) as made:
        made.unchanged(URL, first, not_modified=False)
    result = run(home)
    assert (result.captures, result.versions, result.readings) == (2, 0, 0)
    assert rows(home, Version, "number", "captures") == [(1, 3)]
    assert rows(home, Report)[0].last_seen > START + 2 * DAY


def test_a_b_a_is_three_versions(home: Home, database_url: str) -> None:
    pages = [document("温县人民政府", 2020, {"req_new__total": value}) for value in ("41", "47", "41")]
    for number, page in enumerate(pages):
        with crawl(home, f"c{number}", at=START + number * DAY) as made:
            made.page(URL, page)
        run(home)
    assert rows(home, Version, "number", "captures") == [(1, 1), (2, 1), (3, 1)]
    report = rows(home, Report)[0]
    assert report.changed
    figures = {row.reading_id: row.value for row in held(home, stored.figures)}
    assert figures[report.reading] == 41


def test_next_years_report_at_the_same_address_ends_a_publication(home: Home, database_url: str) -> None:
    for number, year in enumerate((2020, 2021)):
        with crawl(home, f"c{number}", at=START + number * DAY) as made:
            made.page(URL, document("温县人民政府", year, CELLS))
    run(home)
    assert rows(home, Publication, "status") == [("ok",), ("replaced",)]
    assert rows(home, Report, "year", "changed", "status") == [(2020, False, "ok"), (2021, False, "ok")]


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (412, "<script>$_ts=window['$_ts'];$_ts.nsd=1</script>", "blocked"),
        (200, "<p>您访问的页面不存在</p>", "soft404"),
        (404, "gone", "ok"),
        (500, "oops", "ok"),
    ],
)
def test_what_is_no_answer_never_becomes_a_reading(home: Home, status: int, body: str, verdict: str) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, body, status=status)
    run(home)
    assert rows(home, Judgement, "verdict") == [(verdict,)]
    assert [rows(home, model) for model in (Publication, Version, Reading, Report)] == [[], [], [], []]


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (404, "", "withdrawn"),
        (200, "<p>该文章不存在</p>", "withdrawn"),
        (412, "<script>$_ts=1</script>", "ok"),
        (500, "", "ok"),
    ],
)
def test_withdrawn_is_said_by_the_portal_not_by_its_challenge(home: Home, status: int, body: str, state: str) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS))
    with crawl(home, "c2", at=START + DAY) as made:
        made.page(URL, body, status=status)
    run(home)
    assert rows(home, Report, "status", "changed") == [(state, False)]
    assert rows(home, Version, "captures") == [(1,)]


def test_an_answer_that_broke_off_is_no_version(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS)[:200], truncated="disconnect")
    run(home)
    assert rows(home, Version) == []
    assert len(rows(home, Capture)) == 1


def test_page_and_file_are_one_report_with_one_body(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS))
        made.page(
            URL[:-4] + "pdf",
            document("温县人民政府", 2020, CELLS, more="PDF"),
            purpose="attachment",
            hints={"twin_of": URL},
        )
    run(home)
    assert rows(home, Publication, "role", "purpose") == [("body", "report"), ("twin", "attachment")]
    assert len(rows(home, Report)) == 1


def test_a_page_that_only_links_to_its_file_gives_it_name_and_date(home: Home, database_url: str) -> None:
    pdf = URL[:-4] + "pdf"
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, {}), hints={"list_date": "2021-02-01", "list_title": "题目"})
        made.page(
            pdf, document("", None, CELLS, outcome="partial", division=""), purpose="attachment", hints={"part_of": URL}
        )
    run(home)
    report = rows(home, Report)[0]
    bodies = {row.id: row for row in rows(home, Publication)}
    assert len(rows(home, Report)) == 1
    assert bodies[report.body].url == pdf
    assert (report.title, report.published_on) == ("题目", "2021-02-01")
    assert {row.role for row in bodies.values()} == {"body", "part"}
    assert {check.report_id for check in held(home, stored.checks)} == {report.id}


def test_a_document_that_does_not_say_whose_it_is_is_kept_and_is_nobodys_report(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("", None, CELLS, outcome="partial", division=""))
    run(home)
    assert rows(home, Report) == []
    assert rows(home, Publication, "report_id", "url") == [(None, URL)]
    assert len(held(home, stored.figures)) == 2


def test_hash_routes_and_post_bodies_are_places_of_their_own(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        for year in (2019, 2020):
            made.page(f"http://www.a.gov.cn/app#/report/{year}", document("温县人民政府", year, CELLS))
            made.page(
                "http://www.a.gov.cn/api",
                document("镇平县人民政府", year, CELLS, division="411324"),
                method="POST",
                body_digest=f"sha256:{year}",
            )
    run(home)
    assert rows(home, Report, "year") == [(2019,), (2019,), (2020,), (2020,)]
    assert len({row.url_key for row in rows(home, Capture)}) == 4


def test_the_drawn_page_is_the_document_where_there_is_one(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, "<html><div id=app></div></html>")
        drawn = made.rendered(URL, document("温县人民政府", 2020, CELLS))
    run(home)
    assert rows(home, Version, "captures", "first_capture") == [(1, drawn)]
    assert len(rows(home, Report)) == 1


def test_files_may_come_in_any_order(home: Home, tmp_path: Path, database_url: str) -> None:
    """Revisits before their originals, later crawls before earlier ones: the result is the same."""
    blocked = "<script>$_ts=window['$_ts'];$_ts.nsd=1</script>"
    with crawl(home, "c1") as made:
        first = made.page(URL, document("温县人民政府", 2020, CELLS))
        other = made.page(URL + "?x", blocked, status=412)
    with crawl(home, "c2", at=START + DAY) as made:
        made.unchanged(URL, first)
        made.unchanged(URL + "?x", other)
    with crawl(home, "c3", at=START + 2 * DAY) as made:
        made.page(URL, document("温县人民政府", 2020, {"req_new__total": "47"}))
    run(home)
    expected = everything(home)
    run(home, rebuild=True)
    assert everything(home) == expected
    aside = tmp_path / "aside"
    shutil.move(home.warc, aside)
    home.warc.mkdir()
    forget(home)
    run(home, rebuild=True)
    assert rows(home, Capture) == []
    for path in sorted(aside.glob("*.warc.gz"), reverse=True):
        for part in (path, seal_path(path)):
            shutil.copy(part, home.warc)
        run(home)
    assert everything(home) == expected


def test_an_interrupted_run_goes_on_where_it_stopped(home: Home, database_url: str) -> None:
    for number in range(3):
        with crawl(home, f"c{number}", at=START + number * DAY) as made:
            made.page(f"{URL}?{number}", document("温县人民政府", 2018 + number, CELLS))
    run(home)
    expected = everything(home)
    for stop in range(1, 7):
        steps = 0

        def interrupt(_stage: str, _done: int, _total: int, stop: int = stop) -> None:
            nonlocal steps
            steps += 1
            if steps == stop:
                raise KeyboardInterrupt

        try:
            run(home, rebuild=True, progress=interrupt)
        except KeyboardInterrupt:
            run(home)
        assert everything(home) == expected


def test_a_damaged_file_is_named_and_the_others_are_indexed(home: Home) -> None:
    for number in range(2):
        with crawl(home, f"c{number}") as made:
            made.page(f"{URL}?{number}", document("温县人民政府", 2018 + number, CELLS))
    damaged = min(home.warc.glob("*.warc.gz"))
    damaged.write_bytes(damaged.read_bytes()[:-40])
    result = run(home)
    assert list(result.damaged) == [damaged.name]
    assert not result.ok
    assert sorted(rows(home, Report, "year")) == [(2018,), (2019,)]  # all whole records of it are read


@pytest.mark.parametrize("harm", ["a byte", "two bytes", "half", "at a record"])
def test_damage_costs_the_records_that_it_hits_and_stays_named(
    home: Home, tmp_path: Path, database_url: str, harm: str
) -> None:
    with crawl(home, "c1") as made:
        for number in range(6):
            made.page(f"{URL}?{number}", document("温县人民政府", 2010 + number, CELLS))
    run(home)
    expected = everything(home)
    (path,) = home.warc.glob("c1*.warc.gz")
    whole = path.read_bytes()
    pages = [record for record in scan(path) if record.type == "response"]
    data = bytearray(whole)
    lost = {"a byte": {2}, "two bytes": {1, 4}, "half": {3, 4, 5}, "at a record": {4, 5}}[harm]
    if "byte" in harm:
        for number in lost:
            data[pages[number].offset + pages[number].length // 2] ^= 0x55
    else:
        del data[pages[min(lost)].offset + (0 if harm == "at a record" else 50) :]
    path.write_bytes(data)
    forget(home)
    for rebuild in (True, False, True):
        result = run(home, rebuild=rebuild)
        assert list(result.damaged) == [path.name]
        assert sorted(rows(home, Report, "year")) == [(2010 + number,) for number in range(6) if number not in lost]
        found = overview(home)
        assert list(found["damaged"]) == [path.name]
        assert any("damaged" in line for line in found["to_do"])
        assert not any("not in the index: run" in line for line in found["to_do"])
        if "byte" in harm:
            assert {one["offset"] for one in found["left_out"]} == {pages[number].offset for number in lost}
    path.write_bytes(whole)
    assert run(home).ok
    assert everything(home) == expected


def test_a_file_that_is_not_the_one_that_was_sealed_is_named(home: Home) -> None:
    for name in ("c1", "c2"):
        with crawl(home, name) as made:
            made.page(f"http://a.gov.cn/{name}", document("甲县人民政府", 2020, {}))
    index(home, processes=1)
    one, other = sorted(home.warc.glob("*.warc.gz"))
    with crawl(home, "c3") as made:
        made.page("http://a.gov.cn/c3", document("乙县人民政府", 2021, {**CELLS, "b": "7"}))
    third = max(home.warc.glob("c3*.warc.gz"))
    shutil.copy(third, one)  # whole, and another
    with other.open("ab") as file:
        file.write(third.read_bytes())
    for rebuild in (False, True):
        result = index(home, processes=1, rebuild=rebuild)
        assert not result.ok
        assert set(result.damaged) == {one.name, other.name}
        assert all("is not the file that was sealed" in why for why in result.damaged.values())
    assert rows(home, Report, "year") == [(2021,)]


def test_what_is_named_like_a_file_and_is_none_costs_itself(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2021, CELLS))
    (home.warc / "folder.warc.gz").mkdir()
    (home.warc / "dangling.warc.gz").symlink_to("/nowhere/x.warc.gz")
    empty = {"empty.warc.gz": b"", "empty.warc": b"", "member.warc.gz": gzip.compress(b"")}
    for name, data in empty.items():
        (home.warc / name).write_bytes(data)
    for rebuild in (False, True):
        result = index(home, processes=1, rebuild=rebuild)
        assert set(result.damaged) == {"folder.warc.gz", "dangling.warc.gz", *empty}
        assert rows(home, Report, "year") == [(2021,)]


def test_several_processes_give_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        with crawl(home, f"c{number}", at=START + number * DAY) as made:
            made.page(f"{URL}?{number}", "gone", status=404)
    monkeypatch.setattr("archive.index.indexer._PARALLEL_BYTES", 0)
    index(home, processes=2)
    expected = everything(home)
    run(home, rebuild=True)
    assert everything(home) == expected
    assert len(expected["captures"]) == 3


def test_better_signatures_judge_old_captures_anew(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS))
    run(home)
    assert len(rows(home, Report)) == 1
    facts = tmp_path / "config"
    shutil.copytree(Path(__file__).parents[3] / "config", facts)
    (facts / "signatures.yaml").write_text(
        "signatures:\n  - {id: new, product: p, verdict: blocked, any: ['FACTS']}\n", encoding="utf-8"
    )
    monkeypatch.setenv("GONGKAI_CONFIG", str(facts))
    run(home)
    assert rows(home, Judgement, "verdict", "signature") == [("blocked", "new")]
    assert rows(home, Report) == []


def test_a_better_parser_makes_a_new_reading_beside_the_old_one(
    home: Home, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    import dataclasses

    import parsers
    from tests.archive.factory import fake_parse

    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS))
    run(home)
    monkeypatch.setattr(parsers, "PARSER_VERSION", "fake-2")
    monkeypatch.setattr(
        parsers,
        "parse",
        lambda data, hints: dataclasses.replace(fake_parse(data, hints), parser="fake-2", scope="own_agency"),
    )
    result = run(home)
    assert (result.versions, result.readings) == (0, 1)
    assert rows(home, Reading, "parser", "current") == [("fake-1", False), ("fake-2", True)]
    assert rows(home, Report, "scope") == [("own_agency",)]
    assert len(held(home, stored.figures)) == 4
    old = next(row for row in rows(home, Reading) if not row.current)
    assert old.sealed is not None
    assert [row.id for row in rows(home, SealedReading)] == [old.sealed]
    before = everything(home)
    run(home, rebuild=True)
    assert everything(home) == before


def test_files_of_others_give_reports_where_a_page_proves_to_be_one(home: Home, database_url: str) -> None:
    """wget and browsers say nothing of purposes: only what clearly is a report becomes one."""
    pages = {
        URL: document("温县人民政府", 2020, CELLS, more="政府信息公开工作年度报告"),
        URL + "?list": "<p>政府信息公开工作年度报告 列表</p>",
        URL + "?partial": document("温县人民政府", 2019, CELLS, more="政府信息公开报告", outcome="partial"),
        URL + "?other": document("温县人民政府", 2018, CELLS),
    }
    writer = WarcWriter(home.warc, "wget", {"software": "Wget/1.21"}, durable=False)
    for url, page in pages.items():
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode()
        writer.append([build.response(url, block, date="2021-02-01T00:00:00Z")])
    writer.close()
    result = run(home)
    assert (result.captures, result.versions) == (4, 1)
    assert rows(home, Report, "year", "portal") == [(2020, None)]
    assert rows(home, Publication, "url") == [(URL,)]


@pytest.mark.s3
def test_files_may_lie_in_an_object_store(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, s3_url: str, database_url: str
) -> None:
    """Sealed files in S3, nothing in the home: the index, the content behind a capture and the proof of its file."""
    with crawl(home, "c1") as made:
        first = made.page(URL, document("温县人民政府", 2020, CELLS))
    with crawl(home, "c2", at=START + DAY) as made:
        made.unchanged(URL, first)
    run(home)
    expected = everything(home)
    monkeypatch.setenv("GONGKAI_STORAGE_URL", s3_url)
    here = [verdict.problems for verdict in verify_home(home, processes=1)]
    assert len(push(home)) == 2
    assert push(home) == []
    for path in sorted(home.warc.glob("*.warc.gz")):
        path.unlink()
    verdicts = verify_home(home, processes=1)
    assert all(verdict.file.startswith(s3_url) for verdict in verdicts)
    assert [verdict.problems for verdict in verdicts] == here
    assert content_of(find_record(first, home), home) == document("温县人民政府", 2020, CELLS).encode()
    place = f"{Path(verdicts[0].file).name}:0"
    assert find_record(place, home).type == "warcinfo"
    result = run(home, rebuild=True)
    assert (result.files, result.ok) == (2, True)
    assert everything(home) == expected
    assert run(home).files == 0
    with open_database(home) as database:
        captures = Captures(database, open_storage(home))
        found = captures.as_of(URL, START + 9 * DAY)
        assert found.kind == "revisit"
        assert captures.content(found) == document("温县人民政府", 2020, CELLS).encode()
        steps = prove(database, open_storage(home), URL).steps
    assert all(step.holds for step in steps if step.name != "content")


@pytest.mark.parametrize("gone", ["a page in its place", "not named"])
def test_what_lies_out_of_reach_is_not_taken_for_gone(
    home: Home, monkeypatch: pytest.MonkeyPatch, s3_url: str, database_url: str, gone: str
) -> None:
    """The parser changed while the store cannot be read: what is known stays, and waits."""
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS))
    run(home)
    monkeypatch.setenv("GONGKAI_STORAGE_URL", s3_url)
    push(home)
    for path in sorted(home.warc.glob("*.warc.gz")):
        path.unlink()
    known = {name: rows for name, rows in everything(home).items() if name not in {"pending", "state"}}
    with crawl(home, "c2", at=START + DAY) as made:
        made.page(URL.replace("1.html", "2.html"), document("孟州市人民政府", 2020, CELLS))
    monkeypatch.setattr("parsers.PARSER_VERSION", "fake-2")
    monkeypatch.setattr("parsers.parse", lambda data, hints: replace(fake_parse(data, hints), parser="fake-2"))
    with answering(200, LOGIN, media_type="text/html") as address, monkeypatch.context() as while_gone:
        if gone == "not named":
            while_gone.delenv("GONGKAI_STORAGE_URL")
        else:
            while_gone.setenv("AWS_ENDPOINT_URL", address)
        found = index_anew(home)
        assert (found.files, found.versions, found.readings) == (1, 1, 1)
        assert "1 documents wait" in found.problems[-1]
        for name, rows_before in known.items():
            assert set(map(repr, rows_before)) <= set(map(repr, everything(home)[name])), name
        assert index_anew(home).problems == found.problems
    assert index_anew(home).ok
    expected = everything(home)
    assert expected["pending"] == []
    index_anew(home, rebuild=True)
    assert everything(home) == expected


def index_anew(home: Home, **options: Any) -> IndexResult:
    """As another process would, which keeps no connection to a store."""
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    return run(home, **options)


def test_a_read_only_home_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    run(home)
    monkeypatch.setattr("archive.database.session.os.access", lambda *_: False)
    with pytest.raises(DatabaseError, match="can only be read"):
        run(home)


def test_a_vanished_database_is_made_again(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2020, CELLS))
    run(home)
    expected = everything(home)
    for path in home.root.glob("gongkai.db*"):
        path.unlink()
    run(home)
    assert everything(home) == expected
    assert rows(home, Act) == []
