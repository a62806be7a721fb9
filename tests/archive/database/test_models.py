"""The migrations make exactly the tables of the models."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from archive.database import open_database
from archive.database.models import Base
from archive.database.session import HEAD
from tests.archive.database.rows_of import insert_places


def test_migrations_make_exactly_the_tables_of_the_models(empty_database_url: str) -> None:
    with open_database(empty_database_url) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, Base.metadata) == []


def test_tables_of_an_earlier_version_become_as_wide(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_database(empty_database_url) as database:
        insert_places(database, [(7, 8)])
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
            if connection.dialect.name == "postgresql":  # as it was before
                connection.execute(text("UPDATE warc_files SET size = 9"))
                for table, column in (("warc_files", "size"), ("captures", '"offset"'), ("discoveries", "pages")):
                    connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE integer"))
    upgrade = command.upgrade  # by this migration alone: tables of later ones are there already
    monkeypatch.setattr(command, "upgrade", lambda configuration, _: upgrade(configuration, "0005"))
    with open_database(empty_database_url) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
        assert connection.execute(text('SELECT "offset", length FROM captures')).one() == (7, 8)
        connection.execute(text('UPDATE captures SET "offset" = 5000000000'))
        connection.execute(text("UPDATE warc_files SET size = 5000000000"))
