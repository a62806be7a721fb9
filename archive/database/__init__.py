"""The database: tables, migrations, sessions. A cache of the WARC files on SQLite or PostgreSQL.

    models          all tables: source_tables (what the files say) and derived_tables (what follows from it)
    base, types     what tables share; columns that mean the same on both back-ends
    rows            many rows at once; apart: where one of them is refused, it alone is left out
    session         opening, migrating, transactions; aside: a second one that takes the place of the first when whole
    reading_lines   what hangs on a reading, line by line
    reading_store   writes it: rows, and packs of what is read together; reading_load: reads it
    packs, packing  what each pack holds; columns of texts as few bytes
    own_text        where the text of a report stands: in its body, or on the page whose annex that is
    views           public names for people who ask in SQL
    migrations      one numbered module per change

How to add a table, and which test fails where a step is forgotten: CONTRIBUTING.md, "A table". One that refers to
rows of others by number is compared by what it says in ``tests/archive/stored.py``.
"""

from __future__ import annotations

from archive.database.session import Database, open_database, shown_url

__all__ = ["Database", "open_database", "shown_url"]
