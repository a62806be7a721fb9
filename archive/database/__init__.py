"""The database: tables, migrations, sessions. A cache of the WARC files on SQLite or PostgreSQL."""

from __future__ import annotations

from archive.database.session import Database, open_database, shown_url

__all__ = ["Database", "open_database", "shown_url"]
