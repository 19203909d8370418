"""A draft is a catalog file that the check takes without an error, whatever the system's names are."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from dsr_desk.catalog.check import CatalogCheck, check_catalog
from dsr_desk.catalog.discovery import draft as draft_of
from dsr_desk.catalog.discovery import rendered
from dsr_desk.catalog.read import read_catalog
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.errors import CancelledError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.event import Event
from dsr_desk.model.guess import Draft, Guess
from dsr_desk.model.values import Value
from tests.catalog.discovery import schemas
from tests.catalog.discovery.measure import HELD_OUT, TUNED, drafted


def checked(folder: Path, text: str) -> CatalogCheck:
    """The whole check of a workspace that has this one file, the live system too."""
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "x.yaml").write_text(text, encoding="utf-8")
    return check_catalog(read_catalog(folder), lambda s: SqlDriver(s, folder))


def says(draft: Draft, collection: str, field: str = "") -> list[str]:
    return [g.says for g in draft.guesses if (g.collection, g.field) == (collection, field)]


@pytest.mark.parametrize("name", [*TUNED, *HELD_OUT])
def test_a_draft_of_a_well_known_schema_has_no_errors_and_covers_every_column(name: str, tmp_path: Path) -> None:
    schemas.make(name, tmp_path / "x.db")
    found = checked(tmp_path, drafted(tmp_path / "x.db").text)
    assert [str(p) for p in found.errors] == []
    assert found.ok
    (system,) = found.systems
    assert system.known_columns == system.live_columns > 0
    assert system.unlisted_tables == ()


HOSTILE = [
    "a: b # c", "null", "yes", "true", "2024", "~", "", " ", "-", "?", "{x}", "[y]", "&a", "*b", "!c", "%d", "@e", "`f", "'", '"',
    "a\nb",
    "tab\there", "\N{SNOWMAN}", "Kunden\N{NO-BREAK SPACE}nr", "x" * 63, "select", "a.b", "a/b", "e\u0301", "\u202eabc", "0x1F",
    "1e3",
    "\U0001f600", "a\\b", "..", "owned_by", "\ufeffx", "key: [a]", "# comment", "--- ", "\x7f", "\x85", "\u2028", "... ",
]  # fmt: skip


def test_names_that_mean_something_in_yaml_are_quoted(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        for n, name in enumerate(HOSTILE):
            quoted = name.replace('"', '""')
            conn.execute(f'CREATE TABLE "t{n} {quoted}" (id INTEGER PRIMARY KEY, "{quoted or "blank"}" TEXT, "{n}: {{" TEXT)')
        conn.execute('CREATE TABLE "users" (id INTEGER PRIMARY KEY, email TEXT, "na: me" TEXT)')
        conn.execute('CREATE TABLE "yes" (id INTEGER PRIMARY KEY, user_id INTEGER, "null" TEXT)')
        conn.execute('CREATE TABLE "a: b" ("on: off" INTEGER PRIMARY KEY, "user_id" INTEGER)')
        conn.execute("INSERT INTO users VALUES (1, 'a@example.org', 'x')")
        conn.commit()
    draft = drafted(tmp_path / "x.db")
    found = checked(tmp_path, draft.text)
    assert [str(p) for p in found.errors] == []
    assert found.systems[0].known_columns == found.systems[0].live_columns == 3 * len(HOSTILE) + 8
    assert "owned_by: users.id" in says(draft, "yes", "user_id")
    assert {c for c in draft.text if not c.isprintable()} == {"\n"}  # nothing that turns or hides what a person reads


def test_nothing_that_was_sampled_is_in_a_draft(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every text of the sample is a canary, also those of a column that says which collection is meant."""
    caplog.set_level(logging.DEBUG)
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        conn.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, religion TEXT, iban TEXT, bio TEXT, born TEXT)")
        conn.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id TEXT, about_type TEXT, about_id INTEGER, body TEXT)")
        for n in range(30):
            user = (
                f"canary{n}@example.org",
                f"canaryfaith{n}",
                "DE89370400440532013000",
                f"canary text of some words {n}",
                f"1970-01-{n + 1:02}",
            )
            conn.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)", (70000 + n, *user))
            kind = ("User", f"canary{n}")[n % 2]
            conn.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?)", (80000 + n, 70000 + n, kind, 70000 + n, f"<canary {n}>"))
        conn.commit()
    draft = drafted(tmp_path / "x.db")
    assert any(g.special for g in draft.guesses)
    whole = repr(draft) + caplog.text
    for needle in ("canary", "DE89", "1970-01", "7000", "8000"):
        assert needle not in whole, needle
    assert "{to: users.id, when: {about_type: User}}" in draft.text  # the one value that is kept is the name of a collection


