"""Views for people who ask in SQL (datasette, DuckDB, psql): public names and ids, no numbers of our own.

They are made anew whenever the tables are brought to this version. Values are exact decimal text; what passed among
the checks, and where a figure stands, is told by `gongkai show`, `gongkai prove` and the exports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, inspect, text

from archive.database.derived_tables import OUTCOMES, SEVERITIES, STATUSES

NAMES: Final = ("figures", "prose_facts", "checks", "panel")


def make_views(connection: Connection) -> None:
    """Make all views, in place of those that are there."""
    drop_views(connection)
    for statement in _statements():
        connection.execute(text(statement))


def drop_views(connection: Connection) -> None:
    """Take the views out: tables under them can be changed only then."""
    there = set(inspect(connection).get_view_names())
    for name in reversed(NAMES):
        if name in there:
            connection.execute(text(f"DROP VIEW {name}"))


def _statements() -> Iterator[str]:
    # ruff: noqa: S608 - nothing but names and words of our own is put into the statements
    status, outcome = _words("r.status", STATUSES), _words("c.outcome", OUTCOMES)
    taken = "JOIN versions v ON v.id = d.version_id JOIN publications p ON p.id = v.publication_id"
    yield f"""CREATE VIEW figures AS
        SELECT d.id AS reading_id, d.version_id, p.report_id, k.code, CAST(r.value AS TEXT) AS value,
               {status} AS status, k.unit
        FROM figure_rows r JOIN readings d ON d.key = r.reading_key JOIN codes k ON k.key = r.code_key {taken}"""
    yield f"""CREATE VIEW prose_facts AS
        SELECT d.id AS reading_id, d.version_id, p.report_id, r.position, k.code, CAST(r.value AS TEXT) AS value,
               {status} AS status, k.unit
        FROM prose_rows r JOIN readings d ON d.key = r.reading_key JOIN codes k ON k.key = r.code_key {taken}"""
    yield f"""CREATE VIEW checks AS
        SELECT d.id AS reading_id, COALESCE(c.across, p.report_id) AS report_id, c.rule, c.target,
               CAST(c.lhs AS TEXT) AS lhs, CAST(c.rhs AS TEXT) AS rhs, {outcome} AS outcome,
               {_words("c.severity", SEVERITIES)} AS severity, c.finding, c.evidence
        FROM check_rows c LEFT JOIN readings d ON d.key = c.reading_key LEFT JOIN versions v ON v.id = d.version_id
             LEFT JOIN publications p ON p.id = v.publication_id"""
    yield f"""CREATE VIEW panel AS
        SELECT t.id AS report_id, t.agency_id, a.name AS agency, a.kind AS agency_kind, a.division_code,
               t.year AS report_year, t.series, t.template, t.scope, t.portal, k.code,
               CAST(r.value AS TEXT) AS value, {status} AS status, k.unit
        FROM reports t JOIN agencies a ON a.id = t.agency_id JOIN readings d ON d.id = t.reading
             JOIN figure_rows r ON r.reading_key = d.key JOIN codes k ON k.key = r.code_key"""


def _words(column: str, words: Sequence[str]) -> str:
    """The word for the number in a column."""
    cases = " ".join(f"WHEN {number} THEN '{word}'" for number, word in enumerate(words))
    return f"CASE {column} {cases} END"
