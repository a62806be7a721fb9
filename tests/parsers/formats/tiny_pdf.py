"""A few lines of PDF writer for tests: text in an unembedded Chinese font, rules, shading and pictures.

The font is Adobe's predefined STSong-Light with the CMap UniGB-UCS2-H, so that Unicode text needs no font file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.0, 842.0


@dataclass
class Sheet:
    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    content: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    resources: str = ""

    def text(self, x: float, top: float, text: str, size: float = 12, *, upward: bool = False) -> None:
        """Text whose line begins at x, top (from the upper left corner)."""
        y = self.height - top - size * 0.88
        matrix = f"0 1 -1 0 {x + size:.2f} {self.height - top:.2f}" if upward else f"1 0 0 1 {x:.2f} {y:.2f}"
        data = text.encode("utf-16-be").hex()
        self.content.append(f"BT /F1 {size} Tf {matrix} Tm <{data}> Tj ET")

    def set_text(self, x: float, top: float, text: str, before: str, size: float = 12, font: str = "F1") -> None:
        """Text set with further operators before it; the graphics state is as before afterwards."""
        y = self.height - top - size * 0.88
        data = text.encode("utf-16-be").hex()
        self.content.append(f"q BT /{font} {size} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm {before} <{data}> Tj ET Q")

    def note(self, x0: float, top: float, x1: float, bottom: float, entries: str) -> None:
        """An annotation."""
        corners = f"[{x0} {self.height - bottom} {x1} {self.height - top}]"
        self.annotations.append(f"<< /Type /Annot /Rect {corners} {entries} >>")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.content.append(f"0.5 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")

    def box(self, x0: float, top: float, x1: float, bottom: float, paint: str = "f") -> None:
        """A rectangle: ``f`` filled, ``S`` stroked."""
        self.content.append(f"0.9 g {x0} {self.height - bottom} {x1 - x0} {bottom - top} re {paint} 0 g")

    def picture(self, x0: float, top: float, x1: float, bottom: float) -> None:
        inline = "BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI"
        self.content.append(f"q {x1 - x0} 0 0 {bottom - top} {x0} {self.height - bottom} cm {inline} Q")

    def table(
        self, x: list[float], top: float, rows: list[list[str]], height: float = 24, size: float = 9, bars: str = "line"
    ) -> float:
        """A ruled table; a cell of None belongs to the cell at its left. Returns the bottom."""
        for index, row in enumerate(rows):
            y = top + index * height
            left = 0
            for column, text in enumerate(row):
                following = column + 1
                if text is None:
                    continue
                while following < len(row) and row[following] is None:
                    following += 1
                left = column
                x0, x1 = x[left], x[following]
                if bars == "line":
                    for edge in ((x0, y, x1, y), (x0, y + height, x1, y + height), (x0, y, x0, y + height)):
                        self.line(*edge)
                    self.line(x1, y, x1, y + height)
                elif bars == "thin":  # as Chromium prints borders: filled rectangles one point wide
                    self.box(x0, y, x1, y + 0.75)
                    self.box(x0, y + height - 0.75, x1, y + height)
                    self.box(x0, y, x0 + 0.75, y + height)
                    self.box(x1 - 0.75, y, x1, y + height)
                elif bars == "frame":
                    self.box(x0, y, x1, y + height, "S")
                for number, part in enumerate(text.split("\n")):
                    self.text(x0 + 3, y + 4 + number * size * 1.2, part, size)
        return top + len(rows) * height


def pdf(
    *sheets: Sheet, author: str = "", encrypt: bool = False, catalog: str = "", objects_more: tuple[str, ...] = ()
) -> bytes:
    """A file of the given pages.

    Args:
        sheets: the pages.
        author: for the document's properties.
        encrypt: say that a password is needed.
        catalog: further entries of the catalog.
        objects_more: further objects; the first has number 5.
    """
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body if isinstance(body, bytes) else body.encode("latin-1"))
        return len(objects)

    font = add("")
    descendant = add(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 3 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /W [814 [500]] >>"
    )
    add(
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    )
    objects[font - 1] = (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H "
        f"/DescendantFonts [{descendant} 0 R] >>"
    ).encode()
    unnamed = add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
        "/Subtype /CIDFontType0 /BaseFont /Own /DW 500 /FontDescriptor 3 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
    )
    for body in objects_more:
        add(body)
    tree = add("")
    kids = []
    for sheet in sheets:
        # A page to be shown turned by 90 degrees: its content is drawn the other way round, so that it reads upright.
        width, height = (sheet.height, sheet.width) if sheet.rotate == 90 else (sheet.width, sheet.height)
        turn = [f"0 1 -1 0 {width} 0 cm"] if sheet.rotate == 90 else []
        body = "\n".join([*turn, *sheet.content]).encode("latin-1")
        stream = add(b"<< /Length %d >>\nstream\n" % len(body) + body + b"\nendstream")
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {width} {height}] "
                f"/Rotate {sheet.rotate} /Contents {stream} 0 R "
                f"/Resources << /Font << /F1 {font} 0 R /F2 {unnamed} 0 R >> {sheet.resources} >> "
                f"/Annots [{' '.join(sheet.annotations)}] >>"
            )
        )
    pages = " ".join(f"{kid} 0 R" for kid in kids)
    objects[tree - 1] = f"<< /Type /Pages /Kids [{pages}] /Count {len(kids)} >>".encode()
    root = add(f"<< /Type /Catalog /Pages {tree} 0 R {catalog} >>")
    info = add(f"<< /Author ({author}) /Title ({author}) >>")
    lock = ""
    if encrypt:
        number = add("<< /Filter /Standard /V 1 /R 2 /P -44 /O <" + "11" * 32 + "> /U <" + "22" * 32 + "> >>")
        lock = f" /Encrypt {number} 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root {root} 0 R /Info {info} 0 R{lock} >>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)
