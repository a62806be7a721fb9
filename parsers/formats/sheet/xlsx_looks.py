"""How a workbook shows its cells, where that is not what they hold: beside the values that calamine reads.

For .xlsx, .ods (`odslooks`) and .xls (`xlslooks`): text of which a part is struck through, hidden or raised, numbers as
their format shows them, formulas without a stored result, rows and columns that are hidden, pictures and text boxes
over empty cells. What a reader sees and no text says is `UNREAD`. Pictures and formulas of .xls are not looked for.

Sources: ECMA-376 part 1, 18.3 (sheets), 18.4 (strings), 18.8 (styles), 20.5 (drawings); ODF 1.2 part 1, 9 and 16.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from parsers.characters import UNREAD
from parsers.formats import contrast
from parsers.formats.sheet import number_formats, ods_looks, xls_looks
from parsers.formats.sheet.cell_styles import Font, Looks, Place, Style, put, tree

_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WHITE_INDEXES = {"1", "9"}  # of the old palette (ECMA-376 part 1, 18.8.27)
_WIDEST_PICTURE = 2  # rows and columns: what covers more is no content of a cell
_CONTROLS = ("Drop", "List", "Edit", "Spin", "Checkbox", "Radio")


def read(data: bytes) -> dict[str, Looks] | None:
    """The looks of each sheet, by its name; None for workbooks of other kinds (.xlsb, .xls before 1997).

    Raises:
        KeyError, ValueError, XMLSyntaxError, BadZipFile: the workbook is damaged.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return xls_looks.read(data)
    if not data.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            return ods_looks.read(archive.read("content.xml"))
        return _Workbook(archive).sheets() if "xl/workbook.xml" in names else None


