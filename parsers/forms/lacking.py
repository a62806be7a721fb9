"""What of its form a report has not: rows and cells that are lacking, and are not there as another form prints them."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence

from parsers.forms.templates import AnyTable, MatrixTable, Templates


def lacking(template: str | None, present: Collection[str], templates: Templates) -> dict[str, tuple[str, ...]]:
    """The cells of a report's form that it has not, and has not as another form prints them either.

    Args:
        template: the report's form; one that has no tables lacks nothing.
        present: the codes of all its figures, blanks among them.
        templates: the forms.

    Returns:
        Table -> codes in printed order; without the tables of which nothing is lacking.
    """
    form = templates.forms.get(template or "")
    found: dict[str, tuple[str, ...]] = {}
    for name, table in form.tables.items() if form else ():
        lost = [code for _, _, codes in lacking_rows(name, table, set(present), templates) for code in codes]
        if lost:
            found[name] = tuple(lost)
    return found


def lacking_rows(
    name: str, table: AnyTable, present: set[str], templates: Templates
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Rows of a table of a form that are not whole: code, its cells, and those of them that are lacking.

    What another form prints in a row's place is not lacking: documents mix forms.

    Args:
        name: of the table in the forms.
        table: the form's own.
        present: the codes of all figures.
        templates: the forms.
    """
    rows = dict(table.cells_by_row)
    others_all = _of_all_forms(name, templates)
    others = {row: cells for row, cells in others_all.items() if row not in rows}
    for row, cells in rows.items():
        lost = [code for code in cells if code not in present]
        if not lost:
            continue
        elsewhere = any(code in present for code in others.get(row, ())) or any(
            set(others.get(other, ())) & present for other in _kin(table, row, templates, name)
        )
        if not elsewhere and not _of_another_form(cells, present & set(others_all.get(row, ()))):
            yield row, list(cells), lost


@functools.lru_cache(maxsize=64)
def _of_all_forms(name: str, templates: Templates) -> Mapping[str, Sequence[str]]:
    """Each row of a table in any form, with the codes of its cells in all of them."""
    found: dict[str, list[str]] = {}
    for form in templates.forms.values():
        if name in form.tables:
            for row, cells in form.tables[name].cells_by_row:
                found.setdefault(row, []).extend(cells)
    return found


def _kin(table: AnyTable, row: str, templates: Templates, name: str) -> list[str]:
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
