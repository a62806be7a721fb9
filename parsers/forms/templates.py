"""The official forms as data: ``config/templates/*.yaml``, typed.

A form is a file with ``template:``; its tables are of four kinds, which are all that code knows about forms:

* ``blocks``: several small tables one under the other, each with a header row of its own (proactive disclosure);
* ``matrix``: rows by columns, one column being the total of the others (requests by applicant);
* ``record``: one row of data under two levels of headers (reconsideration and litigation);
* ``list``: one indicator a row, with unit and value (statistics annexes).

Tables of the same name in several forms are one table to the reader: what a row is, is said by its own labels. A new
form, label or wording is a change of YAML alone (docs/reading.md, "A new form").
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from parsers.configuration import ConfigModel, configuration_digest, facts_files, read_facts
from parsers.errors import ConfigurationError
from parsers.forms.crosswalk import Harmonised, read_crosswalk

ValueType = Literal["count", "signed", "decimal"]


class ValueFacts(ConfigModel):
    """How printed values are read (`parsers.forms.values`)."""

    blank: tuple[str, ...]
    not_applicable: tuple[str, ...]
    nought: tuple[str, ...] = ()
    signs: Mapping[str, int]
    money: Mapping[str, str]
    counters: tuple[str, ...]
    corrections: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()


class SectionFacts(ConfigModel):
    """One of the official headings (`parsers.sections`). ``weak`` words count only where nothing better stands."""

    number: int
    zh: str
    pattern: str
    weak: str | None = None
    table: str | None = None


class ExampleFacts(ConfigModel):
    """How forms that are filled in with examples are told (`parsers.identity.examples`); regular expressions."""

    about: str
    title: str
    text: str


class OtherFacts(ConfigModel):
    """How documents are told that hold the tables of a report and are none (`parsers.other_kinds`)."""

    draft: str
    part_of_year: str


class CaptionFacts(ConfigModel):
    """How captions of tables say of which year and which table they are (`parsers.tables.left_out.captions`)."""

    last_year: str
    tables: dict[str, str]


class ReadingFacts(ConfigModel):
    """``reading.yaml``."""

    values: ValueFacts
    units: tuple[str, ...]
    ordinal_columns: tuple[str, ...]
    column_letters: tuple[str, ...] = ()
    year_columns: tuple[str, ...] = ()
    other_numbers: tuple[str, ...] = ()
    other_columns: tuple[str, ...] = ()
    captions: CaptionFacts
    quantities: tuple[str, ...] = ()
    subtotals: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    contrasts: tuple[tuple[str, ...], ...] = ()
    examples: ExampleFacts
    others: OtherFacts
    sections: tuple[SectionFacts, ...]


class Label(ConfigModel):
    """A printed label: as the form prints it, in English, and every wording that is accepted."""

    code: str
    zh: str
    en: str
    match: tuple[str, ...]
    parent: str | None = None

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything that is this label."""
        return (self.zh, *self.match)


class BlockCell(ConfigModel):
    """A cell of a ``blocks`` row. ``cut`` are wordings that name it only together with its neighbours' order."""

    code: str
    column: str
    match: tuple[str, ...]
    cut: tuple[str, ...] = ()
    unit: str | None
    type: ValueType
    en: str

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything that is this column."""
        return (self.column, *self.match)


class BlockRow(Label):
    """A row of a ``blocks`` table."""

    item: str | None = None
    cells: tuple[BlockCell, ...]


class MatrixRow(Label):
    """A row of a ``matrix`` table; ``group`` is the heading above it."""

    unit: str | None
    type: ValueType
    group: str | None = None


class Group(Label):
    """A heading over rows; ``sum_of`` names the rows a printed subtotal would add up."""

    sum_of: tuple[str, ...] = ()


class ListRow(Label):
    """A row of a ``list`` table. ``form_code`` is the code printed on the form; headings have no value."""

    depth: int = 0
    unit: str | None = None
    type: Literal["count", "signed", "decimal", "heading"]
    form_code: str | None = None


class ListHeader(ConfigModel):
    """Header words of a ``list``: value columns in order of preference, columns that hold no value to ``ignore``."""

    label: tuple[str, ...]
    unit: tuple[str, ...]
    value: tuple[tuple[str, ...], ...]
    ignore: tuple[str, ...] = ()


class _Table(ConfigModel):
    section: int | None = None
    zh: str
    en: str

    @property
    def cells_by_row(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each row's code with those of its cells, in printed order."""
        raise NotImplementedError

    def codes(self) -> tuple[str, ...]:
        """All cell codes, in printed order."""
        return self.all_codes

    @functools.cached_property
    def all_codes(self) -> tuple[str, ...]:
        """The same, made once: they are asked for several times for each document."""
        return tuple(code for _, codes in self.cells_by_row for code in codes)


