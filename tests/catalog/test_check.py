import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

import dsr_desk.drivers
import dsr_desk.strategies
from dsr_desk.bundled import bundled
from dsr_desk.catalog.check import CatalogCheck, check_catalog
from dsr_desk.catalog.live import compare
from dsr_desk.catalog.problem import Problem
from dsr_desk.catalog.read import read_catalog
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy
from tests.catalog.workspaces import SHOP, changed, only, workspace

DDL = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL, full_name TEXT, born_on DATE, address_id INTEGER
  REFERENCES addresses,
  created_at TEXT, restricted INTEGER);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, street TEXT, city TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, ordered_at DATE, note TEXT);
CREATE TABLE messages (thread_id INTEGER, position INTEGER, sender_id INTEGER REFERENCES customers, recipient_id INTEGER
  REFERENCES customers,
  body TEXT, PRIMARY KEY (thread_id, position));
CREATE INDEX a ON customers (email);
CREATE INDEX c ON orders (customer_id);
CREATE INDEX d ON messages (sender_id);
CREATE INDEX e ON messages (recipient_id);
"""


def database(path: Path, ddl: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(ddl)
    connection.close()


def check(folder: Path, live: bool = True) -> CatalogCheck:
    known = plugins(dsr_desk.drivers, Driver)
    return check_catalog(read_catalog(folder), lambda system: known[system.driver](system, folder), live)


def loud(problems: Iterable[Problem]) -> list[Problem]:
    return [p for p in problems if p.severity != "note"]


def test_a_catalog_that_covers_its_system(tmp_path: Path) -> None:
    database(workspace(tmp_path, shop=SHOP) / "shop.db", DDL)
    result = check(tmp_path)
    assert result.ok and not loud(result.problems), [str(p) for p in result.problems]
    (health,) = result.systems
    assert (health.system, health.title, health.reachable, health.error) == ("shop", "Web shop", True, "")
    assert (health.known_columns, health.live_columns, health.uncovered) == (19, 19, ())
    assert health.coverage == "19 of 19 columns"
    assert [str(c) for c in health.collections] == ["7 of 7 columns", "3 of 3 columns", "4 of 4 columns", "5 of 5 columns"]
    assert health.server.startswith("SQLite") and health.seconds > 0
    assert [p.message for p in result.problems] == [
        "The index on email is not used, since a value could be written in several ways."
    ]


def test_a_key_that_holds_a_unique_one_is_unique(tmp_path: Path) -> None:
    text = SHOP.replace("key: [thread_id, position]", "key: [thread_id, position, sender_id]")
    database(workspace(tmp_path, shop=text) / "shop.db", DDL)
    assert not check(tmp_path).warnings


def test_a_key_of_a_table_without_any_rule_is_warned_of(tmp_path: Path) -> None:
    old = "PRIMARY KEY (thread_id, position)"
    assert DDL.count(old) == 1
    database(workspace(tmp_path, shop=SHOP) / "shop.db", DDL.replace(old, "CHECK (position >= 0)"))
    (said,) = [p for p in check(tmp_path).warnings if "unique" in p.message]
    assert "keeps the key thread_id and position of messages unique" in said.message and "Two rows" in said.hint


def test_what_has_no_index_is_noted_where_it_decides(tmp_path: Path) -> None:
    without = "".join(line for line in DDL.splitlines(keepends=True) if "INDEX" not in line)
    database(workspace(tmp_path, shop=SHOP) / "shop.db", without)
    notes = [(p.line, p.message.split(" has ")[0]) for p in check(tmp_path).problems]
    assert notes == [(19, "email"), (34, "customer_id"), (41, "sender_id"), (42, "recipient_id")]


@pytest.mark.parametrize(
    ("old", "new", "severity", "place", "says", "cure"),
    [
        ("  full_name:", "  ful_name:", "error", (20, 7), "customers has no column ful_name", "Did you mean full_name"),
        ("  addresses:\n", "  adresses:\n", "error", (24, 3), "Web shop has no adresses", "Did you mean addresses"),
        (
            "  addresses:\n",
            "  addresses:\n    table: adress\n",
            "error",
            (25, 12),
            "Web shop has no adress",
            "Did you mean addresses",
        ),
        (
            "key: [thread_id, position]",
            "key: [thread_id, positon]",
            "error",
            (38, 22),
            "no column positon",
            "Did you mean position",
        ),
        (
            "    key: [thread_id, position]",
            "    key: [thread_id]",
            "warning",
            (38, 5),
            "keeps the key thread_id of messages unique",
            "Two rows",
        ),
        (
            "sender_id:    {owned_by: customers.id}",
            "sender_id: {}",
            "warning",
            (41, 7),
            "messages points at customers (sender_id)",
            "owned_by",
        ),
        ('{pseudonym: {suffix: "@erased.invalid"}}', "null", "warning", (19, 85), "Refusal ahead: customers.email", "constant"),
        (
            "created_at: {}",
            "created_at: {erase: {constant: 7}}",
            "warning",
            (23, 20),
            "Refusal ahead: customers.created_at",
            "kind",
        ),
        ("until: {field: ordered_at,", "until: {field: customer_id,", "error", (31, 53), "no end date can be computed", "a date"),
    ],
)
def test_the_live_system_decides(
    tmp_path: Path, old: str, new: str, severity: str, place: tuple[int, int], says: str, cure: str
) -> None:
    database(workspace(tmp_path, shop=changed(old, new)) / "shop.db", DDL)
    problem = only(tuple(p for p in check(tmp_path).problems if says in p.message))
    assert (problem.severity, problem.line, problem.column) == (severity, *place), str(problem)
    assert cure in problem.hint


def test_what_the_catalog_does_not_list_is_counted_and_named(tmp_path: Path) -> None:
    ddl = (
        DDL.replace("note TEXT", "note TEXT, iban TEXT, phone TEXT")
        + "CREATE TABLE loyalty (id INTEGER); CREATE TABLE visits (id INTEGER);"
    )
    database(workspace(tmp_path, shop=SHOP) / "shop.db", ddl)
    result = check(tmp_path)
    (health,) = result.systems
    assert (health.known_columns, health.live_columns) == (19, 21)
    assert health.uncovered == ("orders.iban", "orders.phone")
    assert health.unlisted_tables == ("loyalty", "visits")
    assert str(health.collections[2]) == "4 of 6 columns"
    warning = only(tuple(p for p in result.warnings if p.code == "columns_unknown"))
    assert (warning.message, warning.line) == ("The catalog does not know 2 columns of orders: iban and phone.", 32)
    assert any("does not list 2 tables of Web shop: loyalty and visits" in p.message for p in result.problems)
    assert result.ok


def test_what_a_deletion_would_drag_along(tmp_path: Path) -> None:
    ddl = (
        DDL
        + """
