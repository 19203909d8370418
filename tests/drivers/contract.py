"""What every driver must do, tried on one small collection. A driver's test gives a ``Place`` and inherits ``DriverContract``."""

from __future__ import annotations

import json
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from dsr_desk.drivers._rows.driver import RowDriver
from dsr_desk.drivers.base import Driver, Run
from dsr_desk.errors import CancelledError, DriftError, InDoubtError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.plan import Step, Watch, Work
from dsr_desk.model.values import as_text, fingerprint

KEY = b"k" * 32

#: id, customer, email, phone, name, note. ``None`` is NULL, or an empty cell where there is no NULL.
PEOPLE: tuple[tuple[str | None, ...], ...] = (
    ("1", "1007", "Anna.Berg@example.org", "+49 30 1234567", "Anna Berg", "likes tea"),
    ("2", "1008", '"Berg, Anna" <anna.berg@example.org>', "030/1234567", "Berg, Anna", "second account"),
    ("3", "1009", "annaXberg@example.org", "+49 30 7654321", "Müller, Jürgen", "write to anna.berg@example.org first"),
    ("4", "1010", None, None, None, "nothing known"),
    ("5", "1011", "", "", "", "empty"),
    ("6", "1012", "jürgen@example.org", "(030) 999 88 77", "Jurgen Muller", "100%_sure"),
    ("7", "07", "o'brien@example.org", "+353 1 5550123", "Seán O'Brien", "xanna.berg@example.orgx"),
    ("8", "7", "emoji🙂@example.org", "12345", "É. Noël", "likes 🙂, and 'quotes'; DROP TABLE people"),
)
COLUMNS = ("id", "customer", "email", "phone", "name", "note")

HOSTILE = (
    "%",
    "_",
    "%anna%",
    "anna_berg@example.org",
    "' OR '1'='1",
    "'; DROP TABLE people; --",
    '"',
    "\\",
    "\x01\x1b[31m",
    "🙂",
    "e\u0301",
    "\ud800",
    "x" * 10_000,
    "-1",
    "9" * 400,
    "1e999",
    "NaN",
    "null",
    "{}",
    "  ",
)


def people(system: str = "place", names: Mapping[str, str] | None = None, key: str = "id", **more: Any) -> Collection:
    """The catalog's description of the collection. ``names``: what the system calls the fields, where it has names of its own.

    ``key`` is the field that names a record there, which need not be the one with the numbers of ``PEOPLE``.
    """
    called = {name: (names or {}).get(name, name) for name in COLUMNS}
    kinds = {"customer": "customer_id", "email": "email", "phone": "phone", "name": "name"}
    fields = {called[name]: Field(called[name], title=name, identity=kinds.get(name), mentions=name == "note") for name in COLUMNS}
    key = called.get(key, key)
    fields.setdefault(key, Field(key))
    return Collection(system, "people", (key,), fields, **more)


def called(system: System, name: str) -> str:
    """What the system calls a field of ``PEOPLE``; any other name stays."""
    return next((f.name for f in system.collections["people"].fields.values() if f.title == name), name)


def number(system: System, row: Row) -> str:
    """The number in ``PEOPLE`` of a record that was read."""
    return as_text(row.values[called(system, "id")]) or ""


class Place(ABC):
    """A real system with the rows of ``PEOPLE`` in a collection ``people``, which a test changes behind the driver's back.

    ``writes``: whether a field of a record can be given another value; where not (a mail, a document), steps that would are refused
    when they are rehearsed.
    """

    system: System
    writes: bool = True

    @abstractmethod
    def driver(self) -> Driver:
        """A new driver for the system."""

    @abstractmethod
    def insert(self, row: Mapping[str, str | None]) -> None:
        """Add a row."""

    @abstractmethod
    def change(self, row: str, column: str, value: str | None) -> None:
        """Write one value of the row with this id."""

    @abstractmethod
    def remove(self, row: str) -> None:
        """Delete the row with this id."""

    @abstractmethod
    def dump(self) -> Any:
        """Everything in the system, comparable."""

    def stamps(self) -> frozenset[str]:
        """Fields that the system writes by itself."""
        return frozenset()


def lookup(field: str, *values: Any, kind: str | None = None, **more: Any) -> Lookup:
    """A lookup in ``people``."""
    return Lookup("people", (field,), tuple((v,) for v in values), kind, **more)


def hits(driver: Driver, *lookups: Lookup) -> list[Hit]:
    """All hits; the driver is closed."""
    asked = [translated(driver.system, lookup) for lookup in lookups]
    try:
        return [hit for batch in driver.find(asked, Cancel()) for hit in batch]
    finally:
        driver.close()


