"""Rows for the tests of the database."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.database import Database
from archive.database.models import Capture, WarcFile
from archive.database.rows import insert_new


def act(key: str, **more: object) -> dict[str, object]:
    row = {"id": key, "warc_file": None, "kind": "verdict", "who": "w", "when": "2026", "target": "t", "evidence": None}
    return {**row, "decision": "confirm", "note": None, "facts": {}, **more}


def insert_places(database: Database, places: list[tuple[int, int]]) -> None:
    file = {"name": "a.warc.gz", "sha256": "s", "size": 3 << 30, "records": 2**31, "signatures": "s"}
    row = dict.fromkeys(column.key for column in Capture.__table__.columns)
    said = {"kind": "response", "url": "u", "url_key": "u", "method": "GET", "captured_at": datetime.now(UTC)}
    rows = [
        {**row, **said, "id": str(offset), "warc_file": file["name"], "offset": offset, "length": length}
        for offset, length in places
    ]
    with database.writing() as session:
        insert_new(session, WarcFile, [file])
        insert_new(session, Capture, rows)
