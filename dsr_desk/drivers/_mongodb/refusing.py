"""What is known to stand against writing a document, without trying it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dsr_desk.drivers._mongodb.looking import Kind, Unique
from dsr_desk.drivers._mongodb.values import UnwritableError, changes, record
from dsr_desk.model.catalog import Collection
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.values import Value, freeze

if TYPE_CHECKING:
    from pymongo.collection import Collection as Documents

_TAKEN = "it would hold a value that must be unique and that another record has"
_OTHER = "Let the catalog write a different value in every record (strategy pseudonym)"


def refusals(
    collection: Collection,
    kind: Kind,
    unique: Iterable[Unique],
    step: Step,
    document: Mapping[str, Any] | None,
    documents: Documents[dict[str, Any]],
) -> Iterator[Refusal]:
    """One for each thing that stands against the step; ``document`` is the one that it is about, as it is now."""

    def refusal(field: str, why: str, cure: str) -> Refusal:
        return Refusal(collection.system, collection.name, field, why, cure)

    if kind.type == "view":
        yield refusal("", "it is a view, which shows documents of another collection", "Describe that collection instead")
    elif kind.type == "timeseries":
        yield refusal("", "it is a time series, whose documents can't be written one by one", "Leave it to a person")
    elif kind.capped:
        yield refusal("", "it is a capped collection, which gives its documents up only by age", "Leave it to a person")
    elif step.writes and document is not None:
        for field, value in step.writes.items():
            if field == "_id" or field in collection.key:
                yield refusal(
                    field, "it tells the record apart, and can't be changed", "Write erase: null in the catalog, or delete"
                )
            else:
                try:
                    changes(document, {field: value})
                except UnwritableError as error:
                    yield refusal(field, error.why, error.cure)
                    return
        for index in unique:
            if _taken(index, document, step.writes, documents):
                yield refusal(_written(index, step.writes)[0], _TAKEN, _OTHER)


def _written(index: Unique, writes: Mapping[str, Value]) -> list[str]:
    return [field for field in index.fields if field in writes]


def _after(index: Unique, document: Mapping[str, Any], writes: Mapping[str, Value]) -> list[Value]:
    values = {**record(document), **writes}
    return [values.get(field) for field in index.fields]


def _taken(index: Unique, document: Mapping[str, Any], writes: Mapping[str, Value], documents: Documents[dict[str, Any]]) -> bool:
    if not _written(index, writes) or (index.sparse and all(v is None for v in _after(index, document, writes))):
        return False
    after = {**document, **changes(document, writes)}
    wanted = [{field: {"$eq": _raw(after, field)}} for field in index.fields]
    asked: dict[str, Any] = {"$and": [*wanted, {"_id": {"$ne": document["_id"]}}, *([index.condition] if index.condition else [])]}
    return documents.find_one(asked, {"_id": 1}) is not None


def _raw(document: Mapping[str, Any], path: str) -> Any:
    inner: Any = document
    for name in path.split("."):
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    return inner


def alike(collection: Collection, unique: Iterable[Unique], steps: Iterable[Step]) -> Iterator[Refusal]:
    """Steps of one plan that would write the same value where a unique index forbids two."""
    seen: set[tuple[tuple[str, ...], str]] = set()
    for step in steps:
        for index in unique:
            written = _written(index, step.writes)
            if not written:
                continue
            values = [{**step.before, **step.writes}.get(field) for field in index.fields]
            place = (index.fields, str(freeze(values)))
            if place in seen and not (index.sparse and all(v is None for v in values)):
                yield Refusal(
                    collection.system, collection.name, written[0], "two records would hold the same unique value", _OTHER
                )
            seen.add(place)
