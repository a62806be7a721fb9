"""Keeps what earlier parsers said: readings are sealed as conversion records before new ones supersede them.

Old code does not stay runnable. The records (``gongkai.reading/1`` in ``readings-*.warc.gz``) are on disk before the
database changes, and a rebuild puts them back beside the readings of today, as far as their versions still exist.
"""

from __future__ import annotations

from importlib.metadata import version

from sqlalchemy import or_, select

from archive.database import Database
from archive.database.bulk import chunks
from archive.database.models import Capture, Reading, Version
from archive.derive import Basis, Plan
from archive.home import Home
from archive.readings import load_reading, seal_block
from archive.warc import WarcWriter, build, warc_date

PREFIX = "readings"


class Keeper:
    """Seals readings; one file (or a few) per run of the index, made when the first one is needed."""

    def __init__(self, home: Home, database: Database, basis: Basis) -> None:
        self._home = home
        self._database = database
        self._basis = basis
        self._writer: WarcWriter | None = None
        self.count = 0

    def keep(self, plan: Plan) -> dict[str, str]:
        """Seal what ``plan`` is about to supersede.

        Returns:
            Reading id -> id of the conversion record that keeps it.
        """
        firsts = {run.first.id: run.first for runs in plan.runs.values() for run in runs if run.report is not None}
        sealed: dict[str, str] = {}
        drafts: list[build.Draft] = []
        with self._database.session() as session:
            for part in chunks(sorted(firsts)):
                rows = session.execute(
                    select(Reading, Version.first_capture)
                    .join(Version, Version.id == Reading.version_id)
                    .where(Version.first_capture.in_(part), Reading.sealed.is_(None))
                    .where(
                        or_(Reading.parser != self._basis.parser, Reading.configuration != self._basis.configuration)
                    )
                    .order_by(Reading.id)
                )
                for reading, first in rows:
                    draft = self._draft(seal_block(load_reading(session, reading)), firsts[first])
                    drafts.append(draft)
                    sealed[reading.id] = draft.record_id
        if drafts:
            writer = self._open()
            writer.append(drafts)
            writer.sync()
            self.count += len(drafts)
        return sealed

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
