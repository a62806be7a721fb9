from __future__ import annotations

from parsers import Hints
from parsers.document import Document, Table
from parsers.formats.text import reader


def read(source: str) -> Document:
    return reader.read(source.encode(), Hints())


def rows(document: Document) -> list[list[str]]:
    (table,) = document.tables()
    return [["".join(cell.text.split()) for cell in row] for row in table.rows()]


def set_as_rendered(cells: list[list[str]], gap: str = "\n\n") -> str:
    """As a browser gives cells of paragraphs: a tab on a line of its own between two, more lines between rows."""
    return f"{gap}\n{gap}".join(f"{gap}\t{gap}".join(row) for row in cells)


CELLS = [
    ["第二十条第（一）项"],
    ["信息内容", "本年制发\n\n件数", "现行有效件数"],
    ["行政规\n\n范性文件", "6", "\xa0"],
    ["规章", "", "32"],
]
WANTED = [["信息内容", "本年制发件数", "现行有效件数"], ["行政规范性文件", "6", ""], ["规章", "", "32"]]


def test_cells_of_paragraphs_with_blanks_and_labels_in_two() -> None:
    document = read(f"二、主动公开情况\n\n{set_as_rendered(CELLS)}\n\n三、收到和处理情况\n\n正文。\n")
    assert rows(document) == WANTED
    assert [block.text for block in document.texts()][-2:] == ["三、收到和处理情况", "正文。"]


def test_cells_of_divisions_stand_closer() -> None:
    close = [[cell.replace("\n\n", "\n") for cell in row] for row in CELLS]
    assert rows(read(f"二、主动公开情况\n{set_as_rendered(close, chr(10))}\n三、收到和处理情况\n")) == WANTED


def test_empty_cells_side_by_side_are_tabs_side_by_side() -> None:
    assert rows(read("规章\n\n\t\t\t\n\n4\n\n\n\n\n行政许可\n\n\t\n\n5\n"))[0] == ["规章", "", "", "4"]


def test_a_row_may_begin_with_a_blank_cell() -> None:
    found = rows(read(set_as_rendered([["信息内容", "件数"], ["\xa0", "7"], ["规章", "\xa0"]]) + "\n\n正文。\n"))
    assert found == [["信息内容", "件数"], ["", "7"], ["规章", ""]]


def test_every_cell_is_found_again() -> None:
    source = f"二、主动公开情况\n\n{set_as_rendered(CELLS)}\n\n三、收到和处理情况\n"
    for block in read(source).blocks:
        for part in block.cells if isinstance(block, Table) else (block,):
            assert reader.resolve(source.encode(), part.locator, Hints()) == part.text


def test_a_single_tab_between_paragraphs_is_no_table() -> None:
    document = read("一段文字。\n\n\t\n\n又一段文字。\n")
    assert [block.text for block in document.texts()] == ["一段文字。", "又一段文字。"]
