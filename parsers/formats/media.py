"""What files of reports are called and what they begin with: one table for the crawler, the archive and the readers."""

from __future__ import annotations

DOCUMENT_ENDINGS = (
    *("pdf", "ofd", "ceb"),
    *("doc", "docx", "wps", "odt", "rtf"),
    *("xls", "xlsx", "et", "ods", "csv"),
    *("txt",),
)
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
