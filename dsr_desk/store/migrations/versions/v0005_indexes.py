"""Sealed lists by which requests are found without opening them all.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. It is filled when it is first needed."""
    op.create_table(
        "indexes",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_indexes")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("indexes")
