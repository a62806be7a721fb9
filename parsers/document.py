"""A document as the parsers see it: blocks in reading order, each with a locator.

Every format module (``parsers.formats``) turns bytes into a `Document`; everything after that works on blocks and does
not know which format they came from. A locator says where in the bytes a text was found, so that anybody can go back
to it (`parsers.resolve`). Shapes of locators: docs of ``gongkai parse --json``, section "Locators".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in the document something was found.

    Attributes:
        kind: html | pdf | sheet | word | text | image | prose.
        fields: the rest of the JSON object, in the order it is printed. By kind:
            html ``path`` (CSS path from the root), ``line`` (which line of the element's own text, from 0), ``table``,
            ``row``, ``column`` (grid position, from 0); pdf ``page`` (from 1), ``box`` [x0, top, x1, bottom] in points,
            ``more`` (further {page, box} of what a page break cuts); sheet ``sheet``, ``cell`` (A1 style);
            word ``table``, ``row``, ``column`` or ``paragraph`` (from 0); text ``line`` (from 1), ``start``, ``end``
            (character offsets in that line, end exclusive; ``line_end`` when it goes on over further lines);
            image ``page``, ``box`` in pixels; prose: ``in`` (one of these, as an object), ``start``, ``end`` (offsets
            of the sentence in that block's text), ``sentence``, ``number`` (offsets of the number in that text).
    """

    kind: str
    fields: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, kind: str, **fields: Any) -> Locator:
        """Build a locator; fields that are None are left out."""
        return cls(kind, tuple((name, value) for name, value in fields.items() if value is not None))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Locator:
        """Read back what `as_json` printed."""
        return cls.of(str(data["kind"]), **{name: value for name, value in data.items() if name != "kind"})

    def as_json(self) -> dict[str, Any]:
        """The locator as it stands in JSON output."""
        return {"kind": self.kind, **{name: list(v) if isinstance(v, tuple) else v for name, v in self.fields}}

    def get(self, name: str) -> Any:
        """One field, or None."""
        return dict(self.fields).get(name)

    def __hash__(self) -> int:
        try:
            return hash((self.kind, self.fields))
        except TypeError:
            return hash((self.kind, _hashable(self.fields)))


def _hashable(value: Any) -> Any:
    """Fields may hold lists (boxes) and objects (the block a sentence stands in)."""
    if isinstance(value, Mapping):
        return tuple((name, _hashable(inner)) for name, inner in sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_hashable, value))
    return value


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: the text exactly as it stands in the document (line breaks kept, nothing folded or trimmed).
        row, column: position in the table's grid, from 0. In ragged text tables the column is the position in the line
            and means nothing by itself.
        row_span, column_span: how far the cell reaches, as the document claims (it may lie).
        header: marked as a header by the document (``<th>``).
    """

    text: str
    row: int
    column: int
    locator: Locator
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its cells in reading order (row by row), spans not repeated.

    Attributes:
        ragged: the columns do not line up (tab-separated text, Markdown): only the order within a row can be trusted.
        caption: text the document itself ties to the table (``<caption>``), if any.
    """

    cells: tuple[Cell, ...]
    locator: Locator
    ragged: bool = False
    caption: str | None = None

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """The cells that begin in each row, row by row; rows in which nothing begins are empty tuples."""
        count = max((cell.row for cell in self.cells), default=-1) + 1
        lines: list[list[Cell]] = [[] for _ in range(count)]
        for cell in self.cells:
            lines[cell.row].append(cell)
        for line in lines:
            yield tuple(sorted(line, key=lambda cell: cell.column))


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or heading.

    Attributes:
        text: as in the document, runs joined, line breaks inside the block kept as newlines.
        heading: 1-6 where the document itself marks a heading (h1-h6, Word heading style); None otherwise. Most
            reports mark none: the reader of sections goes by the words.
        bars: where bars alone set cells off, how many stand behind the text in its line and in each line up to the
            next text: every line of one bar is a blank cell.
    """

    text: str
    locator: Locator
    heading: int | None = None
    bars: tuple[int, ...] = ()


Block = Text | Table


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the document's content: candidate attachments and twins."""

    text: str
    href: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the format module noticed about the document (becomes an issue of the report)."""

    code: str
    message: str
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one file, in reading order.

    Attributes:
        media_type: as detected from the bytes (``text/html``, ``application/pdf``, ...).
        meta: facts the file states about itself beside its content, keys lower-case: HTML ``<meta name>`` (official
            names such as ``articletitle``, ``pubdate``, ``contentsource``, ``columntype``, ``sitename``,
            ``siteidcode``) and ``title``; never a person's name from PDF or Word properties.
        charset: the encoding the bytes were decoded with, for text formats.
        images: how many pictures stand in the content (a report whose tables are pictures has some, and no numbers).
    """

    media_type: str
    blocks: tuple[Block, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    notices: tuple[Notice, ...] = ()
    charset: str | None = None
    images: int = 0

    def tables(self) -> tuple[Table, ...]:
        """All tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def texts(self) -> tuple[Text, ...]:
        """All paragraphs and headings, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Text))