CREATE TABLE reviews (id INTEGER PRIMARY KEY, address_id INTEGER REFERENCES addresses ON DELETE CASCADE);
CREATE TABLE parcels (id INTEGER PRIMARY KEY, address_id INTEGER REFERENCES addresses);
CREATE TRIGGER history AFTER DELETE ON addresses BEGIN INSERT INTO parcels VALUES (old.id, NULL); END;
"""
    )
    database(workspace(tmp_path, shop=SHOP) / "shop.db", ddl)
    said = [p.message for p in check(tmp_path).problems if p.collection == "addresses"]
    assert any("also deletes from reviews" in s for s in said)
    assert any("parcels points at addresses" in s for s in said)
    assert any("has triggers (history)" in s for s in said)


@pytest.mark.parametrize(("agreed", "severity"), [("", "warning"), ("cascade: true", "note")])
def test_what_its_owner_agrees_to_is_a_note(tmp_path: Path, agreed: str, severity: str) -> None:
    shop = changed("  addresses:\n    key: [id]\n", f"  addresses:\n    key: [id]\n    {agreed}\n")
    ddl = "CREATE TABLE reviews (id INTEGER PRIMARY KEY, address_id INTEGER REFERENCES addresses ON DELETE SET NULL);"
    database(workspace(tmp_path, shop=shop) / "shop.db", DDL + ddl)
    (said,) = [p for p in check(tmp_path).problems if "also changes reviews" in p.message]
    assert said.severity == severity
    assert "cascade: true" in said.hint


def test_a_trigger_that_writes_nowhere_else_is_nothing_to_note(tmp_path: Path) -> None:
    ddl = "CREATE TRIGGER mine AFTER UPDATE ON addresses BEGIN UPDATE addresses SET city = new.city WHERE id = new.id; END;"
    database(workspace(tmp_path, shop=SHOP) / "shop.db", DDL + ddl)
    assert not [p for p in check(tmp_path).problems if "trigger" in p.message]


@pytest.mark.parametrize(
    ("parts", "alone", "partitioned", "says"),
    [
        (("firms", "banks"), False, False, "shows the rows of firms and banks"),
        (("firms", "addresses"), False, False, "does not list firms"),
        (("addresses", "orders"), True, False, ""),
        (("old", "new"), False, True, ""),
    ],
)
def test_tables_that_inherit_are_all_listed_or_none(
    tmp_path: Path, parts: tuple[str, ...], alone: bool, partitioned: bool, says: str
) -> None:
    database(workspace(tmp_path, shop=SHOP) / "shop.db", DDL)
    read = read_catalog(tmp_path)
    assert read.catalog is not None
    system = read.catalog.systems["shop"]
    known = plugins(dsr_desk.drivers, Driver)
    schema = known["sql"](system, tmp_path).schema()
    live = replace(schema.collections["customers"], parts=parts, alone=alone, partitioned=partitioned)
    there = replace(schema, collections={**schema.collections, "customers": live})
    strategies = plugins(dsr_desk.strategies, Strategy)
    found = loud(compare(system, there, read.sources["shop"], strategies, indexes=True))
    assert [says in p.message for p in found] == [True] * bool(says)


def test_a_view_and_a_pointer_that_may_not_be_empty(tmp_path: Path) -> None:
    text = """\
