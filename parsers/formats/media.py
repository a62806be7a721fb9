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

DOCUMENT_BEGINNINGS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of PDF, of ZIP (docx, xlsx, odt, ods, ofd and plain ZIP) and of compound files (doc, xls, wps, et)."""

PACKED_BEGINNINGS = (b"Rar!",)
"""First bytes of further files that may hold documents."""

PICTURE_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
"""First bytes of PNG, JPEG and GIF."""
