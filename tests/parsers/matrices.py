"""Tables of requests in several framings: the same rows as a page, as lines with tabs, and as a sheet."""

import html
from typing import Any

from parsers import Hints, parse
from tests.parsers.formats.sheet.test_reader import xlsx
from tests.parsers.formats.word.test_reader import docx, p, tc, tr

TITLE = "某市林业局2022年政府信息公开工作年度报告"
SECTION = "三、收到和处理政府信息公开申请情况"
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
KINDS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
FLAT = ("自然人", *KINDS, "总计")
CODES = ("natural", "company", "research", "welfare", "legal", "other_org", "total")


def page(*rows: str, head: str | None = None) -> bytes:
    """A page with one table: cells parted by ``|``, spans written ``text@rowsxcolumns``; ``head`` in place of the
    form's own header."""
    header = (
        head if head is not None else rows_of(f"{CORNER}@3x3|申请人情况@1x7", "自然人@2x1|法人或其他组织@1x5|总计@2x1")
    )
    kinds = "" if head is not None else rows_of("|".join(KINDS))
    return (
        f"<!DOCTYPE html><meta charset=utf-8><h1>{TITLE}</h1><p>{SECTION}</p>"
        f"<table>{header}{kinds}{rows_of(*rows)}</table>"
    ).encode()


def rows_of(*rows: str) -> str:
    """Rows of a table as HTML: cells parted by ``|``, spans written ``text@rowsxcolumns``."""
    lines = []
    for row in rows:
        cells = []
        for cell in row.split("|"):
            text, _, span = cell.partition("@")
            down, _, right = span.partition("x")
            size = f" rowspan={down} colspan={right}" if span else ""
            cells.append(f"<td{size}>{html.escape(text)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "".join(lines)


def tabs(*rows: str) -> bytes:
    """The same as lines with tabs."""
    return "\n".join([TITLE, SECTION, *(row.replace("|", "\t") for row in rows)]).encode()


def sheet(*rows: str) -> bytes:
    """The same as a sheet."""
    lines = enumerate([TITLE, SECTION, *rows], start=1)
    cells = {f"{chr(ord('A') + at)}{n}": text for n, line in lines for at, text in enumerate(line.split("|"))}
    return xlsx({place: int(text) if text.isdigit() else text for place, text in cells.items()})


def word(*rows: str) -> bytes:
    """The same as a table of a Word file."""
    table = "".join(tr(*(tc(cell) for cell in row.split("|"))) for row in rows)
    return docx(f"{p(TITLE)}{p(SECTION)}<w:tbl>{table}</w:tbl>")


def read(data: bytes, name: str = "report.html") -> dict[str, Any]:
    """The record of a document."""
    return parse(data, Hints(url=name)).as_json()


def values(record: dict[str, Any], row: str) -> list[str | None]:
    """The cells of one row of the form in its own order; what is absent is ``absent``."""
    found = {cell["code"]: cell["value"] if cell["status"] != "blank" else "" for cell in record["cells"]}
    return [found.get(f"{row}__{code}", "absent") for code in CODES]


def issues(record: dict[str, Any]) -> set[str]:
    """The codes of all issues."""
    return {issue["code"] for issue in record["issues"]}
