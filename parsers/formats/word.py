"""Word files as documents: paragraphs and tables in body order, merged cells with their spans.

The XML is walked directly (python-docx opens the package): its paragraph text leaves out what stands in content
controls, insertions and text boxes, and reports have all three. Deleted text of tracked changes is left out. Old
formats (.doc, .wps, .rtf, .odt, XML of Word 2003) are converted by LibreOffice where it is installed. It loads pictures
and styles that a document links to from wherever they lie, so its profile leaves it no network.

Source of element meanings: ECMA-376 part 1, 17.3-17.4.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from parsers._errors import LocatorError, UnreadableDocument
from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.formats import detect
from parsers.radicals import raised
from parsers.record import Hints

CONVERSION_SECONDS = 120

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({_W + "del", _W + "moveFrom", _FALLBACK})
# Settings of LibreOffice (registry schemas of its source, officecfg): nothing is loaded from links of a document, no
# macro runs, and what would go out all the same meets a proxy on whose port nothing listens.
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableMacrosExecution": "true",
    },
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "1",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "1",
    },
}
_LEVEL = re.compile(r"(?:heading|标题|Heading)\s*([1-6])$")


def read(data: bytes, hints: Hints) -> Document:
    """Read a Word file.

    Raises:
        UnreadableDocument: damaged, or an old format and LibreOffice is not installed or cannot convert it.
    """
    return _read(data, hints.media_type or detect.DOCX, hints.url or "")


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at a ``word`` locator.

    Raises:
        LocatorError: no such paragraph or cell.
        UnreadableDocument: as `read`.
    """
    wanted = locator.as_json()
    for block in read(data, hints).blocks:
        items = block.cells if isinstance(block, Table) else (block,)
        for item in items:
            if item.locator.as_json() == wanted:
                return item.text
    raise LocatorError("there is no such place in the file", subject=str(wanted))


@functools.lru_cache(maxsize=2)  # the second look is `resolve`, once for every cell of the same file
def _read(data: bytes, kind: str, subject: str) -> Document:
    notices: list[Notice] = []
    packed = data
    if kind != detect.DOCX:
        packed = _converted(data, kind, subject)
        notices.append(Notice("converted", "an old format; read through LibreOffice, positions are those of its DOCX"))
    try:
        body, styles, pictures = _open(packed)
    except Exception as error:  # python-docx, lxml and zipfile each raise their own
        raise UnreadableDocument("the Word file is damaged", subject=subject, advice="Fetch it again") from error
    walker = _Walker(styles)
    walker.walk(body)
    if pictures and not any(isinstance(block, Table) for block in walker.blocks):
        notices.append(
            Notice(
                "tables_may_be_images", f"the file has {pictures} picture(s) and no table: figures may stand in them"
            )
        )
    return Document(media_type=kind, blocks=tuple(walker.blocks), notices=tuple(notices), images=pictures)


def _open(data: bytes) -> tuple[Any, dict[str, int], int]:
    import docx

    document = docx.Document(io.BytesIO(data))
    styles: dict[str, int] = {}
    for style in document.styles:
        match = _LEVEL.search(style.name or "")
        if match:
            styles[style.style_id] = int(match.group(1))
    body = document.element.body
    pictures = sum(1 for element in body.iter() if str(element.tag).endswith(("}pic", "}imagedata")))
    return body, styles, pictures


class _Walker:
    """Collects blocks; paragraphs and tables are numbered in the order in which they are met."""

    def __init__(self, styles: dict[str, int]) -> None:
        self.blocks: list[Block] = []
        self._styles = styles
        self._paragraphs = 0
        self._tables = 0

    def walk(self, container: Any) -> None:
        """Append the blocks in a container (body, content control, text box, the one cell of a frame)."""
        for element in container:
            if element.tag == _W + "p":
                self._paragraph(element)
            elif element.tag == _W + "tbl":
                self._table(element)
            elif element.tag not in _GONE and not str(element.tag).endswith("Pr"):
                self.walk(element)

    def _paragraph(self, paragraph: Any) -> None:
        text = _text(paragraph)
        if text.strip():
            locator = Locator.of("word", paragraph=self._paragraphs)
            self.blocks.append(Text(text, locator, self._level(paragraph)))
        self._paragraphs += 1
        for box in _boxes(paragraph):
            self.walk(box)

    def _level(self, paragraph: Any) -> int | None:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if style is not None and style.get(_W + "val") in self._styles:
            return self._styles[style.get(_W + "val")]
        outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        value = outline.get(_W + "val", "") if outline is not None else ""
        return int(value) + 1 if value in {"0", "1", "2", "3", "4", "5"} else None

    def _table(self, table: Any) -> None:
        rows = [list(_below(row, "tc")) for row in _below(table, "tr")]
        cells = [cell for row in rows for cell in row]
        if len(cells) == 1:  # a frame around text
            self.walk(cells[0])
            return
        number = self._tables
        self._tables += 1
        found = _cells(table, number)
        if found:
            self.blocks.append(Table(tuple(found), Locator.of("word", table=number)))
        for cell in cells:
            for nested in _nested(cell):
                self._table(nested)


