"""The tables of the workspace. Their columns hold nothing personal: what is personal lies sealed in a BLOB."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    text,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator

#: The migration that these tables are at; see ``migrations/versions``.
REVISION = "0006"

#: Names for constraints, so that a later migration can speak of them on every database.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


class Bytes(TypeDecorator[bytes]):
    """Bytes, always: SQLite would hand over text where somebody put text in, and then nothing could say what was changed."""

    impl = LargeBinary
    cache_ok = True

    def column_expression(self, column: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """Read as bytes, whatever is stored."""
        return cast(column, LargeBinary)


_REF = String(32)
_WORD = String(64)
_TIME = String(32)


def _of_request() -> Column[str]:
    return Column("ref", _REF, ForeignKey("requests.ref"), primary_key=True)


counters = Table(
    "counters",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("ref", _REF, primary_key=True),
    Column("case_id", _WORD, nullable=False, unique=True),
    Column("right", _WORD, nullable=False),
    Column("received", _TIME, nullable=False),
    Column("due", _TIME, nullable=False),
    Column("stage", _WORD, nullable=False),
    Column("opened", _TIME, nullable=False),
    Column("closed", _TIME, nullable=False),
    Column("shredded", _TIME, nullable=False, server_default=""),
)

case_keys = Table(
    "case_keys",
    metadata,
    _of_request(),
    Column("vault", Bytes, nullable=False),
    Column("commit", Bytes, nullable=False),
)

parts = Table(
    "parts",
    metadata,
    _of_request(),
    Column("part", String(200), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("data", Bytes, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    _of_request(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", _WORD, nullable=False),
    Column("system", String(200), nullable=False),
    Column("state", _WORD, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("detail", Bytes, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    _of_request(),
    Column("fence", Integer, nullable=False),
    Column("holder", String(200)),
    Column("process", _WORD),
    Column("until", BigInteger, nullable=False),
)

#: ``case_id``: the case that an entry speaks of, ``keys`` where it is about who may sign.
trail = Table(
    "trail",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("case_id", _WORD),
    Column("raw", Bytes, nullable=False),
    Index("ix_trail_case_id", "case_id"),
)

trail_head = Table(
    "trail_head",
    metadata,
    Column("log", String(200), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("last", Bytes, nullable=False),
    Column("frontier", Bytes, nullable=False),
)

#: ``facts``: what the live systems looked like, as JSON, never a value. ``reason``: sealed, for it is free text.
catalog_versions = Table(
    "catalog_versions",
    metadata,
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("digest", _WORD, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", _WORD, nullable=False),
    Column("files", Text, nullable=False),
    Column("facts", Text, nullable=False, server_default=""),
    Column("reason", Bytes, nullable=False, server_default=text("x''")),
)

operators = Table(
    "operators",
    metadata,
    Column("key_id", _WORD, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("role", _WORD, nullable=False),
    Column("box", _WORD, nullable=False, server_default=""),
    Column("left", _TIME, nullable=False, server_default=""),
    Column("file", _WORD, nullable=False, server_default=""),
)

#: The workspace key for one operator, sealed to the public key (``box``) that the trail admitted with them.
envelopes = Table(
    "envelopes",
    metadata,
    Column("key_id", _WORD, primary_key=True),
    Column("kek", _WORD, primary_key=True),
    Column("data", Bytes, nullable=False),
)

#: Checkpoints that somebody outside was given: the entry that says so, how, and what came back (a timestamp's reply).
anchors = Table(
    "anchors",
    metadata,
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("how", _WORD, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("note", Text, nullable=False),
    Column("proof", Bytes, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("id", _WORD, primary_key=True),
    Column("vault", Bytes, nullable=False),
    Column("commit", Bytes, nullable=False),
    Column("data", Bytes, nullable=False),
)

workspace_keys = Table(
    "workspace_keys",
    metadata,
    Column("name", _WORD, primary_key=True),
    Column("data", Bytes, nullable=False),
)

#: Sealed lists by which requests are found without opening them all.
indexes = Table(
    "indexes",
    metadata,
    Column("name", _WORD, primary_key=True),
    Column("data", Bytes, nullable=False),
)

#: One row once the workspace key was changed: which one wraps what is new, and whether nothing needs the one before any more.
wrapping = Table(
    "wrapping",
    metadata,
    Column("kek", _WORD, primary_key=True),
    Column("done", Boolean, nullable=False),
)
