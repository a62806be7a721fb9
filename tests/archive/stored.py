"""What hangs on readings, in all of a database at once; and how to change it behind the archive's back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.database import Database
from archive.database.models import AcrossChecks, Base, Publication, Reading, Version
from archive.database.reading_lines import CheckLine, FigureLine
from archive.database.reading_load import load_across, load_checks, load_figures
from archive.database.reading_store import ReadingStore
from archive.database.rows import Row
from archive.index.readings import load_reading

COUNTED = frozenset(
    {"codes", "check_kinds", "figure_rows", "prose_rows", "reading_packs", "reading_texts", "check_rows"}
)
"""Tables whose rows have numbers of the database's own: compared by what they say."""


def figures(session: Session) -> list[FigureLine]:
    """Of all readings."""
    return [line for lines in load_figures(session, _ids(session)).values() for line in lines]


def checks(session: Session) -> list[CheckLine]:
    """Within all readings and across all reports, passed ones too."""
    reports = session.scalars(select(AcrossChecks.report_id).order_by(AcrossChecks.report_id)).all()
    found = [*load_checks(session, _ids(session)).values(), *load_across(session, reports).values()]
    return [line for lines in found for line in lines]


def everything(session: Session) -> dict[str, list[Any]]:
    """All tables, but for numbers of the database's own."""
    found: dict[str, list[Any]] = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in COUNTED:
            columns = [column for column in table.columns if column.name != "key" or table.name == "pending"]
            found[table.name] = sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)
    readings = session.scalars(select(Reading).order_by(Reading.id)).all()
    found["of readings"] = [load_reading(session, reading).children for reading in readings]
    found["checks"] = sorted(checks(session), key=lambda line: line.id)
    return found


def rewrite(change: Callable[[dict[str, list[Row]]], None]) -> Callable[[Database], None]:
    """Change what hangs on every reading: its rows by table, as a sealed reading has them."""

    def act(database: Database) -> None:
        with database.writing() as session:
            for reading in session.scalars(select(Reading).order_by(Reading.id)).all():
                rows = load_reading(session, reading)
                change(rows.children)
                of = select(Publication.report_id).join(Version, Version.publication_id == Publication.id)
                report = session.scalar(of.where(Version.id == reading.version_id))
                session.execute(delete(Reading).where(Reading.id == reading.id))
                session.expunge(reading)
                ReadingStore(session).add(rows.reading, rows.children, report)

    return act


def set_all(table: str, **values: Any) -> Callable[[Database], None]:
    """Change all rows of one kind that hang on readings."""

    def change(children: dict[str, list[Row]]) -> None:
        for row in children[table]:
            row.update(values)

    return rewrite(change)


def recoded(codes: dict[str, str | None]) -> Callable[[Database], None]:
    """Give figures other codes; None takes one out."""

    def change(children: dict[str, list[Row]]) -> None:
        kept: Sequence[Row] = [row for row in children["figures"] if codes.get(row["code"], row["code"]) is not None]
        children["figures"] = [{**row, "code": codes.get(row["code"], row["code"])} for row in kept]

    return rewrite(change)


def _ids(session: Session) -> Sequence[str]:
    return session.scalars(select(Reading.id).order_by(Reading.id)).all()
