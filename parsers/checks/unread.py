"""Which cells a document prints, or may print, and the reading could not give: they are no blanks.

A reading tells rows and tables that it could not read (``cell_not_read``, ``table_missing`` and the like). What is
lacking there of the form was not left out by the publisher, so a rule that rests on it cannot be judged. What is
lacking in tables that were read without such a word was left out, and is a blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from parsers.document import Locator
from parsers.forms.lacking import lacking
from parsers.forms.templates import Templates

Unread = Mapping[str, Literal["unknown", "missing"]]
"""Code -> ``unknown`` (a row was seen there and not read) or ``missing`` (its whole table was not found)."""

TOLD = frozenset({"cell_not_read", "row_without_label", "row_in_words", "unknown_row", "cell_of_no_form"})
"""Issues that tell of numbers in a table, without a cell of the form that they belong to."""
TABLE_MISSING = "table_missing"


def unread_cells(
    template: str | None,
    figures: Mapping[str, Locator],
    issues: Iterable[tuple[str, Locator | None]],
    templates: Templates,
) -> Unread:
    """The cells of the report's form that are lacking because they could not be read.

    Args:
        template: the report's form.
        figures: where each figure stands, by code.
        issues: code and place of all that the reading told.
        templates: the forms.
    """
    told = list(issues)
    places = {_table(where) for code, where in told if code in TOLD}
    if not places and all(code != TABLE_MISSING for code, _ in told):
        return {}
    read = {_table(where) for where in figures.values()}
    found: dict[str, Literal["unknown", "missing"]] = {}
    for name, codes in lacking(template, figures, templates).items():
        of_all = {
            code for form in templates.forms.values() if name in form.tables for code in form.tables[name].codes()
        }
        own = {_table(where) for code, where in figures.items() if code in of_all}
        # A row stands in a table of which nothing is read, or that table is not known: it may be of any form's table.
        seen = any(place is None or place in own or (not own and place not in read) for place in places)
        if seen or not own:
            found.update(dict.fromkeys(codes, "unknown" if seen else "missing"))
    return found


def _table(where: Locator | None) -> tuple[str, object] | None:
    """The table of the document that something stands in; None where its format does not say."""
    number = where.get("table") if where is not None else None
    sheet = where.get("sheet") if where is not None else None
    if where is None or (number is None and sheet is None):
        return None
    return where.kind, (sheet, number)