class _Workbook:
    """An .xlsx package."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._styles = self._cell_styles()
        self._strings = self._shared_strings()

    def sheets(self) -> dict[str, Looks]:
        relations = self._relations("xl/workbook.xml")
        found = {}
        for sheet in tree(self._archive.read("xl/workbook.xml")).iter("{*}sheet"):
            _, part = relations.get(sheet.get(_RELATION) or "", ("", ""))
            if part in self._names:
                found[str(sheet.get("name"))] = self._sheet(part)
        return found

    def _sheet(self, part: str) -> Looks:
        looks = Looks()
        root = tree(self._archive.read(part))
        inked = root.find("{*}conditionalFormatting") is None and root.find("{*}tableParts") is None
        for column in root.iter("{*}col"):
            if _is_on(column.get("hidden")) or column.get("width") == "0":
                first, last = int(column.get("min")), min(int(column.get("max")), 16_384)
                looks.columns.update(range(first - 1, last))
        row = -1
        for line in root.iter("{*}row"):
            row = int(line.get("r") or row + 2) - 1
            if _is_on(line.get("hidden")) or line.get("ht") == "0":
                looks.rows.add(row)
            column_at = -1
            for cell in line.iterchildren("{*}c"):
                named = _NAME.fullmatch(cell.get("r") or "")
                column_at = _column(named[1]) if named else column_at + 1
                text = self._cell(cell, inked=inked)
                if text is not None:
                    looks.texts[row, column_at] = text
        for kind, target in self._relations(part).values():
            if target in self._names and kind in {"drawing", "vmlDrawing"}:
                looks.over.update(_over(tree_of_drawing(self._archive.read(target))))
        return looks

    def _cell(self, cell: Any, *, inked: bool) -> str | None:
        """What a cell shows; None where that is what it holds."""
        style = self._styles.get(int(cell.get("s") or 0), Style())
        kind = cell.get("t") or "n"
        value = cell.find("{*}v")
        written = "" if value is None else str(value.text or "")
        if kind == "s" and written:
            runs: list[tuple[str, Font | None]] | None = self._strings.get(int(written))
        elif kind == "inlineStr":
            runs = _runs(cell.find("{*}is"))
        else:
            runs = None
            if not written:
                return UNREAD if cell.find("{*}f") is not None and kind != "str" else None
        style = style if inked else replace(style, ground=None)
        if runs is not None and any(font is not None for _, font in runs):
            return "".join((font or style.font).put(text, style.ground) for text, font in runs)
        if kind == "n":
            return put(written, style)
        return None if style.font.shows_on(style.ground) else ""

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> kind and name of the other part."""
        folder, name = posixpath.split(part)
        listed = f"{folder}/_rels/{name}.rels"
        if listed not in self._names:
            return {}
        found = {}
        for one in tree(self._archive.read(listed)).iter("{*}Relationship"):
            target = str(one.get("Target") or "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[str(one.get("Id"))] = (str(one.get("Type") or "").rpartition("/")[2], whole)
        return found

    def _shared_strings(self) -> dict[int, list[tuple[str, Font | None]]]:
        """The strings that are set in several ways, by their number."""
        if "xl/sharedStrings.xml" not in self._names:
            return {}
        entries = enumerate(tree(self._archive.read("xl/sharedStrings.xml")).iterchildren("{*}si"))
        return {number: _runs(entry) for number, entry in entries if entry.find("{*}r") is not None}

    def _cell_styles(self) -> dict[int, Style]:
        if "xl/styles.xml" not in self._names:
            return {}
        root = tree(self._archive.read("xl/styles.xml"))
        codes = dict(number_formats.KNOWN)
        for written in root.iter("{*}numFmt"):
            codes[int(written.get("numFmtId"))] = str(written.get("formatCode") or "")
        fonts = [_font(font) for font in root.iterfind("{*}fonts/{*}font")]
        grounds = [_ground(fill) for fill in root.iterfind("{*}fills/{*}fill")]
        found = {}
        for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
            font, fill = int(style.get("fontId") or 0), int(style.get("fillId") or 0)
            found[number] = Style(
                fonts[font] if font < len(fonts) else Font(),
                grounds[fill] if fill < len(grounds) else contrast.WHITE,
                codes.get(int(style.get("numFmtId") or 0), "General"),
            )
        return found


def _runs(entry: Any) -> list[tuple[str, Font | None]]:
    """The stretches of a string, each with its own font where it has one; readings beside letters are left out."""
    found: list[tuple[str, Font | None]] = []
    for part in () if entry is None else entry:
        name = etree.QName(part).localname if isinstance(part.tag, str) else ""
        if name == "t":
            found.append((str(part.text or ""), None))
        elif name == "r":
            properties = part.find("{*}rPr")
            found.append((part.findtext("{*}t") or "", None if properties is None else _font(properties)))
    return found


def _font(element: Any) -> Font:
    struck, lifted = element.find("{*}strike"), element.find("{*}vertAlign")
    return Font(
        struck is not None and _is_on(struck.get("val") or "1"),
        lifted is not None and lifted.get("val") in {"superscript", "subscript"},
        _colour(element.find("{*}color")),
    )


def _colour(element: Any) -> contrast.Colour | None:
    """The colour that an element names; None where it is automatic or another of the theme's than white."""
    if element is None:
        return None
    if element.get("theme") == "0" or element.get("indexed") in _WHITE_INDEXES:
        return contrast.WHITE if float(element.get("tint") or 0) > -0.1 else None
    return contrast.of_hex(element.get("rgb"))


def _ground(fill: Any) -> contrast.Colour | None:
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return None
    if pattern.get("patternType") in {None, "none"}:
        return contrast.WHITE
    return _colour(pattern.find("{*}fgColor")) if pattern.get("patternType") == "solid" else None


def tree_of_drawing(data: bytes) -> Any:
    """A drawing; old ones are HTML rather than XML, and mended."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))


def _over(root: Any) -> Iterator[tuple[Place, str]]:
    """What a drawing puts over single cells: the text of boxes; pictures, charts and controls as `UNREAD`."""
    for anchor in () if root is None else root:
        start, end = anchor.find("{*}from"), anchor.find("{*}to")
        if start is None:
            continue
        row, column = int(start.findtext("{*}row") or 0), int(start.findtext("{*}col") or 0)
        if end is not None:
            height = int(end.findtext("{*}row") or 0) - row
            width = int(end.findtext("{*}col") or 0) - column
            if height >= _WIDEST_PICTURE or width >= _WIDEST_PICTURE:
                continue
        text = "\n".join("".join(p.itertext("{*}t")) for p in anchor.iterfind(".//{*}txBody/{*}p")).strip()
        drawn = any(anchor.find(f".//{{*}}{name}") is not None for name in ("pic", "graphicFrame", "contentPart"))
        if text or drawn:
            yield (row, column), text or UNREAD
    for control in () if root is None else root.iter("{*}ClientData"):
        place = (control.findtext("{*}Anchor") or "").split(",")
        if control.get("ObjectType") in _CONTROLS and len(place) == 8:
            yield (int(place[2]), int(place[0])), UNREAD


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _is_on(value: str | None) -> bool:
    return value in {"1", "true"}
