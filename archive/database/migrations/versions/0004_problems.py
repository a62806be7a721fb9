"""What went wrong in a crawl, and what each of its columns came to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; crawls that ended before have none."""
    op.add_column("crawls", sa.Column("problems", sa.Text(), nullable=True))
    op.add_column("crawls", sa.Column("columns", sa.Text(), nullable=True))
