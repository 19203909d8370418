"""Rewriting a Parquet file: the same schema, settings and order, without some rows and with other values in some.

DuckDB writes it, and then both files are read again: the schema, the rows that stay (by a hash of each with its place), and the
rows that changed (value by value). Whatever can't be written as it was is refused.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dsr_desk.drivers._duckdb.comparing import Edit
from dsr_desk.drivers._duckdb.kinds import readable
from dsr_desk.drivers._duckdb.part import NUMBER, Part
from dsr_desk.drivers._duckdb.schema import Element, schema_of
from dsr_desk.drivers._duckdb.session import name, spoken, text
from dsr_desk.drivers._rows.nested import assigned, flatten, spread
from dsr_desk.errors import RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.values import Value, as_text

_CODECS = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4", "LZ4_RAW"}
_PLACE = '"place in the new file"'


def unwritable(part: Part, edits: Sequence[Edit]) -> Iterator[tuple[str, str, str]]:
    """Field, why and cure for every value that its column can't hold, without writing it."""
    said: set[str] = set()
    for edit in edits:
        for path, value in edit.step.writes.items():
            if path not in said and (problem := _problem(part, edit, path, value)):
                said.add(path)
                yield path, problem, "Choose another value under erase:"


def write_shape(part: Part, to: Path) -> None:
    """Write the file without any row, to see whether its schema can be. ``RefusedError`` where it can't."""
    with part.faults(Cancel()):
        nothing = f"SELECT {_columns(part)} FROM {part.relation} LIMIT 0"
        part.connection.execute(f"COPY ({nothing}) TO {text(str(to))} ({_settings(part)})")
        _insist_same_shape(part, to)


def rewrite(part: Part, edits: Sequence[Edit], to: Path) -> None:
    """Write the new file to an empty one that is there, and compare it. ``RefusedError`` where anything else would change."""
    connection = part.connection
    gone = sorted(e.record.number or 0 for e in edits if e.step.action == "delete")
    others = {e.record.number or 0: e for e in edits if e.step.action != "delete"}
    changed = {number: changes(part, edit) for number, edit in others.items()}
    wanted = {number: {**edit.record.columns, **changed[number]} for number, edit in others.items()}
    with spoken(connection, part.label, "Parquet", Cancel()):
        connection.execute("CREATE OR REPLACE TEMP TABLE gone (n BIGINT)")
        connection.execute("INSERT INTO gone SELECT unnest(?::BIGINT[])", [gone])
        written = _tables(part, changed)
        selected = [_selected(c, written) for c in part.columns]
        join = f"LEFT JOIN changed e ON s.{NUMBER} = e.n" if written else ""
        kept = f"s.{NUMBER} NOT IN (SELECT n FROM gone)"
        query = f"SELECT {', '.join(selected)} FROM {part.relation} s {join} WHERE {kept}"
        connection.execute(f"COPY ({query}) TO {text(str(to))} ({_settings(part)})")
        _insist_same_shape(part, to)
        _insist_same_rows(part, to, gone, wanted)


def changes(part: Part, edit: Edit) -> dict[str, Value]:
    """The columns that a step changes, each as a whole with what is nested in it."""
    before = edit.record.values
    writes = {path: spread(path, value, before.get(path)) for path, value in edit.step.writes.items()}
    document = assigned(edit.record.columns, writes)
    touched = {part.leaves[path].steps[0] for path in writes}
    return {column: document[column] for column in part.columns if column in touched}


def _problem(part: Part, edit: Edit, path: str, value: Value) -> str | None:
    import duckdb

    leaf = part.leaves.get(path)
    if leaf is None:
        return "the file has no such field"
    try:
        wanted = changes(part, Edit(replace(edit.step, writes={path: value}), edit.record))[leaf.steps[0]]
    except LookupError:
        return "the object it belongs to is not there"
    if wanted is None and leaf.steps[0] in _required(part):
        return "the column must have a value"
    kind = part.columns[leaf.steps[0]]
    try:
        found = part.connection.execute(f"SELECT CAST(CAST(? AS {kind}) AS {readable(kind)})", [wanted]).fetchone()
    except (duckdb.Error, UnicodeEncodeError, OverflowError, RuntimeError):
        found = None
    if found is None or not _equal(found[0], wanted):
        return f"the new value is no {leaf.type}, and its column holds nothing else"
    return None


def _equal(found: Value, wanted: Value) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {k: as_text(v) for k, v in flatten(found).items()} == {k: as_text(v) for k, v in flatten(wanted).items()}
    if isinstance(wanted, datetime) and wanted.tzinfo is not None:
        wanted = wanted.astimezone(UTC).replace(tzinfo=None)
    return as_text(found) == as_text(wanted)


def _other_shape(part: Part) -> RefusedError:
    return RefusedError(
        f"{part.label} has a schema that can't be written again exactly as it is; nothing was written.",
        "Erase the rows where the file is made, and make it again.",
    )


def loosened(part: Part) -> bool:
    """Whether it has columns that must have a value: DuckDB writes them as columns that may be empty."""
    return bool(_required(part))


