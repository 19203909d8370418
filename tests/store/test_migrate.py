from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dsr_desk.errors import UsageError
from dsr_desk.store import migrate, schema
from dsr_desk.store.database import Database
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import PASSPHRASE, reopen

SCRIPTS = Path(migrate.__file__).parent / "migrations"

OPENS = """
import sys
from pathlib import Path
from dsr_desk.audit import trail
from dsr_desk.store.workspace import Workspace
Workspace.open(Path(sys.argv[1]), passphrase=lambda: sys.argv[2], trail=trail).close()
sys.exit("alembic" in sys.modules or "keyring" in sys.modules)
"""


def test_the_migrations_make_the_tables_that_the_program_knows(ws: Workspace) -> None:
    with ws.read() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_the_newest_migration_is_the_one_we_ask_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [schema.REVISION]


def test_down_and_up_again(tmp_path: Path) -> None:
    from alembic import command

    data = Database(tmp_path / "w.db")
    migrate.bring_up_to_date(data)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    with data.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        assert left == ["alembic_version"]
    migrate.bring_up_to_date(data)
    migrate.bring_up_to_date(data)
    data.close()


def test_a_workspace_of_a_newer_program(ws: Workspace, execute: Callable[..., None]) -> None:
    execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UsageError, match="newer"):
        reopen(ws.folder)


def test_opening_a_current_one_does_not_even_load_alembic(ws: Workspace) -> None:
    assert subprocess.run([sys.executable, "-c", OPENS, str(ws.folder), PASSPHRASE], check=False).returncode == 0
