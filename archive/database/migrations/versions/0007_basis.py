"""What rules across reports look at, as a fingerprint of each report: they run when one of these has changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database.types import Key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it, empty: every report that is looked at next counts as changed once."""
    op.add_column("reports", sa.Column("basis", Key, nullable=True))