def translated(system: System, lookup: Lookup) -> Lookup:
    """The lookup with the system's own names of its fields."""
    if lookup.collection != "people" or "people" not in system.collections:
        return lookup
    fields = tuple(called(system, name) for name in lookup.fields)
    return replace(lookup, fields=fields, when={called(system, name): texts for name, texts in lookup.when.items()})


def ids(driver: Driver, *lookups: Lookup) -> list[str]:
    """The ids of the rows that were hit, sorted."""
    return sorted(number(driver.system, hit.row) for hit in hits(driver, *lookups))


def every(driver: Driver) -> dict[str, Row]:
    """All rows of ``people`` by id, through the driver."""
    found = hits(driver, lookup("id", *(p[0] for p in PEOPLE), *range(100, 120)))
    return {number(driver.system, hit.row): hit.row for hit in found}


def step(row: Row, writes: Mapping[str, Any] | None = None) -> Step:
    """Delete the row, or write these values to it."""
    digest = fingerprint(KEY, row.values)
    action = "change" if writes else "delete"
    return Step(row.ref, row.key, action, {}, digest, row.values, writes or {}, version=row.version)


def kept(row: Row) -> Step:
    """Keep the row as it is."""
    return Step(row.ref, row.key, "keep", {}, fingerprint(KEY, row.values), row.values, version=row.version)


def work(place: Place, delete: Sequence[str] = (), change: Mapping[str, Mapping[str, Any]] | None = None, **more: Any) -> Work:
    """A plan over ``people``, with the e-mail lookup that found Anna as its watch.

    Where no field can be written, the records that would be changed are deleted, too.
    """
    rows = every(place.driver())
    asked = lookup("email", "anna.berg@example.org", kind="email")
    watch = Watch(translated(place.system, asked), tuple(rows[i].ref for i in ids(place.driver(), asked)))
    written = {
        i: {called(place.system, name): v for name, v in w.items()} if place.writes else None for i, w in (change or {}).items()
    }
    steps = [step(rows[i]) for i in delete] + [step(rows[i], w) for i, w in written.items()]
    return Work(place.system.name, tuple(steps), (watch,), KEY, **more)


def apply(driver: Driver, todo: Work, evidence: Mapping[str, Any] | None = None) -> Any:
    """Apply, and close the driver."""
    try:
        return driver.apply(todo, Run(evidence, lambda _: None))
    finally:
        driver.close()


def drift(driver: Driver, todo: Work) -> list[tuple[str, str]]:
    """What ``check`` says, as (id, what)."""
    known = {s.ref: s.before for s in todo.steps}
    id_ = called(driver.system, "id") if "people" in driver.system.collections else ""
    try:
        found = driver.check(todo, Cancel())
        new = {r.ref: r.values for r in driver.read([(d.ref, _key(driver, d.ref)) for d in found if d.ref not in known], Cancel())}
        return sorted((as_text({**known, **new}.get(d.ref, {}).get(id_)) or d.ref.key[0], d.what) for d in found)
    finally:
        driver.close()


def _key(driver: Driver, ref: RowRef) -> Mapping[str, Any]:
    return dict(zip(driver.system.collections[ref.collection].key, ref.key, strict=True))


