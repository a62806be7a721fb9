"""What a form has and its document does not print: told, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.forms.lacking import lacking_rows
from parsers.forms.templates import Templates
from parsers.record import Figure, Issue

_TOLD = 12


def missing_tables(template: str | None, figures: Sequence[Figure], templates: Templates) -> tuple[str, ...]:
    """The tables of the document's form of which no cell was read, in the form's order."""
    if template is None:
        return ()
    present = {figure.code for figure in figures}
    tables = templates.forms[template].tables
    return tuple(name for name, table in tables.items() if not present.intersection(table.codes()))


def absences(template: str | None, figures: Sequence[Figure], templates: Templates) -> list[Issue]:
    """Issues for the tables and rows of the document's form that are not in it."""
    if template is None:
        return []
    present = {figure.code for figure in figures}
    whole_tables = missing_tables(template, figures, templates)
    issues = []
    for name, table in templates.forms[template].tables.items():
        if name in whole_tables:
            issues.append(Issue("table_missing", f"the table {name} was not found, or not in a form that can be read"))
            continue
        missing = []
        for row, cells, lost in lacking_rows(name, table, present, templates):
            missing += [row] if len(lost) == len(cells) else lost
        if missing:
            more = f" and {len(missing) - _TOLD} more" if len(missing) > _TOLD else ""
            issues.append(Issue("cells_missing", f"{name}: not found: {', '.join(missing[:_TOLD])}{more}"))
    return issues
