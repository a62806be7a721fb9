"""Drafts, tables of a part of a year and volumes of several bodies are no reports; what speaks of them stays one."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.forms import templates
from tests.parsers import layouts

TITLE = "竹溪县教育局2022年政府信息公开工作年度报告"
PREFACE = "根据《中华人民共和国政府信息公开条例》规定，编制本报告。"


OTHERS = (
    ([f"{TITLE}（征求意见稿）", PREFACE], "a draft"),
    ([TITLE, "（送审稿）", PREFACE], "a draft"),
    (["讨论稿", TITLE, PREFACE], "a draft"),
    ([TITLE, f"{TITLE}（草案）", PREFACE], "a draft"),
    (["竹溪县2022年上半年政府信息公开申请办理情况统计表"], "of a part of the year"),
    (["竹溪县教育局2022年第三季度政府信息公开工作报告", PREFACE], "of a part of the year"),
    (["竹溪县2022年1-6月政府信息公开情况统计表"], "of a part of the year"),
    (["竹溪县政府信息公开申请情况统计表", "统计期间：2022年1月1日至6月30日"], "of a part of the year"),
)
REPORTS = (
    [TITLE, "2022年上半年召开政府信息公开工作推进会，印发年度报告编制要求，第三季度开展检查。"],
    [TITLE, "《竹溪县行政规范性文件管理办法（征求意见稿）》向社会公布。", PREFACE],
    [TITLE, "统计期间：2022年1月1日至12月31日", PREFACE],
    ["竹溪县教育局2022年1月至12月政府信息公开工作年度报告", PREFACE],
    [TITLE, f"一图读懂{TITLE}", PREFACE],
    [TITLE, "竹溪县各部门2021年政府信息公开工作年度报告汇编", PREFACE],
)


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize(("lines", "said"), OTHERS)
def test_what_says_that_it_is_something_else_gives_no_figure(lines: list[str], said: str, text: bool) -> None:
    data, hints = layouts.form_under(lines, text=text)
    found = parse(data, hints)
    assert (found.outcome, found.cells, found.prose) == ("not_a_report", (), ())
    (issue,) = [issue for issue in found.issues if issue.code == "no_annual_report"]
    assert f"this is {said}; its 200 cells" in issue.message


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("lines", REPORTS)
def test_a_report_that_speaks_of_such_documents_stays_one(lines: list[str], text: bool) -> None:
    data, hints = layouts.form_under(lines, text=text)
    found = parse(data, hints)
    assert (found.outcome, len(found.cells)) == ("report", 200)
    assert "no_annual_report" not in {issue.code for issue in found.issues}


@pytest.mark.parametrize(
    "headline",
    ["竹溪县各部门2022年政府信息公开工作年度报告汇编", "2022年竹溪县政府信息公开年度报告合集"],
)
def test_a_volume_of_several_bodies_is_no_report_and_one_of_a_body_is_read(headline: str) -> None:
    form = templates.load().forms["fmt2021"]
    tables = "".join(layouts.html_table(s) for s in layouts.sheets(form, dict.fromkeys(form.codes(), "7")))
    bodies = [f"<p>竹溪县{body}2022年政府信息公开工作年度报告</p>{tables}" for body in ("教育局", "水利局")]
    volume = parse(f"<h1>{headline}</h1>{''.join(bodies)}".encode())
    assert (volume.outcome, volume.cells) == ("not_a_report", ())
    assert "no_annual_report" in {issue.code for issue in volume.issues}
    assert {str(cell.value) for cell in parse(f"<h1>{headline}</h1>{bodies[0]}".encode()).cells} == {"7"}


RETOLD = "<table><tr><td>信息内容<td>本年处理决定数量<tr><td>行政许可<td>79<tr><td>行政处罚<td>5</table>"
HEADINGS = "".join(
    f"<p>{heading}</p>" for heading in ("一、总体情况", "二、主动公开政府信息情况", "五、存在的主要问题及改进情况")
)


@pytest.mark.parametrize("headline", [f"图解：{TITLE}", f"一图读懂{TITLE}", f"{TITLE}解读"])
def test_a_story_that_retells_a_report_gives_no_figure(headline: str) -> None:
    found = parse(f"<h1>{headline}</h1><p>发布时间：2023-02-02</p>{RETOLD}".encode())
    assert (found.outcome, found.cells) == ("not_a_report", ())
    (issue,) = [issue for issue in found.issues if issue.code == "no_annual_report"]
    assert "a story that retells a report" in issue.message


def test_a_report_that_a_story_stands_beside_stays_one() -> None:
    beside = parse(f"<h1>{TITLE}</h1><p>图解：{TITLE}</p>{RETOLD}".encode())
    assert [str(cell.value) for cell in beside.cells] == ["79", "5"]
    whole = parse(f"<h1>{TITLE}（附图解）</h1>{HEADINGS}{RETOLD}".encode())
    assert [str(cell.value) for cell in whole.cells] == ["79", "5"]
