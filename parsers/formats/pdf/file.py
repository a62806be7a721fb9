"""A PDF file opened to its pages: with a bound on what its streams unpack to, and mended where it is damaged.

pdfminer unpacks a stream whole, and 2,000 bytes can stand for a gigabyte: its zlib is replaced by one that stops.
"""

from __future__ import annotations

import functools
import io
import logging
import zlib
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfminer import pdftypes

from parsers.errors import UnreadableDocument
from parsers.formats.pdf import paint, wide_numbers
from parsers.formats.pdf.margins import cleared
from parsers.formats.pdf.page import Page
from parsers.formats.pdf.page_reader import read_page

MAX_PAGES = 400
"""Pages that are read: ten times the longest report seen."""

MAX_STREAM = 256 * 1024 * 1024
"""Bytes that one stream may unpack to; a page scanned at 600 dpi has half of it."""

_LOG = logging.getLogger("pdfminer")


class _TooLarge(Exception):
    """A stream has more than `MAX_STREAM` bytes."""


class _Encrypted(Exception):
    """PDFium cannot open the file without a password."""


class _Unpacker:
    """`zlib.decompressobj` that stops at `MAX_STREAM` bytes."""

    def __init__(self) -> None:
        self.inner = zlib.decompressobj()
        self._left = MAX_STREAM

    def decompress(self, data: bytes) -> bytes:
        unpacked = self.inner.decompress(data, self._left + 1)
        self._left -= len(unpacked)
        if self._left < 0:
            raise _TooLarge
        return unpacked


class _Zlib:
    """What pdfminer uses of `zlib`."""

    error = zlib.error
    decompressobj = _Unpacker

    @staticmethod
    def decompress(data: bytes) -> bytes:
        unpacker = _Unpacker()
        unpacked = unpacker.decompress(data)
        if not unpacker.inner.eof:
            raise zlib.error("incomplete or truncated stream")
        return unpacked


pdftypes.zlib = _Zlib  # type: ignore[attr-defined, assignment]  # it has no limit of its own


@functools.lru_cache(maxsize=2)  # the second look is `resolve`, once for every cell of the same file
def open_pages(data: bytes, subject: str) -> tuple[Page, ...]:
    """The first `MAX_PAGES` pages of a file, without page numbers in tables and with wide numbers whole.

    Args:
        data: the file.
        subject: what errors name it.

    Raises:
        UnreadableDocument: encrypted, damaged beyond repair, or unpacking to more than any report holds.
    """
    _LOG.setLevel(logging.ERROR)  # it reports every font it has to guess
    problem: Exception | None = None
    for mend in (False, True):
        try:
            pages = tuple(_read_pages(_mend(data) if mend else data))
            found = wide_numbers.joined(cleared(pages))
        except Exception as error:  # pdfminer raises whatever a damaged object provokes
            if isinstance(error, _Encrypted) or "PasswordIncorrect" in repr(error):
                raise UnreadableDocument(
                    "the file is encrypted", subject=subject, advice="Ask for an open copy"
                ) from error
            if _TooLarge.__name__ in repr(error):
                raise UnreadableDocument(
                    "a stream unpacks to more than any report holds", subject=subject, advice="Look for a twin"
                ) from error
            problem = error
        else:
            if found:
                return found
    raise UnreadableDocument("the PDF is cut off or damaged", subject=subject, advice="Fetch it again") from problem


def _read_pages(data: bytes) -> Iterator[Page]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        off = paint.switched_off(document.doc.catalog)
        for number, page in enumerate(document.pages[:MAX_PAGES], start=1):
            try:
                found = read_page(page, number, off)
                found.drawn_elsewhere = number == 1 and _has_xfa(document.doc.catalog)
                yield found
            finally:
                page.close()  # drops the parsed objects: memory stays that of one page


def _has_xfa(catalog: Any) -> bool:
    """Whether a form of XML Forms Architecture stands beside the pages: viewers that know it draw it in their place."""
    form = pdftypes.resolve1(catalog.get("AcroForm"))
    return isinstance(form, dict) and bool(pdftypes.resolve1(form.get("XFA")))


def _mend(data: bytes) -> bytes:
    """The file rewritten by PDFium, which mends broken cross-reference tables that pdfminer gives up on."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise _Encrypted from error
        raise
    try:
        buffer = io.BytesIO()
        document.save(buffer)
    finally:
        document.close()
    return buffer.getvalue()
