"""Bringing a workspace's tables up to this program's version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from dsr_desk.errors import UsageError
from dsr_desk.store.database import Database
from dsr_desk.store.schema import REVISION


def bring_up_to_date(database: Database) -> None:
    """Run what migrations are missing, in one transaction. ``UsageError`` when a newer program made the workspace.

    Nearly always none is, and alembic, which takes longer to import than the workspace to open, stays away.
    """
    with database.read() as connection:
        if _revision(connection) == REVISION:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.write() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise UsageError("This workspace was made by a newer version of the program.", "Install that version.") from None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found
