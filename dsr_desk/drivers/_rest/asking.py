"""What a service is asked to find somebody: by its own search where that may answer, else by going through its list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dsr_desk.drivers._rest.listing import Ask
from dsr_desk.drivers._rest.options import Endpoint, Listing
from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Lookup
from dsr_desk.model.identity import CONFIRMING, normals
from dsr_desk.model.values import Value, as_text

#: For more values than these, the list is read once instead.
MOST_VALUES = 50
#: Kinds of identifiers that people spell in several ways; all others are compared exactly.
_SPELLED = CONFIRMING | {"email", "phone", "iban", "national_id"}


def whole(endpoint: Endpoint, listing: Listing, values: Mapping[str, Value] | None = None) -> Ask:
    """The question for a list, or for what a search gives."""
    found = endpoint.records if listing.records is None else listing.records
    return Ask(listing, endpoint.params, found, listing.paging or endpoint.paging, values or {})


def narrowed(collection: Collection, endpoint: Endpoint, lookups: Sequence[Lookup], region: str | None) -> list[Ask] | None:
    """The questions that give at least the records which answer the lookups; ``None`` where the list has to be read.

    A service's own search knows one spelling of a value, as an index does. So it is asked where the value is compared exactly
    (a reference), where the catalog says that it stands in one form (``stored: plain``), or where there is no list.
    ``UsageError`` where there is neither.
    """
    asks: dict[tuple[str, str], Ask] = {}
    for lookup in lookups:
        listing = _search(endpoint, lookup)
        texts = list(dict.fromkeys(_spellings(lookup, region)))
        exact = lookup.kind not in _SPELLED or lookup.plain
        if endpoint.listing and (listing is None or not exact or len(texts) > MOST_VALUES or not all(map(_sendable, texts))):
            return None
        if listing is None:
            raise UsageError(
                f"Nothing says how {collection.name} of {collection.system} is searched by {' and '.join(lookup.fields)}.",
                "Write it under find: in the options of the collection, or allow list:.",
            )
        for text in texts:
            asks[_name(lookup), text] = whole(endpoint, listing, {"value": text})
    return list(asks.values()) if lookups else None


def _search(endpoint: Endpoint, lookup: Lookup) -> Listing | None:
    if lookup.mention:
        return None
    own = endpoint.find.get(lookup.fields[0]) if len(lookup.fields) == 1 else None
    return own or endpoint.find.get(lookup.kind or "")


def _name(lookup: Lookup) -> str:
    return ",".join((lookup.kind or "", *lookup.fields))


def _spellings(lookup: Lookup, region: str | None) -> Iterable[str]:
    for value in lookup.values:
        text = as_text(value[0])
        if text:
            yield text
            if lookup.kind:
                yield from (form for form in normals(lookup.kind, value[0], region) if isinstance(form, str) and form)


def _sendable(text: str) -> bool:
    """Whether it can stand in an address."""
    return text not in (".", "..") and text.isprintable() and len(text) <= 1000
