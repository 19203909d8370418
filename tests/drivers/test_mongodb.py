"""The MongoDB driver against a server that speaks its protocol."""

from __future__ import annotations

import io
import logging
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import bson
import pytest
from bson import ObjectId
from pymongo import MongoClient

from dsr_desk.drivers._mongodb import guard, looking
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.mongodb import MongodbDriver
from dsr_desk.errors import (
    CancelledError,
    CredentialsError,
    DeskError,
    DriftError,
    InDoubtError,
    RefusedError,
    UnreachableError,
    UsageError,
)
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.codec import decode, encode
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Step, Work
from tests import servers
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, OneByOneContract, Place, apply, every, ids, lookup, people, step


@pytest.fixture(scope="module")
def mongo() -> Iterator[str]:
    """The URL of a server that lives as long as these tests."""
    with servers.mongodb() as url:
        yield url


class MongoPlace(Place):
    """A collection that the test's own client fills. ``names``: where the fields of ``PEOPLE`` stand in a document."""

    def __init__(self, url: str, folder: Path, names: Mapping[str, str], key: str) -> None:
        self.folder, self.names = folder, {name: names.get(name, name) for name in COLUMNS}
        self.client: MongoClient[dict[str, Any]] = MongoClient(url)
        self.client.drop_database("shop")
        self.documents = self.client["shop"]["people"]
        self.system = System(
            "place", "mongodb", url=f"{url}/shop", region="DE", collections={"people": people(names=names, key=key)}
        )
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> MongodbDriver:
        return MongodbDriver(self.system, self.folder)

    def insert(self, row: Mapping[str, str | None]) -> None:
        document: dict[str, Any] = {"tags": ["a", "b"], "lines": [{"price": 1}, {"price": 2.5}]}
        for name, value in row.items():
            *above, last = self.names[name].split(".")
            inner = document
            for part in above:
                inner = inner.setdefault(part, {})
            inner[last] = value
        self.documents.insert_one(document)

    def change(self, row: str, column: str, value: str | None) -> None:
        name = self.names[column]
        if name == "_id":
            (document,) = self.documents.find({"_id": row})
            self.documents.delete_one({"_id": row})
            self.documents.insert_one({**document, "_id": value})
        else:
            self.documents.update_one({self.names["id"]: row}, {"$set": {name: value}})

    def remove(self, row: str) -> None:
        self.documents.delete_one({self.names["id"]: row})

    def dump(self) -> Any:
        database = self.client["shop"]
        return {
            name: sorted(map(repr, database[name].find({}))) + sorted(map(repr, database[name].list_indexes()))
            for name in database.list_collection_names()
        }


SHAPES = {
    "flat": ({"id": "_id"}, "id"),
    "nested": ({"id": "number", "email": "contact.email", "phone": "contact.phone", "name": "profile.full.name"}, "_id"),
}


@pytest.fixture(params=SHAPES)
def place(mongo: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MongoPlace]:
    made = MongoPlace(mongo, tmp_path, *SHAPES[request.param])
    yield made
    made.client.close()


class TestMongodb(OneByOneContract):
    pass


# -- helpers -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(mongo: str, tmp_path: Path) -> Iterator[MongoPlace]:
    """The same documents, told apart by an ObjectId."""
    made = MongoPlace(mongo, tmp_path, *SHAPES["nested"])
    yield made
    made.client.close()


def described(place: MongoPlace, *fields: str, key: str = "_id", name: str = "things") -> MongodbDriver:
    """A driver for another collection of the same database."""
    collection = Collection("place", name, (key,), {f: Field(f) for f in (key, *fields)})
    return MongodbDriver(replace(place.system, collections={name: collection}), place.folder)


def found(driver: MongodbDriver, field: str, *values: Any) -> list[Row]:
    (name,) = driver.system.collections
    asked = Lookup(name, (field,), tuple((v,) for v in values))
    return [hit.row for batch in driver.find([asked], Cancel()) for hit in batch]


def planned(*steps: Step) -> Work:
    return Work("place", steps, (), KEY)


def why(driver: MongodbDriver, *steps: Step) -> list[tuple[str, str]]:
    return [(r.field, r.why) for r in driver.rehearse(planned(*steps), Cancel())]


