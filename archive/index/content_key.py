"""When are two captures the same content? Digest of the main content, without what changes at every visit.

The key is taken over the blocks that `parsers.formats` finds (so a new headline beside the article changes nothing),
white space removed, visit counters and clocks removed (``config/content.yaml``). Where there is no text, as in a scan,
the bytes themselves are the content.
"""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from parsers import ConfigurationError, Document, Hints, UnreadableDocument
from parsers.configuration import facts_file, load_yaml
from parsers.document import Table
from parsers.formats import read_document

_SPACE = re.compile(r"[\s\u00a0\u200b-\u200f\u2028\u2029\u3000\ufeff]+")
_ENOUGH = 40  # characters: less is the frame of a page whose content is elsewhere (pictures, a viewer)


@dataclass(frozen=True, slots=True)
class Normaliser:
    """What is left out of the comparison; ``name`` says which state of the rules was used."""

    name: str
    volatile: tuple[re.Pattern[str], ...]

    def text(self, text: str) -> str:
        """``text`` without white space and without what is volatile."""
        text = _SPACE.sub("", text)
        for pattern in self.volatile:
            text = pattern.sub("", text)
        return text


def load_normaliser() -> Normaliser:
    """The rules of the configuration in use.

    Raises:
        ConfigurationError: ``config/content.yaml`` cannot be used.
    """
    return _load(facts_file("content.yaml"))


def content_key(data: bytes, hints: Hints) -> str:
    """``text:<sha256>`` of the main content, or ``bytes:<sha256>`` where there is no text to compare.

    Args:
        data: the document without transfer and content coding.
        hints: as for the parser; only what helps to decode is used.
    """
    try:
        document = read_document(data, hints)
    except UnreadableDocument:
        return _of_bytes(data)
    return document_key(document, data)


def document_key(document: Document, data: bytes) -> str:
    """As `content_key`, of a document that has been read."""
    normaliser = load_normaliser()
    digest = hashlib.sha256()
    length = 0
    for block in document.blocks:
        texts = [cell.text for cell in block.cells] if isinstance(block, Table) else [block.text]
        for text in texts:
            plain = normaliser.text(text)
            length += len(plain)
            if plain or isinstance(block, Table):  # an empty cell is content, an empty paragraph is not
                digest.update(plain.encode("utf-8", "surrogatepass") + b"\x1f")
        digest.update(b"\x1e" if isinstance(block, Table) else b"")
    if length < _ENOUGH:
        return _of_bytes(data)
    return f"text:{digest.hexdigest()}"


def _of_bytes(data: bytes) -> str:
    return f"bytes:{hashlib.sha256(data).hexdigest()}"


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> Normaliser:
    data = load_yaml(path)
    try:
        version = int(data["version"])
        volatile = tuple(re.compile(pattern) for pattern in data.get("volatile") or ())
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise ConfigurationError(
            f"needs a number 'version' and a list 'volatile' of regular expressions ({error})", subject=str(path)
        ) from error
    return Normaliser(str(version), volatile)