class BlocksTable(_Table):
    """Small tables with headers of their own."""

    kind: Literal["blocks"]
    markers: tuple[str, ...]
    rows: tuple[BlockRow, ...]

    @functools.cached_property
    def cells_by_row(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each row's code with those of its cells, in printed order."""
        return tuple((row.code, tuple(cell.code for cell in row.cells)) for row in self.rows)


class MatrixTable(_Table):
    """Rows by columns."""

    kind: Literal["matrix"]
    code: str
    total: str
    corner: tuple[str, ...] = ()
    columns: tuple[Label, ...]
    groups: tuple[Group, ...] = ()
    rows: tuple[MatrixRow, ...]

    @functools.cached_property
    def cells_by_row(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each row's code with those of its cells, in printed order."""
        columns = [column.code for column in self.columns]
        return tuple(
            (row.code, tuple(self.code.format(row=row.code, column=column) for column in columns)) for row in self.rows
        )


class RecordTable(_Table):
    """One row of data under blocks of columns."""

    kind: Literal["record"]
    code: str
    total: str
    unit: str | None
    type: ValueType
    columns: tuple[Label, ...]
    blocks: tuple[Label, ...]

    @functools.cached_property
    def cells_by_row(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each block's code with those of its cells, in printed order."""
        columns = [column.code for column in self.columns]
        return tuple(
            (block.code, tuple(self.code.format(row=block.code, column=column) for column in columns))
            for block in self.blocks
        )


class ListTable(_Table):
    """One indicator a row. A table is this one when ``least`` of its rows, and this ``share`` of them, match."""

    kind: Literal["list"]
    least: int
    share: float
    header: ListHeader
    rows: tuple[ListRow, ...]

    @functools.cached_property
    def cells_by_row(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each row's code with that of its cell, which is the same, in printed order."""
        return tuple((row.code, (row.code,)) for row in self.rows if row.type != "heading")


AnyTable = Annotated[BlocksTable | MatrixTable | RecordTable | ListTable, Field(discriminator="kind")]


class Form(ConfigModel):
    """One official form."""

    template: str
    zh: str
    en: str
    years: Mapping[Literal["from", "to"], int]
    basis: str
    default: bool = False
    decisive: tuple[str, ...]
    tables: Mapping[str, AnyTable]

    def codes(self) -> tuple[str, ...]:
        """All cell codes of the form, in printed order."""
        return self.all_codes

    @functools.cached_property
    def all_codes(self) -> tuple[str, ...]:
        """The same, made once."""
        return tuple(code for table in self.tables.values() for code in table.codes())


@dataclass(frozen=True)
class Templates:
    """All forms, what is read with them, and the harmonised series."""

    forms: Mapping[str, Form]
    reading: ReadingFacts
    crosswalk: tuple[Harmonised, ...]

    def tables(self, kind: str) -> Iterator[tuple[str, Form, Any]]:
        """(name, form, table) of every table of one kind, newest form first."""
        for form in sorted(self.forms.values(), key=lambda form: -form.years.get("from", 0)):
            for name, table in form.tables.items():
                if table.kind == kind:
                    yield name, form, table

    def __hash__(self) -> int:
        return id(self)

    def cells(self) -> frozenset[str]:
        """Every code that a reading may give: those of the forms, and the subtotals that a report may print."""
        printed = (
            table.code.format(row=group.code, column=column.code)
            for _, _, table in self.tables("matrix")
            for group in table.groups
            for column in table.columns
            if group.sum_of
        )
        return frozenset((*self.codes(), *printed))

    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """Code -> the forms that have it."""
        return self.forms_by_code

    @functools.cached_property
    def forms_by_code(self) -> Mapping[str, tuple[str, ...]]:
        """The same, made once."""
        found: dict[str, tuple[str, ...]] = {}
        for name, form in self.forms.items():
            for code in form.codes():
                found[code] = (*found.get(code, ()), name)
        return found


def load() -> Templates:
    """The forms in use (``GONGKAI_CONFIG``, the checkout, or the packaged copy).

    Raises:
        ConfigurationError: a file is missing or wrong; file, line and field are named.
    """
    return _load(facts_files("templates/*.yaml"), configuration_digest())


@functools.lru_cache(maxsize=4)
def _load(paths: tuple[Path, ...], _digest: str) -> Templates:
    return build(
        (path, path.read_text(encoding="utf-8"))
        for path in paths
        if _holds_form(path) or path.name in {"reading.yaml", "crosswalk.yaml"}
    )


def build(files: Iterable[tuple[Path, str]]) -> Templates:
    """Templates from (path, YAML text) pairs; paths name the files in messages.

    Raises:
        ConfigurationError: a file is wrong, ``reading.yaml`` is missing, two forms have the same name, or a formula of
            the crosswalk names what its form does not have.
    """
    forms: dict[str, Form] = {}
    reading: ReadingFacts | None = None
    crosswalk: tuple[Path, str] | None = None
    for path, text in files:
        if path.name == "reading.yaml":
            reading = read_facts(text, str(path), ReadingFacts)
        elif path.name == "crosswalk.yaml":
            crosswalk = (path, text)
        else:
            form = read_facts(text, str(path), Form)
            if form.template in forms:
                raise ConfigurationError(f"the form {form.template} is there twice", subject=str(path))
            _check(form, str(path))
            forms[form.template] = form
    if reading is None:
        raise ConfigurationError(
            "reading.yaml is missing",
            subject="config/templates",
            advice="See whether GONGKAI_CONFIG names the whole directory of facts",
        )
    codes = {name: form.codes() for name, form in forms.items()}
    series = read_crosswalk(crosswalk[1], str(crosswalk[0]), codes) if crosswalk is not None else ()
    return Templates(forms, reading, series)


def _check(form: Form, subject: str) -> None:
    codes = form.codes()
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ConfigurationError(f"codes that are there twice: {', '.join(twice)}", subject=subject)
    for name, table in form.tables.items():
        if isinstance(table, MatrixTable | RecordTable) and table.total not in {
            column.code for column in table.columns
        }:
            raise ConfigurationError(f"tables.{name}.total: no column is called {table.total}", subject=subject)


def _holds_form(path: Path) -> bool:
    """Whether a file describes a form; the other files of the directory belong to other readers."""
    try:
        with path.open(encoding="utf-8") as file:
            return any(line.startswith("template:") for line in file)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read ({error})", subject=str(path)) from error
