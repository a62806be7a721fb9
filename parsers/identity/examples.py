"""Forms that are filled in to show how it is done: notices, guides and templates whose figures are nobody's.

The body that asks for reports sends the form along, often with numbers in it. What tells it is the headline: of a
notice that asks for reports, of a guide, or of a form; it comes first, or the numbers are called examples. A notice by
which a body publishes its own report is none of these. Words: ``examples`` in ``reading.yaml``.
"""

from __future__ import annotations

import functools
import re

from parsers.document import Document, Table
from parsers.forms.templates import ExampleFacts, load
from parsers.identity.titles import fold

_REACH = 40  # blocks in which a document says what it is, at most down to its first table
_LONGEST = 100  # characters of a headline
_CELLS_OF_A_LAYOUT = 6  # a table of so few cells is no form but a frame around a headline


def example_headline(document: Document) -> str | None:
    """The headline of a document whose figures are examples; None where they are meant.

    Args:
        document: as `parsers.formats.read_document` gives it.
    """
    words = _words(load().reading.examples)
    lines = opening_lines(document)
    about = [line for line in lines if len(line) <= _LONGEST and words.about.search(line)]
    asking = next((line for line in about if words.asks.search(line)), None)
    return asking if about[:1] == [asking] or any(words.examples.search(line) for line in lines) else None


def opening_lines(document: Document) -> list[str]:
    """The folded lines in which a document says what it is: those above its first table, and cells of a layout."""
    texts: list[str] = []
    for block in document.blocks[:_REACH]:
        if isinstance(block, Table):
            if len(block.cells) > _CELLS_OF_A_LAYOUT:
                break
            texts += [cell.text for cell in block.cells]
        else:
            texts += block.text.split("\n")
    return [line for line in map(fold, texts) if line]


class _Words:
    """The facts, compiled."""

    def __init__(self, facts: ExampleFacts) -> None:
        self.about = re.compile(facts.about)
        self.asks = re.compile(facts.title)
        self.examples = re.compile(facts.text)


@functools.lru_cache(maxsize=4)
def _words(facts: ExampleFacts) -> _Words:
    return _Words(facts)
