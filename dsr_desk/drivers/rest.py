"""Web services that speak JSON over HTTP, described by the ``options:`` of their catalog file alone.

A record is what the service gives for one address. There are no transactions: each record is read, written on the condition that it
is still that, and read again. What the options can say stands in ``docs/rest.md``; none of it can lead a password to another host.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from dsr_desk.drivers._rows.driver import RowDriver
from dsr_desk.drivers.base import Run, Wrong
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Applied, Refusal, Residue, Step, Work
from dsr_desk.model.schema import Column, ColumnType, LiveCollection, Schema
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from dsr_desk.drivers._rest.records import Records
    from dsr_desk.drivers._rest.told import Told
    from dsr_desk.drivers._rest.web import Web
    from dsr_desk.drivers._rest.writing import Writing

#: So many records show which fields there are; fewer where each one has to be read by itself.
_SAMPLE, _SAMPLE_READ = 200, 20
_COLUMNS: Mapping[type, ColumnType] = {
    bool: "boolean", int: "integer", float: "float", Decimal: "decimal", str: "text", list: "json", dict: "json",
}  # fmt: skip


class RestDriver(RowDriver):
    """A web service."""

    name: ClassVar[str] = "rest"
    reads_all: ClassVar[bool] = True

    @classmethod
    def wrong(cls, system: System) -> Iterable[Wrong]:
        """Every option that is wrong, with its place."""
        from dsr_desk.drivers._rest.told import wrongs

        return wrongs(system)

    @property
    def guarantee(self) -> str:
        """Holds for every service, whatever it can do beyond that."""
        return (
            "Each record is read, written and read again, one after the other: a run that is stopped leaves what it wrote, and the "
            "next one goes on from there."
        )

    # -- what it has -----------------------------------------------------------------------------------------------------

    def schema(self) -> Schema:
        """The collections that answer, with the fields that some of their records have. What else a service has can't be asked."""
        cancel = Cancel()
        live: dict[str, LiveCollection] = {}
        if not self.system.collections:
            self._greet(cancel)
        for name, collection in self.system.collections.items():
            with suppress(UsageError):  # the service has no such list: it is left out, and the catalog's check says so
                live[name] = self._live(collection, self._seen(collection, cancel))
        return Schema(f"HTTP service at {self._web.address.host}", live, limits=tuple(self._limits()))

    def columns(self, collection: Collection, cancel: Cancel) -> frozenset[str] | None:
        """The fields of some records; any where there are none."""
        seen = self._seen(collection, cancel)
        return frozenset(self._live(collection, seen).columns) if seen else None

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """Of those collections whose service says it."""
        found: dict[str, int] = {}
        for name in collections:
            number = self._records(self.collection(name)).count(cancel)
            if number is not None:
                found[name] = number
        return found

    # -- reading -----------------------------------------------------------------------------------------------------------

    def scan(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Mapping[str, Value]]:
        """By the service's own search where it may answer, else through its whole list."""
        records = self._records(collection)
        questions = self.questions(lookups) if records.endpoint.summary else []
        for fields in records.scan(lookups, self.system.region, cancel):
            if not records.endpoint.summary:
                yield fields
            elif not questions or any(q.answers(fields) for q in questions):
                yield records.whole(fields, cancel)

    def get(self, collection: Collection, key: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """Read from its own address."""
        found = self._records(collection).read(key, Cancel())
        return None if found is None else found.fields

    def stamps(self, collection: Collection) -> frozenset[str]:
        """Those that the catalog names."""
        return frozenset(self._told.endpoints[collection.name].stamps)

    # -- writing -----------------------------------------------------------------------------------------------------------

    def forbids(self, collection: Collection, step: Step) -> Iterator[Refusal]:
        """What the options don't say how to do, and what no address or body can hold."""
        from dsr_desk.drivers._rest.forbidden import reasons

        for field, why, cure in reasons(self._records(collection), step):
            yield Refusal(self.system.name, collection.name, field, why, cure)

    def apply(self, work: Work, run: Run) -> Applied:
        """As everywhere; orders carry a mark that is the same when a stopped run is finished."""
        self._mark = work.fingerprint_key
        return super().apply(work, run)

    def delete(self, collection: Collection, row: Row) -> None:
        """Read, ordered to be deleted, read again."""
        self._writing(collection).delete(row)

    def write(self, collection: Collection, row: Row, writes: Mapping[str, Value]) -> None:
        """Read, ordered to be changed, read again."""
        self._writing(collection).change(row, writes)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """What the service keeps elsewhere can't be looked at."""
        why = "Backups, logs and caches of a web service can't be looked at from outside."
        return [Residue(self.system.name, self.system.label, 0, why)]

    def close(self) -> None:
        """Close the connections."""
        if "_web" in self.__dict__:
            self._web.close()

    # -- parts -------------------------------------------------------------------------------------------------------------

    _mark: bytes = b""

    @cached_property
    def _told(self) -> Told:
        from dsr_desk.drivers._rest.told import told

        return told(self.system)

    @cached_property
    def _web(self) -> Web:
        try:
            from dsr_desk.drivers._rest.web import Web
        except ModuleNotFoundError:
            raise UsageError("Web services need the library requests.", "Install it: pip install 'dsr-desk[rest]'.") from None
        return Web(self.system.url, self._told.service, self.system.label, self.folder, self.secret)

    def _greet(self, cancel: Cancel) -> None:
        """Ask for the address itself: whatever is answered, somebody is there. Else an address with nobody behind it would do."""
        web = self._web
        from dsr_desk.drivers._rest.web import Request

        web.ask(Request("GET", ""), cancel)

    def _records(self, collection: Collection) -> Records:
        told, web = self._told, self._web
        from dsr_desk.drivers._rest.records import Records

        endpoint = told.endpoints[collection.name]
        above = self._records(self.collection(endpoint.each)) if endpoint.each else None
        return Records(web, collection, endpoint, self.system.label, above)

    def _writing(self, collection: Collection) -> Writing:
        records = self._records(collection)
        from dsr_desk.drivers._rest.writing import Writing

        service = self._told.service
        return Writing(records, service.idempotency, self._mark, service.retries)

    @cached_property
    def _samples(self) -> dict[str, list[Mapping[str, Value]]]:
        return {}

    def _seen(self, collection: Collection, cancel: Cancel) -> list[Mapping[str, Value]]:
        if collection.name not in self._samples:
            records = self._records(collection)
            found = records.first(_SAMPLE_READ if records.endpoint.summary else _SAMPLE, cancel)
            self._samples[collection.name] = [records.whole(fields, cancel) for fields in found]
        return self._samples[collection.name]

    def _live(self, collection: Collection, seen: list[Mapping[str, Value]]) -> LiveCollection:
        kinds: dict[str, set[ColumnType]] = {}
        for fields in seen:
            for name, value in fields.items():
                kinds.setdefault(name, set()).update(_COLUMNS.get(type(v), "other") for v in _each(name, value))
        sparse = self._told.endpoints[collection.name].sparse
        for name in collection.fields:
            if not seen or _hidden(name, seen) or any(_below(name, top) for top in sparse):
                kinds.setdefault(name, set())
        columns = {n: Column(n, k.pop() if len(k) == 1 else "any", primary_key=n in collection.key) for n, k in kinds.items()}
        return LiveCollection(collection.name, columns)

    def _limits(self) -> Iterator[str]:
        yield "A service can't be asked what else it holds: only what its catalog file lists is searched."
        for name, endpoint in self._told.endpoints.items():
            if endpoint.listing is None:
                yield f"{name} is never gone through: it is found only as far as the service's own search finds it."
            elif (endpoint.listing.paging or endpoint.paging).style in ("page", "offset"):
                yield f"{name} is read page by page: where records come or go meanwhile, one may be missed."


def _each(name: str, value: Value) -> Iterator[Value]:
    """The values of a field: of one that stands in the objects of a list, that of each object."""
    if "[]" in name and isinstance(value, list):
        for inner in value:
            yield from _each(name, inner)
    elif value is not None:
        yield value


def _below(name: str, top: str) -> bool:
    """Whether a field is this one, or stands anywhere in it."""
    return name == top or name.startswith((f"{top}.", f"{top}[]."))


def _hidden(name: str, seen: list[Mapping[str, Value]]) -> bool:
    """Whether a field stands in an object or list that is empty in every record that was seen."""
    while "." in name:
        name = name.rpartition(".")[0].removesuffix("[]")
        if any(name in fields for fields in seen):
            return True
    return False
