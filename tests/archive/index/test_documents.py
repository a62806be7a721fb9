"""Reading archived documents, here or in other processes, and what the parser is told."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from archive import Home
from archive.index.documents import ReadResult, ReadTask, hints_of, read
from archive.index.indexer import index
from archive.processes import Workers
from archive.status import overview
from archive.warc.read import scan
from parsers import AnnualReport, Hints
from tests.archive.factory import crawl, document, end_index_at, everything, fake_parse


def tasks(home: Home) -> list[ReadTask]:
    """Every response of the home as a task."""
    path = min(home.warc.glob("*.warc.gz"))
    return [ReadTask(home.warc, record.location, Hints(url=record.uri)) for record in scan(path, types={"response"})]


def test_the_parser_is_told_what_the_server_and_the_crawler_knew(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr("parsers.parse", lambda data, hints: told.append((data, hints)))
    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/1", "页".encode("gbk"), media_type='text/html; charset="GBK"')
        made.page("http://a.gov.cn/2", b"x", media_type="text/plain")
    for task in tasks(home):
        read(task)
    assert [(data, hints.charset) for data, hints in told] == [("页".encode("gbk"), "GBK"), (b"x", None)]
    known = {"portal": "henan", "division": "410825", "list_title": "t", "list_date": "2021-01-01", "year": 2020}
    assert hints_of("u", "text/html", known) == Hints(
        url="u", media_type="text/html", division="410825", list_title="t", list_date="2021-01-01", year=2020
    )


def test_what_cannot_be_had_is_a_problem_not_an_end(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/1", b"x")
    task = tasks(home)[0]
    wrong = ReadTask(home.warc, replace(task.location, offset=task.location.offset + 1), task.hints)
    gone = ReadTask(home.warc, replace(task.location, file="nothing.warc.gz"), task.hints)
    for found in (read(wrong), read(gone)):
        assert found.report is None
        assert found.problem


def test_any_bytes_are_read_without_an_exception(home: Home) -> None:
    with crawl(home, "c1") as made:
        for body in (b"", b"\xff" * 99, b"%PDF-1.7\n", b"PK\x03\x04", "<html>不是报告".encode()):
            made.page("http://a.gov.cn/1", body)
    outcomes = [read(task).report.outcome for task in tasks(home)]
    assert set(outcomes) <= {"unreadable", "not_a_report", "partial"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ValueError("odd"), "our code failed (ValueError: odd)"),
        (RecursionError(), "our code failed (RecursionError)"),
        (MemoryError(), "our code failed (MemoryError)"),
        (None, "reading it takes longer than 1 seconds"),
    ],
)
def test_a_document_that_cannot_be_read_costs_itself(
    home: Home, fake_parser: None, monkeypatch: pytest.MonkeyPatch, fault: Exception | None, words: str
) -> None:
    def parse(data: bytes, _hints: Hints) -> AnnualReport:
        if b"bad" not in data:
            return fake_parse(data, _hints)
        if fault is not None:
            raise fault
        while True:
            with contextlib.suppress(Exception):  # as a parser that tries another way after any failure
                time.sleep(0.01)

    monkeypatch.setattr("parsers.parse", parse)
    # Long enough for the sound document on a busy machine.
    monkeypatch.setattr("archive.index.documents.READ_SECONDS", 30 if fault else 1)
    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/bad", b"<p>bad")
        made.page("http://a.gov.cn/good", document("温县人民政府", 2020, {"a": "1"}))
    done = index(home, processes=1)
    (problem,) = done.problems
    assert problem.startswith("http://a.gov.cn/bad: c1-")
    assert words in problem
    assert (done.readings, done.ok) == (1, False)
    (known,) = overview(home)["unread"]
    assert known["url"] == "http://a.gov.cn/bad"
    before = everything(home)
    index(home, rebuild=True, processes=1)
    assert everything(home) == before
    monkeypatch.undo()
    assert index(home, rebuild=True, processes=1).problems == []
    assert overview(home)["unread"] == []


def test_a_run_that_ended_while_it_read_makes_the_next_one_wary(
    home: Home, fake_parser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(_task: ReadTask) -> ReadResult:
        raise KeyboardInterrupt

    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/1", document("温县人民政府", 2020, {"a": "1"}))
    with monkeypatch.context() as ended:
        ended.setattr("archive.index.versions.read", end)
        with pytest.raises(KeyboardInterrupt):
            index(home, processes=1)
    wary = []
    run = Workers.map

    def watched(self: Workers, *args: Any, **more: Any) -> Iterator[Any]:
        wary.append(self.wary)
        self.wary = False  # the parser of this test is in this process only
        return run(self, *args, **more)

    monkeypatch.setattr(Workers, "map", watched)
    assert index(home, processes=1).readings == 1
    assert wary[:2] == [False, True]  # files, documents
    wary.clear()
    index(home, rebuild=True, processes=1)
    assert not any(wary)


def test_a_run_that_ended_behind_its_last_document_leaves_nobody_wary(
    home: Home, fake_parser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the last batch came to is kept before it is noted that it was read; a crash may come in between."""
    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/1", document("温县人民政府", 2020, {"a": "1"}))
    end_index_at(home, "_has_read", monkeypatch)
    assert index(home, processes=1).ok
    left = everything(home)
    assert left["pending"] == []
    index(home, rebuild=True, processes=1)
    assert everything(home) == left
