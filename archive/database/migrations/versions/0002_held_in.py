"""Where the candidates of a list page are held, so that a list that did not change need not repeat them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the index it is looked up by."""
    op.add_column("discoveries", sa.Column("held_in", sa.Text(), nullable=True))
    op.create_index(
        op.f("ix_discoveries_list_url_recorded_at"), "discoveries", ["list_url", "recorded_at"], unique=False
    )
