"""Comma-separated values: known as a sheet in every encoding and dialect, and led back to."""

from __future__ import annotations

import csv
import io

import pytest

from parsers import Hints, LocatorError, parse, resolve
from parsers.document import Document, Locator, Table
from parsers.formats import read_document

T3 = [
    ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "", "", "申请人情况", *[""] * 6],
    ["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"],
    ["", "", "", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", ""],
    ["一、本年新收\n政府信息公开申请数量", "", "", "92", "12", "0", "4", "2", "2", "112"],
    ["二、上年结转政府信息公开申请数量", "", "", "3", "2", "0", "1", "3", "2", "11"],
    ["三、本年度办理结果", "（一）予以公开", "", "1,019", "0", "0", "0", "0", "0", "1,019"],
    ["", "（二）部分公开", "", "0", "0", "0", "2", "2", "0", "4"],
    ["", "（七）总计", "", "1019", "0", "0", "2", "2", "0", "1023"],
    ["四、结转下年度继续办理", "", "", "0", "1", "0", "0", "0", "0", "1"],
]
T2 = [
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "0", "0"],
    ["行政规范性文件", "2", "1", "68"],
    [],
    ["信息内容", "本年处理决定数量"],
    ["行政许可", "4,446"],
    ["行政处罚", '="637"'],
]
LINES = [["海棠县教育局2022年政府信息公开工作年度报告"], *T2, [], *T3]


def written(separator: str = ",", end: str = "\r\n") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator=end).writerows(LINES)
    return buffer.getvalue()


def cells(document: Document) -> list[str]:
    return [cell.text for block in document.blocks if isinstance(block, Table) for cell in block.cells]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(("separator", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.csv"), (",", "年报")])
def test_a_report_saved_as_separated_values_is_read(charset: str, separator: str, name: str) -> None:
    data = written(separator).encode(charset)
    report = parse(data, Hints(url=name))
    found = {figure.code: str(figure.value) for figure in report.cells if figure.value is not None}
    assert report.outcome == "report", report.issues
    assert (report.title, report.year, report.agency_name) == (LINES[0][0], 2022, "海棠县教育局")
    assert {code: found[code] for code in ("normdocs_in_force", "permit_decisions", "penalty_decisions")} == {
        "normdocs_in_force": "68",
        "permit_decisions": "4446",
        "penalty_decisions": "637",
    }
    assert [found[f"req_new__{column}"] for column in ("natural", "company", "legal", "total")] == [
        "92",
        "12",
        "2",
        "112",
    ]
    assert found["req_granted__total"] == "1019"
    for figure in report.cells:
        assert figure.locator.kind == "sheet"
        assert resolve(data, figure.locator, Hints(url=name)) == figure.raw


def test_a_sheet_is_known_by_what_the_server_says() -> None:
    document = read_document("甲,乙\n1,2\n".encode(), Hints(url="download", media_type="text/csv"))
    assert (document.media_type, cells(document)) == ("text/csv", ["甲", "乙", "1", "2"])
    assert (
        read_document("今年收到申请3件,其中网上2件,均已办结。\n".encode(), Hints(url="a.txt")).media_type
        == "text/plain"
    )


def test_a_quote_that_nobody_closes_costs_its_own_line() -> None:
    lines = ["信息内容,本年处理决定数量", '行政许可,"12', "行政处罚,7", "行政强制,9"]
    document = read_document("\n".join(lines).encode(), Hints(url="a.csv"))
    assert cells(document)[-4:] == ["行政处罚", "7", "行政强制", "9"]
    assert [notice.code for notice in document.notices] == ["quotes_unmatched"]


def test_what_a_line_is_too_short_for_is_lost_and_not_blank() -> None:
    lines = ["信息内容,本年制发件数,本年废止件数,现行有效件数", "规章,1,2", "行政规范性文件,1,2,"]
    (table,) = read_document("\n".join(lines).encode(), Hints(url="a.csv")).tables()
    assert [len(row) for row in table.rows()] == [4, 3, 4]
    report = parse("\n".join(lines).encode(), Hints(url="a.csv"))
    status = {figure.code: figure.status for figure in report.cells}
    assert (status["rules_in_force"], status["normdocs_in_force"]) == ("ambiguous", "blank")


def test_a_value_longer_than_any_cell_costs_no_traceback() -> None:
    report = parse(b'a,"' + b"1" * 200_000 + b"\nb,2\n", Hints(url="a.csv"))
    assert (report.outcome, [issue.code for issue in report.issues]) == ("unreadable", ["unreadable"])


def test_the_line_that_names_the_separator_is_no_row() -> None:
    document = read_document("sep=;\n规章;0;1\n议案,二;2;3\n".encode(), Hints(url="a.csv"))
    assert cells(document) == ["规章", "0", "1", "议案,二", "2", "3"]


def test_a_place_outside_of_the_file_is_none() -> None:
    with pytest.raises(LocatorError, match="no such cell"):
        resolve(b"a,b\n1,2\n", Locator.of("sheet", sheet="", cell="C9"), Hints(url="a.csv"))
