"""Many people at once: searching for 1,000 and erasing 10,000, beside the set-based statements that a person would write."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

from benchmarks import company
from benchmarks.measure import Figure, once
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.flow.workers import making_many
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Outcome, Step, Watch, Work
from dsr_desk.model.values import fingerprint

#: People in the shop, and of those the ones to erase: about ten rows each.
PEOPLE, ERASED = 30_000, 10_000
_KEY = bytes(32)
_SHOP = """
system: shop
driver: sql
url: postgresql+psycopg://{server}/{database}
collections:
  customers:
    subject: true
    key: [id]
    on_erase: delete
    fields:
      id: {{category: user.unique_id, identity: customer_id}}
      email: {{category: user.contact.email, identity: email, stored: plain}}
      name: {{category: user.name, identity: name}}
  orders:
    key: [id]
    on_erase: delete
    fields: {{id: {{}}, customer_id: {{owned_by: customers.id}}, total: {{category: user.financial}}, placed: {{}}}}
  messages:
    key: [id]
    on_erase: delete
    fields: {{id: {{}}, sender_id: {{owned_by: customers.id}}, body: {{category: user.content}}}}
"""
_TABLES = f"""
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name text);
CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id bigint REFERENCES customers(id), total numeric(10,2),
  placed timestamptz);
CREATE TABLE messages (id bigserial PRIMARY KEY, sender_id bigint REFERENCES customers(id), body text);
INSERT INTO customers SELECT n, 'p' || n || '@example.org', 'Person ' || n FROM generate_series(1, {PEOPLE}) n;
INSERT INTO orders (customer_id, total, placed) SELECT n, n % 997 + 0.5, '2024-01-01Z'::timestamptz + n * interval '1 minute'
  FROM generate_series(1, {PEOPLE}) n, generate_series(1, 3);
INSERT INTO messages (sender_id, body) SELECT n, repeat('hello ', 8) FROM generate_series(1, {PEOPLE}) n, generate_series(1, 6);
CREATE INDEX ON customers (lower(email)); CREATE INDEX ON orders (customer_id); CREATE INDEX ON messages (sender_id);
ANALYZE;
"""
_OWNED = (("messages", "sender_id"), ("orders", "customer_id"), ("customers", "id"))


def _made(server: str, name: str, template: str | None = None) -> None:
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as db:
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        db.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    if template is None:
        with psycopg.connect(f"postgresql://{server}/{name}") as db:
            db.execute(_TABLES)


def shop(folder: Path, server: str, database: str) -> Catalog:
    """The catalog of the shop in one database of the server."""
    return company.catalog(folder, _SHOP.format(server=server, database=database))


def steps_of(rows: list[Row]) -> tuple[Step, ...]:
    """The deletes of these rows, with their before-images and fingerprints, as a plan holds them."""
    gone = Outcome("erased", "delete")
    return tuple(
        Step(r.ref, r.key, "delete", dict.fromkeys(r.values, gone), fingerprint(_KEY, r.values), r.values, version=r.version)
        for r in rows
    )


def work_for(driver: SqlDriver, people: int) -> Work:
    """The work that erases the first so many people: three questions, and a step a row, children first."""
    ids = tuple((str(n),) for n in range(1, people + 1))
    mails = tuple((f"p{n}@example.org",) for n in range(1, people + 1))
    lookups = [Lookup(table, (column,), ids) for table, column in _OWNED[:2]]
    lookups.append(Lookup("customers", ("email",), mails, "email", plain=True))
    rows: dict[int, list[Row]] = {0: [], 1: [], 2: []}
    for batch in driver.find(lookups, Cancel()):
        for hit in batch:
            rows[hit.lookup].append(hit.row)
    steps = [steps_of(rows[i]) for i in range(3)]
    watches = tuple(Watch(lookup, tuple(r.ref for r in rows[i])) for i, lookup in enumerate(lookups))
    return Work("shop", (*steps[0], *steps[1], *steps[2]), watches, _KEY)


def _journaled(evidence: Mapping[str, object]) -> None:
    assert evidence is not None


def _by_hand(server: str, database: str) -> None:
    keys = list(range(1, ERASED + 1))
    with psycopg.connect(f"postgresql://{server}/{database}") as db:
        for table, column in _OWNED:
            db.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (keys,))


def erasing(folder: Path, server: str, runs: int) -> Iterator[Figure]:
    """Each run in a database of its own, ours and by hand by turns."""
    _made(server, "base")
    catalog = shop(folder, server, "ours")
    system = catalog.systems["shop"]
    applied, imaged, hands = [], [], []
    for _ in range(runs):
        _made(server, "ours", "base")
        _made(server, "hand", "base")
        driver = SqlDriver(system, folder)
        works: list[Work] = []
        with making_many():  # as flow has it
            reading = once(lambda d=driver, w=works: w.append(work_for(d, ERASED)))  # type: ignore[misc]  # a lambda with defaults
            writing = once(lambda d=driver, w=works: d.apply(w[0], Run(None, _journaled)))  # type: ignore[misc]  # likewise
        driver.close()
        hands.append(once(lambda: _by_hand(server, "hand")))
        applied.append(writing)
        imaged.append(reading + writing)
    rows = len(works[0].steps)
    hand = statistics.median(hands)
    what = f"erase {ERASED:,} people ({rows:,} rows), PostgreSQL ÷ = ANY"
    yield Figure(f"{what}, receipts", statistics.median(applied), hand, 1.5)
    yield Figure(f"{what}, before-images", statistics.median(imaged), hand, 2.2)


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """The goals of many at once. Without a PostgreSQL on this machine they can't be measured, and that is said."""
    if not sorted(Path("/usr/lib/postgresql").glob("*/bin")):
        print("PostgreSQL is not installed under /usr/lib/postgresql: erasing many can't be measured here.")
        return
    from tests.servers import postgresql

    with suppress(KeyboardInterrupt), postgresql() as address:
        server = address.removeprefix("postgresql://")
        yield from erasing(folder, server, min(runs, 3))
