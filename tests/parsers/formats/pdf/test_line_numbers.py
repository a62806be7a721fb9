"""Numbers that count the lines of a page of a PDF are no part of its lines: files made by hand."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.formats import read_document, resolve
from parsers.formats.pdf.line_numbers import line_numbers
from tests.parsers.formats.tiny_pdf import Sheet, pdf

TITLE = "某某市林业局2022年政府信息公开工作年度报告"
LINES = (TITLE, "", "二、主动公开政府信息情况", "", "2022年全年公开信息18条。", "", "", "", "", "", "")


def page(first: int, step: float, *, skipped: int | None = None) -> Sheet:
    """Lines with their numbers before them, and a ruled table whose first column holds numbers too."""
    sheet = Sheet()
    for at, line in enumerate(LINES):
        if at != skipped:
            sheet.text(30, 40 + step * at, str(first + at))
        if line:
            sheet.text(74, 40 + step * at, line)
    rows = [["信息内容", "本年处理决定数量"], ["行政许可", "1284"], ["行政处罚", "7"]]
    sheet.table([70.0, 260.0, 420.0], 40 + step * len(LINES), rows)
    return sheet


@pytest.mark.parametrize(("first", "step"), [(1, 20.0), (6, 18.0), (97, 24.0)])
def test_numbers_of_lines_are_left_out(first: int, step: float) -> None:
    data = pdf(page(first, step))
    document = read_document(data)
    assert [text.text for text in document.texts()] == [line for line in LINES if line]
    assert [resolve(data, text.locator) for text in document.texts()] == [text.text for text in document.texts()]
    report = parse(data).as_json()
    assert report["agency"]["name"] == "某某市林业局"
    values = {cell["code"]: cell["value"] for cell in report["cells"]}
    assert (values["permit_decisions"], values["penalty_decisions"]) == ("1284", "7")


def test_numbers_among_which_one_is_lacking_stay() -> None:
    texts = [text.text for text in read_document(pdf(page(1, 20.0, skipped=4))).texts()]
    assert any(text.startswith("1") and TITLE in text for text in texts)


def letters(*rows: tuple[float, float, str]) -> list[dict[str, object]]:
    return [
        {"text": text, "x0": x + 6 * at, "x1": x + 6 * at + 5.5, "top": top, "bottom": top + 10, "size": 10}
        for x, top, word in rows
        for at, text in enumerate(word)
    ]


def test_a_column_that_counts_rows_under_its_header_is_no_number_of_lines() -> None:
    rows = [(30.0, 40.0 + 20 * at, str(at + 1)) for at in range(10)]
    text = [(90.0, 40.0 + 20 * at, "规章") for at in range(10)]
    assert len(line_numbers(letters(*rows, *text))) == 11
    assert line_numbers(letters((28.0, 20.0, "序号"), *rows, *text)) == set()
    assert line_numbers(letters(*rows[:7], *text)) == set()  # so few may be anything
    assert line_numbers(letters(*rows[:9], (30.0, 300.0, "10"), *text)) == set()
