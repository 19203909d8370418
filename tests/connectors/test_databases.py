"""Every ready description of a database, against the schema of its software and the rows of three people.

``schemas/NAME.sql`` holds the tables of the software and the rows; every text that is Ann Archer's own contains "archer" or her
address 203.0.113.7. ``schemas/NAME.yaml`` says what a person counted: which records are hers, which a person has to look at, and in
which columns something of hers stays, and why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import Connection, Engine, MetaData, NullPool, create_engine, select

from dsr_desk.audit import trail
from dsr_desk.flow.desk import Desk
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import RowRef
from dsr_desk.store import keys
from dsr_desk.store.workspace import Settings, Workspace
from tests import servers
from tests.flow.world import PASSPHRASE, marks, no_pdf

SCHEMAS = Path(__file__).parent / "schemas"
READY = Path(__file__).parents[2] / "connectors"
HERS = re.compile(r"archer|203\.0\.113\.7", re.IGNORECASE)
ANN = [("email", "ann.archer@x.org")]


@dataclass(frozen=True)
class Counted:
    """What a person counted in ``schemas/NAME.sql``, by hand.

    ``own``: her records. ``review``: what somebody has to look at, and why; of it ``included`` is what they call hers.
    ``touched``: others' records that name her, with the columns that lose it. ``stays``: the columns in which something of hers
    stands afterwards. ``warnings``: what the check says of rows that the software writes so.
    """

    server: str
    own: list[str]
    review: dict[str, str] = field(default_factory=dict)
    included: list[str] = field(default_factory=list)
    touched: dict[str, list[str]] = field(default_factory=dict)
    stays: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def counted(name: str) -> Counted:
    return Counted(**YAML(typ="safe").load((SCHEMAS / f"{name}.yaml").read_text(encoding="utf-8")))


NAMES = sorted(p.stem for p in SCHEMAS.glob("*.sql"))


@pytest.fixture(autouse=True)
def _light_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb() -> Iterator[str]:
    with servers.mariadb() as url:
        yield url


@dataclass
class Place:
    """A workspace whose one system is the software ``name``, filled."""

    name: str
    engine: Engine
    desk: Desk

    @property
    def system(self) -> System:
        return self.desk.systems()[self.name]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """All that stands in the database, by table."""
        tables = MetaData()
        tables.reflect(self.engine)
        with self.engine.connect() as conn:
            return {n: [dict(r) for r in conn.execute(select(t)).mappings()] for n, t in tables.tables.items()}

    def split(self, refs: set[str]) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
        """The rows that these records are, and everything else."""
        rows, named = self.rows(), {}
        for name, collection in self.system.collections.items():
            stay = []
            for row in rows.get(collection.table or name, []):
                ref = f"{name}/{','.join(str(row[k]).rstrip() for k in collection.key)}"
                if ref in refs:
                    named[ref] = row
                else:
                    stay.append(row)
            rows[collection.table or name] = stay
        return named, {n: sorted(map(repr, stay)) for n, stay in rows.items()}


def filled(conn: Connection, name: str) -> None:
    """The software's tables, and the rows of three people."""
    for statement in re.split(r";\s*\n", (SCHEMAS / f"{name}.sql").read_text(encoding="utf-8")):
        if statement.strip():
            conn.exec_driver_sql(statement.replace("%", "%%"))


