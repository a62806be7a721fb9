"""Several reports in one document: one is read, the others are named, and no figure is mixed into another's."""

from __future__ import annotations

import pytest

from parsers import Hints, parse, resolve
from parsers.forms import templates
from parsers.record import AnnualReport
from tests.parsers import layouts

TITLE = "温县人民政府2022年政府信息公开工作年度报告"


def tables(name: str, value: str) -> str:
    form = templates.load().forms[name]
    return "".join(layouts.html_table(sheet) for sheet in layouts.sheets(form, dict.fromkeys(form.codes(), value)))


def codes(found: AnnualReport) -> list[str]:
    return [issue.code for issue in found.issues]


def test_the_report_of_another_year_behind_the_own_one_is_told_and_not_read() -> None:
    both = [tables("fmt2021", "1"), tables("fmt2019", "7")]
    old = "温县人民政府2020年政府信息公开工作年度报告"
    links = "".join(f"<p>温县人民政府{year}年政府信息公开工作年度报告</p>" for year in (2017, 2018, 2019))
    page = f"<h1>{TITLE}</h1>{both[0]}<p>附件：{old}</p>{both[1]}{links}".encode()
    found = parse(page)
    assert (found.title, found.template, found.year) == (TITLE, "fmt2021", 2022)
    assert {str(cell.value) for cell in found.cells} == {"1"}
    (issue,) = [issue for issue in found.issues if issue.code == "further_report"]
    assert "2020" in issue.message
    assert issue.locator is not None
    assert resolve(page, issue.locator) == f"附件：{old}"
    alone = parse(f"<h1>{TITLE}</h1>{both[0]}{links}".encode())
    assert "further_report" not in {issue.code for issue in alone.issues}


def collection(*years: int) -> bytes:
    """Reports of several years, only the last with the tables of a form."""
    old = "<p>一、概述</p><p>全年主动公开信息8条。</p><p>二、主动公开情况</p><p>无其他情况。</p>"
    parts = [f"<p>温县人民政府{year}年政府信息公开工作年度报告</p>{old}" for year in years[:-1]]
    last = f"<p>温县人民政府{years[-1]}年政府信息公开工作年度报告</p>{tables('fmt2019', '7')}"
    return "".join([*parts, last]).encode()


def test_figures_of_the_last_report_are_not_the_firsts() -> None:
    found = parse(collection(2015, 2016, 2017, 2019))
    assert (found.year, found.cells) == (2015, ())
    assert codes(found).count("further_report") == 3


def test_the_report_that_is_asked_for_is_read() -> None:
    found = parse(collection(2015, 2016, 2017, 2019), Hints(year=2019))
    assert (found.year, found.template) == (2019, "fmt2019")
    assert {str(cell.value) for cell in found.cells} == {"7"}
    assert codes(found).count("further_report") == 3


def test_reports_of_two_bodies_are_two() -> None:
    second = "温县教育局2022年政府信息公开工作年度报告"
    page = f"<h1>{TITLE}</h1>{tables('fmt2021', '1')}<p>{second}</p>{tables('fmt2021', '2')}"
    found = parse(page.encode())
    assert {str(cell.value) for cell in found.cells} == {"1"}
    assert [second in issue.message for issue in found.issues if issue.code == "further_report"] == [True]


@pytest.mark.parametrize("between", ["", "<p>2021年</p>", "<p>附：上年数据</p>"])
def test_two_sets_of_tables_without_titles_give_no_number(between: str) -> None:
    page = f"<h1>{TITLE}</h1>{tables('fmt2021', '1')}{between}{tables('fmt2021', '2')}"
    found = parse(page.encode())
    assert {cell.status for cell in found.cells} == {"ambiguous"}
    assert {cell.alternatives for cell in found.cells} == {("1", "2")}
    assert "further_tables" in codes(found)


def test_equal_cells_of_two_sets_are_doubtful_as_well() -> None:
    form = templates.load().forms["fmt2021"]
    both = [dict.fromkeys(form.codes(), "0") | dict.fromkeys(list(form.codes())[::4], value) for value in "35"]
    page = "".join(layouts.html_table(sheet) for values in both for sheet in layouts.sheets(form, values))
    assert {cell.status for cell in parse(f"<h1>{TITLE}</h1>{page}".encode()).cells} == {"ambiguous"}


def test_the_same_tables_twice_are_read() -> None:
    page = f"<h1>{TITLE}</h1>{tables('fmt2021', '1')}{tables('fmt2021', '1')}"
    assert {str(cell.value) for cell in parse(page.encode()).cells} == {"1"}


def test_a_list_of_titles_parts_nothing() -> None:
    links = "".join(f"<p>温县人民政府{year}年政府信息公开工作年度报告</p>" for year in (2017, 2018, 2019))
    found = parse(f"<h1>{TITLE}</h1>{links}{tables('fmt2021', '1')}{links}".encode())
    assert {str(cell.value) for cell in found.cells} == {"1"}
    assert found.year == 2022


def _entries(*years: int, body: str = "温县教育局") -> str:
    lines = (
        f"<li><a href={y}.html>{body}{y}年政府信息公开工作年度报告</a><span>{y + 1}-01-20</span></li>" for y in years
    )
    return f"<ul>{''.join(lines)}</ul>"


def test_a_list_of_reports_is_none_of_them() -> None:
    found = parse(f"<title>年报_温县</title><h2>政府信息公开年报</h2>{_entries(2023, 2022, 2021, 2020)}".encode())
    assert (found.outcome, found.title, found.agency_name, found.year) == ("not_a_report", None, None, None)
    (issue,) = [issue for issue in found.issues if issue.code == "list_of_reports"]
    assert "4 reports" in issue.message
    text = "\n".join(
        f"{body}2022年政府信息公开工作年度报告" for body in ("温县教育局", "温县财政局", "温县民政局", "温县水利局")
    )
    assert "list_of_reports" in codes(parse(text.encode(), Hints(url="list.txt")))


@pytest.mark.parametrize(
    "page",
    [
        f"<title>{TITLE}</title><p>{TITLE}</p>{_entries(2021, 2020, 2019, 2018)}",  # the page is of one of them
        f"<h1>{TITLE}</h1><p>附件下载</p>{_entries(2021, 2020, 2019, 2018)}",  # a heading of its own
        f"<p>{TITLE}</p><p><img src=t1.png width=600></p>{_entries(2021, 2020, 2019, 2018)}",  # its tables are pictures
        f"<p>{TITLE}</p>{_entries(2021, 2020)}",  # the pages before and behind it
    ],
)
def test_a_report_that_names_others_is_itself(page: str) -> None:
    found = parse(page.encode())
    assert "list_of_reports" not in codes(found)
    assert (found.title, found.year) == (TITLE, 2022)
    listed = parse(f"<h2>年报</h2>{_entries(2023, 2022, 2021, 2020)}".encode(), Hints(list_title=TITLE))
    assert "list_of_reports" not in codes(listed)
