"""How an OpenDocument sheet shows its cells: `sheetlooks` for .ods.

The format keeps beside each value the text that is shown, so number formats need no knowledge of their own.

Source: ODF 1.2 part 1, 9.1 (tables), 16.27-16.29 (styles), 20.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from parsers.characters import UNREAD
from parsers.formats import contrast
from parsers.formats.sheet.cell_styles import MAX_ROWS, Font, Looks, Style, tree

_OFFICE, _TABLE, _TEXT, _STYLE, _FO, _DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "table", "text", "style", "xsl-fo-compatible", "drawing")
)
_EXACT = Context(prec=15)


def read(content: bytes) -> dict[str, Looks]:
    """The looks of each sheet, by its name.

    Args:
        content: the part ``content.xml``.
    """
    root = tree(content)
    styles = {str(style.get(_STYLE + "name")): _style(style) for style in root.iter(_STYLE + "style")}
    return {str(table.get(_TABLE + "name")): _sheet(table, styles) for table in root.iter(_TABLE + "table")}


def _sheet(table: Any, styles: dict[str, Style]) -> Looks:
    looks = Looks()
    at = 0
    for column in _below(table, "table-column"):
        count = min(_times(column, "columns"), 16_384)
        if column.get(_TABLE + "visibility") in {"collapse", "filter"}:
            looks.columns.update(range(at, at + count))
        at += count
    row = 0
    for line in _below(table, "table-row"):
        height = min(_times(line, "rows"), MAX_ROWS)
        if line.get(_TABLE + "visibility") in {"collapse", "filter"}:
            looks.rows.update(range(row, row + height))
        column = 0
        for cell in line.iterchildren(_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            width = _times(cell, "columns")
            text = _cell(cell, styles) if len(cell) or cell.get(_TABLE + "formula") else None
            if text is not None:
                places = ((row + down, column + across) for down in range(height) for across in range(min(width, 256)))
                looks.texts.update(dict.fromkeys(places, text))
            column += width
        row += height
        if row >= MAX_ROWS:
            break
    return looks


def _below(parent: Any, name: str) -> Iterator[Any]:
    """Rows or columns (``name``: table-row, table-column), also those in groups and headers."""
    inner = {_TABLE + f"{name}s", _TABLE + f"{name}-group", _TABLE + name.replace("-", "-header-") + "s"}
    for child in parent:
        if child.tag == _TABLE + name:
            yield child
        elif child.tag in inner:
            yield from _below(child, name)


def _cell(cell: Any, styles: dict[str, Style]) -> str | None:
    """What a cell shows; None where that is what it holds."""
    base = styles.get(str(cell.get(_TABLE + "style-name")), Style())
    paragraphs = list(cell.iterchildren(_TEXT + "p"))
    plain = "\n".join(_plain(paragraph) for paragraph in paragraphs)
    shown = "\n".join(_shown(paragraph, base, base, styles) for paragraph in paragraphs)
    drawn = list(cell.iter(_DRAW + "frame", _DRAW + "control", _DRAW + "custom-shape"))
    if not plain.strip() and drawn:
        boxed = "\n".join(_plain(p) for frame in drawn for p in frame.iter(_TEXT + "p"))
        return boxed.strip() or UNREAD
    kind, value = cell.get(_OFFICE + "value-type"), cell.get(_OFFICE + "value")
    if cell.get(_TABLE + "formula") and kind is None and not plain.strip():
        return UNREAD
    if shown != plain:
        return shown
    if kind in {"float", "percentage", "currency"} and value is not None and plain.strip():
        return _number(str(value), plain)
    return None


def _number(stored: str, shown: str) -> str | None:
    """The text of a number where it says another number than the stored one."""
    plain = shown.replace(",", "").replace("，", "").strip(" ¥￥$()")
    try:
        number, said = Decimal(stored), Decimal(plain)
    except InvalidOperation:
        return shown if any(char.isdigit() for char in plain) else None
    return None if said == number or abs(said) == abs(_EXACT.plus(number)) else shown


def _plain(element: Any) -> str:
    """All text of a paragraph, but for what stands in boxes anchored in it."""
    return "".join(
        [str(element.text or "")]
        + [("" if child.tag == _DRAW + "frame" else _plain(child)) + str(child.tail or "") for child in element]
    )


def _shown(element: Any, own: Style, cell: Style, styles: dict[str, Style]) -> str:
    """The text of an element as it is set; stretches that have a style of their own add to that of the cell."""
    parts = [own.font.put(element.text or "", cell.ground)]
    for child in element:
        if child.tag in {_TEXT + "span", _TEXT + "a"}:
            inner = styles.get(str(child.get(_TEXT + "style-name")), own)
            parts.append(_shown(child, inner, cell, styles))
        parts.append(own.font.put(child.tail or "", cell.ground))
    return "".join(parts)


def _style(element: Any) -> Style:
    letters, cell = element.find(_STYLE + "text-properties"), element.find(_STYLE + "table-cell-properties")
    ground = None if cell is None else contrast.of_hex(cell.get(_FO + "background-color"))
    return Style(Font() if letters is None else _font(letters), ground or contrast.WHITE)


def _font(letters: Any) -> Font:
    position = str(letters.get(_STYLE + "text-position") or "")
    struck = letters.get(_STYLE + "text-line-through-style") or letters.get(_STYLE + "text-line-through-type")
    return Font(
        struck=(struck or "none") != "none",
        lifted=bool(position) and not position.startswith(("0%", "0 ")),
        ink=contrast.of_hex(letters.get(_FO + "color")),
    )


def _times(element: Any, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated") or 1)