def database(request: pytest.FixtureRequest, server: str, folder: Path) -> tuple[str, Engine]:
    """An empty database of the kind: its URL for the catalog, and a way in."""
    if server == "sqlite":
        return "sqlite:///it.db", create_engine(f"sqlite:///{folder / 'it.db'}", poolclass=NullPool)
    at = request.getfixturevalue(server)
    inside = at.replace("postgresql:", "postgresql+psycopg:").replace("mariadb:", "mysql+pymysql:")
    engine = create_engine(
        inside + ("/postgres" if server == "postgresql" else ""), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as conn:
        conn.exec_driver_sql("DROP DATABASE IF EXISTS it")
        conn.exec_driver_sql("CREATE DATABASE it" + (" CHARACTER SET utf8mb4" if server == "mariadb" else ""))
    engine.dispose()
    return f"{at}/it", create_engine(engine.url.set(database="it"), poolclass=NullPool)


@pytest.fixture(params=NAMES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    name: str = request.param
    url, engine = database(request, counted(name).server, tmp_path)
    with engine.begin() as conn:
        filled(conn, name)
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / f"{name}.yaml").write_text(f"system: {name}\nconnector: {name}\nurl: {url}\n", encoding="utf-8")
    made = Workspace.create(tmp_path, operator="Ada", settings=Settings("Desk"), passphrase=PASSPHRASE, trail=trail)
    desk = Desk(made, no_pdf)
    yield Place(name, engine, desk)
    made.close()
    engine.dispose()


def test_every_database_is_tried() -> None:
    said = {p.stem for p in READY.glob("*.yaml") if "\ndriver: sql" in p.read_text(encoding="utf-8")}
    assert said == set(NAMES) == {p.stem for p in SCHEMAS.glob("*.yaml")}


def test_the_list_names_every_connector() -> None:
    listed = re.findall(r"^\| (`.*?) \|", (READY / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for line in listed for name in re.findall(r"`(\w+)`", line)} == {p.stem for p in READY.glob("*.yaml")}


def test_no_column_of_a_described_table_is_left_out(place: Place) -> None:
    check = place.desk.check_catalog()
    warnings = [f"{p.code} {p.collection}.{p.field}" for p in check.warnings]
    assert check.ok and warnings == counted(place.name).warnings, [f"{p.where} {p.message}" for p in check.problems]
    (health,) = check.systems
    assert health.reachable and not health.uncovered and health.known_columns == health.live_columns > 20


def test_she_is_handed_her_own_and_nobody_elses(place: Place, tmp_path: Path) -> None:
    """A copy of every record that is hers or that she may see; texts of others that name her wait for a person."""
    place.desk.accept_catalog()
    ref = place.desk.open_request("access", ANN, date.today()).ref
    place.desk.search(ref)
    done = place.desk.export(ref, tmp_path / "out", ["json"])
    written = [json.loads(p.read_text(encoding="utf-8")) for p in done.files if p.suffix == ".json"]
    (records,) = [document["records"] for document in written if "records" in document]
    handed, why = json.dumps(records).lower(), list(counted(place.name).review.values())
    named = sum(reason not in ("access_only", "shared") for reason in why)  # a mention, or not surely hers
    assert len(records) == len(counted(place.name).own) + len(why) - named
    assert not named or ("1 record" if named == 1 else f"{named} records") in {what for what, _ in done.waiting}
    assert "ann.archer@x.org" in handed and "ben@x.org" not in handed and "cleo@x.org" not in handed


def test_her_records_are_found_erased_and_nothing_else_is(place: Place) -> None:
    """Access gives exactly what was counted; erasure leaves 0 behind; all others' rows are what they were."""
    said, desk = counted(place.name), place.desk
    desk.accept_catalog()
    found = desk.quick_search(ANN)
    hers = {f"{place.name}/{ref}" for ref in said.own}
    review = {f"{place.name}/{ref}": why for ref, why in said.review.items()}
    assert not found.ambiguous, found.ambiguous
    assert marks(found) == {**dict.fromkeys(hers, ""), **review}
    named = {*said.own, *said.included, *said.touched}
    before, others = place.split(named)
    assert set(before) == named, "the counted records are not all there"

    ref = desk.open_request("erasure", ANN, date.today()).ref
    if said.included:
        desk.search(ref)
        desk.review(ref, [RowRef.parse(f"{place.name}/{row}") for row in said.included], True, "Looked at, and hers")
    plan = desk.make_plan(ref)
    assert not plan.refusals, [f"{r.collection}.{r.field}: {r.why}" for r in plan.refusals]
    desk.approve(ref, plan.digest)
    applied = desk.apply(ref)
    assert applied.status == "applied", [(s.error, s.hint, s.rows) for s in applied.systems]
    proof = desk.verify(ref)
    assert (proof.status, proof.total("leftover")) == ("verified", 0), proof.leftovers

    after, untouched = place.split(named)
    assert untouched == others
    for touched, columns in said.touched.items():
        assert [c for c in before[touched] if before[touched][c] != after[touched][c]] == columns, touched
    left = {f"{t}.{c}" for t, rows in place.rows().items() for row in rows for c, v in row.items() if HERS.search(str(v))}
    assert left == set(said.stays)
