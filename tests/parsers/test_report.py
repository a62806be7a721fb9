from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from parsers import PARSER_VERSION, Hints, configuration_digest, parse, resolve
from parsers.forms import templates
from tests.parsers import layouts

TITLE = "温县人民政府2022年政府信息公开工作年度报告"


def report(**changes: str) -> bytes:
    form = templates.load().forms["fmt2021"]
    values = dict.fromkeys(form.codes(), "0") | changes
    sheets = layouts.sheets(form, values)
    body = layouts.as_html(sheets, Random(1)).decode()
    return body.replace("某县2020年政府信息公开工作年度报告", TITLE).encode()


def test_a_report_has_everything_that_the_contract_names() -> None:
    data = report(
        req_new__natural="2", req_new__total="2", req_outcome_total__natural="2", req_outcome_total__total="2"
    )
    found = parse(data)
    printed = found.as_json(path="report.html", sha256="0" * 64)
    assert list(printed) == [
        "schema",
        "parser",
        "configuration",
        "source",
        "outcome",
        "title",
        "agency",
        "division",
        "year",
        "template",
        "scope",
        "published_on",
        "published_on_kind",
        "cells",
        "sections",
        "checks",
        "issues",
        "sources",
    ]
    assert (found.outcome, found.year, found.template, found.agency_name) == ("report", 2022, "fmt2021", "温县人民政府")
    assert (found.parser, found.configuration) == (PARSER_VERSION, configuration_digest())
    assert len(found.cells) == 200
    assert all(cell.locator.kind == "html" for cell in found.cells)
    assert json.loads(json.dumps(printed)) == printed


@pytest.mark.parametrize(("header", "status"), [("2016年", "number"), ("统计数", "number"), ("2015年", "ambiguous")])
def test_figures_that_stand_under_another_year_are_open(header: str, status: str) -> None:
    form = templates.load().forms["stat2014"]
    page = layouts.as_html(layouts.sheets(form, dict.fromkeys(form.codes(), "3")), Random(1)).decode()
    page = page.replace("某县2020年", "温县2016年").replace("统计数<", f"{header}<")
    found = parse(page.encode())
    assert {cell.status for cell in found.cells} == {status}
    assert (status == "ambiguous") == ("year_of_column" in {issue.code for issue in found.issues})


@pytest.mark.parametrize("header", ["上年数", "上年度数", "去年同期", "去年数"])
def test_figures_of_last_year_are_not_the_reports(header: str) -> None:
    form = templates.load().forms["stat2014"]
    page = layouts.as_html(layouts.sheets(form, dict.fromkeys(form.codes(), "3")), Random(1)).decode()
    found = parse(page.replace("统计数<", f"{header}<").encode())
    assert not [cell for cell in found.cells if cell.status == "number"]


def test_reading_is_a_pure_function() -> None:
    data = report()
    assert parse(data).as_json() == parse(data).as_json()


def test_a_wrong_printed_total_fails_a_check_and_stays() -> None:
    found = parse(report(req_new__natural="5", req_new__total="9"))
    cells = {cell.code: cell for cell in found.cells}
    assert cells["req_new__total"].value == Decimal(9)
    (check,) = [check for check in found.checks if (check.rule, check.target) == ("T3_ROW_SUM", "req_new")]
    assert (check.outcome, check.lhs, check.rhs) == ("fail", Decimal(5), Decimal(9))


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (b"", "unreadable"),
        (b"%PDF-1.7 broken", "unreadable"),
        ("<html><body><p>本站今日天气晴。</p></body></html>".encode(), "not_a_report"),
        ("某县2022年政府网站工作年度报表\n网站名称\t某县人民政府\n独立用户访问总量\t123\n".encode(), "not_a_report"),
    ],
)
def test_bad_documents_are_said_to_be_so_and_raise_nothing(data: bytes, outcome: str) -> None:
    found = parse(data, Hints(url="file.bin"))
    assert found.outcome == outcome
    assert found.issues
    assert found.cells == ()


