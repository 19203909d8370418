"""Well-known schemas as SQLite databases without foreign keys, with generated rows, and what is true of them.

``TABLE: column kind | column pk | column > TARGET owned`` in ``known/*.txt``. What may stand behind a reference: ``owned`` and
``owns`` are the true ownership edges, ``~owned`` and ``~owns`` those that one may see either way; ``null`` and ``zero`` (half of
them point at nobody), ``unique``, ``via COLUMN.OTHER`` (the same as the row says that COLUMN points at).
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faker import Faker

FOLDER = Path(__file__).parent / "known"
ROWS = 40
Edge = tuple[str, str, str]


@dataclass
class Column:
    """One column: its kind of values, and what it points at."""

    name: str
    kind: str
    key: bool = False
    target: str = ""
    says: list[str] = field(default_factory=list)


@dataclass
class Truth:
    """The true ownership edges (table, column, target) and those that can be seen either way."""

    edges: set[Edge] = field(default_factory=set)
    either: set[Edge] = field(default_factory=set)


def read(name: str) -> dict[str, list[Column]]:
    """The tables of one schema."""
    tables = {}
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            table, _, rest = line.partition(": ")
            tables[table.strip('"')] = [_column(part) for part in rest.split(" | ")]
    return tables


def _column(text: str) -> Column:
    name, *rest = text.split()
    before, arrow, target = " ".join(rest).partition(">")
    kind = before.strip() or "int"
    if not arrow:
        return Column(name, kind, kind in ("pk", "code", "hash"))
    where, *says = target.split()
    return Column(name, kind, kind in ("pk", "hash"), where, says)


def truth(name: str) -> Truth:
    """What is true of one schema."""
    found = Truth()
    for table, columns in read(name).items():
        for c in columns:
            edge = (table, c.name, c.target)
            if {"owned", "owns"} & set(c.says):
                found.edges.add(edge)
            elif {"~owned", "~owns"} & set(c.says):
                found.either.add(edge)
    return found


def make(name: str, file: Path, rows: int = ROWS) -> None:
    """The schema as a SQLite file; the same rows each time."""
    tables, random_ = read(name), random.Random(7)
    Faker.seed(7)
    fake = Faker("en_US")
    keys = {t: _keys(columns, rows, random_) for t, columns in tables.items()}
    filled: dict[str, list[dict[str, Any]]] = {}
    for table in _ordered(tables):
        filled[table] = _rows(table, tables, keys, filled, rows, random_, fake)
    with closing(sqlite3.connect(file)) as conn:
        for table, columns in tables.items():
            primary = [c.name for c in columns if c.key]
            body = [f'"{c.name}" {_type(c, tables)}' for c in columns]
            body += [f"PRIMARY KEY ({', '.join(primary)})"] if primary else []
            conn.execute(f'CREATE TABLE "{table}" ({", ".join(body)})')
            for row in filled[table]:
                marks = ", ".join("?" * len(row))
                conn.execute(f'INSERT OR IGNORE INTO "{table}" VALUES ({marks})', list(row.values()))
        conn.commit()


def _keys(columns: list[Column], rows: int, random_: random.Random) -> list[Any]:
    first = next((c for c in columns if c.key and not c.target), None)
    if first is None:
        return []
    return [_key(first.kind, n, random_) for n in range(1, rows + 1)]


def _key(kind: str, number: int, random_: random.Random) -> Any:
    letters = "abcdefghijkmnopqrstuvwxyz0123456789"
    if kind == "hash":
        return "".join(random_.choices(letters, k=26))
    return "".join(random_.choices(letters[:20], k=5)).upper() if kind == "code" else number


def _ordered(tables: dict[str, list[Column]]) -> list[str]:
    """Those that say the same as others after them."""
    return sorted(tables, key=lambda t: sum("via" in c.says for c in tables[t]) + (t == "account_move_line"))


def _rows(
    table: str,
    tables: dict[str, list[Column]],
    keys: dict[str, list[Any]],
    filled: dict[str, list[dict[str, Any]]],
    rows: int,
    random_: random.Random,
    fake: Faker,
) -> list[dict[str, Any]]:
    made = []
    for n in range(rows):
        row: dict[str, Any] = {}
        for c in sorted(tables[table], key=lambda c: "via" in c.says):
            if "via" in c.says:
                there, _, other = c.says[c.says.index("via") + 1].partition(".")
                target = next(x.target for x in tables[table] if x.name == there)
                name = next(x.name for x in tables[target] if x.key)
                row[c.name] = next(r[other or c.name] for r in filled[target] if r[name] == row[there])
            elif c.target:
                row[c.name] = _pointer(c, keys, tables, n, random_)
            elif c.key:
                row[c.name] = keys[table][n]
            else:
                row[c.name] = _value(c.kind, random_, fake)
        made.append({c.name: row[c.name] for c in tables[table]})
    return made


def _pointer(c: Column, keys: dict[str, list[Any]], tables: dict[str, list[Column]], n: int, random_: random.Random) -> Any:
    if "null" in c.says and random_.random() < 0.5:
        return None
    if "zero" in c.says and random_.random() < 0.5:
        return 0
    target, known = c.target, keys[c.target]
    while not known:  # its key is a reference itself
        target = next(x.target for x in tables[target] if x.key)
        known = keys[target]
    return known[n % len(known)] if "unique" in c.says else random_.choice(known)


def _type(c: Column, tables: dict[str, list[Column]]) -> str:
    kind = c.kind
    while c.target:
        c = next(x for x in tables[c.target] if x.key)
        kind = c.kind
    types = {"date": "DATE", "born": "DATE", "bool": "BOOLEAN", "money": "DECIMAL(10,2)", "blob": "BLOB"}
    if kind in ("pk", "int", "year"):
        return "INTEGER"
    return types.get(kind, "VARCHAR(255)")


_VALUES: dict[str, Callable[[random.Random, Faker], Any]] = {
    "int": lambda r, f: r.randint(1, 30),
    "year": lambda r, f: r.randint(1990, 2020),
    "money": lambda r, f: round(r.random() * 100, 2),
    "bool": lambda r, f: r.randint(0, 1),
    "blob": lambda r, f: b"\x89PNG" + r.randbytes(8),
    "date": lambda r, f: f"{r.randint(2015, 2024)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "born": lambda r, f: f"{r.randint(1940, 2003)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "word": lambda r, f: f.word(),
    "words": lambda r, f: " ".join(f.words(3)),
    "text": lambda r, f: f.sentence(12),
    "email": lambda r, f: f.email(),
    "first": lambda r, f: f.first_name(),
    "last": lambda r, f: f.last_name(),
    "name": lambda r, f: f"{f.first_name()} {f.last_name()}",
    "phone": lambda r, f: f"+49 30 {r.randint(200000, 999999)}",
    "street": lambda r, f: f.street_address(),
    "city": lambda r, f: f.city(),
    "zip": lambda r, f: f.postcode(),
    "country": lambda r, f: f.country(),
    "company": lambda r, f: f.company(),
    "job": lambda r, f: f.job(),
    "username": lambda r, f: f.user_name(),
    "secret": lambda r, f: "$2b$12$" + "".join(r.choices("abcdefghij", k=53)),
    "url": lambda r, f: f.url(),
    "ip": lambda r, f: f.ipv4(),
    "iban": lambda r, f: f.iban(),
}


def _value(kind: str, random_: random.Random, fake: Faker) -> Any:
    if kind.startswith("kind:"):
        return random_.choice(kind.removeprefix("kind:").split(","))
    return _VALUES[kind](random_, fake)


def proposed(says: str) -> tuple[str, list[str]]:
    """The kind and the targets (without the field) of an owner guess."""
    kind, _, value = says.partition(": ")
    inner = re.findall(r"to: ([^,}]+)", value) if value.startswith("[") else [value]
    return kind, [target.strip('"').rpartition(".")[0] for target in inner]
