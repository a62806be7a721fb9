"""Numbers in running text as facts: each with the sentence it stands in, none without verb, thing and unit.

What is looked for is data (``config/templates/prose.yaml``), which numbers are left alone is told in
`parsers.prose.statements`. Approximate numbers (余, 近, 约) are marked ``ambiguous`` and carry no value. "None
received" is a statement of zero. One indicator may be stated twice with different values: every statement is a fact
of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.document import Document
from parsers.prose.statements import SearchedText, Statement, find_statements
from parsers.prose.words import load_words
from parsers.prose.years import find_report_year, quotes_annex
from parsers.record import Figure, Section, decimal_text

_FEES = "fee_collected_yuan"  # whether any were collected is a cell of its own


def read_facts(document: Document, sections: Sequence[Section], year: int | None = None) -> tuple[Figure, ...]:
    """All facts in the running text of a document, in reading order.

    Args:
        document: blocks of any format; tables are not looked at.
        sections: the official sections, as `parsers.sections` found them; their numbers decide in doubt.
        year: the report's year; numbers of other years are left alone. Without it the title and the first lines say it.

    Returns:
        Figures with ``method="prose"`` and a ``prose`` locator; ``raw`` is the number with its unit, or the words that
        say there was none. Codes: ``prose_*``, ``fee_*`` and, in reports that quote the statistics annex of 2014-2018,
        also ``s14_*``.

    Raises:
        ConfigurationError: ``prose.yaml`` cannot be used.
    """
    words = load_words()
    year = year or find_report_year(document)
    of_annex = quotes_annex(document, words, year)
    figures: list[Figure] = []
    for statement in find_statements(SearchedText(document, sections, words), year):
        if of_annex or not statement.fact.only_2014:
            figures.extend(_make_figures(statement, document, of_annex=of_annex))
    return tuple(figures)


def _make_figures(statement: Statement, document: Document, *, of_annex: bool) -> Iterator[Figure]:
    """The figure of a statement, once more under the annex's own code, and whether fees were collected at all."""
    fact = statement.fact
    raw = statement.sentence.raw(document, statement.start, statement.end)
    locator = statement.sentence.locator(document, statement.start, statement.end)
    shown = decimal_text(statement.value)
    codes = [fact.code]
    if fact.s14 and of_annex:
        codes.append(fact.s14)
    for code in codes:
        yield Figure(
            code=code,
            value=None if statement.approximate else statement.value,
            status="ambiguous" if statement.approximate else "number",
            raw=raw,
            locator=locator,
            unit=fact.unit,
            method="prose",
            alternatives=(shown,) if statement.approximate and shown else (),
        )
    if fact.code == _FEES:
        yield Figure(
            code="fee_statement",
            value=None,
            status="text",
            raw=raw,
            locator=locator,
            method="prose",
            alternatives=("collected" if statement.value else "none_collected",),
        )
