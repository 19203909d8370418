"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "catalog_versions",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_catalog_versions")),
    )
    op.create_table(
        "counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_counters")),
    )
    op.create_table(
        "operators",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_operators")),
    )
    op.create_table(
        "requests",
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("right", sa.String(length=64), nullable=False),
        sa.Column("received", sa.String(length=32), nullable=False),
        sa.Column("due", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("opened", sa.String(length=32), nullable=False),
        sa.Column("closed", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_requests")),
        sa.UniqueConstraint("case_id", name=op.f("uq_requests_case_id")),
    )
    op.create_table(
        "trail",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail")),
    )
    with op.batch_alter_table("trail", schema=None) as batch_op:
        batch_op.create_index("ix_trail_case_id", ["case_id"], unique=False)

    op.create_table(
        "trail_head",
        sa.Column("log", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("last", sa.LargeBinary(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "case_keys",
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("vault", sa.LargeBinary(), nullable=False),
        sa.Column("commit", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["requests.ref"], name=op.f("fk_case_keys_ref_requests")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_case_keys")),
    )
    op.create_table(
        "journal",
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("system", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["requests.ref"], name=op.f("fk_journal_ref_requests")),
        sa.PrimaryKeyConstraint("ref", "number", name=op.f("pk_journal")),
    )
    op.create_table(
        "leases",
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=True),
        sa.Column("process", sa.String(length=64), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["requests.ref"], name=op.f("fk_leases_ref_requests")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_leases")),
    )
    op.create_table(
        "parts",
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["requests.ref"], name=op.f("fk_parts_ref_requests")),
        sa.PrimaryKeyConstraint("ref", "part", "position", name=op.f("pk_parts")),
    )


def downgrade() -> None:
    """Take every table away."""
    op.drop_table("parts")
    op.drop_table("leases")
    op.drop_table("journal")
    op.drop_table("case_keys")
    op.drop_table("trail_head")
    with op.batch_alter_table("trail", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_case_id")

    op.drop_table("trail")
    op.drop_table("requests")
    op.drop_table("operators")
    op.drop_table("counters")
    op.drop_table("catalog_versions")