# -- documents ---------------------------------------------------------------------------------------------------------

DOCUMENT = {
    "_id": "seven",
    "owner": {"name": "Anna", "address": {"city": "Bonn"}},
    "tags": ["a", "b"],
    "lines": [{"price": 1, "note": "x"}, {"price": 2}],
    "ref": ObjectId("65f000000000000000000001"),
    "on": True,
    "ratio": 0.5,
    "empty": {},
}


def test_a_document_is_flat_and_comes_back(shop: MongoPlace) -> None:
    shop.client["shop"]["things"].insert_one(DOCUMENT)
    driver = described(shop, "owner.name", "tags", "lines[].price", "ref")
    (row,) = found(driver, "ref", "65f000000000000000000001")
    assert row.values == {
        "_id": "seven",
        "owner.name": "Anna",
        "owner.address.city": "Bonn",
        "tags": ["a", "b"],
        "lines[].price": [1, 2],
        "lines[].note": ["x", None],
        "ref": "65f000000000000000000001",
        "on": True,
        "ratio": 0.5,
        "empty": {},
    }
    writes = {"owner.name": "Erased", "tags": ["b"], "lines[].price": 0, "owner.since": 2020, "lines[].note": "gone"}
    todo = decode(Step, encode(step(row, writes)))  # sealed and opened again, as between approval and application
    assert why(driver, todo) == []
    assert apply(driver, planned(todo)).changed == 1
    (after,) = shop.client["shop"]["things"].find({})
    assert after == DOCUMENT | {
        "owner": {"name": "Erased", "address": {"city": "Bonn"}, "since": 2020},
        "tags": ["b"],
        "lines": [{"price": 0, "note": "gone"}, {"price": 0}],
    }


@pytest.mark.parametrize("key", [ObjectId(), "text", "65f000000000000000000001", 7, 2**40])
def test_a_document_is_found_again_by_its_key_of_any_type(shop: MongoPlace, key: Any) -> None:
    things = shop.client["shop"]["things"]
    things.insert_many([{"_id": key, "n": 1}, {"_id": "another", "n": 2}])
    driver = described(shop, "n")
    (row,) = found(driver, "n", 1)
    todo = decode(Step, encode(step(row)))
    assert [r.values["n"] for r in driver.read([(todo.ref, todo.key)], Cancel())] == [1]
    if not isinstance(key, int):  # of a number, the test's own server only says that it deleted it
        assert apply(driver, planned(todo)).deleted == 1
        assert [d["_id"] for d in things.find({})] == ["another"]


