"""What a form's codes mean, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.forms.templates import BlocksTable, Form, ListTable, MatrixTable, RecordTable

Meaning = tuple[str, str, str, str | None]
"""Code, Chinese label, English label, unit."""


def labels(form: Form) -> Iterator[Meaning]:
    """All codes of a form, in printed order."""
    for table in form.tables.values():
        if isinstance(table, BlocksTable):
            for block in table.rows:
                for value in block.cells:
                    yield (
                        value.code,
                        " / ".join(filter(None, (block.item, block.zh, value.column))),
                        value.en,
                        value.unit,
                    )
        elif isinstance(table, MatrixTable):
            for row in table.rows:
                for column in table.columns:
                    code = table.code.format(row=row.code, column=column.code)
                    yield code, f"{row.zh} / {column.zh}", f"{row.en}: {column.en}", row.unit
        elif isinstance(table, RecordTable):
            for part in table.blocks:
                for column in table.columns:
                    code = table.code.format(row=part.code, column=column.code)
                    yield code, f"{part.zh} / {column.zh}", f"{part.en}: {column.en}", table.unit
        elif isinstance(table, ListTable):
            for line in table.rows:
                if line.type != "heading":
                    yield line.code, line.zh, line.en, line.unit


def subtotals(form: Form) -> Iterator[Meaning]:
    """Codes of the sums that a report may print over a group of rows; they are among the cells and in no wide table."""
    for table in form.tables.values():
        if isinstance(table, MatrixTable):
            for group in table.groups:
                for column in table.columns if group.sum_of else ():
                    code = table.code.format(row=group.code, column=column.code)
                    yield code, f"{group.zh}小计 / {column.zh}", f"{group.en}: {column.en}", table.rows[0].unit
