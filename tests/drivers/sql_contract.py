"""What every SQL database must do beyond ``DriverContract``: transactions, keys, references, types."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dsr_desk.drivers.base import Driver
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.errors import DriftError, InDoubtError, RefusedError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Hit, Lookup
from dsr_desk.model.plan import Watch, Work
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, DriverContract, Place, apply, every, hits, lookup, people, step, work
from tests.drivers.crash import killed


def collection(name: str, *key: str, system: str = "place", **more: Any) -> Collection:
    """A collection of which the catalog lists the key only."""
    return Collection(system, name, key, {k: Field(k) for k in key}, **more)


class SqlPlace(Place):
    """A database with ``people`` and ``messages`` (composite key, foreign keys to people)."""

    def __init__(self, engine: Engine, url: str, folder: Path, *collections: Collection) -> None:
        self.engine = engine
        self.folder = folder
        listed = collections or (people(), collection("messages", "thread", "position"))
        self.system = System("place", "sql", url=url, region="DE", collections={c.name: c for c in listed})

    def fill(self, create: str) -> None:
        """Make the tables and their rows."""
        for statement in filter(str.strip, create.split(";")):
            self.run(statement)
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))
        for thread in (1, 2):
            for position in (1, 2, 3):
                self.run(
                    "INSERT INTO messages (thread, position, sender, body) VALUES (:t, :p, :s, :b)",
                    t=thread,
                    p=f"p{position}",
                    s=8 if thread == 1 else 6,
                    b=f"text {thread}.{position}",
                )

    def driver(self, **changes: Any) -> Driver:
        return SqlDriver(self.system, self.folder)

    def run(self, statement: str, **values: Any) -> list[Any]:
        """Run a statement as the program that owns the database."""
        with self.engine.begin() as conn:
            result = conn.execute(text(statement), values)
            return list(result) if result.returns_rows else []

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.run(
            "INSERT INTO people (id, customer, email, phone, name, note) VALUES (:id, :customer, :email, :phone, :name, :note)",
            **{**row, "id": int(str(row["id"]))},
        )

    def change(self, row: str, column: str, value: str | None) -> None:
        given: Any = int(str(value)) if column == "id" else value
        self.run(f'UPDATE people SET "{column}" = :value WHERE id = :row', value=given, row=int(row))

    def remove(self, row: str) -> None:
        self.run("DELETE FROM people WHERE id = :row", row=int(row))

    def dump(self) -> Any:
        return [
            sorted(map(repr, self.run("SELECT * FROM people"))),
            sorted(map(repr, self.run("SELECT * FROM messages"))),
        ]


def messages(driver: Driver, *threads: int) -> list[Hit]:
    """The messages of these threads."""
    return hits(driver, Lookup("messages", ("thread",), tuple((t,) for t in threads)))


class SqlContract(DriverContract):
    """Inherit it with a fixture ``place`` that gives a ``SqlPlace``."""

    def test_composite_keys_and_references(self, place: SqlPlace) -> None:
        asked = Lookup("messages", ("thread", "position"), ((1, "p2"), ("2", "p3"), (2, None), (9, "p1")))
        found = hits(place.driver(), asked)
        assert sorted(h.row.ref.key for h in found) == [("1", "p2"), ("2", "p3")]
        read = place.driver().read([(h.row.ref, h.row.key) for h in found], Cancel())
        assert sorted(r.ref.key for r in read) == [("1", "p2"), ("2", "p3")]

    def test_deletes_by_composite_key_exactly(self, place: SqlPlace) -> None:
        found = {h.row.ref.key: h.row for h in messages(place.driver(), 1, 2)}
        todo = Work("place", (step(found["1", "p2"]), step(found["2", "p3"])), (), KEY)
        assert apply(place.driver(), todo).deleted == 2
        left = sorted(h.row.ref.key for h in messages(place.driver(), 1, 2))
        assert left == [("1", "p1"), ("1", "p3"), ("2", "p1"), ("2", "p2")]

    def test_children_first_then_parents(self, place: SqlPlace) -> None:
        rows = every(place.driver())
        children = [step(h.row) for h in messages(place.driver(), 1)]
        assert place.driver().rehearse(Work("place", (*children, step(rows["8"])), (), KEY), Cancel()) == []
        done = apply(place.driver(), Work("place", (*children, step(rows["8"])), (), KEY))
        assert done.deleted == 4

    def test_many_rows_with_values_of_their_own(self, place: SqlPlace) -> None:
        for i in range(1_000, 1_300):
            place.insert(dict(zip(COLUMNS, (str(i), f"c{i}", f"u{i}@example.org", None, f"n{i}", None), strict=True)))
        rows = [h.row for h in hits(place.driver(), lookup("id", *range(1_000, 1_300)))]
        todo = Work("place", tuple(step(r, {"name": f"x{r.ref.key[0]}", "email": None}) for r in rows), (), KEY)
        assert apply(place.driver(), todo).changed == 300
        assert place.run("SELECT count(*) FROM people WHERE name = 'x' || id AND email IS NULL")[0][0] == 300

    def test_a_cascade_never_takes_unplanned_rows(self, place: SqlPlace) -> None:
        rows = every(place.driver())
        some = [step(h.row) for h in messages(place.driver(), 1)][:1]
        todo = Work("place", (*some, step(rows["8"])), (), KEY)
        before = place.dump()
        (refusal,) = place.driver().rehearse(todo, Cancel())
        assert "2 rows of table messages" in refusal.why and "CASCADE" in refusal.why and refusal.cure
        with pytest.raises(RefusedError, match="2 rows of table messages"):
            apply(place.driver(), todo)
        assert place.dump() == before

    def test_a_cascade_from_a_table_the_catalog_does_not_list(self, place: SqlPlace) -> None:
        place.system = System("place", "sql", url=place.system.url, collections={"people": people()})
        schema = place.driver().schema()
        assert "messages" in schema.others
        assert [(fk.table, fk.to_table, fk.on_delete) for fk in schema.incoming] == [("messages", "people", "CASCADE")]
        with pytest.raises(RefusedError, match="3 rows of table messages"):
            apply(place.driver(), Work("place", (step(every(place.driver())["8"]),), (), KEY))

    def test_every_refusal_at_once(self, place: SqlPlace) -> None:
        rows = every(place.driver())
        steps = (step(rows["2"], {"name": None, "id": 3}), step(rows["6"]))
        found = {(r.collection, r.field) for r in place.driver().rehearse(Work("place", steps, (), KEY), Cancel())}
        assert ("people", "id") in found and ("people", "") in found

    def test_a_missing_table_is_named_with_what_is_close(self, place: SqlPlace) -> None:
        place.system = System("place", "sql", url=place.system.url, collections={"mesages": collection("mesages", "thread")})
        with pytest.raises(UsageError) as caught:
            hits(place.driver(), Lookup("mesages", ("thread",), ((1,),)))
        assert "mesages" in caught.value.message and "messages" in caught.value.hint

    def test_a_misspelt_key_is_named(self, place: SqlPlace) -> None:
        place.system = System("place", "sql", url=place.system.url, collections={"messages": collection("messages", "tread")})
        with pytest.raises(UsageError, match="tread"):
            hits(place.driver(), Lookup("messages", ("sender",), ((1,),)))

    def test_a_key_that_is_not_unique_is_drift(self, place: SqlPlace) -> None:
        (hit, *_) = messages(place.driver(), 1)
        place.system = System("place", "sql", url=place.system.url, collections={"messages": collection("messages", "thread")})
        row = place.driver().row(place.system.collections["messages"], hit.row.values)
        before = place.dump()
        with pytest.raises(DriftError):
            apply(place.driver(), Work("place", (step(row),), (), KEY))
        assert place.dump() == before

    def test_a_watch_that_finds_less_is_drift(self, place: SqlPlace) -> None:
        rows = every(place.driver())
        watch = Watch(lookup("customer", 1012), (rows["6"].ref,))
        todo = Work("place", (step(rows["2"]),), (watch,), KEY)
        place.change("6", "customer", "1")
        drifted = place.driver().check(todo, Cancel())
        assert [(d.ref.key, d.what) for d in drifted] == [(("6",), "no longer matches")]

    def test_the_schema(self, place: SqlPlace) -> None:
        schema = place.driver().schema()
        table = schema.collections["people"]
        assert list(table.columns) == list(COLUMNS)
        assert table.columns["id"].type == "integer" and table.columns["id"].primary_key
        assert not table.columns["customer"].nullable and table.columns["name"].nullable
        assert table.columns["email"].length == 200
        assert ("id",) in table.unique and ("customer",) in table.unique
        assert {"id", "customer", "lower(email)"} <= table.indexed and "name" not in table.indexed
        (fk,) = schema.collections["messages"].foreign_keys
        assert (fk.columns, fk.to_table, fk.to_columns, fk.on_delete) == (("sender",), "people", ("id",), "CASCADE")
        assert schema.collections["messages"].columns["thread"].primary_key
        assert schema.tried and schema.server and schema.limits

    def test_an_index_answers_a_plain_lookup(self, place: SqlPlace) -> None:
        found = hits(place.driver(), lookup("email", "ANNA.berg@example.org", kind="email", plain=True))
        assert [h.row.ref.key[0] for h in found] == ["1"]  # the display name of row 2 is what a complete search is for

    def test_a_database_password_in_the_url_is_refused(self, place: SqlPlace) -> None:
        place.system = System("place", "sql", url="postgresql://ann:secret@localhost/x")
        with pytest.raises(UsageError) as caught:
            place.driver().schema()
        assert "secret set" in caught.value.hint and ":secret" not in caught.value.diagnostics()

    # -- killed on the way -----------------------------------------------------------------------------------------------

    def test_killed_before_the_commit_it_is_done_again(self, place: SqlPlace, tmp_path: Path) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        before = place.dump()
        evidence = killed(place, todo, tmp_path, "announced")
        assert place.dump() == before
        done = apply(place.driver(), todo, evidence)
        assert (done.deleted, done.changed, done.how) == (1, 1, "done")
        assert set(every(place.driver())) == {"2", "3", "4", "5", "6", "7", "8"}

    def test_killed_after_the_commit_it_is_known(self, place: SqlPlace, tmp_path: Path) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        evidence = killed(place, todo, tmp_path, "committed")
        after = place.dump()
        done = apply(place.driver(), todo, evidence)
        assert (done.deleted, done.changed) == (1, 1) and done.how in ("in-doubt-resolved", "already")
        assert place.dump() == after

    def test_killed_before_the_commit_and_changed_by_somebody_else(self, place: SqlPlace, tmp_path: Path) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        evidence = killed(place, todo, tmp_path, "announced")
        place.remove("1")
        before = place.dump()
        with pytest.raises((DriftError, InDoubtError)):
            apply(place.driver(), todo, evidence)
        assert place.dump() == before

    def test_killed_after_the_commit_and_the_row_came_back(self, place: SqlPlace, tmp_path: Path) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        rows = place.dump()
        evidence = killed(place, todo, tmp_path, "committed")
        place.insert(dict(zip(COLUMNS, PEOPLE[0], strict=True)))
        before = place.dump()
        assert before != rows
        with suppress(DriftError, InDoubtError):
            apply(place.driver(), todo, evidence)
        assert place.dump() == before
