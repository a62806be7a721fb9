"""Bytes of any kind to a `Document`, and a locator back to the raw text it names.

One module per format; which one reads a file is decided from its bytes (`detect.media_type`).
"""

from __future__ import annotations

import dataclasses
from types import ModuleType

from parsers._errors import LocatorError, UnreadableDocument
from parsers.document import Document, Locator
from parsers.formats import detect
from parsers.formats.charset import Decoded, decode
from parsers.formats.radicals import fold_radicals
from parsers.record import Hints

__all__ = ["Decoded", "decode", "fold_radicals", "read_document", "resolve"]


def read_document(data: bytes, hints: Hints = Hints()) -> Document:
    """Read a document of any known format.

    Args:
        data: the file as served, content codings removed.
        hints: name, media type and charset as the server said; they decide only where the bytes do not.

    Raises:
        UnreadableDocument: empty, damaged, encrypted or of no known format; the message says which and what to do.
    """
    kind = detect.media_type(data, hints)
    read = _module(kind).read
    try:
        document: Document = read(data, dataclasses.replace(hints, media_type=kind))
    except UnreadableDocument:
        raise
    except RecursionError as error:
        raise UnreadableDocument("the document is nested too deeply", subject=hints.url or "") from error
    return document


def resolve(data: bytes, locator: Locator, hints: Hints = Hints()) -> str:
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
        text = resolve(data, Locator.from_json(inner), hints)
        if not 0 <= start <= end <= len(text):
            raise LocatorError("the sentence lies outside of its block", subject="prose")
        return text[start:end]
    kind = detect.media_type(data, hints)
    module = _module(kind)
    if locator.kind != module.__name__.rpartition(".")[2]:
        raise LocatorError(
            f"a locator of kind {locator.kind!r} cannot point into {kind}", subject=locator.kind, advice="Wrong bytes"
        )
    text: str = module.resolve(data, locator, dataclasses.replace(hints, media_type=kind))
    return text


def _module(kind: str) -> ModuleType:
    # Imported where used: the libraries behind them take longer to load than most documents take to read.
    if kind == detect.HTML:
        from parsers.formats import html as module
    elif kind == detect.PDF:
        from parsers.formats import pdf as module
    elif kind in {detect.DOCX, detect.DOC, detect.RTF, detect.ODT}:
        from parsers.formats import word as module
    elif kind in {detect.XLSX, detect.XLS, detect.ODS}:
        from parsers.formats import sheet as module
    elif kind == detect.MHTML:
        from parsers.formats import mhtml as module
    else:
        from parsers.formats import text as module
    return module
