"""What a MongoDB has: its collections, what they are, and the fields that their documents show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pymongo.errors import OperationFailure

from dsr_desk.drivers._mongodb.values import column_type
from dsr_desk.model.schema import Column, LiveCollection
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from pymongo.database import Database

#: So many documents show which fields there are.
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """What a collection is: ``collection``, ``view`` or ``timeseries``; ``capped`` ones never lose a document but by age."""

    type: str
    capped: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique index: its fields in order, and the condition of those documents that it holds."""

    fields: tuple[str, ...]
    condition: Mapping[str, Any]
    sparse: bool


def kinds(database: Database[dict[str, Any]]) -> dict[str, Kind]:
    """Every collection that the user may see, without the server's own."""
    try:
        listed = list(database.list_collections())
    except OperationFailure as error:
        if error.code != 13:
            raise
        listed = list(database.list_collections(nameOnly=True, authorizedCollections=True))
    return {
        str(one["name"]): Kind(
            str(one.get("type", "collection")), bool(_option(one, "capped")), _option(one, "validator") is not None
        )
        for one in listed
        if not str(one["name"]).startswith("system.")
    }


def _option(listed: Mapping[str, Any], name: str) -> Any:
    return (listed.get("options") or {}).get(name)


def indexes(database: Database[dict[str, Any]], collection: str) -> tuple[list[Unique], frozenset[str]]:
    """The unique indexes of a collection, and the fields with which its indexes begin."""
    unique: list[Unique] = []
    leading: set[str] = set()
    for index in database[collection].list_indexes():
        fields = tuple(map(str, index["key"]))
        leading.add(fields[0])
        if index.get("unique") or fields == ("_id",):
            unique.append(Unique(fields, index.get("partialFilterExpression") or {}, bool(index.get("sparse"))))
    return unique, frozenset(leading)


def live(
    name: str, kind: Kind, records: Iterable[Mapping[str, Value]], more: Iterable[str], found: tuple[list[Unique], frozenset[str]]
) -> LiveCollection:
    """The collection as its records show it; ``more`` are fields that some other record has."""
    held: dict[str, list[Value]] = {field: [] for field in more}
    for values in records:
        for field, value in values.items():
            held.setdefault(field, []).append(value)
    columns = {field: _column(field, values) for field, values in held.items()}
    unique, leading = found
    return LiveCollection(
        name,
        columns,
        unique=tuple(u.fields for u in unique if not u.condition and not u.sparse),
        indexed=leading,
        is_view=kind.type == "view",
    )


def _column(name: str, values: Iterable[Value]) -> Column:
    """What stands in the field; through a list of objects, what stands in each of them."""
    held = list(values)
    for _ in range(name.count("[].")):
        held = [one for value in held for one in (value if isinstance(value, list) else [value])]
    types = {column_type(value) for value in held if value is not None}
    key = name == "_id"
    only = next(iter(types)) if len(types) == 1 else "any"
    return Column(name, only, "BSON" if not types else " or ".join(sorted(types)), nullable=not key, primary_key=key)
