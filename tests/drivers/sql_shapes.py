"""What every tried SQL database must do with rows of difficult shape: circles, rows set aside, rows without a key, cascades."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.drivers.base import Driver, Run
from dsr_desk.errors import DriftError, InDoubtError, RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Reach, Refusal, Step, Work
from tests.drivers.contract import KEY, apply, hits, step
from tests.drivers.crash import killed
from tests.drivers.sql_contract import SqlPlace, collection


def listed(place: SqlPlace, *collections: Collection) -> None:
    """Let the catalog list these collections only."""
    place.system = System("place", "sql", url=place.system.url, collections={c.name: c for c in collections})


def rows_of(place: SqlPlace, name: str, field: str, *values: Any) -> list[Row]:
    """The rows of a collection that hold one of the values, by that value."""
    found = [h.row for h in hits(place.driver(), Lookup(name, (field,), tuple((v,) for v in values)))]
    return sorted(found, key=lambda r: (str(r.values[field]), r.ref.key))


def of(*steps: Step) -> Work:
    """A plan of these steps."""
    return Work("place", steps, (), KEY)


def rehearsed(driver: Driver, todo: Work) -> list[Refusal]:
    """What the rehearsal says; the driver is closed."""
    try:
        return driver.rehearse(todo, Cancel())
    finally:
        driver.close()


def both_refuse(place: SqlPlace, todo: Work, *words: str) -> Refusal:
    """The rehearsal names it in one refusal, and applying refuses, too, and writes nothing."""
    before = place.dump()
    (refusal,) = rehearsed(place.driver(), todo)
    assert all(word in f"{refusal.why} {refusal.cure}" for word in words), refusal
    assert refusal.cure
    with pytest.raises((RefusedError, DriftError)):
        apply(place.driver(), todo)
    assert place.dump() == before
    return refusal


class SqlShapes:
    """Inherit it with a fixture ``place`` that gives a ``SqlPlace``."""

    # -- circles -------------------------------------------------------------------------------------------------------

    @pytest.fixture
    def circle(self, place: SqlPlace) -> SqlPlace:
        place.run("CREATE TABLE pairs (id INTEGER PRIMARY KEY, best INTEGER REFERENCES pairs (id), name TEXT)")
        for number in (1, 2, 3):
            place.run("INSERT INTO pairs (id, name) VALUES (:n, 'x')", n=number)
        place.run("UPDATE pairs SET best = CASE id WHEN 1 THEN 2 WHEN 2 THEN 1 END")
        listed(place, collection("pairs", "id"))
        return place

    def test_a_circle_is_opened_before_it_goes(self, circle: SqlPlace) -> None:
        circle.run("CREATE TABLE homes (id INTEGER PRIMARY KEY, head INTEGER REFERENCES pairs (id))")
        circle.run("ALTER TABLE pairs ADD COLUMN home INTEGER REFERENCES homes (id)")
        circle.run("INSERT INTO homes VALUES (7, 1)")
        circle.run("UPDATE pairs SET home = 7 WHERE id = 1")
        listed(circle, collection("pairs", "id"), collection("homes", "id"))
        one, two = rows_of(circle, "pairs", "id", 1, 2)
        (home,) = rows_of(circle, "homes", "id", 7)
        straight = of(step(one), step(two), step(home))
        assert rehearsed(circle.driver(), straight)
        opened = of(replace(step(one), unlink=("best", "home")), replace(step(two), unlink=("best",)), step(home))
        assert rehearsed(circle.driver(), opened)  # the head of a home is still its head
        opened = replace(opened, steps=(opened.steps[2], *opened.steps[:2]))
        assert rehearsed(circle.driver(), opened) == []
        done = apply(circle.driver(), opened)
        assert (done.deleted, done.changed) == (3, 0)
        assert circle.run("SELECT id FROM pairs") == [(3,)] and circle.run("SELECT * FROM homes") == []

    def test_a_column_that_must_stay_filled_can_not_be_unlinked(self, circle: SqlPlace) -> None:
        circle.run("CREATE TABLE firm (id INTEGER PRIMARY KEY, mate INTEGER NOT NULL REFERENCES pairs (id))")
        circle.run("INSERT INTO firm VALUES (1, 1)")
        listed(circle, collection("firm", "id"))
        (row,) = rows_of(circle, "firm", "id", 1)
        refusal = both_refuse(circle, of(replace(step(row), unlink=("mate",))), "must not be empty")
        assert refusal.field == "mate"

    def test_a_key_that_is_unlinked_still_leads_to_its_row(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE loose (a INTEGER, b INTEGER REFERENCES people (id), c TEXT)")
        place.run("INSERT INTO loose VALUES (1, 8, 'x'), (1, 6, 'y'), (2, 8, 'x')")
        for key in (("a", "b"), ()):
            listed(place, collection("loose", *key))
            row = next(r for r in rows_of(place, "loose", "a", 1) if r.values["b"] == 8)
            assert rehearsed(place.driver(), of(replace(step(row), unlink=("b",)))) == []
        assert apply(place.driver(), of(replace(step(row), unlink=("b",)))).deleted == 1
        assert sorted(place.run("SELECT a, b FROM loose")) == [(1, 6), (2, 8)]

    # -- set aside -----------------------------------------------------------------------------------------------------

    @pytest.fixture
    def aside(self, place: SqlPlace) -> SqlPlace:
        place.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, size NUMERIC, at TIMESTAMP)")
        place.run(
            "CREATE TABLE notes_aside (id INTEGER PRIMARY KEY, at TIMESTAMP, size NUMERIC, body TEXT, since TEXT DEFAULT 'now')"
        )
        for number in (1, 2, 3):
            place.run("INSERT INTO notes VALUES (:n, :b, 7.50, '2020-01-01 10:00:00')", n=number, b=f"text {number}")
        listed(place, collection("notes", "id"), collection("notes_aside", "id"))
        return place

    @staticmethod
    def moved(place: SqlPlace, *numbers: int) -> Work:
        steps = [replace(step(r), action="move", to="notes_aside") for r in rows_of(place, "notes", "id", *numbers)]
        return of(*steps)  # type: ignore[arg-type]

    def test_a_row_is_set_aside_and_back(self, aside: SqlPlace) -> None:
        before = aside.run("SELECT * FROM notes ORDER BY id")
        assert rehearsed(aside.driver(), self.moved(aside, 1, 2)) == []
        assert aside.run("SELECT * FROM notes ORDER BY id") == before
        done = apply(aside.driver(), self.moved(aside, 1, 2))
        assert (done.deleted, done.changed) == (0, 2)
        assert aside.run("SELECT id FROM notes") == [(3,)]
        assert aside.run("SELECT id, body, since FROM notes_aside ORDER BY id") == [(1, "text 1", "now"), (2, "text 2", "now")]
        listed(aside, collection("notes", "id"), collection("notes_aside", "id"))
        back = [replace(step(r), action="move", to="notes") for r in rows_of(aside, "notes_aside", "id", 1, 2)]
        refusal = both_refuse(aside, of(*back), "since")  # type: ignore[arg-type]
        assert refusal.collection == "notes_aside"
        aside.run("ALTER TABLE notes ADD COLUMN since TEXT")
        assert apply(aside.driver(), of(*back)).changed == 2  # type: ignore[arg-type]
        assert [tuple(r)[:4] for r in aside.run("SELECT * FROM notes ORDER BY id")] == before

    def test_a_place_that_lacks_columns_is_refused_with_their_names(self, aside: SqlPlace) -> None:
        aside.run("ALTER TABLE notes ADD COLUMN mood TEXT")
        aside.run("ALTER TABLE notes ADD COLUMN color TEXT")
        refusal = both_refuse(aside, self.moved(aside, 1), "notes_aside", "mood, color")
        assert refusal.collection == "notes"

    def test_a_key_that_is_taken_there_is_refused(self, aside: SqlPlace) -> None:
        aside.run("INSERT INTO notes_aside (id) VALUES (1)")
        both_refuse(aside, self.moved(aside, 1, 2), "same key", "notes_aside")

    def test_a_value_that_changes_on_its_way_is_refused_by_name(self, aside: SqlPlace) -> None:
        aside.run("DROP TABLE notes_aside")
        aside.run("CREATE TABLE notes_aside (id INTEGER PRIMARY KEY, body TEXT, size TEXT, at TIMESTAMP)")
        refusal = both_refuse(aside, self.moved(aside, 1), "alters the value")
        assert refusal.field == "size"

    def test_rows_that_point_at_it_hold_it(self, aside: SqlPlace) -> None:
        for action, cascade in (("", False), ("ON DELETE CASCADE", True)):
            aside.run("DROP TABLE IF EXISTS marks")
            aside.run(f"CREATE TABLE marks (id INTEGER PRIMARY KEY, note INTEGER REFERENCES notes (id) {action})")
            aside.run("INSERT INTO marks VALUES (1, 1)")
            listed(aside, collection("notes", "id", cascade=cascade), collection("notes_aside", "id"))
            refusal = both_refuse(aside, self.moved(aside, 1), "1 row of table marks")
            assert "cascade: true" not in refusal.cure  # setting aside never takes anything along

    def test_drift_of_a_row_to_be_set_aside(self, aside: SqlPlace) -> None:
        todo = self.moved(aside, 1, 2)
        aside.run("UPDATE notes SET body = 'other' WHERE id = 2")
        with pytest.raises(DriftError) as caught:
            apply(aside.driver(), todo)
        assert caught.value.rows == ("place/notes/2",)
        assert aside.run("SELECT count(*) FROM notes_aside") == [(0,)]

    @pytest.mark.parametrize("when", ["announced", "committed"])
    def test_killed_while_setting_aside(self, aside: SqlPlace, tmp_path: Path, when: str) -> None:
        todo = self.moved(aside, 1, 2)
        evidence = killed(aside, todo, tmp_path, when)
        done = apply(aside.driver(), todo, evidence)
        assert done.changed == 2 and done.how in (("done",) if when == "announced" else ("in-doubt-resolved", "already"))
        assert aside.run("SELECT id FROM notes_aside ORDER BY id") == [(1,), (2,)]
        assert aside.run("SELECT id FROM notes") == [(3,)]

    def test_moved_by_somebody_else_is_never_ours(self, aside: SqlPlace, tmp_path: Path) -> None:
        todo = self.moved(aside, 1)
        evidence = killed(aside, todo, tmp_path, "announced")
        aside.run("DELETE FROM notes WHERE id = 1")
        with pytest.raises((DriftError, InDoubtError)):
            apply(aside.driver(), todo, evidence)
        with pytest.raises(DriftError):
            apply(aside.driver(), todo)

    # -- rows without a key --------------------------------------------------------------------------------------------

    @pytest.fixture
    def keyless(self, place: SqlPlace) -> SqlPlace:
        place.run("CREATE TABLE log (who INTEGER, line TEXT, size DOUBLE PRECISION)")
        for who, line, size in ((1, "a", 0.1), (1, "b", None), (1, "a", 0.1), (2, "a", 0.1), (1, None, 1e300)):
            place.run("INSERT INTO log VALUES (:w, :l, :s)", w=who, l=line, s=size)
        listed(place, collection("log"))
        return place

    @staticmethod
    def left(place: SqlPlace) -> list[Any]:
        return sorted(map(tuple, place.run("SELECT who, line, size FROM log")), key=str)

    def test_identical_rows_have_names_of_their_own(self, keyless: SqlPlace) -> None:
        rows = rows_of(keyless, "log", "who", 1)
        assert len({r.ref for r in rows}) == 4
        assert sorted(len(r.ref.key) for r in rows) == [1, 1, 1, 2]

    def test_rows_go_by_all_they_hold(self, keyless: SqlPlace) -> None:
        rows = rows_of(keyless, "log", "who", 1)
        assert rehearsed(keyless.driver(), of(*map(step, rows))) == []
        assert apply(keyless.driver(), of(*map(step, rows))).deleted == 4
        assert self.left(keyless) == [(2, "a", 0.1)]

    def test_rows_change_by_all_they_hold(self, keyless: SqlPlace) -> None:
        keyless.run("INSERT INTO log VALUES (1, 'x', 0.1)")  # like what two of them will be
        rows = [r for r in rows_of(keyless, "log", "who", 1) if r.values["line"] != "x"]
        todo = of(*(step(r, {"line": "x"}) for r in rows))
        assert rehearsed(keyless.driver(), todo) == []
        assert apply(keyless.driver(), todo).changed == 4
        assert [line for who, line, _ in self.left(keyless) if who == 1] == ["x"] * 5

    def test_identical_rows_are_treated_alike_or_refused(self, keyless: SqlPlace) -> None:
        rows = [r for r in rows_of(keyless, "log", "who", 1) if r.values["line"] == "a"]
        assert len(rows) == 2
        for todo in (of(step(rows[0])), of(step(rows[1])), of(step(rows[0]), step(rows[1], {"line": "x"}))):
            before = self.left(keyless)
            (refusal,) = [r for r in rehearsed(keyless.driver(), todo) if "told apart" in r.why]
            assert "2 identical rows" in refusal.why and refusal.cure
            with pytest.raises((DriftError, RefusedError)):
                apply(keyless.driver(), todo)
            assert self.left(keyless) == before

    def test_drift_of_rows_without_a_key(self, keyless: SqlPlace) -> None:
        todo = of(*map(step, rows_of(keyless, "log", "who", 1)))
        for change, undo in (
            ("UPDATE log SET line = 'c' WHERE line = 'b'", "UPDATE log SET line = 'b' WHERE line = 'c'"),
            ("INSERT INTO log VALUES (1, 'a', 0.1)", "DELETE FROM log WHERE who = 1 AND line = 'a'"),
            ("DELETE FROM log WHERE who = 1 AND line IS NULL", "INSERT INTO log VALUES (1, NULL, 1e300)"),
        ):
            keyless.run(change)
            before = self.left(keyless)
            assert keyless.driver().check(todo, Cancel())
            with pytest.raises(DriftError):
                apply(keyless.driver(), todo)
            assert self.left(keyless) == before
            keyless.run(undo)
            if undo.startswith("DELETE"):
                keyless.run("INSERT INTO log VALUES (1, 'a', 0.1), (1, 'a', 0.1)")
        assert apply(keyless.driver(), todo).deleted == 4

    def test_a_second_run_knows_rows_without_a_key(self, keyless: SqlPlace, tmp_path: Path) -> None:
        rows = rows_of(keyless, "log", "who", 1)
        todo = of(*(step(r, {"size": 5.0}) for r in rows if r.values["line"]), *(step(r) for r in rows if not r.values["line"]))
        evidence = killed(keyless, todo, tmp_path, "committed")
        after = self.left(keyless)
        assert apply(keyless.driver(), todo, evidence).how in ("in-doubt-resolved", "already")
        assert self.left(keyless) == after

    # -- what cascades take --------------------------------------------------------------------------------------------

    @pytest.fixture
    def tree(self, place: SqlPlace) -> SqlPlace:
        """Sessions of people, clicks of sessions (cascades), and tips that lose their session; the catalog lists people alone."""
        place.run(
            "CREATE TABLE sessions (id INTEGER PRIMARY KEY, who INTEGER REFERENCES people (id) ON DELETE CASCADE, up INTEGER)"
        )
        place.run("CREATE TABLE clicks (session INTEGER REFERENCES sessions (id) ON DELETE CASCADE, n INTEGER)")
        place.run("CREATE TABLE tips (id INTEGER PRIMARY KEY, s INTEGER REFERENCES sessions (id) ON DELETE SET NULL)")
        for number, who in ((1, 1), (2, 1), (3, 2), (4, 3)):
            place.run("INSERT INTO sessions (id, who) VALUES (:n, :w)", n=number, w=who)
            place.run("INSERT INTO tips VALUES (:n, :n)", n=number)
            for click in range(number):
                place.run("INSERT INTO clicks VALUES (:s, :n)", s=number, n=click)
        listed(place, collection("people", "id", cascade=True))
        return place

    @staticmethod
    def with_reach(place: SqlPlace, *steps: Step) -> Work:
        reach = place.driver().reach(of(*steps), Cancel())
        return of(*(replace(s, reach=reach.get(s.ref, ())) for s in steps))

    @staticmethod
    def people(place: SqlPlace, *ids: int) -> Sequence[Step]:
        return [step(r) for r in rows_of(place, "people", "id", *ids)]

    def test_what_is_taken_along_is_counted(self, tree: SqlPlace) -> None:
        before = [tree.run(f"SELECT count(*) FROM {t}") for t in ("sessions", "clicks", "tips")]
        todo = self.with_reach(tree, *self.people(tree, 1, 2, 4))
        assert [before] == [[tree.run(f"SELECT count(*) FROM {t}") for t in ("sessions", "clicks", "tips")]]
        one = (Reach("clicks", ("session",), 3), Reach("sessions", ("who",), 2), Reach("tips", ("s",), 2, True))
        two = (Reach("clicks", ("session",), 3), Reach("sessions", ("who",), 1), Reach("tips", ("s",), 1, True))
        assert [s.reach for s in todo.steps] == [one, two, ()]
        assert rehearsed(tree.driver(), todo) == []
        assert apply(tree.driver(), todo).deleted == 3
        assert tree.run("SELECT id FROM sessions") == [(4,)]
        assert tree.run("SELECT count(*) FROM clicks") == [(4,)]
        assert tree.run("SELECT id FROM tips WHERE s IS NULL ORDER BY id") == [(1,), (2,), (3,)]

    def test_a_row_that_two_of_them_reach_counts_once(self, tree: SqlPlace) -> None:
        tree.run(
            "CREATE TABLE shared (id INTEGER PRIMARY KEY, a INTEGER REFERENCES people (id) ON DELETE CASCADE, "
            "b INTEGER REFERENCES people (id) ON DELETE CASCADE)"
        )
        tree.run("INSERT INTO shared VALUES (1, 1, 2), (2, 2, 1), (3, 2, 2)")
        todo = self.with_reach(tree, *self.people(tree, 1, 2))
        counted = [sum(r.count for r in s.reach if r.table == "shared") for s in todo.steps]
        assert counted == [2, 1]
        assert apply(tree.driver(), todo).deleted == 2
        assert tree.run("SELECT count(*) FROM shared") == [(0,)]

    def test_a_circle_of_cascades_ends(self, tree: SqlPlace) -> None:
        tree.run(
            "CREATE TABLE ring (id INTEGER PRIMARY KEY, who INTEGER REFERENCES people (id) ON DELETE CASCADE, "
            "next INTEGER REFERENCES ring (id) ON DELETE CASCADE)"
        )
        tree.run("INSERT INTO ring VALUES (1, 1, NULL), (2, NULL, 1), (3, NULL, 2)")
        tree.run("UPDATE ring SET next = 3 WHERE id = 1")
        todo = self.with_reach(tree, *self.people(tree, 1))
        assert sum(r.count for r in todo.steps[0].reach if r.table == "ring") == 3
        assert apply(tree.driver(), todo).deleted == 1

    @pytest.mark.parametrize(
        "change",
        [
            "INSERT INTO clicks VALUES (2, 99)",
            "DELETE FROM clicks WHERE session = 2 AND n = 0",
            "INSERT INTO sessions (id, who) VALUES (9, 1)",
            "UPDATE tips SET s = 1 WHERE id = 4",
        ],
    )
    def test_more_or_less_than_the_plan_says_is_drift(self, tree: SqlPlace, change: str) -> None:
        todo = self.with_reach(tree, *self.people(tree, 1))
        tree.run(change)
        before = tree.dump()
        assert [(d.ref.key, d.what) for d in tree.driver().check(todo, Cancel())] == [(("1",), "changed")]
        (refusal,) = rehearsed(tree.driver(), todo)
        assert "taken along" in refusal.why
        with pytest.raises(DriftError):
            apply(tree.driver(), todo)
        assert tree.dump() == before

    def test_elsewhere_cascades_are_refused_with_the_word_that_allows_them(self, tree: SqlPlace) -> None:
        listed(tree, collection("people", "id"))
        steps = self.people(tree, 1)
        assert tree.driver().reach(of(*steps), Cancel()) == {}
        both_refuse(tree, of(*steps), "2 rows of table sessions", "ON DELETE CASCADE", "cascade: true")

    def test_rows_of_the_catalog_are_never_taken_through_a_table_outside(self, tree: SqlPlace) -> None:
        tree.run("CREATE TABLE carts (id INTEGER PRIMARY KEY, s INTEGER REFERENCES sessions (id) ON DELETE CASCADE)")
        tree.run("INSERT INTO carts VALUES (5, 1)")
        listed(tree, collection("people", "id", cascade=True), collection("carts", "id"))
        todo = self.with_reach(tree, *self.people(tree, 1))
        (refusal,) = rehearsed(tree.driver(), todo)
        assert refusal.collection == "carts" and "1 row" in refusal.why
        with suppress(RefusedError, DriftError):
            apply(tree.driver(), todo)
        assert tree.run("SELECT id FROM carts") == [(5,)]
        (cart,) = rows_of(tree, "carts", "id", 5)
        todo = self.with_reach(tree, step(cart), *self.people(tree, 1))
        assert rehearsed(tree.driver(), todo) == []
        assert tree.driver().apply(todo, Run(None, lambda _: None)).deleted == 2
