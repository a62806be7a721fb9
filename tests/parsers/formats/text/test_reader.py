from __future__ import annotations

import time

import pytest

from parsers import Hints, Locator, LocatorError
from parsers.document import Table, Text
from parsers.formats.text import reader
from tests.parsers.formats.text.written import assert_resolves, read


def test_lines_are_paragraphs_with_their_place() -> None:
    document = read("一、总体情况\n\n　　全年公开信息。\n")
    assert [block.text for block in document.texts()] == ["一、总体情况", "　　全年公开信息。"]
    assert document.texts()[1].locator.as_json() == {"kind": "text", "line": 3, "start": 0, "end": 9}
    assert document.media_type == "text/plain"


@pytest.mark.parametrize("line", ["规章 |", "|规章", "规章 | |||"])
def test_a_pipe_at_the_edge_of_a_line_is_no_text(line: str) -> None:
    source = f"一、总体情况\n{line}\n|\n||||\n"
    document = read(source)
    assert [block.text for block in document.texts()] == ["一、总体情况", "规章"]
    assert not document.tables()
    assert_resolves(source)


def test_wrapped_paragraphs_are_one_text() -> None:
    lines = ["本报告依照有关规定编制，内容包括总体情况与主动公开政府信息", "情况等部分，统计期限为全年。"] * 8
    source = "\n".join(lines) + "\n一、总体情况\n"
    texts = [block.text for block in read(source).texts()]
    assert texts[0] == "\n".join(lines[:2])
    assert texts[-1] == "一、总体情况"
    assert_resolves(source)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_one_line(end: str) -> None:
    document = read(f"甲{end}{end}乙\t丙{end}")
    assert document.texts()[0].locator.get("line") == 1
    assert document.tables()[0].cells[1].locator.as_json() == {"kind": "text", "line": 3, "start": 2, "end": 3}


def test_other_charsets_are_decoded() -> None:
    data = "规章\t0\n行政规范性文件\t7\n".encode("gb18030")
    document = reader.read(data, Hints(charset="gb2312"))
    assert document.charset == "gb18030"
    assert reader.resolve(data, document.tables()[0].cells[2].locator, Hints()) == "行政规范性文件"


def test_bytes_that_are_no_text_are_told() -> None:
    document = reader.read("政府信息公开工作年度报告，统计期限为全年。".encode() + b"\xff\xfe\xfa", Hints())
    assert [notice.code for notice in document.notices] == ["undecodable_bytes"]


@pytest.mark.parametrize(
    "locator",
    [
        Locator.of("text", line=9, start=0, end=1),
        Locator.of("text", line=1, start=0, end=99),
        Locator.of("text", line=0, start=0, end=0),
        Locator.of("text", line=1),
        Locator.of("text", line=2, start=0, end=1, line_end=1),
    ],
)
def test_a_locator_that_leads_nowhere_is_refused(locator: Locator) -> None:
    with pytest.raises(LocatorError):
        reader.resolve("甲\n乙\n".encode(), locator, Hints())


def test_an_empty_file_is_an_empty_document() -> None:
    assert read("\n \n").blocks == ()


def test_blocks_are_text_or_tables() -> None:
    assert all(isinstance(block, Text | Table) for block in read("甲\n乙\t丙\n").blocks)


@pytest.mark.parametrize(
    "line", ["一、" + " " * 100_000 + "x", " " * 100_000 + "-x", "|" + " " * 100_000 + "x", "-" * 100_000 + "x"]
)
def test_a_line_of_blanks_is_read_in_one_look(line: str) -> None:
    begun = time.process_time()
    assert reader.read(line.encode(), Hints()).blocks
    assert time.process_time() - begun < 5  # by backtracking it takes minutes