def _below(parent: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also those inside content controls and insertions."""
    for element in parent:
        if element.tag == _W + name:
            yield element
        elif element.tag in {_W + "sdt", _W + "sdtContent", _W + "customXml", _W + "ins", _W + "smartTag"}:
            yield from _below(element, name)


def _nested(cell: Any) -> Iterator[Any]:
    for element in cell:
        if element.tag == _W + "tbl":
            yield element
        elif element.tag in {_W + "sdt", _W + "sdtContent"}:
            yield from _nested(element)


def _cells(table: Any, number: int) -> list[Cell]:
    cells: list[Cell] = []
    open_below: dict[int, int] = {}  # column -> index of the cell that a vertical merge continues
    for row, line in enumerate(_below(table, "tr")):
        before = line.find(f"{_W}trPr/{_W}gridBefore")
        column = _whole(before)
        last: int | None = None
        for element in _below(line, "tc"):
            properties = element.find(_W + "tcPr")
            width = max(1, _whole(_child(properties, "gridSpan")))
            merged, beside = _merge(properties, "vMerge"), _merge(properties, "hMerge")
            text = "\n".join(_text(paragraph) for paragraph in element.iter(_W + "p") if _owner(paragraph) is element)
            above = open_below.get(column) if merged == "continue" else None
            if above is not None and not text.strip():
                cells[above] = replace(cells[above], row_span=row - cells[above].row + 1)
            elif beside == "continue" and last is not None and not text.strip():
                cells[last] = replace(cells[last], column_span=cells[last].column_span + width)
            else:
                last = len(cells)
                locator = Locator.of("word", table=number, row=row, column=column)
                cells.append(Cell(text.strip("\n"), row, column, locator, column_span=width))
            if merged == "restart" and last is not None:
                open_below[column] = last
            elif merged is None:
                open_below.pop(column, None)
            column += width
    return cells


def _child(parent: Any, name: str) -> Any:
    return None if parent is None else parent.find(_W + name)


def _merge(properties: Any, name: str) -> str | None:
    element = _child(properties, name)
    return None if element is None else str(element.get(_W + "val") or "continue")


def _whole(element: Any) -> int:
    value = "" if element is None else str(element.get(_W + "val") or "")
    return min(int(value), 1000) if value.isascii() and value.isdigit() else 0


def _owner(paragraph: Any) -> Any:
    """The cell a paragraph belongs to (not one of a nested table, not a text box)."""
    for parent in paragraph.iterancestors():
        if parent.tag == _W + "tc" or parent.tag in _GONE or parent.tag == _W + "txbxContent":
            return parent
    return None


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(_W + "txbxContent"):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            yield box


def _text(paragraph: Any) -> str:
    parts: list[str] = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == _W + "t":
            parts.append(_as_set(element))
        elif tag in {_W + "tab", _W + "ptab"}:
            parts.append("" if element.getparent().tag == _W + "tabs" else "\t")
        elif tag in {_W + "br", _W + "cr"}:
            parts.append("\n" if element.get(_W + "type") in {None, "textWrapping"} else "")
        elif tag == _W + "noBreakHyphen":
            parts.append("-")
        elif tag not in _GONE and tag != _W + "txbxContent":
            stack.extend(reversed([child for child in element if isinstance(child.tag, str)]))
    return "".join(parts)


def _as_set(text: Any) -> str:
    """A stretch of text as its run sets it: hidden, or above the line."""
    properties = _child(text.getparent(), "rPr")
    hidden, raised_by = _child(properties, "vanish"), _child(properties, "vertAlign")
    if hidden is not None and hidden.get(_W + "val") not in {"0", "false", "off"}:
        return ""
    written = str(text.text or "")
    return raised(written) if raised_by is not None and raised_by.get(_W + "val") == "superscript" else written


def _converted(data: bytes, kind: str, subject: str) -> bytes:
    """The file as DOCX, by LibreOffice in a profile of its own (a shared one serves only one process at a time)."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnreadableDocument(
            "this is a file of an old office format, which only LibreOffice reads",
            subject=subject,
            advice="Install libreoffice-writer so that `soffice` is on the PATH, and parse it again",
        )
    suffix = {detect.RTF: ".rtf", detect.ODT: ".odt"}.get(kind, ".doc")
    with tempfile.TemporaryDirectory(prefix="gongkai-office-") as name:
        folder = Path(name)
        source = folder / f"document{suffix}"
        source.write_bytes(data)
        _prepare(folder / "profile" / "user")
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx",
            "--outdir",
            str(folder),
            str(source),
        ]
        try:
            _run(command)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UnreadableDocument(
                "LibreOffice did not convert the file in time", subject=subject, advice="Convert it by hand"
            ) from error
        target = folder / "document.docx"
        if not target.is_file():
            raise UnreadableDocument(
                "LibreOffice could not convert the file", subject=subject, advice="It may be damaged; fetch it again"
            )
        return target.read_bytes()


def _run(command: list[str]) -> None:
    """Run a program; when its time is over it ends with all that it started (``soffice`` only starts others)."""
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(CONVERSION_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _prepare(user: Path) -> None:
    """Write LibreOffice's settings into a new profile."""
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, properties in _SETTINGS.items()
        for name, value in properties.items()
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )
