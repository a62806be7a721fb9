import pytest

from parsers import Hints
from parsers.formats.html import dom, reader, tree
from parsers.formats.html.div_tables import rows_of

ROW = "<div class=r><div>{}</div><div>{}</div><div>{}</div></div>"
FORM = (
    ROW.format("信息内容", "制发件数", "有效件数")
    + ROW.format("规章", "0", "0")
    + ROW.format("规范性文件", "1", "<b>25</b>")
)


def rows(page: str) -> list[list[str]] | None:
    body = next(element for element in tree.parse(page).descend() if element.attributes.get("id") == "t")
    found = rows_of(body)
    return None if found is None else [[dom.plain_text(box) for box in row] for row in found]


def test_rows_of_boxes_are_a_table() -> None:
    expected = [["信息内容", "制发件数", "有效件数"], ["规章", "0", "0"], ["规范性文件", "1", "25"]]
    assert rows(f"<div id=t>{FORM}</div>") == expected
    assert rows(f"<div id=t role=table><div role=rowgroup>{FORM}</div></div>") == expected
    spans = "<dl><dt>规章</dt><dd>0</dd></dl><dl><dt>规范性文件</dt><dd>3</dd></dl>"
    assert rows(f"<div id=t>{spans}</div>") == [["规章", "0"], ["规范性文件", "3"]]


@pytest.mark.parametrize(
    "page",
    [
        "<div id=t><div><a href=/1>1</a><a href=/2>2</a></div><div><a href=/3>3</a><a href=/4>4</a></div></div>",
        "<div id=t><div><div>一段</div><div>正文</div></div><div><div>没有</div><div>数字</div></div></div>",
        "<div id=t><div><div>1</div><div>2</div></div>其间有字<div><div>3</div><div>4</div></div></div>",
        f"<div id=t><div><div>{'长' * 70}</div><div>2</div></div><div><div>3</div><div>4</div></div></div>",
        "<div id=t><p>1</p><p>2</p></div>",
        "<div id=t></div>",
    ],
)
def test_other_boxes_are_not(page: str) -> None:
    assert rows(page) is None


def test_such_a_table_stands_in_the_document_as_ragged() -> None:
    document = reader.read(f"<div><p>二、主动公开政府信息情况</p><div>{FORM}</div></div>".encode(), Hints())
    (table,) = document.tables()
    assert table.ragged
    assert [cell.text for cell in table.cells][-3:] == ["规范性文件", "1", "25"]
    page = f"<div><p>二、主动公开政府信息情况</p><div>{FORM}</div></div>".encode()
    assert [reader.resolve(page, cell.locator, Hints()) for cell in table.cells] == [cell.text for cell in table.cells]
