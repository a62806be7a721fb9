"""Which form a document's tables are of: by the words in the tables, never by the year."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence

from parsers.forms.labels import fold
from parsers.forms.templates import Templates
from parsers.record import Figure, Issue
from parsers.tables.lists.lists import Listed
from parsers.tables.model import Findings, Row


def tell_mixed_forms(figures: Sequence[Figure], templates: Templates) -> Iterator[Issue]:
    """An issue for a document whose tables are of different forms: no one form has the cells of them all."""
    codes = {figure.code for figure in figures}
    if any(codes.issubset(form.codes()) for form in templates.forms.values()):
        return
    forms: dict[str, set[str]] = {}
    for form in templates.forms.values():
        for name, table in form.tables.items():
            printed = codes & _cells_of(name, templates)
            if printed and printed <= set(table.codes()):
                forms.setdefault(name, set()).add(form.template)
    if len(forms) > 1 and not set.intersection(*forms.values()):
        said = ", ".join(f"{name} of {' or '.join(sorted(found))}" for name, found in forms.items())
        yield Issue("forms_mixed", f"the tables are of different forms: {said}; each is read as its own form has it")


@functools.lru_cache(maxsize=64)
def _cells_of(name: str, templates: Templates) -> frozenset[str]:
    """The codes of a table in all forms."""
    return frozenset(
        code for form in templates.forms.values() if name in form.tables for code in form.tables[name].codes()
    )


def choose_form(findings: Findings, listed: Listed, templates: Templates, labelled: Sequence[Row] = ()) -> str | None:
    """The form with the most of its own words in the document's tables; None when there is no table of any form.

    Rows that only one form has are counted where no decisive word is left (a table that was cut out of its report).
    """
    votes: Counter[str] = Counter()
    for form in templates.forms.values():
        if all(table.kind == "list" for table in form.tables.values()):
            continue  # lists are recognised as a whole (`lists`): their labels are too common to vote singly
        words = findings.words & {fold(word) for word in form.decisive}
        if words:
            votes[form.template] = len(words)
    if votes:
        newest = sorted(votes, key=lambda name: -templates.forms[name].years.get("from", 0))
        return max(newest, key=lambda name: votes[name])
    if listed.template:
        return listed.template
    owners = templates.codes()
    # Labels of other tables may look like a form's; without a header their numbers are not read, and do not vote.
    read = [row for row in (*labelled, *findings.rows) if row.header is not None]
    rows = {row.code: row.table for row in read if row.code}
    for code, table in rows.items():
        names = {
            name
            for cell, forms in owners.items()
            if cell == code or cell.startswith(f"{code}__")
            for name in forms
            if table in templates.forms[name].tables
        }
        if len(names) == 1:
            votes[names.pop()] += 1
    if votes:
        return votes.most_common(1)[0][0]
    if read:
        forms = [form for form in templates.forms.values() if any(row.table in form.tables for row in read)]
        return max(forms, key=lambda form: form.years.get("from", 0)).template
    return None
