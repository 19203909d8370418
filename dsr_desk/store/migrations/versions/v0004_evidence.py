"""Several operators, anchors, requests whose data is shredded, and the trail's entries about keys in one place.

Revision ID: 0004
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY_TYPES = {"log.open", "key.add", "key.retire"}


def upgrade() -> None:
    """Make the tables and columns, and say of each entry about keys that it is one."""
    op.create_table(
        "envelopes",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("kek", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "kek", name=op.f("pk_envelopes")),
    )
    op.create_table(
        "anchors",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_anchors")),
    )
    for table, column, length in (
        ("operators", "box", 64),
        ("operators", "left", 32),
        ("operators", "file", 64),
        ("requests", "shredded", 32),
    ):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(column, sa.String(length=length), nullable=False, server_default=""))
    trail = sa.table("trail", sa.column("seq", sa.Integer), sa.column("case_id", sa.String), sa.column("raw", sa.LargeBinary))
    connection = op.get_bind()
    for seq, raw in connection.execute(sa.select(trail.c.seq, trail.c.raw).where(trail.c.case_id.is_(None))).all():
        if _type(raw) in _KEY_TYPES:
            connection.execute(trail.update().where(trail.c.seq == seq).values(case_id="keys"))


def downgrade() -> None:
    """Take all of it away."""
    op.get_bind().execute(sa.text("UPDATE trail SET case_id = NULL WHERE case_id = 'keys'"))
    for table, column in (("requests", "shredded"), ("operators", "file"), ("operators", "left"), ("operators", "box")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_table("anchors")
    op.drop_table("envelopes")


def _type(raw: bytes) -> str:
    try:
        return str(json.loads(raw)["type"])
    except (ValueError, KeyError, TypeError):
        return ""
