"""Bytes of any kind to a `Document`, and a locator back to the raw text it names.

    media      the formats: who reads each, and what its files are called
    detect     which of them a file is, from the bytes
    charset    bytes to text
    limits     how much a document may hold
    contrast   whether a colour shows on another
    html, pdf, word, sheet, text, mhtml   one room (or module) per format: ``read`` and ``resolve``

What a format owes, whatever it is:

    read(data, hints) -> Document                the same bytes, the same document; blocks in reading order
    resolve(data, locator, hints) -> str         of each block and cell exactly its ``text``, from the same bytes

Both raise `UnreadableDocument` of bytes that cannot be read, with what to do, and `LocatorError` of a locator that
leads to nothing. Text in charsets is decoded by `charset.decode`; what grows with the file is held to `limits` before
it is looked at. Text stands as it is in the file: white space, signs and full-width digits are folded later.

How to add a format, and which test fails where a step is forgotten: CONTRIBUTING.md, "A document format".
"""

from __future__ import annotations

import dataclasses
import importlib
from types import ModuleType

from parsers.characters import fold_radicals
from parsers.document import Document, Locator, Notice
from parsers.errors import LocatorError, OversizedDocument, UnreadableDocument
from parsers.formats import detect, limits, media
from parsers.formats.charset import Decoded, decode
from parsers.record import Hints

__all__ = ["Decoded", "decode", "fold_radicals", "read_document", "resolve"]

_NO_HINTS = Hints()
_BY_TYPE = {each.media_type: each for each in media.FORMATS}


def read_document(data: bytes, hints: Hints = _NO_HINTS) -> Document:
    """Read a document of any known format.

    Args:
        data: the file as served, content codings removed.
        hints: name, media type and charset as the server said; they decide only where the bytes do not.

    Raises:
        UnreadableDocument: empty, damaged, encrypted or of no known format; the message says which and what to do.
        OversizedDocument: more than any report holds (`limits`).
    """
    kind = detect.media_type(data, hints)
    read = _module(kind).read
    try:
        document: Document = read(data, dataclasses.replace(hints, media_type=kind))
        limits.check_document(document)
    except OversizedDocument as error:
        error.subject = error.subject or hints.url or ""
        raise
    except UnreadableDocument:
        raise
    except RecursionError as error:
        raise UnreadableDocument(
            "the document is nested too deeply", subject=hints.url or "", advice="Look for a twin"
        ) from error
    if (problem := detect.broken_claim(kind, hints)) is not None:
        document = dataclasses.replace(document, notices=(Notice("not_what_it_claims", problem), *document.notices))
    return document


def resolve(data: bytes, locator: Locator, hints: Hints = _NO_HINTS) -> str:
    """The raw text a locator leads to: the same string the figure or block carries.

    Args:
        data: the bytes the locator was made from.
        locator: any kind; a ``prose`` locator leads to its sentence.
        hints: the hints the document was read with.

    Raises:
        LocatorError: it leads to nothing in these bytes.
        UnreadableDocument: the bytes are no document.
    """
    if locator.kind == "prose":
        inner = locator.get("in")
        start, end = locator.get("start"), locator.get("end")
        if not isinstance(inner, dict) or not isinstance(start, int) or not isinstance(end, int):
            raise LocatorError("the prose locator does not say in which block its sentence stands", subject="prose")
        block = resolve(data, Locator.from_json(inner), hints)
        if not 0 <= start <= end <= len(block):
            raise LocatorError("the sentence lies outside of its block", subject="prose")
        return block[start:end]
    kind = detect.media_type(data, hints)
    module = _module(kind)
    if locator.kind != _BY_TYPE[kind].locators:
        raise LocatorError(
            f"a locator of kind {locator.kind!r} cannot point into {kind}", subject=locator.kind, advice="Wrong bytes"
        )
    text: str = module.resolve(data, locator, dataclasses.replace(hints, media_type=kind))
    return text


def _module(kind: str) -> ModuleType:
    # Imported where used: the libraries behind them take longer to load than most documents take to read.
    return importlib.import_module(f"parsers.formats.{_BY_TYPE[kind].reader}")
