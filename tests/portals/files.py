"""Report files as agencies attach them: PDF with a font that is named but not embedded, and Word."""

from __future__ import annotations

import io
import zlib

from crawler.samples.reports import Cell, Report, proactive, remedies, requests

_TOP, _BOTTOM, _LEFT, _WIDTH = 780, 60, 50, 495
_LINE = 16


def pdf(report: Report) -> bytes:
    """A PDF of the report: text in STSong-Light (Adobe-GB1), tables with ruled lines, rows kept whole."""
    pages: list[list[str]] = [[]]
    y = _TOP

    def text(x: float, baseline: float, value: str, size: int = 9) -> None:
        pages[-1].append(f"BT /F1 {size} Tf {x:.1f} {baseline:.1f} Td <{value.encode('utf-16-be').hex()}> Tj ET")

    def rule(x0: float, y0: float, x1: float, y1: float) -> None:
        pages[-1].append(f"{x0:.1f} {y0:.1f} m {x1:.1f} {y1:.1f} l S")

    def room(height: float) -> None:
        nonlocal y
        if y - height < _BOTTOM:
            pages.append([])
            y = _TOP

    def paragraph(value: str, size: int = 11) -> None:
        nonlocal y
        per_line = int(_WIDTH / size)
        for start in range(0, len(value), per_line):
            room(_LINE)
            y -= _LINE
            text(_LEFT, y, value[start : start + per_line], size)

    def table(rows: list[list[Cell]], widths: list[float]) -> None:
        nonlocal y
        taken: set[tuple[int, int]] = set()
        spans: list[tuple[int, Cell, int]] = []
        for number, row in enumerate(rows):
            column, placed = 0, []
            for cell in row:
                while (number, column) in taken:
                    column += 1
                for below in range(cell.rows):
                    taken |= {(number + below, column + right) for right in range(cell.columns)}
                placed.append((column, cell))
                column += cell.columns
            lines = [_wrapped(cell.text, sum(widths[at : at + cell.columns])) for at, cell in placed]
            height = 4 + 11 * max(
                (len(some) for (_, cell), some in zip(placed, lines, strict=True) if cell.rows == 1), default=1
            )
            room(height)
            below = [(at, cell, last) for at, cell, last in spans if last >= number]
            spans = below + [(at, cell, number + cell.rows - 1) for at, cell in placed]
            for at, cell, last in spans:
                left = _LEFT + sum(widths[:at])
                right = left + sum(widths[at : at + cell.columns])
                rule(left, y - height, left, y)
                rule(right, y - height, right, y)
                if last == number or number == len(rows) - 1:
                    rule(left, y - height, right, y - height)
            for (at, cell), some in zip(placed, lines, strict=True):
                left = _LEFT + sum(widths[:at])
                rule(left, y, left + sum(widths[at : at + cell.columns]), y)
                for index, part in enumerate(some):
                    text(left + 2, y - 10 - 11 * index, part)
            y -= height
        y -= 8

    paragraph(report.title, 16)
    tables = {
        1: [(proactive(report), [195.0, 100, 100, 100])],
        2: [(rows, [50.0, 50, 150] + [35.0] * 7) for rows in requests(report)],
        3: [(remedies(report), [33.0] * 15)],
    }
    for number, (heading, section) in enumerate(zip(HEADINGS, report.sections, strict=True)):
        for value in (heading, *section):
            paragraph(value)
        for rows, widths in tables.get(number, []):
            table(rows, widths)
    return _assemble(["\n".join(page) for page in pages])


def docx(report: Report) -> bytes:
    """A Word document of the report, with merged cells."""
    from docx import Document

    document = Document()
    document.add_heading(report.title, level=0)
    tables = {1: [proactive(report)], 2: requests(report), 3: [remedies(report)]}
    for number, (heading, section) in enumerate(zip(HEADINGS, report.sections, strict=True)):
        for value in (heading, *section):
            document.add_paragraph(value)
        for rows in tables.get(number, []):
            width = sum(cell.columns for cell in rows[0])
            grid = document.add_table(rows=len(rows), cols=width)
            cells = [list(row.cells) for row in grid.rows]
            taken: set[tuple[int, int]] = set()
            for line, row in enumerate(rows):
                column = 0
                for cell in row:
                    while (line, column) in taken:
                        column += 1
                    bottom, right = min(line + cell.rows, len(rows)) - 1, min(column + cell.columns, width) - 1
                    place = cells[line][column]
                    if (line, column) != (bottom, right):
                        place = place.merge(cells[bottom][right])
                    place.text = cell.text
                    taken |= {(down, over) for down in range(line, bottom + 1) for over in range(column, right + 1)}
                    column = right + 1
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def _wrapped(value: str, width: float) -> list[str]:
    per_line = max(1, int((width - 4) / 9))
    return [value[start : start + per_line] for start in range(0, len(value), per_line)] or [""]


def _assemble(contents: list[str]) -> bytes:
    count = len(contents)
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
            b"/Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor 5 0 R /W [814 [500] 1 95 500] >>"
        ),
        (
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
            b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
        ),
    ]
    for number, content in enumerate(contents):
        packed = zlib.compress(b"0.5 w\n" + content.encode())
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {7 + 2 * number} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed))
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, item in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, item))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
