"""The MongoDB driver against a server that speaks its protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from dsr_desk.drivers.mongodb import MongodbDriver
from dsr_desk.model.catalog import System
from tests import servers
from tests.drivers.contract import COLUMNS, PEOPLE, OneByOneContract, Place, people


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
