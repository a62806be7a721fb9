"""Labels in two languages: what stands in Latin letters beside or below a Chinese label is left out of it.

A gloss is left out only where the label without it is one of the forms', word by word; what a value says is not looked
at. In a line of text blanks stand where the gloss was, so that places in the line stay what they are.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from parsers.document import Block, Cell, Document, Text
from parsers.forms.labels import fold
from parsers.tables.vocabulary import Vocabulary

_LATIN = r"(?:[(（]?\d{1,2}[.)）、]\s*)?[A-Za-z][\x20-\x7e\s‘’“”–—]*"
_BEHIND = re.compile(rf"(?P<label>.*[㐀-鿿][)）”\"】]*)(?P<gloss>[\s/|(（]*{_LATIN}[)）]?\s*)", re.DOTALL)
_BEFORE = re.compile(
    rf"(?P<gloss>\s*{_LATIN}?[\s/|]*)(?P<label>(?:[(（]?[一二三四五六七八九十\d]{{1,3}}[)）、.]+)?[㐀-鿿].*)", re.DOTALL
)
_WORD = re.compile(r"[A-Za-z]{3}")
_CHINESE = re.compile(r"[㐀-鿿]")
_LONGEST = 240  # characters of a label with its gloss


def without_glosses(document: Document, words: Vocabulary) -> Document:
    """The document with labels of the forms in Chinese alone; the same object where no label has a gloss."""
    blocks = tuple(_block(block, words) for block in document.blocks)
    same = all(new is old for new, old in zip(blocks, document.blocks, strict=True))
    return document if same else dataclasses.replace(document, blocks=blocks)


def _block(block: Block, words: Vocabulary) -> Block:
    if isinstance(block, Text):
        found = _find_label(block.text, words)
        if found is None:
            return block
        start, end = found
        text = " " * start + block.text[start:end] + " " * (len(block.text) - end)
        return dataclasses.replace(block, text=text)
    cells = tuple(_cell(cell, words) for cell in block.cells)
    same = all(new is old for new, old in zip(cells, block.cells, strict=True))
    return block if same else dataclasses.replace(block, cells=cells)


def _cell(cell: Cell, words: Vocabulary) -> Cell:
    found = _find_label(cell.text, words)
    return cell if found is None else dataclasses.replace(cell, text=cell.text[found[0] : found[1]])


def _find_label(text: str, words: Vocabulary) -> tuple[int, int] | None:
    """Where the label stands in a text that is a label of the forms with its gloss."""
    if len(text) > _LONGEST or not _WORD.search(text) or not _CHINESE.search(text):
        return None
    for match in _readings(text):
        if _WORD.search(match["gloss"]) and _is_of_a_form(match["label"], words):
            return match.span("label")
    return None


def _readings(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_BEHIND, _BEFORE):
        match = pattern.fullmatch(text)
        if match is not None:
            yield match


def _is_of_a_form(label: str, words: Vocabulary) -> bool:
    folded = fold(label)
    return (
        words.knows(folded)
        or folded in words.markers
        or folded in words.corners
        or bool(words.parents.exact(folded) or words.rows.exact(words.money.without(label)))
    )
