"""Reading archived documents, here or in other processes, and what the parser is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Home
from archive.documents import ReadTask, hints_of, read, workers
from archive.warc.read import scan
from parsers import Hints
from tests.archive.factory import crawl


def tasks(home: Home) -> list[ReadTask]:
    """Every response of the home as a task."""
    path = min(home.warc.glob("*.warc.gz"))
    return [
        ReadTask(home.warc, record.id, record.file, record.offset, record.length, Hints(url=record.uri))
        for record in scan(path, types={"response"})
    ]


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
    wrong = ReadTask(home.warc, task.capture, task.file, task.offset + 1, task.length, task.hints)
    gone = ReadTask(home.warc, task.capture, "nothing.warc.gz", 0, 9, task.hints)
    for found in (read(wrong), read(gone)):
        assert found.report is None
        assert found.problem


def test_any_bytes_are_read_without_an_exception(home: Home) -> None:
    with crawl(home, "c1") as made:
        for body in (b"", b"\xff" * 99, b"%PDF-1.7\n", b"PK\x03\x04", "<html>不是报告".encode()):
            made.page("http://a.gov.cn/1", body)
    outcomes = [read(task).report.outcome for task in tasks(home)]
    assert set(outcomes) <= {"unreadable", "not_a_report", "partial"}


def square(number: int) -> int:
    """A task for other processes."""
    return number * number


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_the_order_of_the_tasks(count: int) -> None:
    with workers(count) as running:
        assert list(running.map(abs, list(range(-40, 0)), parallel_from=4)) == list(range(40, 0, -1))
        assert list(running.map(square, [1, 2], parallel_from=99)) == [1, 4]


def test_nothing_is_left_running(tmp_path: Path) -> None:
    import multiprocessing

    with workers(2) as running:
        next(iter(running.map(abs, list(range(50)), parallel_from=2)))
    assert multiprocessing.active_children() == []
    assert list(tmp_path.iterdir()) == []
