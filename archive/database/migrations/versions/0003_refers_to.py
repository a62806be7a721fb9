"""What a revisit says of its original when it does not say the id."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and an index of the few rows that have it."""
    op.add_column("captures", sa.Column("refers_to", sa.Text(), nullable=True))
    said = sa.text("refers_to IS NOT NULL")
    op.create_index(
        op.f("ix_captures_refers_to"),
        "captures",
        ["refers_to"],
        unique=False,
        sqlite_where=said,
        postgresql_where=said,
    )
