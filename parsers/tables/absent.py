"""What a form has and its document does not print: told, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.forms.templates import BlocksTable, ListTable, MatrixTable, RecordTable, Templates
from parsers.record import Figure, Issue

_TOLD = 12


def absences(template: str | None, figures: Sequence[Figure], templates: Templates) -> list[Issue]:
    """Issues for the tables and rows of the document's form that are not in it."""
    if template is None:
        return []
    present = {figure.code for figure in figures}
    issues = []
    for name, table in templates.forms[template].tables.items():
        codes = set(table.codes())
        rows = dict(_rows(table))
        if not codes & present:
            issues.append(Issue("table_missing", f"the table {name} was not found, or not in a form that can be read"))
            continue
        others_all = _of_all_forms(name, templates)
        others = {row: cells for row, cells in others_all.items() if row not in rows}
        missing = []
        for row, cells in rows.items():
            lost = [code for code in cells if code not in present]
            # What another form prints in its place is not lost: documents mix forms.
            elsewhere = any(code in present for code in others.get(row, ())) or any(
                set(others.get(other, ())) & present for other in _kin(table, row, templates, name)
            )
            if lost and not elsewhere and not _of_another_form(cells, present & set(others_all.get(row, ()))):
                missing += [row] if len(lost) == len(cells) else lost
        if missing:
            more = f" and {len(missing) - _TOLD} more" if len(missing) > _TOLD else ""
            issues.append(Issue("cells_missing", f"{name}: not found: {', '.join(missing[:_TOLD])}{more}"))
    return issues


def _rows(table: BlocksTable | MatrixTable | RecordTable | ListTable) -> list[tuple[str, list[str]]]:
    if isinstance(table, BlocksTable):
        return [(row.code, [cell.code for cell in row.cells]) for row in table.rows]
    if isinstance(table, MatrixTable):
        return [
            (row.code, [table.code.format(row=row.code, column=column.code) for column in table.columns])
            for row in table.rows
        ]
    if isinstance(table, RecordTable):
        return [
            (block.code, [table.code.format(row=block.code, column=column.code) for column in table.columns])
            for block in table.blocks
        ]
    return [(code, [code]) for code in table.codes()]


def _of_all_forms(name: str, templates: Templates) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for form in templates.forms.values():
        if name in form.tables:
            for row, cells in _rows(form.tables[name]):
                found.setdefault(row, []).extend(cells)
    return found


def _kin(
    table: BlocksTable | MatrixTable | RecordTable | ListTable, row: str, templates: Templates, name: str
) -> list[str]:
    """Rows of other forms that stand for ``row``: the heading it is under, or the rows under it."""
    if not isinstance(table, MatrixTable):
        return []
    own = next((line.group for line in table.rows if line.code == row), None)
    kin = [own] if own else []
    for form in templates.forms.values():
        other = form.tables.get(name)
        if isinstance(other, MatrixTable):
            kin += [line.code for line in other.rows if line.group == row]
    return kin


def _of_another_form(cells: Sequence[str], printed: set[str]) -> bool:
    """Whether the row is printed as another form has it: with cells that this form has not."""
    return bool(printed - set(cells))
