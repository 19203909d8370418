"""Keys of the workspace itself, and which of them wraps all others.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "workspace_keys",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workspace_keys")),
    )
    op.create_table(
        "wrapping",
        sa.Column("kek", sa.String(length=64), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kek", name=op.f("pk_wrapping")),
    )


def downgrade() -> None:
    """Take both away."""
    op.drop_table("wrapping")
    op.drop_table("workspace_keys")