def _required(part: Part) -> set[str]:
    return {e.name for e in schema_of(part.connection, part.place.path) if e.top and e.repetition == "REQUIRED"}


def _insist_same_shape(part: Part, to: Path) -> None:
    old, new = schema_of(part.connection, part.place.path), schema_of(part.connection, to)
    if [_loose(e) for e in old] != [_loose(e) for e in new]:
        raise _other_shape(part)


def _loose(element: Element) -> Element:
    """A column that must have a value may be written as one that may: no reader stumbles over that."""
    return replace(element, repetition="OPTIONAL") if element.top and element.repetition == "REQUIRED" else element


def _tables(part: Part, changed: Mapping[int, Mapping[str, Value]]) -> list[str]:
    written = [c for c in part.columns if any(c in values for values in changed.values())]
    columns = "".join(f", c{i} {part.columns[c]}, w{i} BOOLEAN" for i, c in enumerate(written))
    part.connection.execute(f"CREATE OR REPLACE TEMP TABLE changed (n BIGINT{columns})")
    marks = "".join(f", CAST(? AS {part.columns[c]}), ?" for c in written)
    for number, values in changed.items():
        cells = [cell for c in written for cell in (values.get(c), c in values)]
        part.connection.execute(f"INSERT INTO changed SELECT ?{marks}", [number, *cells])
    return written


def _selected(column: str, written: Sequence[str]) -> str:
    """A column of the new file. DuckDB would make one that happens to hold no NULL a column that may hold none."""
    at = f"s.{name(column)}"
    other = f"WHEN e.w{written.index(column)} THEN e.c{written.index(column)} " if column in written else ""
    return f"CASE {other}WHEN s.{NUMBER} < 0 THEN NULL ELSE {at} END AS {name(column)}"


def _columns(part: Part) -> str:
    return ", ".join(map(name, part.columns))


def _settings(part: Part) -> str:
    """Compression, size of row groups and the file's own notes, as they are."""
    path = str(part.place.path)
    about = part.connection.execute("SELECT compression, row_group_num_rows FROM parquet_metadata(?)", [path]).fetchall()
    codecs = {str(row[0]) for row in about}
    if not codecs <= _CODECS or len(codecs) > 1:
        raise RefusedError(
            f"{part.label} is compressed in a way that can't be written again; nothing was written.",
            "Erase the rows where the file is made, and make it again.",
        )
    settings = ["FORMAT parquet", "USE_TMP_FILE false"]
    settings += [f"COMPRESSION {codec.lower()}" for codec in codecs]
    settings += [f"ROW_GROUP_SIZE {max(2048, *(row[1] for row in about))}"] if about else []
    notes = part.connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [path]).fetchall()
    kept = [(bytes(k), bytes(v)) for k, v in notes if not bytes(k).startswith(b"duckdb.")]
    if kept:
        pairs = ", ".join(f"{text(_utf8(part, k))}: {text(_utf8(part, v))}" for k, v in kept)
        settings.append(f"KV_METADATA {{{pairs}}}")
    return ", ".join(settings)


def _utf8(part: Part, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise RefusedError(
            f"{part.label} has notes that can't be written again; nothing was written.",
            "Erase the rows where the file is made, and make it again.",
        ) from None


def _insist_same_rows(part: Part, to: Path, gone: Sequence[int], changed: Mapping[int, Mapping[str, Value]]) -> None:
    connection, columns = part.connection, _columns(part)
    new = f"read_parquet({text(str(to))}, {NUMBER}=true, hive_partitioning=false, filename=false)"
    kept = f"SELECT row_number() OVER () - 1 AS {_PLACE}, * FROM {part.relation} WHERE {NUMBER} NOT IN (SELECT n FROM gone)"
    hashed = f"count(*), sum(hash({_PLACE}, {columns})::HUGEINT)"
    # Rows that stay as they were, each with the place that it has now.
    old = connection.execute(f"SELECT {hashed} FROM ({kept}) WHERE {NUMBER} NOT IN (SELECT unnest(?::BIGINT[]))", [list(changed)])
    before = old.fetchone()
    moved = {number - bisect_left(gone, number): values for number, values in changed.items()}
    after = connection.execute(
        f"SELECT {hashed} FROM (SELECT {NUMBER} AS {_PLACE}, {columns} FROM {new}) "
        f"WHERE {_PLACE} NOT IN (SELECT unnest(?::BIGINT[]))",
        [list(moved)],
    ).fetchone()
    shown = ", ".join(f"CAST({name(c)} AS {readable(kind)})" for c, kind in part.columns.items())
    rows = connection.execute(f"SELECT {NUMBER}, {shown} FROM {new} WHERE {NUMBER} IN (SELECT unnest(?::BIGINT[]))", [list(moved)])
    found = {number: dict(zip(part.columns, cells, strict=True)) for number, *cells in rows.fetchall()}
    right = found.keys() == moved.keys() and all(_equal(found[n][c], v) for n, values in moved.items() for c, v in values.items())
    if before != after or not right:
        raise RefusedError(
            f"{part.label} came out otherwise than planned when it was written again; nothing was written.",
            "Erase the rows where the file is made, and make it again.",
        )
