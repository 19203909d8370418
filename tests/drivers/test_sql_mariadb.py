"""The SQL driver over a MariaDB server that the test starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.conftest import in_mariadb
from tests.drivers.sql_contract import SqlContract, SqlPlace
from tests.drivers.sql_shapes import SqlShapes


@pytest.fixture
def place(mariadb_server: str, tmp_path: Path) -> Iterator[SqlPlace]:
    yield from in_mariadb(mariadb_server, tmp_path)


class TestMariaDb(SqlContract):
    pass


class TestShapes(SqlShapes):
    pass
