"""The DuckDB driver over Parquet and CSV: the whole contract, with files that DuckDB itself writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dsr_desk.drivers.duckdb import DuckDBDriver
from dsr_desk.model.catalog import System
from tests.drivers.contract import COLUMNS, PEOPLE, DriverContract, Place, people


class FilePlace(Place):
    """A file that a DuckDB of the test's own writes again for each change."""

    def __init__(self, folder: Path, ending: str) -> None:
        self.folder, self.path = folder, folder / f"people.{ending}"
        self.format = "csv" if ending == "csv" else "parquet"
        self.system = System("place", "duckdb", path=self.path.name, region="DE", collections={"people": people()})
        self.save([dict(zip(COLUMNS, row, strict=True)) for row in PEOPLE])

    def driver(self) -> DuckDBDriver:
        return DuckDBDriver(self.system, self.folder)

    def load(self) -> list[dict[str, str | None]]:
        with duckdb.connect() as own:
            whole = f"read_csv('{self.path}', header=true, all_varchar=true)" if self.format == "csv" else f"'{self.path}'"
            rows = own.execute(f"SELECT {', '.join(COLUMNS)} FROM {whole}").fetchall()
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def save(self, rows: list[dict[str, str | None]]) -> None:
        with duckdb.connect() as own:
            own.execute(f"CREATE TABLE people ({', '.join(f'{c} VARCHAR' for c in COLUMNS)})")
            own.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", [list(row.values()) for row in rows])
            own.execute(f"COPY people TO '{self.path}' (FORMAT {self.format})")

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.save([*self.load(), {name: row[name] for name in COLUMNS}])

    def change(self, row: str, column: str, value: str | None) -> None:
        self.save([{**r, column: value} if r["id"] == row else r for r in self.load()])

    def remove(self, row: str) -> None:
        self.save([r for r in self.load() if r["id"] != row])

    def dump(self) -> Any:
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir()) if path.name[0] != "."}


@pytest.fixture(params=["parquet", "csv"])
def place(tmp_path: Path, request: pytest.FixtureRequest) -> FilePlace:
    return FilePlace(tmp_path, request.param)


class TestDuckDB(DriverContract):
    pass
