"""Marks of Markdown in cells: what is bold is read, what is struck is not, mathematics that is a number is one."""

from __future__ import annotations

import time

import pytest

from parsers import Hints, parse
from parsers.formats import read_document, resolve
from parsers.formats.text import markdown_marks

MARKDOWN = Hints(url="report.md")
HEAD = "# 某县林业局2022年政府信息公开工作年度报告\n\n## 二、主动公开政府信息情况\n\n"


def pipes(cell: str) -> str:
    return f"{HEAD}| 信息内容 | 本年处理决定数量 |\n|---|---|\n| 行政许可 | {cell} |\n| 行政处罚 | 6 |\n"


def markup(cell: str) -> str:
    rows = "".join(f"<tr><td>{row}</td><td>{value}</td></tr>" for row, value in (("行政许可", cell), ("行政处罚", "6")))
    return f"{HEAD}<table><tr><td>信息内容</td><td>本年处理决定数量</td></tr>{rows}</table>\n"


def figure(source: str) -> tuple[str, set[str]]:
    """Value or status of 行政许可, and the codes of all issues; each cell leads back to what it says."""
    data = source.encode()
    for table in read_document(data, MARKDOWN).tables():
        for cell in table.cells:
            assert resolve(data, cell.locator, MARKDOWN) == cell.text
    report = parse(data, MARKDOWN).as_json()
    cells = {cell["code"]: cell["value"] or cell["status"] for cell in report["cells"]}
    assert cells["penalty_decisions"] == "6"
    return cells["permit_decisions"], {issue["code"] for issue in report["issues"]}


@pytest.mark.parametrize("layout", [pipes, markup])
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("**12**", "12"),
        ("__1,284__", "1284"),
        ("***12***", "12"),
        ("*12*", "12"),
        ("`12`", "12"),
        ("$12$", "12"),
        ("$$12$$", "12"),
        (r"\(12\)", "12"),
        (r"$\mathbf{12}$", "12"),
        (r"$ 12 $", "12"),
        ("&nbsp;12&nbsp;", "12"),
        ("&#49;2", "12"),
        (r"\-", "blank"),
        ("$-$", "blank"),
        ("12*", "12"),
        ("12[^1]", "text"),
        ("$1 2$", "text"),
        (r"$\frac{1}{2}$", "text"),
        ("$12", "text"),
        ("~12", "text"),
    ],
)
def test_marks_are_no_part_of_a_figure(layout: object, cell: str, value: str) -> None:
    assert callable(layout)
    assert figure(layout(cell))[0] == value


@pytest.mark.parametrize("layout", [pipes, markup])
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("~~9~~ 0", "0"),
        ("~~9~~12", "12"),
        ("**~~9~~ 12**", "12"),
        ("~9~ 12", "12"),
        ("<del>9</del>12", "12"),
        ("12<s>9</s>", "12"),
        ("<span style='text-decoration: line-through'>9</span>12", "12"),
        ("~~12~~", "blank"),
        ("1~~9~~2", "text"),
    ],
)
def test_struck_figures_are_not_read_and_are_told(layout: object, cell: str, value: str) -> None:
    assert callable(layout)
    read, issues = figure(layout(cell))
    assert read == value
    assert "text_not_shown" in issues


def test_labels_with_breaks_entities_and_spans_repeated() -> None:
    source = (
        f"{HEAD}|信息内容|本年处理<br>决定数量|本年处理<br>决定数量|\n|:--:|:--:|:--:|\n"
        "|行政<br>许可|&nbsp;808&nbsp;|&nbsp;808&nbsp;|\n|行政<br>处罚|**6**|**6**|\n"
    )
    assert figure(source)[0] == "808"


@pytest.mark.parametrize("source", ["~~9" * 20_000, "**1" * 20_000, "$" * 60_000, r"\(" * 30_000, "<s>" * 20_000])
def test_a_long_cell_is_read_in_one_look(source: str) -> None:
    begun = time.process_time()
    assert markdown_marks.seen(source)
    assert time.process_time() - begun < 5