class DriverContract:
    """Inherit it in a class whose module has a fixture ``place``."""

    # -- finding -------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("spelling", ["anna.berg@example.org", "ANNA.BERG@EXAMPLE.ORG", " anna.berg@example.org "])
    def test_one_address_in_every_spelling(self, place: Place, spelling: str) -> None:
        assert ids(place.driver(), lookup("email", spelling, kind="email")) == ["1", "2"]

    @pytest.mark.parametrize("form", [unicodedata.normalize(n, "JÜRGEN@example.org") for n in ("NFC", "NFD")])
    def test_letters_beyond_ascii_in_every_form(self, place: Place, form: str) -> None:
        assert ids(place.driver(), lookup("email", form, kind="email")) == ["6"]

    def test_letters_that_fold_to_an_ascii_one(self, place: Place) -> None:
        place.change("4", "email", "\u212aay@example.org")  # the Kelvin sign
        assert ids(place.driver(), lookup("email", "kay@example.org", kind="email")) == ["4"]
        place.change("4", "note", "ask Lui\u017fe@example.org")  # the long s
        assert ids(place.driver(), lookup("note", "luise@example.org", kind="email", mention=True)) == ["4"]

    def test_a_phone_in_national_and_international_form(self, place: Place) -> None:
        assert ids(place.driver(), lookup("phone", "0049 (30) 123 45 67", kind="phone")) == ["1", "2"]

    def test_a_phone_in_full_width_digits(self, place: Place) -> None:
        place.change("4", "phone", "\uff10\uff13\uff10 \uff11\uff12\uff13\uff14\uff15\uff16\uff17")
        assert ids(place.driver(), lookup("phone", "+49301234567", kind="phone")) == ["1", "2", "4"]

    def test_a_name_in_any_order_and_spelling(self, place: Place) -> None:
        assert ids(place.driver(), lookup("name", "anna berg", kind="name")) == ["1", "2"]
        assert {"3"} <= set(ids(place.driver(), lookup("name", "Jürgen Müller", kind="name")))

    def test_a_free_identifier_is_exact_across_types(self, place: Place) -> None:
        for value in ("7", 7, 7.0):
            assert ids(place.driver(), lookup("customer", value, kind="customer_id")) == ["8"]
        assert ids(place.driver(), lookup("customer", "07", kind="customer_id")) == ["7"]
        assert ids(place.driver(), lookup("customer", "007", kind="customer_id")) == []

    def test_references_in_thousands(self, place: Place) -> None:
        wanted = [*range(5_000, 15_000), 1007, "1012", "absent", None]
        assert ids(place.driver(), lookup("customer", *wanted)) == ["1", "6"]

    def test_a_mention_is_a_whole_word(self, place: Place) -> None:
        assert ids(place.driver(), lookup("note", "anna.berg@example.org", kind="email", mention=True)) == ["3"]

    def test_a_condition_narrows(self, place: Place) -> None:
        asked = lookup("email", "anna.berg@example.org", kind="email", when={"customer": ("1008", "5")})
        assert ids(place.driver(), asked) == ["2"]

    def test_one_row_may_answer_several_lookups(self, place: Place) -> None:
        found = hits(place.driver(), lookup("customer", 1007), lookup("name", "Anna Berg", kind="name"), lookup("id", 1))
        assert sorted((h.lookup, number(place.system, h.row)) for h in found) == [(0, "1"), (1, "1"), (1, "2"), (2, "1")]

    @pytest.mark.parametrize("value", HOSTILE)
    def test_values_never_act(self, place: Place, value: str) -> None:
        before = place.dump()
        for kind in ("email", "phone", "name", "customer_id", None):
            field = {"email": "email", "phone": "phone", "name": "name"}.get(kind or "", "customer")
            assert ids(place.driver(), lookup(field, value, kind=kind)) == []
        assert ids(place.driver(), lookup("note", value, kind="username", mention=True)) == []
        assert place.dump() == before

    def test_null_and_empty_never_match(self, place: Place) -> None:
        for kind in ("email", None):
            assert ids(place.driver(), lookup("email", None, kind=kind)) == []
        assert ids(place.driver(), lookup("email", "", kind="email")) == []
        assert ids(place.driver(), lookup("name", "", kind="name")) == []

    def test_hostile_values_are_found_when_they_are_there(self, place: Place) -> None:
        for value in ("%", "'; DROP TABLE people; --", "a\\b_c", "x" * 10_000, "🙂", "\x01"):
            place.change("4", "note", value)
            assert ids(place.driver(), lookup("note", value, kind="free")) == ["4"]

    def test_all_live_columns_are_read(self, place: Place) -> None:
        (hit,) = hits(place.driver(), lookup("id", "1"))
        assert set(hit.row.values) >= {called(place.system, name) for name in COLUMNS}
        collection = place.system.collections["people"]
        assert hit.row.ref == RowRef.of(place.system.name, "people", collection.key, hit.row.values)

    def test_a_misspelt_field_is_named(self, place: Place) -> None:
        with pytest.raises(UsageError) as caught:
            ids(place.driver(), lookup("emial", "x", kind="email"))
        assert "emial" in caught.value.message and "people" in caught.value.message
        assert called(place.system, "email") in caught.value.hint

    def test_cancel_stops_it(self, place: Place) -> None:
        cancel = Cancel()
        cancel.cancel()
        with pytest.raises(CancelledError):
            list(place.driver().find([lookup("email", "x", kind="email")], cancel))

    # -- reading by key ------------------------------------------------------------------------------------------------

    def test_reads_rows_by_key(self, place: Place) -> None:
        rows = every(place.driver())
        place.remove("2")
        asked = [(rows[i].ref, rows[i].key) for i in ("1", "2", "6")]
        assert sorted(number(place.system, r) for r in place.driver().read(asked, Cancel())) == ["1", "6"]

    # -- drift ---------------------------------------------------------------------------------------------------------

    def test_an_unrelated_change_is_no_drift(self, place: Place) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        place.change("6", "note", "something else")
        assert drift(place.driver(), todo) == []
        assert apply(place.driver(), todo).deleted == (1 if place.writes else 2)

    @pytest.mark.parametrize("column", ["note", "phone", "email"])
    def test_a_changed_row_is_refused(self, place: Place, column: str) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        place.change("2", column, "something else")
        self.refused(place, todo, "2")

    def test_a_row_that_is_gone_is_refused(self, place: Place) -> None:
        todo = work(place, delete=["1", "2"])
        place.remove("2")
        assert ("2", "gone") in drift(place.driver(), todo)
        self.refused(place, todo, "2")

    def test_a_changed_key_is_refused(self, place: Place) -> None:
        todo = work(place, delete=["1", "2"])
        place.change("2", "id", "102")
        self.refused(place, todo, "2")

    def test_a_new_matching_row_is_refused(self, place: Place) -> None:
        todo = work(place, delete=["1", "2"])
        place.insert(dict(zip(COLUMNS, ("103", "1", "anna.berg@example.org", None, None, None), strict=True)))
        assert drift(place.driver(), todo) == [("103", "new")]
        self.refused(place, todo, "103")

    def test_a_kept_row_that_changed_is_refused(self, place: Place) -> None:
        rows = every(place.driver())
        todo = Work(place.system.name, (step(rows["1"]), kept(rows["2"])), (), KEY)
        place.change("2", "note", "something else")
        self.refused(place, todo, "2")

    @staticmethod
    def refused(place: Place, todo: Work, row: str) -> None:
        """Nothing is written, and the row is named."""
        before = place.dump()
        known = {number(place.system, Row(s.ref, s.key, s.before)): s.ref for s in todo.steps}
        named = known.get(row) or every(place.driver())[row].ref
        assert row in [r for r, _ in drift(place.driver(), todo)]
        with pytest.raises(DriftError) as caught:
            apply(place.driver(), todo)
        assert named.path in caught.value.rows
        assert place.dump() == before

    # -- rehearsing and applying ---------------------------------------------------------------------------------------

    def test_rehearsing_changes_nothing(self, place: Place) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased", "email": None}})
        before = place.dump()
        assert place.driver().rehearse(todo, Cancel()) == []
        assert drift(place.driver(), todo) == []
        assert place.dump() == before

    def test_what_was_planned_is_what_changes(self, place: Place) -> None:
        before = every(place.driver())
        changes = {"2": {"name": "Erased"}, "6": {"name": "Ünbekannt"}}
        done = apply(place.driver(), work(place, delete=["1"], change=changes))
        assert (done.deleted, done.changed, done.how) == ((1, 2, "done") if place.writes else (3, 0, "done"))
        after = every(place.driver())
        assert set(after) == set(before) - {"1"} - (set() if place.writes else set(changes))
        stamps = place.stamps()
        for key, row in after.items():
            written = {called(place.system, name): value for name, value in changes.get(key, {}).items()}
            expected = {**before[key].values, **written}
            assert {n: v for n, v in row.values.items() if n not in stamps} == {
                n: v for n, v in expected.items() if n not in stamps
            }

    def test_the_commit_is_announced_once_and_before(self, place: Place) -> None:
        todo = work(place, delete=["1"])
        before = place.dump()
        seen: list[Any] = []
        place.driver().apply(todo, Run(None, lambda evidence: seen.append((dict(evidence), place.dump()))))
        ((evidence, at_commit),) = seen
        assert at_commit == before
        assert json.loads(json.dumps(evidence)) == evidence

    def test_nothing_is_written_where_it_can_not_be_announced(self, place: Place) -> None:
        class Full(Exception):
            pass

        def fail(_: Mapping[str, Any]) -> None:
            raise Full

        todo = work(place, delete=["1"])
        before = place.dump()
        with pytest.raises(Full):
            place.driver().apply(todo, Run(None, fail))
        assert place.dump() == before
        assert apply(place.driver(), todo).deleted == 1

    def test_a_second_run_knows_that_the_first_committed(self, place: Place) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        evidence: list[Mapping[str, Any]] = []
        place.driver().apply(todo, Run(None, evidence.append))
        after = place.dump()
        done = apply(place.driver(), todo, evidence[0])
        assert (done.deleted, done.changed) == ((1, 1) if place.writes else (2, 0))
        assert done.how in ("in-doubt-resolved", "already")
        assert place.dump() == after

    def test_without_evidence_an_absent_row_is_not_ours(self, place: Place) -> None:
        todo = work(place, delete=["1"])
        place.remove("1")
        with pytest.raises(DriftError):
            apply(place.driver(), todo, None)

    # -- looking around ------------------------------------------------------------------------------------------------

    def test_a_sample_has_whole_records_and_no_more_than_asked(self, place: Place) -> None:
        known = {number(place.system, row): row.values for row in every(place.driver()).values()}
        for most in (3, 100):
            found = place.driver().sample("people", most, Cancel())
            assert len(found) == min(most, len(PEOPLE))
            for values in found:
                assert known[as_text(values[called(place.system, "id")]) or ""] == values

    def test_looking_around_changes_nothing(self, place: Place) -> None:
        before = place.dump()
        driver = place.driver()
        counted = driver.count(["people"], Cancel())
        assert counted.get("people", len(PEOPLE)) == len(PEOPLE)
        assert "people" in driver.schema().collections
        driver.sample("people", 5, Cancel())
        driver.close()
        assert place.dump() == before

    def test_a_value_that_can_not_be_written_is_refused_before(self, place: Place) -> None:
        row = every(place.driver())["2"]
        todo = Work(place.system.name, (step(row, {called(place.system, "name"): "Erased"}),), (), KEY)
        refusals = place.driver().rehearse(todo, Cancel())
        if place.writes:
            assert refusals == []
            return
        (refusal,) = refusals
        assert (refusal.system, refusal.collection) == (place.system.name, "people") and refusal.why and refusal.cure


