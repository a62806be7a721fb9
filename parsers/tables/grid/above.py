"""What stands above the line that is read, and holds for it: table, headers, words.

Headers hold until another comes, so that a table cut by a page, a blank line or a converter goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.document import Text
from parsers.tables.model import Header, Slot

_RECENT = 40  # texts before a line that may hold pieces of its header


@dataclass(slots=True)
class Above:
    """What stands above a line.

    Attributes:
        table: name of the table in the forms that the last line was of; None: of none.
        headers: the columns of each table, from its last header to the next one.
        lines: header lines of each table that no row has used yet.
        begun: matrices that have had a row since their last header line.
        recent: texts and words of no form since the last row of a matrix or record, nearest last: where a header is in
            pieces, they are among them.
        captions: the texts since the last table.
        header_line: the last line of a record's header in this table, as it is printed.
        foreign_line: the last line of this table whose words are no form's.
    """

    table: str | None = None
    headers: dict[str, Header | None] = field(default_factory=dict)
    lines: dict[str, list[list[Slot]]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    recent: list[str] = field(default_factory=list)
    captions: list[Slot] = field(default_factory=list)
    header_line: Sequence[Slot] = ()
    foreign_line: Sequence[Slot] = ()

    @property
    def header(self) -> Header | None:
        """The columns of the table that the last line was of."""
        return self.headers.get(self.table) if self.table is not None else None

    def pass_text(self, block: Text) -> None:
        """Take in a text between two tables."""
        self.pass_words([block.text])
        self.captions.append(Slot(block.text, block.locator))

    def pass_words(self, words: Iterable[str]) -> None:
        """Take in words that may be pieces of a header."""
        self.recent = [*self.recent[-_RECENT:], *words]

    def begin_table(self) -> None:
        """Forget what holds within one table of the document only."""
        self.header_line = ()
        self.foreign_line = ()

    def end_table(self) -> None:
        """Forget the captions: they are of the table that ends."""
        self.captions = []

    def end_header(self, table: str | None) -> None:
        """A row has used the header: what was printed before it is of no other one."""
        self.table = table
        self.recent = []
