"""What a document says in words of its own: figures behind labels, and the document without them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Block, Document, Text
from parsers.record import Figure, Issue
from parsers.tables.labelled.cards import CardReader
from parsers.tables.labelled.found import Found
from parsers.tables.labelled.label_paths import LabelPaths
from parsers.tables.labelled.lists import ListReader
from parsers.tables.model import Row
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Labelled:
    """Figures that stand behind words of their own.

    Attributes:
        document: the rest; blanks where rows of text were, and tables without the rows that were read.
        figures: what was read.
        rows: the rows they stand in.
        issues: what was told.
        words: words of the forms that were met, folded.
        used: text blocks of which every line was read.
    """

    document: Document
    figures: Sequence[Figure]
    rows: Sequence[Row]
    issues: Sequence[Issue]
    words: frozenset[str]
    used: frozenset[int]


def read_labelled(document: Document, words: Vocabulary) -> Labelled:
    """Read the rows of a document whose figures all say their column themselves.

    Args:
        document: blocks of any format.
        words: all forms' words.
    """
    found = Found(words)
    paths = LabelPaths(words)
    lists, cards = ListReader(words, paths, found), CardReader(words, paths, found)
    blocks: list[Block] = list(document.blocks)
    for index, block in enumerate(document.blocks):
        if isinstance(block, Text):
            lists.read(index, block)
            continue
        label = lists.label_above
        lists.end()
        rest = cards.read(block, index, label, lists.table_above)
        if rest is not block:
            blocks[index] = rest
            lists.begin_row(cards.table_above)
    lists.end()
    found.settle()
    used = lists.without_rows(blocks)
    return Labelled(
        dataclasses.replace(document, blocks=tuple(blocks)) if found.rows else document,
        found.figures,
        found.rows,
        found.told,
        frozenset(found.words),
        frozenset(used),
    )
