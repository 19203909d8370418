"""SQLite: rows are read straight from the file's own cursor and compared by a digest of their values, types included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence, Set
from hashlib import sha256
from marshal import dumps
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Connection

from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.versions import MARK, Sets
from dsr_desk.model.plan import Step
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from dsr_desk.drivers._sql.batch import Batch, Keys
    from dsr_desk.drivers._sql.dialect import Dialect

_ROWS = 20_000
_ODD = re.compile("[\x00\ud800-\udfff]")
#: The form of ``marshal`` without references: equal values have equal bytes.
_FORM = 2


class SqliteSets(Sets):
    """Under ``BEGIN IMMEDIATE`` nobody else writes, so what was compared stays so until it is written."""

    refuses_at_once: ClassVar[bool] = False
    form: ClassVar[str] = "marshal sha256"

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def version(self, values: tuple[Value, ...]) -> str:
        return sha256(dumps(values, _FORM)).hexdigest()

    def takes(self, table: Table, key: Sequence[str], steps: Sequence[Step], new: Set[str]) -> bool:
        values = [v for s in steps for v in s.key.values()]
        return set(map(type, values)) == {int} or all(map(_plain, values))

    def same(self, conn: Connection, table: Table, key: Sequence[str], steps: Sequence[Step], lock: bool) -> int:
        planned = {s.version[MARK:] for s in steps}
        columns = ", ".join(map(_name, table.columns))
        found = 0
        for rows in self._read(conn, table, columns, key, _keys(key, steps)):
            if not planned.issuperset([sha256(dumps(row, _FORM)).hexdigest() for row in rows]):
                return -1
            found += len(rows)
        return found

    def delete(self, conn: Connection, table: Table, key: Sequence[str], steps: Sequence[Step]) -> int:
        if self.same(conn, table, key, steps, lock=True) != len(steps):
            return -1
        where = _where(key)
        return sum(
            int(conn.exec_driver_sql(f"DELETE FROM {_name(table.bare)} WHERE {where}", (_json(key, part),)).rowcount)
            for part in _parts(_keys(key, steps))
        )

    def update(self, conn: Connection, batch: Batch) -> int:
        table, key = batch.table, batch.collection.key
        keys = batch.keys()
        if self.same(conn, table, key, batch.steps, lock=True) != len(keys):
            return -1
        pairs = ", ".join(f"{_name(c)} = ?" for c in batch.columns)
        where = " AND ".join(f"{_name(k)} = ?" for k in key)
        new = [tuple(self._stored(batch, s)) + k for s, k in zip(batch.steps, keys, strict=True)]
        return int(conn.exec_driver_sql(f"UPDATE {_name(table.bare)} SET {pairs} WHERE {where}", new).rowcount)

    def holding(self, conn: Connection, batch: Batch) -> int:
        from dsr_desk.drivers._sql.examine import holds

        key = batch.collection.key
        planned = {k: self._stored(batch, s) for s, k in zip(batch.steps, batch.keys(), strict=True)}
        columns = ", ".join(map(_name, (*key, *batch.columns)))
        held = 0
        for rows in self._read(conn, batch.table, columns, key, list(planned)):
            for row in rows:
                held += all(map(holds, planned.get(row[: len(key)], ()), row[len(key) :]))
        return held

    def _stored(self, batch: Batch, step: Step) -> list[Value]:
        return [self._dialect.bound(batch.table.columns[c], step.writes[c]) for c in batch.columns]

    @staticmethod
    def _read(conn: Connection, table: Table, columns: str, key: Sequence[str], keys: Keys) -> Iterator[list[tuple[Any, ...]]]:
        raw: Any = conn.connection.dbapi_connection
        for part in _parts(keys):
            yield raw.execute(f"SELECT {columns} FROM {_name(table.bare)} WHERE {_where(key)}", (_json(key, part),)).fetchall()


def _keys(key: Sequence[str], steps: Sequence[Step]) -> Keys:
    return [tuple([s.key[name] for name in key]) for s in steps]


def _parts(keys: Keys) -> Iterator[Keys]:
    for start in range(0, len(keys), _ROWS):
        yield keys[start : start + _ROWS]


def _where(key: Sequence[str]) -> str:
    if len(key) == 1:
        return f"{_name(key[0])} IN (SELECT value FROM json_each(?))"
    values = ", ".join(f"json_extract(value, '$[{i}]')" for i in range(len(key)))
    return f"({', '.join(map(_name, key))}) IN (SELECT {values} FROM json_each(?))"


def _json(key: Sequence[str], keys: Keys) -> str:
    return json.dumps([k[0] for k in keys] if len(key) == 1 else keys)


def _plain(value: Value) -> bool:
    """Whether JSON carries the value into SQLite unchanged."""
    return type(value) is int or (type(value) is str and not _ODD.search(value))


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