def test_what_a_person_chose_stands_in_the_file_and_what_they_rejected_does_not(tmp_path: Path) -> None:
    schemas.make("northwind", tmp_path / "x.db")
    draft = drafted(tmp_path / "x.db")
    at = {(g.collection, g.field, g.topic): n for n, g in enumerate(draft.guesses)}
    owner, phone = at["Orders", "CustomerID", "owner"], at["Customers", "Phone", "identity"]
    assert rendered(draft, {}) == draft.text
    chosen = rendered(draft, {owner: draft.guesses[owner].otherwise[0], phone: None})
    found = checked(tmp_path, chosen)
    assert [str(p) for p in found.errors] == []
    assert found.catalog is not None
    tables = found.catalog.systems["x"].collections
    assert [r.kind for r in tables["Orders"].references if r.fields == ("CustomerID",)] == ["points_at"]
    assert tables["Customers"].fields["Phone"].identity is None
    assert tables["Customers"].fields["Phone"].category == "user.contact.phone_number"


def test_one_collection_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    class Failing(SqlDriver):
        name = "failing"

        def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
            if collection == "Orders":
                raise UnreachableError("The table is locked.", "Try again.")
            return super().sample(collection, count, cancel)

    schemas.make("northwind", tmp_path / "x.db")
    system = System("x", "sql", url="sqlite:///x.db")
    made = draft_of(system, lambda s: Failing(s, tmp_path))
    assert made.unread == (("Orders", "The table is locked."),)
    assert "Customers" in made.columns and "Orders" in made.columns
    assert [str(p) for p in checked(tmp_path, made.text).errors] == []


def test_a_wish_to_stop_stops_it(tmp_path: Path) -> None:
    schemas.make("northwind", tmp_path / "x.db")
    cancel, told = Cancel(), []

    def tell(event: Event) -> None:
        told.append(event)
        if len(told) == 3:
            cancel.cancel()

    with pytest.raises(CancelledError):
        draft_of(System("x", "sql", url="sqlite:///x.db"), lambda s: SqlDriver(s, tmp_path), cancel, tell)
    assert len(told) == 3


def test_the_system_is_as_it_was(tmp_path: Path) -> None:
    schemas.make("wordpress", tmp_path / "x.db")
    before = (tmp_path / "x.db").read_bytes()
    drafted(tmp_path / "x.db")
    assert (tmp_path / "x.db").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["x.db"]


