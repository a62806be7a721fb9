"""Whole forms printed to PDF by Chromium: every page break, margin and border style, and the figures stay the same."""

import html
import random
import subprocess
from pathlib import Path

import pytest

import parsers
from parsers.document import Table
from parsers.formats import read_document
from tests.conftest import missing_tool

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> str:
    import shutil

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        missing_tool("no Chromium is installed")
        raise AssertionError
    return found


def numbers(table: Table, dice: random.Random, blanks: float) -> dict[tuple[int, int], str]:
    """A number for every empty cell below the header; the last of a row of seven is the sum of the others."""
    empty: dict[int, list[int]] = {}
    for cell in table.cells:
        if not cell.text.strip():
            empty.setdefault(cell.row, []).append(cell.column)
    filled: dict[tuple[int, int], str] = {}
    for row, columns in empty.items():
        values = [dice.choice([0, 0, 1, 2, dice.randrange(3000)]) for _ in columns]
        if len(columns) == 7:
            values[-1] = sum(values[:-1])
        for column, value in zip(columns, values, strict=True):
            filled[row, column] = "" if dice.random() < blanks else str(value)
    return filled


def markup(table: Table, values: dict[tuple[int, int], str], head: int) -> str:
    rows = []
    for row in table.rows():
        cells = [
            f"<td rowspan={cell.row_span} colspan={cell.column_span}>"
            f"{html.escape(values.get((cell.row, cell.column), cell.text.strip()))}"
            for cell in row
        ]
        rows.append("<tr>" + "".join(cells))
    return f"<table><thead>{''.join(rows[:head])}</thead>{''.join(rows[head:])}</table>"


def form(tables: tuple[Table, ...], dice: random.Random) -> str:
    blanks = dice.choice([0.0, 0.0, 0.3])
    filled = [markup(table, numbers(table, dice, blanks), dice.choice([0, 3])) for table in tables[1:]]
    first = markup(tables[0], numbers(tables[0], dice, blanks), 0)
    prose = "<p>" + "全年工作按照要求有序开展，各项任务均已完成。" * dice.randrange(1, 90) + "</p>"
    style = (
        f"table{{border-collapse:{dice.choice(['collapse', 'separate;border-spacing:0'])};"
        f"width:{dice.choice([90, 100])}%}}"
        f"td{{border:{dice.choice([0.5, 1, 2])}px solid;padding:{dice.choice([2, 6, 10])}px;text-align:center;"
        f"font-size:{dice.choice([9, 12, 14])}px;background:{dice.choice(['none', '#eef'])}}}"
        f"tr{{break-inside:{dice.choice(['auto', 'avoid'])}}}"
        f"@page{{size:{dice.choice(['A4', 'A4 landscape', 'letter'])};margin:{dice.choice([10, 20, 30])}mm}}"
    )
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}</style>"
        "<h1>某县人民政府<br>2023年政府信息公开工作年度报告</h1>"
        f"<h2>一、总体情况</h2>{prose}<h2>二、主动公开政府信息情况</h2>{first}<h2>三、收到和处理政府信息公开申请情况</h2>"
        f"{filled[0]}<h2>四、政府信息公开行政复议、行政诉讼情况</h2>{filled[1]}"
        f"<h2>五、存在的主要问题及改进情况</h2>{prose}<h2>六、其他需要报告的事项</h2><p>本年度未收取信息处理费。</p>"
    )


def figures(data: bytes) -> dict[str, tuple[object, str]]:
    return {cell.code: (cell.value, cell.status) for cell in parsers.parse(data).cells}


def check(seed: int, browser: str, shared: Path, tmp_path: Path) -> None:
    dice = random.Random(seed)
    tables = read_document((shared / "reports" / "official_form_2021.docx").read_bytes()).tables()
    page = tmp_path / "form.html"
    page.write_text(form(tables, dice), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += [f"--print-to-pdf={tmp_path / 'form.pdf'}", *dice.choice([[], ["--no-pdf-header-footer"]])]
    subprocess.run([*command, page.as_uri()], capture_output=True, check=True, timeout=120)
    expected = figures(page.read_bytes())
    assert len(expected) == 200
    assert figures((tmp_path / "form.pdf").read_bytes()) == expected


@pytest.mark.browser
def test_a_printed_form_reads_as_its_page(browser: str, shared: Path, tmp_path: Path) -> None:
    check(1, browser, shared, tmp_path)


@pytest.mark.browser
@pytest.mark.trial
@pytest.mark.parametrize("seed", range(100, 130))
def test_many_printed_forms(seed: int, browser: str, shared: Path, tmp_path: Path) -> None:
    check(seed, browser, shared, tmp_path)
