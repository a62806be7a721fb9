"""The tables of a document to figures: bound by label, never by position; right, or flagged.

    vocabulary   what a printed label can be, whichever form it comes from
    model        what passes between the steps; ``lines``: parts of a text with their locators
    glosses      labels in two languages
    labelled     figures behind words of their own: lists, cards, phrases
    headers      printed headers to columns
    left_out     what is printed in tables and is none of a form's
    grid         lines of tables to rows of a form
    text         the same for tables that were set as running text
    choice       which form the tables are of, by their words
    binding      rows to figures
    lists        statistics annexes; ``units``: where a document says the unit of its amounts
    absent       what a form has and its document does not print
    accounted    what is printed and neither read nor told

`read_tables` takes these steps in order. How and why: docs/reading.md.
"""

from __future__ import annotations

from parsers.document import Block, Document, Text
from parsers.forms.templates import Templates
from parsers.tables.absent import absences, missing_tables
from parsers.tables.accounted import unaccounted
from parsers.tables.binding.binding import bind_rows
from parsers.tables.binding.lost_labels import place_rows
from parsers.tables.binding.merge import merge
from parsers.tables.choice import choose_form, tell_mixed_forms
from parsers.tables.glosses import without_glosses
from parsers.tables.grid.finder import find_rows
from parsers.tables.labelled.reader import read_labelled
from parsers.tables.lists.lists import read_lists, unknown_tables
from parsers.tables.model import TableReading
from parsers.tables.text.scanner import scan_texts
from parsers.tables.vocabulary import vocabulary

__all__ = ["TableReading", "read_tables"]

_LONGEST_ROW = 160


def read_tables(document: Document, templates: Templates) -> TableReading:
    """Read every official table in a document.

    Args:
        document: blocks of any format.
        templates: the forms; labels of all of them are known at once.
    """
    words = vocabulary(templates)
    document = without_glosses(document, words)
    labelled = read_labelled(document, words)
    printed, document = document, labelled.document
    findings = find_rows(document, words)
    findings.words |= labelled.words
    scan_texts(document, words, findings)
    listed = read_lists(document, words)
    template = choose_form(findings, listed, templates, labelled.rows)
    unknown = unknown_tables(document, words) if template is None and not listed.issues else ()
    if (listed.template or listed.issues) and template in {None, listed.template}:
        # Rows of a list may sound like rows of the later tables; without those tables' headers they are not theirs.
        findings.rows = [row for row in findings.rows if row.header is not None]
    place_rows(findings, words, template)
    bound = bind_rows(words, findings)
    read = [*labelled.figures, *bound.figures, *listed.figures]
    figures, issues = merge(read, words)
    told = (*labelled.issues, *bound.issues, *listed.issues, *unknown, *issues)
    told = (*told, *tell_mixed_forms(figures, templates))
    places: dict[str, int] = dict(listed.places)
    for row in (*labelled.rows, *findings.rows, *findings.turned):
        places[row.table] = min(places.get(row.table, row.place[0]), row.place[0])
    looked_at = bound.compared | findings.left_out
    return TableReading(
        template,
        figures,
        (*told, *unaccounted(document, read, told, words, looked_at), *absences(template, figures, templates)),
        places,
        frozenset(at for at in labelled.used | findings.used | listed.used if _is_cell(printed.blocks[at])),
        listed.year,
        missing_tables(template, figures, templates),
    )


def _is_cell(block: Block) -> bool:
    """Whether a text block is a row or cell; where a whole report is one block it is still the report's text."""
    return isinstance(block, Text) and len(block.text) <= _LONGEST_ROW
