"""Rows to figures: every value under its code, or flagged.

What is printed in as many cells as there are columns is taken as printed. Anything else is decided by the row's own
identity, or by all readings agreeing, and says so (``method`` identity); what remains open is ``ambiguous`` and lists
what it could be.
"""

from __future__ import annotations

import itertools

from parsers.tables.binding.blocks import BlockBinder
from parsers.tables.binding.figures import Figures
from parsers.tables.binding.matrices import MatrixBinder
from parsers.tables.binding.records import RecordBinder
from parsers.tables.binding.totals import proven
from parsers.tables.grid.transposed import trimmed
from parsers.tables.model import Findings
from parsers.tables.vocabulary import Vocabulary


def bind_rows(vocabulary: Vocabulary, findings: Findings) -> Figures:
    """Return the figures of one document, and what is told of its rows: small tables first, then matrices and records.

    Args:
        vocabulary: all forms' words.
        findings: what was found in the document; its issues are told on.
    """
    out = Figures(vocabulary, findings.issues)
    _bind_blocks(vocabulary, findings, out)
    _bind_matrices(vocabulary, findings, out)
    _bind_records(vocabulary, findings, out)
    return out


def _bind_blocks(vocabulary: Vocabulary, findings: Findings, out: Figures) -> None:
    binder = BlockBinder(vocabulary, out)
    for name in vocabulary.blocks:
        rows = list(findings.of(name))
        for row in rows:
            binder.bind_row(row, rows)


def _bind_matrices(vocabulary: Vocabulary, findings: Findings, out: Figures) -> None:
    binder = MatrixBinder(vocabulary, out)
    for name, tables in vocabulary.matrices.items():
        rows = [row for row in findings.of(name) if row.code is not None]
        out.tell_header(rows, name)
        add_up = proven(rows, vocabulary, tables[0])
        for row in rows:
            binder.bind_row(row, tables[0], rows, add_up=add_up)
        turned = sorted((row for row in findings.turned if row.table == name), key=lambda row: row.place)
        out.tell_header(turned, name)
        for _, piece in itertools.groupby(turned, key=lambda row: row.header):
            for row in trimmed(list(piece)):
                binder.bind_turned(row, tables[0])


def _bind_records(vocabulary: Vocabulary, findings: Findings, out: Figures) -> None:
    binder = RecordBinder(vocabulary, out)
    for name, tables in vocabulary.records.items():
        rows = list(findings.of(name))
        out.tell_header(rows, name)
        for row in rows:
            binder.bind_row(row, tables[0], rows)
