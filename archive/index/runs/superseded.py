"""Keeps what earlier parsers said: readings are sealed as conversion records before new ones supersede them.

Old code does not stay runnable. The records (``gongkai.reading/1`` in ``readings-*.warc.gz``) are on disk before the
database changes, and a rebuild puts them back beside the readings of today, as far as their versions still exist. That
is so also when they go because files are read anew (the signatures changed) or all is forgotten (a rebuild).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from sqlalchemy import ColumnElement, or_, select

from archive.database import Database
from archive.database.models import Capture, Reading, Version
from archive.database.rows import chunks
from archive.home import Home
from archive.index.readings import load_reading, seal_block
from archive.index.versions import Basis, VersionPlan
from archive.warc import WarcWriter, build, warc_date

PREFIX = "readings"


class SupersededReadings:
    """Seals readings; one file (or a few) per run of the index, made when the first one is needed."""

    def __init__(self, home: Home, database: Database, basis: Basis) -> None:
        self._home = home
        self._database = database
        self._basis = basis
        self._writer: WarcWriter | None = None
        self.count = 0

    def keep(self, plan: VersionPlan) -> dict[str, str]:
        """Seal what ``plan`` is about to supersede.

        Returns:
            Reading id -> id of the conversion record that keeps it.
        """
        firsts = {run.first.id for runs in plan.runs.values() for run in runs if run.report is not None}
        return self._keep(sorted(firsts))

    def keep_files(self, names: Sequence[str]) -> None:
        """Seal what goes when these files are forgotten: readings of all documents that were in them."""
        firsts: set[str] = set()
        with self._database.session() as session:
            for name in names:
                held = select(Capture.id).where(Capture.warc_file == name)
                holding = select(Version.publication_id).where(
                    or_(Version.first_capture.in_(held), Version.last_capture.in_(held))
                )
                rows = session.scalars(select(Version.first_capture).where(Version.publication_id.in_(holding)))
                firsts.update(rows)
        self._keep(sorted(firsts))

    def keep_all(self) -> dict[str, str]:
        """Seal whatever another parser or other facts said, before everything is made anew.

        Returns:
            Reading id -> id of the conversion record that keeps it.
        """
        with self._database.session() as session:
            firsts = session.scalars(
                select(Version.first_capture)
                .join(Reading, Reading.version_id == Version.id)
                .where(Reading.sealed.is_(None), self._of_others())
                .distinct()
            ).all()
        return self._keep(sorted(firsts))

    def _keep(self, firsts: Sequence[str]) -> dict[str, str]:
        """Seal readings by the first captures of their versions, some hundred at a time."""
        sealed: dict[str, str] = {}
        for part in chunks(firsts):
            drafts: list[build.Draft] = []
            with self._database.session() as session:
                rows = session.execute(
                    select(Reading, Capture)
                    .join(Version, Version.id == Reading.version_id)
                    .join(Capture, Capture.id == Version.first_capture)
                    .where(Version.first_capture.in_(part), Reading.sealed.is_(None), self._of_others())
                    .order_by(Reading.id)
                )
                for reading, first in rows:
                    draft = self._draft(seal_block(load_reading(session, reading)), first)
                    drafts.append(draft)
                    sealed[reading.id] = draft.record_id
            if drafts:
                writer = self._open()
                writer.append(drafts)
                writer.sync()
                self.count += len(drafts)
        return sealed

    def _of_others(self) -> ColumnElement[bool]:
        """Made by another parser than today's, or with other facts."""
        return or_(Reading.parser != self._basis.parser, Reading.configuration != self._basis.configuration)

    def close(self) -> None:
        """Seal the file."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _open(self) -> WarcWriter:
        if self._writer is None:
            info = {"software": f"gongkai/{version('gongkai')}", "description": "Readings that were superseded"}
            self._writer = WarcWriter(self._home.warc, PREFIX, info)
        return self._writer

    @staticmethod
    def _draft(block: bytes, capture: Capture) -> build.Draft:
        url = capture.url.partition("#")[0]
        return build.conversion(url, block, "application/json", date=warc_date(), refers_to=capture.id)
