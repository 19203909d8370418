"""MongoDB: a record is a document, its fields the paths into it (``contact.email``, ``tags``, ``lines[].price``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from dsr_desk.drivers._rows.driver import MovedError, RowDriver
from dsr_desk.drivers.base import Wrong
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Refusal, Residue, Step, Work
from dsr_desk.model.schema import LiveCollection, Schema
from dsr_desk.model.values import Value, as_text, same

if TYPE_CHECKING:  # pymongo is loaded when a server is spoken to, not when the window opens
    from pymongo.collection import Collection as Documents
    from pymongo.database import Database

    from dsr_desk.drivers._mongodb.looking import Kind, Unique

_BATCH = 500
#: Longest time that counting a collection may take, in milliseconds.
_COUNTING = 10_000
#: What a reference to another document holds; no other field that begins so can be asked for.
_OF_REFERENCES = ("$ref", "$id", "$db")


class MongodbDriver(RowDriver):
    """One database of a MongoDB server."""

    name: ClassVar[str] = "mongodb"

    @classmethod
    def wrong(cls, system: System) -> Iterable[Wrong]:
        """What can't be right about the url and the options."""
        from dsr_desk.drivers._mongodb.address import wrongs

        return wrongs(system)

    @property
    def guarantee(self) -> str:
        """One document at a time, on a condition that the server itself decides."""
        return (
            "One record at a time: the server changes or deletes it only if it is still exactly what was approved, and a majority "
            "of its members has it; what was written before a stop stays written."
        )

    # -- the connection ------------------------------------------------------------------------------------------------

    @cached_property
    def _database(self) -> Database[dict[str, Any]]:
        try:
            from dsr_desk.drivers._mongodb.speaking import database
        except ModuleNotFoundError:
            raise UsageError(
                f"System {self.system.name} is a MongoDB, and the library for it is not installed.",
                "Install it: pip install 'dsr-desk[mongodb]'",
            ) from None
        return database(self.system, self.secret)

    def _documents(self, collection: Collection) -> Documents[dict[str, Any]]:
        return self._database[collection.table or collection.name]

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        database = self._database
        from dsr_desk.drivers._mongodb.looking import kinds
        from dsr_desk.drivers._mongodb.speaking import understood

        with understood(self.system):
            return kinds(database)

    def _kind(self, collection: Collection) -> Kind:
        name = collection.table or collection.name
        if name not in self._kinds:
            raise UsageError(
                f"System {self.system.name} has no collection {name}.",
                f"It has {', '.join(sorted(self._kinds)) or 'none'}. Correct the name in the catalog.",
            )
        return self._kinds[name]

    def _indexes(self, collection: Collection) -> tuple[list[Unique], frozenset[str]]:
        from dsr_desk.drivers._mongodb.looking import indexes
        from dsr_desk.drivers._mongodb.speaking import understood

        if self._kind(collection).type != "collection":
            return [], frozenset()
        with understood(self.system):
            return indexes(self._database, collection.table or collection.name)

    def close(self) -> None:
        """Give the connection back."""
        if "_database" in self.__dict__:
            self.__dict__.pop("_database").client.close()
        for kept in ("_kinds", "_seen"):
            self.__dict__.pop(kept, None)

    # -- looking around ------------------------------------------------------------------------------------------------

    def schema(self) -> Schema:
        """The collections with the fields that a sample of documents shows, and those of the catalog that any document has."""
        from dsr_desk.drivers._mongodb.address import encrypted
        from dsr_desk.drivers._mongodb.speaking import understood

        with understood(self.system):
            version = self._database.client.server_info().get("version", "")
        listed = {c.name: c.table or c.name for c in self.system.collections.values()}
        found = {name: self._live(self.collection(name)) for name, table in listed.items() if table in self._kinds}
        limits = [
            "A list that stands inside a list is not looked into when a value is asked for exactly.",
            "Documents have no schema: the fields are those of the first documents, and of the catalog.",
            "What a validation rule of a collection forbids shows only when it is written, and that record then stays as it was.",
        ]
        if not encrypted(self.system):
            limits.append("The connection is not encrypted, or the server's certificate is not checked.")
        return Schema(
            server=f"MongoDB {version}".strip(),
            collections=found,
            others=tuple(sorted(self._kinds.keys() - set(listed.values()))),
            tried=False,
            limits=tuple(limits),
        )

    def _live(self, collection: Collection) -> LiveCollection:
        from dsr_desk.drivers._mongodb.looking import SAMPLE, live

        records = self.sample(collection.name, SAMPLE, Cancel())
        shown = {field for values in records for field in values}
        asked = [f for f in collection.fields if f not in shown and _is_path(f)]
        rare = [f for f in asked if not records or self._any_has(collection, f)]
        return live(collection.name, self._kind(collection), records, rare, self._indexes(collection))

    def _any_has(self, collection: Collection, field: str) -> bool:
        from dsr_desk.drivers._mongodb.speaking import understood

        with understood(self.system):
            path = field.replace("[]", "")
            return self._documents(collection).find_one({path: {"$exists": True}}, {"_id": 1}) is not None

    @cached_property
    def _seen(self) -> dict[str, frozenset[str]]:
        return {}

    def columns(self, collection: Collection, cancel: Cancel) -> frozenset[str] | None:
        """The catalog's fields, which some document may have, and what the first documents show."""
        from dsr_desk.drivers._mongodb.looking import SAMPLE

        if collection.name not in self._seen:
            shown = {field for values in self.sample(collection.name, SAMPLE, cancel) for field in values}
            self._seen[collection.name] = frozenset(shown | {*collection.fields, *collection.key})
        return self._seen[collection.name]

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """Counted by the server, exactly; those that take too long are left out."""
        database = self._database
        from pymongo.errors import ExecutionTimeout

        from dsr_desk.drivers._mongodb.speaking import understood

        found: dict[str, int] = {}
        for name in collections:
            cancel.check()
            if (self.collection(name).table or name) not in self._kinds:
                continue
            with understood(self.system):
                try:
                    found[name] = database[self.collection(name).table or name].count_documents({}, maxTimeMS=_COUNTING)
                except ExecutionTimeout:
                    continue
        return found

    # -- reading -----------------------------------------------------------------------------------------------------

    def scan(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Mapping[str, Value]]:
        """The documents, narrowed by the server where that is safe."""
        self._kind(collection)
        from dsr_desk.drivers._mongodb.narrow import narrowed
        from dsr_desk.drivers._mongodb.speaking import understood
        from dsr_desk.drivers._mongodb.values import record

        with (
            understood(self.system),
            self._documents(collection).find(narrowed(self.questions(lookups)), batch_size=_BATCH) as cursor,
        ):
            for document in cursor:
                cancel.check()
                yield record(document)

    def get(self, collection: Collection, key: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The document with this key, read from the primary."""
        from dsr_desk.drivers._mongodb.values import record

        document = self._document(collection, key)
        return None if document is None else record(document)

    def _document(self, collection: Collection, key: Mapping[str, Value]) -> dict[str, Any] | None:
        self._kind(collection)
        from dsr_desk.drivers._mongodb.address import answer_within
        from dsr_desk.drivers._mongodb.narrow import by_key
        from dsr_desk.drivers._mongodb.speaking import understood
        from dsr_desk.drivers._mongodb.values import record

        with understood(self.system):
            asked = self._documents(collection).find(by_key(key)).max_time_ms(answer_within(self.system) * 1000)
            read = [(document, record(document)) for document in asked]
        alike = [(d, r) for d, r in read if all(as_text(r.get(n)) == as_text(v) for n, v in key.items())]
        exact = [d for d, r in alike if all(same(r.get(n), v) for n, v in key.items())] or [d for d, _ in alike]
        if len(exact) > 1:
            raise self._twins(collection)
        return exact[0] if exact else None

    # -- writing -----------------------------------------------------------------------------------------------------

    def _as_planned(self, collection: Collection, row: Row) -> dict[str, Any]:
        from dsr_desk.drivers._mongodb.values import record

        document = self._document(collection, row.key)
        if document is None or not same(_sorted(record(document)), _sorted(row.values)):
            raise MovedError
        return document

    def delete(self, collection: Collection, row: Row) -> None:
        """Delete the document if it is still, field by field, what was read."""
        document = self._as_planned(collection, row)
        from dsr_desk.drivers._mongodb.guard import unchanged
        from dsr_desk.drivers._mongodb.speaking import understood

        with understood(self.system):
            done = self._documents(collection).delete_one(unchanged(document))
        if not done.deleted_count:
            raise MovedError

    def write(self, collection: Collection, row: Row, writes: Mapping[str, Value]) -> None:
        """Set the fields if the document is still, field by field, what was read."""
        document = self._as_planned(collection, row)
        from dsr_desk.drivers._mongodb.guard import unchanged
        from dsr_desk.drivers._mongodb.speaking import understood
        from dsr_desk.drivers._mongodb.values import UnwritableError, changes

        try:
            put = changes(document, writes)
        except UnwritableError as error:
            raise UsageError(f"A record of {self.system.label} can't be written: {error.why}.", error.cure) from None
        with understood(self.system):
            done = self._documents(collection).update_one(unchanged(document), {"$set": put})
        if not done.matched_count:
            raise MovedError

    def forbids(self, collection: Collection, step: Step) -> Iterator[Refusal]:
        """Views, capped collections, keys, values that BSON can't hold, and values that must be unique."""
        kind = self._kind(collection)
        from dsr_desk.drivers._mongodb.refusing import refusals
        from dsr_desk.drivers._mongodb.speaking import understood

        document = self._document(collection, step.key) if step.writes else None
        unique = self._indexes(collection)[0] if step.writes else []
        with understood(self.system):
            yield from list(refusals(collection, kind, unique, step, document, self._documents(collection)))

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """What can be known without writing, also of several records together."""
        from dsr_desk.drivers._mongodb.refusing import alike

        found = dict.fromkeys(super().rehearse(work, cancel))
        for name in dict.fromkeys(step.ref.collection for step in work.changing() if step.writes):
            collection = self.collection(name)
            steps = [step for step in work.changing() if step.ref.collection == name]
            found |= dict.fromkeys(alike(collection, self._indexes(collection)[0], steps))
        return list(found)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """The server's files can't be read through it."""
        why = "the server keeps what was deleted in its log of changes (oplog) and its free space until both are written over"
        return [Residue(self.system.name, self.system.label, 0, why, "Whoever runs the server can compact it")]


def _is_path(field: str) -> bool:
    """Whether a field of the catalog can be asked for: the server takes no query with an empty name, an operator or a NUL in it."""
    names = field.replace("[]", "").split(".")
    return all(name and "\0" not in name and (not name.startswith("$") or name in _OF_REFERENCES) for name in names)


def _sorted(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: values[name] for name in sorted(values)}
