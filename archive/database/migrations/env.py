"""Alembic's entry: run by `archive.database` with an open connection, never from the command line."""

from __future__ import annotations

from alembic import context

from archive.database.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
context.run_migrations()
