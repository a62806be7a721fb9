"""Labels in two languages are those of the forms; values and unknown words keep every letter."""

from __future__ import annotations

import pytest

from parsers import Hints, read_document
from parsers.document import Table, Text
from parsers.forms import templates
from parsers.tables.glosses import without_glosses
from parsers.tables.vocabulary import vocabulary
from tests.parsers import matrices

NEW = "一、本年新收政府信息公开申请数量"
TOTAL = "三、本年度办理结果|（七）总计"
GLOSSED = (
    ("申请人情况 Applicants", "自然人 Natural persons", "商业企业/Enterprises", "科研机构 (Research)",
     "Welfare 社会公益组织", "法律服务机构 Legal services", "其他 Others", "总计 Total"),
    (f"{NEW} 1. Requests newly received in 2022", "3", "1", "0", "2", "0", "4", "10"),
    ("2. Carried over from 2021 二、上年结转政府信息公开申请数量", "1", "0", "0", "0", "0", "0", "1"),
)  # fmt: skip


@pytest.mark.parametrize("framing", ["page", "tabs", "sheet", "word"])
def test_tables_in_two_languages(framing: str) -> None:
    head, *rows = ("|".join(line) for line in GLOSSED)
    data, name = {
        "page": (matrices.page(*rows, head=matrices.rows_of(head)), "report.html"),
        "tabs": (matrices.tabs(head, *rows), "report.txt"),
        "sheet": (matrices.sheet(head, *rows), "report.xlsx"),
        "word": (matrices.word(head, *rows), "report.docx"),
    }[framing]
    record = matrices.read(data, name)
    assert matrices.values(record, "req_new") == ["3", "1", "0", "2", "0", "4", "10"]
    assert matrices.values(record, "req_carried_in") == ["1", "0", "0", "0", "0", "0", "1"]


def test_glosses_below_the_labels_of_small_tables() -> None:
    rows = (
        "信息内容<br>Content|本年处理决定数量<br>Decisions made in the year",
        "行政许可<br>Administrative licensing|12",
    )
    table = matrices.rows_of(*rows).replace("&lt;br&gt;", "<br>")
    record = matrices.read(f"<h1>{matrices.TITLE}</h1><p>二、主动公开政府信息情况</p><table>{table}</table>".encode())
    assert [(cell["code"], cell["value"]) for cell in record["cells"]] == [("permit_decisions", "12")]


def _texts(html: str) -> list[str]:
    document = read_document(html.encode(), Hints(url="report.html"))
    found = without_glosses(document, vocabulary(templates.load()))
    texts = [block.text for block in found.blocks if isinstance(block, Text)]
    return [*texts, *(cell.text for block in found.blocks if isinstance(block, Table) for cell in block.cells)]


def test_a_line_of_text_keeps_its_places() -> None:
    assert _texts("<p>自然人 Natural persons</p><p>Rules 规章</p>") == ["自然人" + " " * 16, "      规章"]


@pytest.mark.parametrize(
    "text", ["服务对象 Clients", "12 pieces", "行政许可 12 pieces件", "规章AB", "见 www.example.com 规章"]
)
def test_what_is_no_label_with_its_gloss_stays(text: str) -> None:
    assert _texts(f"<p>{text}</p>") == [text]


def test_a_document_without_glosses_is_the_same_object() -> None:
    document = read_document(matrices.page(f"{NEW}@1x3|1|0|0|0|0|0|1"), Hints(url="report.html"))
    assert without_glosses(document, vocabulary(templates.load())) is document