def test_a_deletion_that_did_not_happen_is_in_doubt(shop: MongoPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a server says: a record counts as deleted only when it is no longer there."""
    driver = shop.driver()
    row = every(shop.driver())["1"]
    monkeypatch.setattr(MongodbDriver, "delete", lambda *_: None)
    with pytest.raises(InDoubtError):
        apply(driver, planned(step(row)))


def test_two_documents_with_one_key_are_refused(shop: MongoPlace) -> None:
    shop.client["shop"]["things"].insert_many([{"_id": n, "n": 1} for n in ("a", "b")])
    driver = described(shop, key="n")
    with pytest.raises(UsageError, match="same key"):
        found(driver, "n", 1)
    with pytest.raises(UsageError, match="can't be told apart"):
        driver.get(driver.collection("things"), {"n": 1})


def test_another_key_than_the_id(shop: MongoPlace) -> None:
    driver = MongodbDriver(
        replace(shop.system, collections={"people": replace(shop.system.collections["people"], key=("customer",))}), shop.folder
    )
    row = next(r for r in every(driver).values() if r.values["customer"] == "1007")
    assert row.ref.key == ("1007",)
    assert apply(driver, planned(step(row))).deleted == 1


def test_a_number_is_found_as_the_text_that_it_is(shop: MongoPlace) -> None:
    """What is no text is asked for, too, however the question is narrowed."""
    shop.documents.update_one(
        {"number": "3"}, {"$set": {"contact": {"phone": 49301234567, "email": ["x@y.org", "anna.berg@example.org"]}}}
    )
    assert ids(shop.driver(), lookup("phone", "+49 30 1234567", kind="phone")) == ["1", "2", "3"]
    assert ids(shop.driver(), lookup("email", "anna.berg@example.org", kind="email")) == ["1", "2", "3"]


def test_an_entry_of_a_list_answers(shop: MongoPlace) -> None:
    shop.documents.update_one({"number": "3"}, {"$set": {"customer": ["x", "1007"]}})
    assert ids(shop.driver(), lookup("customer", "1007")) == ["1", "3"]


# -- a change in between -----------------------------------------------------------------------------------------------

LATE = {
    "a value": {"$set": {"note": "late"}},
    "a value of the same number": {"$set": {"tags": ["a", "b", "c"]}},
    "a field more": {"$set": {"late": 1}},
    "a field less": {"$unset": {"note": 1}},
    "deeper": {"$set": {"lines": [{"price": 1}, {"price": 2.5}, {"price": 3}]}},
}


@pytest.mark.parametrize("case", LATE)
@pytest.mark.parametrize("how", ["delete", "write"])
def test_a_change_in_the_very_moment_is_not_overwritten(
    shop: MongoPlace, monkeypatch: pytest.MonkeyPatch, case: str, how: str
) -> None:
    """Made after the driver looked for the last time: only the server's own condition can tell."""
    row = every(shop.driver())["1"]
    condition = guard.unchanged

    def late(document: Mapping[str, Any]) -> dict[str, Any]:
        shop.documents.update_one({"number": "1"}, LATE[case])
        return condition(document)

    monkeypatch.setattr(guard, "unchanged", late)
    with pytest.raises(DriftError):
        apply(shop.driver(), planned(step(row, {"customer": "0"} if how == "write" else None)))
    (now,) = shop.documents.find({"number": "1"})
    assert now["customer"] == "1007"


def test_of_documents_that_are_alike_the_right_one_goes(shop: MongoPlace) -> None:
    shop.client["shop"]["things"].insert_many([{"_id": f"n{n}", "body": "x"} for n in range(20)])
    driver = described(shop, "body")
    rows = {row.key["_id"]: row for row in found(driver, "body", "x")}
    apply(driver, planned(*(step(rows[n]) for n in ("n0", "n12", "n3")), step(rows["n15"], {"body": None})))
    left = {row["_id"]: row["body"] for row in shop.client["shop"]["things"].find({})}
    assert left == {f"n{n}": None if n == 15 else "x" for n in range(20) if n not in (0, 3, 12)}


@pytest.mark.parametrize("field", ["$where", "customer.$gt", "[]", "..", "a\0b", "$**"])
def test_a_name_that_no_field_has_is_told_as_missing(shop: MongoPlace, field: str) -> None:
    """It is the catalog that is wrong: the server neither failed nor is it away."""
    driver = described(shop, field, name="people")
    try:
        assert field not in driver.schema().collections["people"].columns
    finally:
        driver.close()


def test_two_descriptions_of_one_collection_are_both_there(shop: MongoPlace) -> None:
    people = shop.system.collections["people"]
    both = {name: replace(people, name=name, table="people") for name in ("one", "two")}
    driver = MongodbDriver(replace(shop.system, collections=both), shop.folder)
    try:
        schema = driver.schema()
    finally:
        driver.close()
    assert set(schema.collections) == {"one", "two"} and "people" not in schema.others


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_what_a_unique_index_forbids_is_refused_before(shop: MongoPlace) -> None:
    shop.documents.create_index("customer", unique=True)
    rows = every(shop.driver())
    ((field, said),) = why(shop.driver(), step(rows["1"], {"customer": "1008"}))
    assert field == "customer" and "another record has" in said
    twice = [step(rows[n], {"customer": "erased"}) for n in "12"]
    assert [f for f, _ in why(shop.driver(), *twice)] == ["customer"]
    assert why(shop.driver(), step(rows["1"], {"customer": "new"}), step(rows["2"], {"customer": "other"})) == []
    before = shop.dump()
    with pytest.raises(DeskError):
        apply(shop.driver(), planned(step(rows["1"], {"customer": "1008"})))
    assert shop.dump() == before


UNWRITABLE = {
    "the key": {"_id": "x"},
    "a number too big": {"note": 2**63},
    "half a character": {"note": "\ud800"},
    "a name with a dot": {"odd\\.name": "x"},
    "a name with a dollar": {"$odd": "x"},
    "below a text": {"note.inner": "x"},
    "a list that is not there": {"none[].x": "x"},
}


@pytest.mark.parametrize("case", UNWRITABLE)
def test_what_a_document_can_not_hold_is_refused_before(shop: MongoPlace, case: str) -> None:
    row = every(shop.driver())["1"]
    ((field, said),) = why(shop.driver(), step(row, UNWRITABLE[case]))
    assert field == next(iter(UNWRITABLE[case])) and said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (looking.Kind("view", False, False), "it is a view"),
        (looking.Kind("timeseries", False, False), "it is a time series"),
        (looking.Kind("collection", True, False), "capped"),
    ],
)
def test_what_is_no_plain_collection_is_refused(
    shop: MongoPlace, monkeypatch: pytest.MonkeyPatch, kind: looking.Kind, said: str
) -> None:
    """The test's own server has none of these, so only what it would say of them is put in its mouth."""
    row = every(shop.driver())["1"]
    monkeypatch.setattr(looking, "kinds", lambda _: {"people": kind})
    for one in (step(row), step(row, {"note": "x"})):
        ((_, reason),) = why(shop.driver(), one)
        assert said in reason


