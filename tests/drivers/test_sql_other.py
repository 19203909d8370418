"""The SQL driver over a database it has no module for: SQLite, spoken to as if it were unknown."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy import make_url

from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.drivers._sql.other import Other
from dsr_desk.drivers.base import Driver
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import System
from tests.drivers.conftest import in_sqlite
from tests.drivers.contract import DriverContract
from tests.drivers.sql_contract import SqlPlace


class Unknown(SqlDriver):
    """A driver that does not recognise SQLite."""

    @cached_property
    def _dialect(self) -> Dialect:
        return Other(self.system, make_url(f"sqlite:///{self.folder / 'shop.db'}"), lambda: None)


class OtherPlace(SqlPlace):
    """The same database, reached as an unknown one."""

    def driver(self) -> Driver:
        return Unknown(self.system, self.folder)


@pytest.fixture
def place(tmp_path: Path) -> OtherPlace:
    made = in_sqlite(tmp_path, "delete")
    return OtherPlace(made.engine, "sqlite:///shop.db", tmp_path)


class TestOther(DriverContract):
    def test_it_says_that_it_was_not_tried(self, place: OtherPlace) -> None:
        schema = place.driver().schema()
        assert not schema.tried and "not tried" in schema.limits[0]
        assert schema.collections["messages"].foreign_keys[0].columns == ("sender",)

    def test_a_driver_that_is_not_installed_is_named(self, tmp_path: Path) -> None:
        for url in ("mssql+pymssql://ann@host/x", "nosuchthing://host/x"):
            with pytest.raises(UsageError, match="not installed"):
                SqlDriver(System("place", "sql", url=url), tmp_path).schema()
