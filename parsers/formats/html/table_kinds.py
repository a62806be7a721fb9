"""What a table element is used for: figures, the layout of the page, or a whole report set as one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parsers.formats.html import content, dom
from parsers.formats.html.dom import Element
from parsers.identity.titles import is_headline

CELLS = frozenset({"td", "th"})
"""Tags of cells."""

Rows = list[list[Element]]
"""Rows of cells."""

_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_LONG_LINE = 40  # characters: no label is longer
# A table of figures has so many cells that are so short (characters), and together they hold the words of a form.
_SHORT_CELLS = 8
_SHORT_CELL = 60
# What a cell of figures never holds; characters of text, sentences, lines under a heading.
_LONGEST_CELL = 600
_MOST_SENTENCES = 3
_MOST_LINES = 2
# Beside nested tables, so many rows and cells with text of their own make a table of data.
_OWN_ROWS = 2
_OWN_CELLS = 4
_TEXT_ROWS = 3  # of a report that is set as one table
_FIGURE_ROWS = 2


def group_rows(table: Element) -> Iterator[Rows]:
    """The rows of a table by its parts (``thead``, ``tbody``, ``tfoot``, loose rows between them): spans end there."""
    loose: Rows = []
    for child in table.below:
        if child.hidden:
            continue
        if child.tag in _GROUPS:
            if loose:
                yield loose
                loose = []
            yield [_cells_of(row) for row in child.below if row.tag == "tr" and not row.hidden]
        elif child.tag == "tr":
            loose.append(_cells_of(child))
    if loose:
        yield loose


def join_groups(groups: Iterable[Rows]) -> Rows:
    """The rows of all parts that have a cell."""
    return [row for group in groups for row in group if row]


def find_tables(cell: Element) -> list[Element]:
    """The tables nested in a cell, without those nested in them."""
    found: list[Element] = []
    stack = [cell]
    while stack:
        for child in stack.pop().below:
            if child.tag == "table" and not child.hidden:
                found.append(child)
            elif not child.hidden:
                stack.append(child)
    return found


def is_layout(groups: list[Rows], words: content.Words) -> bool:
    """Whether a table lays out the page: its cells are containers, not values."""
    rows = join_groups(groups)
    cells = [cell for row in rows for cell in row]
    if not cells:
        return True
    texts = [dom.plain_text(cell, nested_tables=False) for cell in cells]
    short = [text for text in texts if text.strip() and len(text) <= _SHORT_CELL]
    if len(short) >= _SHORT_CELLS and words.is_report_table("\n".join(short)):
        return False  # one long remark does not make a form a layout
    if any(_is_container(text, words, alone=len(cells) == 1) for text in texts):
        return True
    if any(find_tables(cell) for cell in cells):
        own_rows = sum(any(dom.plain_text(cell, nested_tables=False).strip() for cell in row) for row in rows)
        own_cells = sum(bool(text.strip()) for text in texts)
        return own_rows < _OWN_ROWS or own_cells < _OWN_CELLS
    return len(cells) == 1 and "\t" not in dom.plain_text(cells[0])


def is_text_row(row: list[Element], words: content.Words) -> bool:
    """Whether a row of one cell is a heading, a headline or a sentence."""
    if len(row) != 1 or find_tables(row[0]):
        return False
    lines = [line.strip() for line in dom.plain_text(row[0]).split("\n") if line.strip()]
    return any(words.is_heading(line) or is_headline(line) or _is_sentence(line, words) for line in lines)


def is_whole_report(groups: list[Rows], words: content.Words) -> bool:
    """Title, headings, prose and figures as rows of one table; rows of figures alone are an ordinary one.

    So are sheets that were saved as a page.
    """
    rows = join_groups(groups)
    text_rows = [row for row in rows if is_text_row(row, words)]
    if len(rows) - len(text_rows) < _FIGURE_ROWS:
        return False
    if len(text_rows) >= _TEXT_ROWS and any(_holds_prose(row, words) for row in text_rows):
        return True
    headlines = sum(is_headline(dom.plain_text(row[0]).strip()) for row in text_rows)
    if headlines != 1:
        return False
    others = [dom.plain_text(cell) for row in rows if row not in text_rows for cell in row]
    return words.is_report_table("\n".join(others))


def _cells_of(row: Element) -> list[Element]:
    return [cell for cell in row.below if cell.tag in CELLS and not cell.hidden]


def _is_container(text: str, words: content.Words, *, alone: bool) -> bool:
    """Whether the text of a cell is more than a value: a section with its heading, or paragraphs."""
    if "\n" not in text and not alone:
        return len(text) > _LONGEST_CELL
    lines = [line for line in text.split("\n") if line.strip()]
    if (len(lines) > _MOST_LINES or alone) and any(words.is_heading(line) for line in lines):
        return True
    return len(text) > _LONGEST_CELL or sum(words.is_prose(line) for line in lines) > _MOST_SENTENCES


def _holds_prose(row: list[Element], words: content.Words) -> bool:
    return any(words.is_prose(line) for line in dom.plain_text(row[0]).split("\n"))


def _is_sentence(line: str, words: content.Words) -> bool:
    return words.is_prose(line) and (len(line) > _LONG_LINE or line.endswith("。"))