# -- looking around ----------------------------------------------------------------------------------------------------


def test_the_schema_is_what_documents_show(shop: MongoPlace) -> None:
    shop.client["shop"]["things"].insert_one(DOCUMENT)
    shop.client["shop"]["things"].insert_many([{"_id": n, "ratio": 0.5} for n in range(100, 400)])
    shop.client["shop"]["things"].insert_one({"_id": "rare", "seldom": {"seen": 1}})
    seen = described(shop, "owner.name", "seldom.seen", "misspelt").schema()
    columns = seen.collections["things"].columns
    assert {"_id", "owner.name", "tags", "lines[].price", "ratio", "seldom.seen"} <= columns.keys()
    assert "misspelt" not in columns and seen.others == ("people",)
    assert (columns["owner.name"].type, columns["tags"].type, columns["on"].type) == ("text", "json", "boolean")
    assert columns["lines[].note"].type == "text"  # what stands in each entry, as each is written
    assert columns["_id"].primary_key and seen.collections["things"].unique == (("_id",),)
    assert seen.server.startswith("MongoDB") and any("not encrypted" in limit for limit in seen.limits)


def test_a_catalog_without_collections_sees_all_names(shop: MongoPlace) -> None:
    seen = MongodbDriver(replace(shop.system, collections={}), shop.folder).schema()
    assert seen.others == ("people",) and seen.collections == {}


def test_a_collection_that_is_gone_is_named(shop: MongoPlace) -> None:
    driver = shop.driver()
    assert len(every(driver)) == len(PEOPLE)
    shop.documents.drop()
    with pytest.raises(UsageError, match="has no collection people"):
        ids(driver, lookup("customer", "1007"))
    assert driver.count(["people"], Cancel()) == {}
    driver.close()


def test_a_search_stops_between_documents(shop: MongoPlace) -> None:
    driver, cancel = shop.driver(), Cancel()
    with pytest.raises(CancelledError):
        for _ in driver.scan(driver.collection("people"), (), cancel):
            cancel.cancel()
    driver.close()


# -- the connection ----------------------------------------------------------------------------------------------------


def test_a_server_that_goes_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dsr_desk.drivers._mongodb import speaking

    monkeypatch.setattr(speaking, "_CONNECT", 300)
    with servers.mongodb() as url:
        place = MongoPlace(url, tmp_path, *SHAPES["flat"])
        driver, row = place.driver(), every(place.driver())["1"]
        driver.schema()
        place.client.close()
    for broken in (driver, place.driver()):
        with pytest.raises(UnreachableError, match="can't be reached"):
            broken.apply(planned(step(row)), Run(None, lambda _: None))
        with pytest.raises(UnreachableError):
            list(broken.find([lookup("customer", "1")], Cancel()))
        broken.close()