system: shop
driver: sql
url: sqlite:///shop.db
collections:
  staff: {subject: true, key: [id], on_erase: delete, fields: {id: {identity: staff_id}, name: {category: user.name}}}
  tickets: {key: [id], fields: {id: {}, agent: {points_at: staff.id}}}
"""
    ddl = """
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW staff AS SELECT * FROM people;
CREATE TABLE tickets (id INTEGER PRIMARY KEY, agent INTEGER NOT NULL);
"""
    database(workspace(tmp_path, shop=text) / "shop.db", ddl)
    said = [(p.line, p.message) for p in check(tmp_path).warnings]
    assert (5, "staff is a view.") in said
    assert (6, "Refusal ahead: tickets.agent: it points at persons, may not be NULL, and has no erase:.") in said


NEWS = """\
system: news
driver: sheet
path: news.csv
collections: {news: {key: [email], on_erase: delete, fields: {email: {identity: email}, since: {}}}}
"""


def test_each_system_fails_on_its_own(tmp_path: Path) -> None:
    paper = "system: paper\ndriver: manual\ninstructions: Look into the red folders.\n"
    broken = "system: crm\ndriver: sql\nurl: sqlite:///crm.db\ncolections: {}\n"
    database(workspace(tmp_path, shop=SHOP, news=NEWS, paper=paper, crm=broken) / "shop.db", DDL)
    result = check(tmp_path)
    health = {h.system: h for h in result.systems}
    assert list(health) == ["news", "paper", "shop"] and result.broken == ("crm",)
    assert health["news"].reachable is False and health["news"].error and health["news"].hint
    assert health["shop"].reachable is True
    assert health["paper"].by_hand and health["paper"].reachable is None and health["paper"].coverage == ""
    assert [h.system for h in result.unreachable] == ["news"]
    assert not result.ok
    (tmp_path / "news.csv").write_text("email,since,city\na@example.org,2020,Köln\n", encoding="utf-8")
    news = check(tmp_path).systems[0]
    assert (news.reachable, news.coverage, news.uncovered) == (True, "2 of 3 columns", ("news.city",))


def test_without_live_nobody_is_asked(tmp_path: Path) -> None:
    result = check(workspace(tmp_path, shop=SHOP), live=False)
    assert result.ok and result.systems[0].reachable is None
    assert not (tmp_path / "shop.db").exists()
    assert not check(tmp_path).ok
    assert not (tmp_path / "shop.db").exists()


class Meeting(plugins(dsr_desk.drivers, Driver)["manual"]):  # type: ignore[misc]
    """A driver that answers only once all of them are asked."""

    by_hand: ClassVar[bool] = False
    barrier: ClassVar[threading.Barrier]
    closed: ClassVar[list[str]]

    def schema(self):  # type: ignore[no-untyped-def]
        try:
            self.barrier.wait(timeout=20)
        except threading.BrokenBarrierError:
            raise UnreachableError("Nobody came.", "Ask them all at once.") from None
        return super().schema()

    def close(self) -> None:
        self.closed.append(self.system.name)


def test_all_systems_are_asked_at_once_and_given_back(tmp_path: Path) -> None:
    names = [f"s{n}" for n in range(12)]
    files = {n: f"system: {n}\ndriver: sql\nurl: sqlite:///{n}.db\ncollections: {{a: {{key: [id]}}}}\n" for n in names}
    Meeting.barrier, Meeting.closed = threading.Barrier(len(names)), []
    read = read_catalog(workspace(tmp_path, **files))
    result = check_catalog(read, lambda system: Meeting(system, tmp_path))
    assert [h.system for h in result.systems] == sorted(names)
    assert not result.unreachable
    assert sorted(Meeting.closed) == sorted(names)


def test_a_check_can_be_stopped(tmp_path: Path) -> None:
    cancel, asked, let_go = Cancel(), threading.Event(), threading.Event()

    def slow(system: System) -> Driver:
        asked.set()
        cancel.cancel()
        let_go.wait(20)
        raise UnreachableError("Too late.")

    read = read_catalog(workspace(tmp_path, shop=SHOP))
    try:
        with pytest.raises(CancelledError):
            check_catalog(read, slow, cancel=cancel)
        assert asked.is_set()
    finally:
        let_go.set()


@pytest.mark.parametrize("connector", sorted(p.stem for p in bundled("connectors").glob("*.yaml")))
def test_every_ready_connector_is_right(tmp_path: Path, connector: str) -> None:
    service = "driver: rest" in (bundled("connectors") / f"{connector}.yaml").read_text("utf-8")
    url = "https://api.example.org/v1" if service else "sqlite:///x.db"
    read = read_catalog(workspace(tmp_path, x=f"system: x\nconnector: {connector}\nurl: {url}\n"))
    assert read.ok and not loud(read.problems), [str(p) for p in read.problems]


def test_test_and_production_are_not_to_be_mixed(tmp_path: Path) -> None:
    paper = NEWS.replace("since: {}", "since: {}, customer: {owned_by: shop/customers.id}")
    database(workspace(tmp_path, shop=SHOP, news=paper) / "shop.db", DDL)
    assert not [p for p in check(tmp_path, live=False).problems if p.code == "environments_mixed"]
    workspace(tmp_path, news=paper.replace("driver: sheet", "driver: sheet\nenvironment: test"))
    said = only(tuple(p for p in check(tmp_path, live=False).problems if p.code == "environments_mixed"))
    assert (said.severity, said.system) == ("warning", "news")
    assert said.message == "news of news (test) leads into Web shop (production)."


def test_every_problem_has_a_code(tmp_path: Path) -> None:
    broken = "system: crm\ndriver: sql\nurl: sqlite:///crm.db\ncolections: {}\n"
    database(workspace(tmp_path, shop=changed("  full_name:", "  ful_name:"), crm=broken, x="a: [") / "shop.db", DDL)
    problems = check(tmp_path).problems
    assert len(problems) > 3
    assert all(p.code for p in problems)
    assert {"column_missing", "catalog.unknown_key", "catalog.file"} <= {p.code for p in problems}
