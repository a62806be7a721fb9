"""Whole numbers of 64 bits: on PostgreSQL what lies beyond two GiB of a file could not be indexed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = {
    "warc_files": ("size", "records"),
    "captures": ("status", "offset", "length", "attempt"),
    "discoveries": ("page", "pages", "stated_total"),
    "failures": ("attempt",),
    "reports": ("year",),
    "versions": ("number", "captures"),
    "readings": ("year",),
    "issues": ("position",),
    "prose_facts": ("position",),
    "sections": ("position", "number"),
}


def upgrade() -> None:
    """Widen them, each table at once; SQLite's are as wide already."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _COLUMNS.items():
        changes = ", ".join(f'ALTER COLUMN "{column}" TYPE bigint' for column in columns)
        op.execute(sa.text(f'ALTER TABLE "{table}" {changes}'))