def refusing(listening: socket.socket, heard: bytearray) -> None:
    """A server that knows nobody: it answers the first questions, and every login with *authentication failed* (code 18)."""
    hello = {"ok": 1, "isWritablePrimary": True, "minWireVersion": 17, "maxWireVersion": 21, "maxBsonObjectSize": 2**24}
    while True:
        try:
            conn, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(conn, heard, {**hello, "maxMessageSizeBytes": 48000000}), daemon=True).start()


def serve(conn: socket.socket, heard: bytearray, hello: Mapping[str, Any]) -> None:
    with conn, conn.makefile("rb") as coming:
        while len(head := coming.read(16)) == 16:
            size, request, _, code = struct.unpack("<iiii", head)
            body = coming.read(size - 16)
            heard.extend(body)
            login = b"saslStart" in body and b"speculativeAuthenticate" not in body
            refused = {"ok": 0, "code": 18, "codeName": "AuthenticationFailed", "errmsg": "no such user anna.berg"}
            answer = bson.encode(refused if login else dict(hello))
            said = struct.pack("<iB", 0, 0) + answer if code == 2013 else struct.pack("<iqii", 8, 0, 0, 1) + answer
            conn.sendall(struct.pack("<iiii", 16 + len(said), 1, request, 2013 if code == 2013 else 1) + said)


def test_a_wrong_password_is_told_and_never_sent(tmp_path: Path) -> None:
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=refusing, args=(listening, heard), daemon=True).start()
        url = f"mongodb://desk%40x@127.0.0.1:{listening.getsockname()[1]}/shop"
        system = System("place", "mongodb", url=url, collections={"people": people()})
        with pytest.raises(CredentialsError, match="no password"):
            MongodbDriver(system, tmp_path).schema()
        driver = MongodbDriver(system, tmp_path, lambda: "wrong-one")
        with pytest.raises(CredentialsError) as caught:
            driver.schema()
        driver.close()
    assert "anna" not in caught.value.diagnostics() and "secret set place" in caught.value.hint
    assert b"saslStart" in heard and b"desk@x" in heard and b"wrong-one" not in heard


def test_nothing_personal_reaches_a_log(shop: MongoPlace) -> None:
    """The client can log every command with its values; a program's own log gets none."""
    kept = io.StringIO()
    handler, root = logging.StreamHandler(kept), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        row = every(shop.driver())["1"]
        apply(shop.driver(), planned(step(row, {"note": "Erased"})))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert kept.getvalue() == ""


def test_a_refusal_of_the_server_says_nothing_of_a_value(shop: MongoPlace) -> None:
    rows = every(shop.driver())
    shop.documents.create_index("customer", unique=True)
    driver = shop.driver()
    driver.__class__ = type("Unrehearsed", (MongodbDriver,), {})
    with pytest.raises(RefusedError) as caught:
        apply(driver, planned(step(rows["1"], {"customer": "1008"})))
    assert "1008" not in caught.value.diagnostics() and caught.value.__cause__ is None


WRONG = {
    "a password": ({"url": "mongodb://desk:secret@127.0.0.1/shop"}, ("url",)),
    "a password behind": ({"url": "mongodb://127.0.0.1/shop?tlsCertificateKeyFilePassword=x"}, ("url",)),
    "no database": ({"url": "mongodb://127.0.0.1"}, ("url",)),
    "another scheme": ({"url": "http://127.0.0.1/shop"}, ("url",)),
    "an unknown option": ({"options": {"timeuot": 5}}, ("options", "timeuot")),
    "no time": ({"options": {"timeout": "long"}}, ("options", "timeout")),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_catalog_file_is_looked_at_without_the_server(shop: MongoPlace, case: str) -> None:
    more, path = WRONG[case]
    system = replace(shop.system, **more)  # type: ignore[arg-type]
    (wrong,) = MongodbDriver.wrong(system)
    assert wrong.path == path and "secret" not in wrong.message
    with pytest.raises(UsageError):
        MongodbDriver(system, shop.folder).schema()