def test_a_report_without_tables_is_kept_and_says_so() -> None:
    headings = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    headings += ["四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"]
    found = parse("\n".join([TITLE, *headings]).encode(), Hints(url="a.txt"))
    assert (found.outcome, found.template) == ("partial", "no_tables")
    assert "no_figures" in {issue.code for issue in found.issues}


def test_missing_sections_are_told() -> None:
    found = parse(report())
    (issue,) = [issue for issue in found.issues if issue.code == "section_missing"]
    assert "1, 6" in issue.message


def test_every_locator_of_every_document_leads_back(shared: Path) -> None:
    for path in sorted((shared / "reports/documents").iterdir()) + sorted((shared / "reports/negatives").iterdir()):
        data, hints = path.read_bytes(), Hints(url=path.name)
        found = parse(data, hints)
        for figure in found.cells:
            assert resolve(data, figure.locator, hints) == figure.raw, (path.name, figure.code)
        for fact in found.prose:
            assert fact.locator.get("sentence") == resolve(data, fact.locator, hints), (path.name, fact.code)
        for section in found.sections:
            assert resolve(data, section.locator, hints) == section.heading, (path.name, section.number)
        if path.parent.name == "negatives":
            assert found.issues, path.name


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("<p>现将本县年度报告予以公布，请广大市民监督。</p>", "not_a_report"),
        ("<p>现将本县年度报告予以公布，请广大市民监督。</p><p><a href='1.pdf'>附件：年度报告</a></p>", "partial"),
        ("<p>现将本县年度报告予以公布。</p><p><img src='/f/1.png'></p>", "partial"),
    ],
)
def test_an_announcement_without_the_report_is_none(body: str, outcome: str) -> None:
    title = "温县人民政府关于公布2022年政府信息公开工作年度报告的公告"
    page = f"<html><head><meta name='ArticleTitle' content='{title}'></head><body><h1>{title}</h1>{body}</body></html>"
    assert parse(page.encode(), Hints(media_type="text/html")).outcome == outcome


def test_why_no_figures_were_found_is_said() -> None:
    def why(content: str, name: str = "report.html") -> str:
        issues = parse(content.encode(), Hints(url=name)).issues
        return next(issue.message for issue in issues if issue.code == "no_figures")

    heading = f"<h1>{TITLE}</h1><p>一、总体情况</p><p>本机关全年坚持公开，没有遇到困难。</p>"
    other = "<table><tr><td>部门</td><td>数量</td></tr><tr><td>办公室</td><td>3</td></tr></table>"
    blank = "<table><tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr><td>行政许可</td><td></td></tr></table>"
    assert "no table stands in it" in why(heading)
    assert "of other forms or none" in why(heading + other)
    assert "none of them a number" in why(heading + blank)
    assert "pictures stand in it" in why(heading + "<img src='a.png' width='600' height='400'>")


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000"])
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("a.txt", "温县人民政府2021年政府信息公开工作年度报告\n一、总体情况\n本年收到申请3件。{blanks}办结5件。\n"),
        ("a.html", "<h1>温县人民政府2021年政府信息公开工作年度报告</h1><p>本年收到{blanks}申请3件。</p>"),
        ("a.html", "<h1>年度报告</h1><table><tr><td>规章{blanks}（{blanks}件</td><td>3</td></tr></table>"),
        ("a.txt", "机构 | 温县人民政府{blanks}办公室 | 收费金额{blanks}元整\n本年新收 | 3{blanks}件 | 2021{blanks}x\n"),
    ],
)
def test_a_long_run_of_blanks_costs_no_more_than_its_length(name: str, page: str, blank: str) -> None:
    begun = time.process_time()
    parse(page.format(blanks=blank * 16_000).encode(), Hints(url=name))
    assert time.process_time() - begun < 5  # by its square it takes minutes
