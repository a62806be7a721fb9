"""The formats that are read, what files of reports are called and what they begin with.

One table for the crawler, the archive and the readers: a new format is a line in `FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass

HTML = "text/html"
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
RTF = "application/rtf"
ODT = "application/vnd.oasis.opendocument.text"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
CSV = "text/csv"
MHTML = "multipart/related"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that is read. How its bytes tell it is known to `parsers.formats.detect`.

    Attributes:
        media_type: under which `detect` gives it out.
        reader: the module in `parsers.formats` that has its ``read`` and ``resolve``.
        locators: the kind of its locators; they are archived, so a kind never changes.
        endings: of names of such files, without the dot; none where its files are pages, which end in anything.
    """

    media_type: str
    reader: str
    locators: str
    endings: tuple[str, ...] = ()


FORMATS = (
    Format(HTML, "html.reader", "html"),
    Format(MHTML, "mhtml", "html"),
    Format(PDF, "pdf.reader", "pdf", ("pdf",)),
    Format(DOC, "word.reader", "word", ("doc", "wps")),
    Format(DOCX, "word.reader", "word", ("docx",)),
    Format(ODT, "word.reader", "word", ("odt",)),
    Format(RTF, "word.reader", "word", ("rtf",)),
    Format(XLS, "sheet.reader", "sheet", ("xls", "et")),
    Format(XLSX, "sheet.reader", "sheet", ("xlsx",)),
    Format(ODS, "sheet.reader", "sheet", ("ods",)),
    Format(CSV, "sheet.csv", "sheet", ("csv",)),
    Format(PLAIN, "text.reader", "text", ("txt",)),
    Format(MARKDOWN, "text.reader", "text"),
)
"""All that is read."""

_UNREAD_ENDINGS = ("ofd", "ceb")  # kept, and named by `gongkai status`: no free reader turns them into tables

DOCUMENT_ENDINGS = (*(ending for each in FORMATS for ending in each.endings), *_UNREAD_ENDINGS)
"""Endings of files that hold a document, without the dot; whether it can be read is another question."""

PACKED_ENDINGS = ("zip", "rar", "7z")
"""Endings of files that may hold documents."""

FILE_ENDINGS = (*DOCUMENT_ENDINGS, *PACKED_ENDINGS)
"""Endings by which a link leads to a file and not to a page."""

PICTURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
"""First bytes of pictures, and what a person calls them. Those of BMP and GIF may begin a text, too."""

PACKED = {
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
}
"""First bytes of packed files that are refused as a whole, and what a person calls them."""

DOCUMENT_BEGINNINGS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of PDF, of ZIP (docx, xlsx, odt, ods, ofd and plain ZIP) and of compound files (doc, xls, wps, et)."""

_HOLD_DOCUMENTS = {"RAR"}  # of those that are packed: the others hold one file, or pages sent compressed
_STAND_FOR_PAGES = {"PNG", "JPEG", "GIF"}  # of the pictures: what sites answer with; BM begins too many other things

PACKED_BEGINNINGS = tuple(beginning for beginning, name in PACKED.items() if name in _HOLD_DOCUMENTS)
"""First bytes of further files that may hold documents."""

PICTURE_BEGINNINGS = tuple(beginning for beginning, name in PICTURES.items() if name in _STAND_FOR_PAGES)
"""First bytes of PNG, JPEG and GIF."""