class OneByOneContract(DriverContract):
    """For systems without transactions (``RowDriver``): stopped after any record, they go on from there, and never claim more."""

    def test_a_run_that_is_stopped_anywhere_is_finished_by_the_next(self, place: Place) -> None:
        todo = work(place, delete=["1", "3"], change={"2": {"name": "Erased"}, "6": {"name": "Ünbekannt"}})
        evidence: list[Mapping[str, Any]] = []
        for after in range(3):  # each run writes one record more, and is stopped
            with pytest.raises(_Stop):
                stopping(place.driver(), 1).apply(todo, Run(evidence[-1] if evidence else None, evidence.append))
            assert len(evidence) == after + 1
        done = apply(place.driver(), todo, evidence[-1])
        assert done.deleted + done.changed == 4 and done.how == "in-doubt-resolved"
        assert not {"1", "3"} & set(every(place.driver()))
        assert apply(place.driver(), todo, evidence[-1]).how == "already"

    def test_a_record_changed_behind_a_stopped_run_is_in_doubt_and_named(self, place: Place) -> None:
        todo = work(place, delete=["1", "3", "2"])
        evidence: list[Mapping[str, Any]] = []
        with pytest.raises(_Stop):
            stopping(place.driver(), 1).apply(todo, Run(None, evidence.append))
        place.change("2", "note", "something else")
        before = place.dump()
        changed = next(s.ref for s in todo.steps if number(place.system, Row(s.ref, s.key, s.before)) == "2")
        with pytest.raises(InDoubtError) as caught:
            apply(place.driver(), todo, evidence[-1])
        assert changed.path in caught.value.message and "1 of 3" in caught.value.message
        assert place.dump() == before

    def test_a_record_changed_in_the_moment_of_writing_stays(self, place: Place) -> None:
        todo = work(place, delete=["1", "2"])
        driver = place.driver()
        driver.__class__ = type("Late", (type(driver),), {"_one": _late(place)})
        try:
            driver.apply(todo, Run(None, lambda _: None))
        except (InDoubtError, DriftError):
            assert "2" in every(place.driver())
        else:
            pytest.fail("a record was deleted although it had been changed")


class _Stop(Exception):
    """The run ends here, as if it had been killed."""


def stopping(driver: Driver, after: int) -> Driver:
    """The same driver, which is stopped when so many records were written."""
    assert isinstance(driver, RowDriver)
    left = [after]
    one = type(driver)._one

    def stop(self: RowDriver, step: Step) -> None:
        if not left[0]:
            self.close()
            raise _Stop
        left[0] -= 1
        one(self, step)

    driver.__class__ = type("Stopping", (type(driver),), {"_one": stop})
    return driver


def _late(place: Place) -> Any:
    """Writes records one by one, the second one right after somebody else changed it."""

    def late(self: RowDriver, step: Step) -> None:
        if number(place.system, Row(step.ref, step.key, step.before)) == "2":
            place.change("2", "note", "something else")
        RowDriver._one(self, step)

    return late