def test_a_key_that_looks_like_something_else_is_still_a_text(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        for name in ("null", "true", "2024", "1e3", "~", "a: b", "[x]", "yes"):
            conn.execute(f'CREATE TABLE "of {name}" ("{name}" INTEGER PRIMARY KEY, "other" TEXT)')
        conn.commit()
    found = checked(tmp_path, drafted(tmp_path / "x.db").text)
    assert [str(p) for p in found.errors] == []
    assert found.catalog is not None
    assert {c.key for c in found.catalog.collections()} == {
        (n,) for n in ("null", "true", "2024", "1e3", "~", "a: b", "[x]", "yes")
    }


def test_what_is_proposed_for_rows_that_stay_is_never_refused(tmp_path: Path) -> None:
    """Invoices stay, so the customer is emptied: every field gets a strategy that its column takes."""
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        conn.execute(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, email VARCHAR(20) NOT NULL UNIQUE, first_name VARCHAR(3) NOT NULL,"
            " last_name TEXT, birthday DATE NOT NULL, phone INTEGER NOT NULL, gender CHAR(1) NOT NULL, salary DECIMAL NOT NULL,"
            " photo BLOB NOT NULL, diagnosis JSON NOT NULL, newsletter BOOLEAN NOT NULL, login VARCHAR(30) NOT NULL)"
        )
        conn.execute("CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, issued_on DATE)")
        conn.execute("CREATE TABLE invoice_lines (id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL, label TEXT)")
        conn.commit()
    draft = drafted(tmp_path / "x.db")
    found = checked(tmp_path, draft.text)
    assert [str(p) for p in found.problems if p.severity == "error" or "Refusal" in p.message] == []
    assert {"on_erase: redact"} < set(says(draft, "customers"))
    assert 'keep: {ground: "17(3)(b)", reason: Tax and accounting law, until: {field: issued_on, plus: 10 years}}' in says(
        draft, "invoices"
    )
    assert "on_erase: keep" in says(draft, "invoice_lines")
    erased = [g.field for g in draft.guesses if g.collection == "customers" and g.says.startswith("erase: ")]
    assert len(erased) == 11


def test_what_is_nobodys_is_never_proposed_to_be_deleted(tmp_path: Path) -> None:
    """A supplier has a telephone, and a product may name whom to ask: the rows stay."""
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        conn.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT)")
        conn.execute("CREATE TABLE suppliers (id INTEGER PRIMARY KEY, company TEXT, phone TEXT)")
        conn.execute("CREATE TABLE products (id INTEGER PRIMARY KEY, supplier_id INTEGER, description TEXT)")
        conn.execute("CREATE TABLE newsletter (id INTEGER PRIMARY KEY, email TEXT)")
        for n in range(1, 20):
            conn.execute("INSERT INTO customers VALUES (?, ?, 'Ann', 'Lee')", (n, f"a{n}@example.org"))
            conn.execute("INSERT INTO suppliers VALUES (?, 'Acme', '+49 30 123456')", (n,))
            conn.execute("INSERT INTO products VALUES (?, ?, 'a chair of wood; ask ann@example.org')", (n, n))
            conn.execute("INSERT INTO newsletter VALUES (?, ?)", (n, f"b{n}@example.org"))
        conn.commit()
    draft = drafted(tmp_path / "x.db")
    assert [str(p) for p in checked(tmp_path, draft.text).errors] == []
    fate = {g.collection: g.says for g in draft.guesses if g.says.startswith("on_erase")}
    assert fate == {
        "customers": "on_erase: delete",
        "suppliers": "on_erase: redact",
        "products": "on_erase: redact",
        "newsletter": "on_erase: delete",
    }


@pytest.mark.parametrize(("columns", "described"), [(20, 202), (190, 202), (2500, 2)])
def test_a_draft_of_a_large_system_is_still_a_catalog_file(columns: int, described: int, tmp_path: Path) -> None:
    names = tuple(f"measured_value_{n}" for n in range(columns))
    plain = {f"machine_{n}": ("id", *names[: max(2, columns // 2)]) for n in range(200)}
    guesses = tuple(Guess(name, "", "key", "key: [id]", 1.0, ("the system's own primary key",), declared=True) for name in plain)
    people = Guess("people", "", "person", "subject: true", 0.9, ("its name means a person",))
    calls = Guess("calls", "of", "owner", "owned_by: people.id", 0.9, ("its name says so",))
    head = (("system", "x"), ("driver", "sql"), ("url", "sqlite:///x.db"))
    draft = Draft("x", "", (*guesses, people, calls), (), head, {**plain, "people": ("id",), "calls": ("id", "of")})
    text = rendered(draft, {})
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "x.yaml").write_text(text, encoding="utf-8")
    read = read_catalog(tmp_path)
    assert [str(p) for p in read.errors] == []
    assert read.catalog is not None
    assert len(list(read.catalog.collections())) == described
    assert ("Left out" in text) == (described == 2)
    assert ("# owner" in text) == (columns == 20)
