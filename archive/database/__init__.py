"""The database: tables, migrations, sessions. A cache of the WARC files on SQLite or PostgreSQL.

    models          all tables: source_tables (what the files say) and derived_tables (what follows from it)
    base, types     what tables share; columns that mean the same on both back-ends
    rows            many rows at once; apart: where one of them is refused, it alone is left out
    session         opening, migrating, transactions
    migrations      one numbered module per change

A new table:

1. Its class in ``source_tables`` (what a file says) or ``derived_tables`` (what follows), and its name in ``models``.
2. A migration; ``tests/archive/database/test_session.py`` compares it with the class.
3. What fills it: for a source table a field of `archive.index.extract.FileFacts`, and ``store_facts`` *and*
   ``forget_file`` in `archive.index.load`.
4. Its columns in ``docs/database.md``.
"""

from __future__ import annotations

from archive.database.session import Database, open_database, shown_url

__all__ = ["Database", "open_database", "shown_url"]
