"""What the live systems looked like when a catalog was accepted, and why it was.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns, empty for the versions that there are."""
    with op.batch_alter_table("catalog_versions") as batch:
        batch.add_column(sa.Column("facts", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("reason", sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("catalog_versions") as batch:
        batch.drop_column("reason")
        batch.drop_column("facts")
