"""What a form's codes mean, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.forms.codebook import form_entries
from parsers.forms.templates import Form, MatrixTable

Meaning = tuple[str, str, str, str | None]
"""Code, Chinese label, English label, unit."""


def labels(form: Form) -> Iterator[Meaning]:
    """All codes of a form, in printed order."""
    for entry in form_entries(form):
        yield entry.code, " / ".join(entry.labels_zh), ": ".join(entry.labels_en), entry.unit


def subtotals(form: Form) -> Iterator[Meaning]:
    """Codes of the sums that a report may print over a group of rows; they are among the cells and in no wide table."""
    for table in form.tables.values():
        if isinstance(table, MatrixTable):
            for group in table.groups:
                for column in table.columns if group.sum_of else ():
                    code = table.code.format(row=group.code, column=column.code)
                    yield code, f"{group.zh}小计 / {column.zh}", f"{group.en}: {column.en}", table.rows[0].unit
