"""The records of one collection of a service: found, read one by one, changed and deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dsr_desk.drivers._rest.answer import Answer, BrokenAnswerError, at
from dsr_desk.drivers._rest.asking import narrowed, whole
from dsr_desk.drivers._rest.listing import Ask, records
from dsr_desk.drivers._rest.options import Endpoint
from dsr_desk.drivers._rest.template import UnaddressableError, body_of, path_of, text_of
from dsr_desk.drivers._rest.web import Request, Web
from dsr_desk.drivers._rows.nested import flatten
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Lookup
from dsr_desk.model.values import Value, as_text, same


@dataclass(frozen=True, slots=True)
class Found:
    """A record as it stands now: the document, its fields, and the service's own mark of this state (``ETag``, RFC 9110)."""

    document: Mapping[str, Any] = field(repr=False)
    fields: Mapping[str, Value] = field(repr=False)
    etag: str = ""


class Records:
    """One collection. ``above`` is the one below whose records its lists stand, where it is such a one."""

    def __init__(self, web: Web, collection: Collection, endpoint: Endpoint, label: str, above: Records | None = None) -> None:
        self.web, self.collection, self.endpoint, self.label, self.above = web, collection, endpoint, label, above

    # -- many ----------------------------------------------------------------------------------------------------------

    def scan(self, lookups: Sequence[Lookup], region: str | None, cancel: Cancel) -> Iterator[dict[str, Value]]:
        """At least the records that answer one of the lookups, all where there are none; each once."""
        asks = narrowed(self.collection, self.endpoint, lookups, region)
        if asks is None:
            yield from self._all(cancel)
            return
        seen: dict[tuple[str | None, ...], Mapping[str, Value]] = {}
        for ask in asks:
            for fields in self._of(ask, cancel):
                key = tuple(as_text(fields.get(name)) for name in self.collection.key)
                if key not in seen or not alike(seen[key], fields):
                    seen[key] = fields
                    yield fields

    def first(self, most: int, cancel: Cancel) -> list[dict[str, Value]]:
        """Up to so many records of the list; none where there is no list."""
        found: list[dict[str, Value]] = []
        if self.endpoint.listing:
            for fields in self._all(cancel):
                found.append(fields)
                if len(found) >= most:
                    break
        return found

    def whole(self, fields: Mapping[str, Value], cancel: Cancel) -> Mapping[str, Value]:
        """The record that a list gave in short; the same where it went meanwhile."""
        found = self.read(fields, cancel) if self.endpoint.summary else None
        return found.fields if found else fields

    def count(self, cancel: Cancel) -> int | None:
        """How many there are, where the service says it."""
        told = self.endpoint.count
        if told is None:
            return None
        answer = self.web.ask(Request("GET", told.path, tuple(told.params.items())), cancel)
        try:
            number = at(answer.data(), told.at) if answer.status == 200 else None
        except (BrokenAnswerError, LookupError):
            return None
        return number if type(number) is int and number >= 0 else None

    def _all(self, cancel: Cancel) -> Iterator[dict[str, Value]]:
        listing = self.endpoint.listing
        if listing is None:
            raise UsageError(
                f"{self.collection.name} of {self.label} can't be gone through: list: false stands there.",
                "Allow list:, or search it.",
            )
        if self.above is None:
            yield from self._of(whole(self.endpoint, listing), cancel)
            return
        for parent in self.above._all(cancel):
            yield from self._of(whole(self.endpoint, listing, {f"each.{n}": v for n, v in parent.items()}), cancel)

    def _of(self, ask: Ask, cancel: Cancel) -> Iterator[dict[str, Value]]:
        try:
            for document in records(self.web, ask, self.label, cancel):
                fields = {**flatten(document), **body_of(ask.listing.adds, ask.values)}
                self._insist_on_key(fields)
                if not self._gone(fields):
                    yield fields
        except (UnaddressableError, KeyError):
            raise UsageError(
                f"{self.collection.name} of {self.label} can't be asked for: a value that would stand in the address can't.",
                "Allow list: in the options of the collection, so that all of it is read.",
            ) from None

    def _insist_on_key(self, fields: Mapping[str, Value]) -> None:
        for name in self.collection.key:
            if as_text(fields.get(name)) in (None, ""):
                raise UsageError(
                    f"A record of {self.collection.name} in {self.label} has no {name}, so it can't be told from others.",
                    f"Correct key: in the catalog. It has {', '.join(sorted(fields))}.",
                )

    # -- one -----------------------------------------------------------------------------------------------------------

    def read(self, key: Mapping[str, Value], cancel: Cancel) -> Found | None:
        """The record with this key as it is now; ``None`` where there is none (any more)."""
        reading = self.endpoint.read
        if reading is None:
            return self._listed(key, cancel)
        params = {**self.endpoint.params, **reading.params}
        try:
            request = Request("GET", path_of(reading.path, key), tuple((name, text_of(text, key)) for name, text in params.items()))
        except UnaddressableError:
            raise self.unaddressable() from None
        answer = self.web.ask(request, cancel)
        if answer.status in reading.not_found:
            return None
        document = self._document(answer, reading.record)
        fields = flatten(document)
        added = {n: key[n] for n in self.collection.key if n not in fields and n in self._added()}
        fields |= added
        if any(as_text(fields.get(n)) != as_text(key[n]) for n in self.collection.key):
            raise UnreachableError(
                f"{self.label} gave another record of {self.collection.name} than it was asked for.",
                "Check read: in its catalog file.",
            )
        return None if self._gone(fields) else Found(document, fields, answer.headers.get("etag", ""))

    def unaddressable(self) -> UsageError:
        """The error for a record whose key can't stand in an address."""
        return UsageError(
            f"A record of {self.collection.name} in {self.label} has a key that can't stand in an address.",
            "Look at it in the service itself.",
        )

    def _document(self, answer: Answer, where: str) -> dict[str, Any]:
        if answer.status != 200:
            raise UnreachableError(
                f"{self.label} answered {answer.status} when a record of {self.collection.name} was read.",
                "Check read: in its catalog file.",
            )
        try:
            document = at(answer.data(), where)
        except BrokenAnswerError as error:
            raise UnreachableError(f"{self.label} answered with {error}.", "Try again later.") from None
        except LookupError:
            document = None
        if not isinstance(document, dict):
            raise UsageError(
                f"The answer of {self.label} has no record of {self.collection.name}{f' at {where}' if where else ''}.",
                "Correct read: {record: …} in its catalog file.",
            )
        return document

    def _listed(self, key: Mapping[str, Value], cancel: Cancel) -> Found | None:
        """For services that give no record alone: from the list in which it stands."""
        wanted = tuple(as_text(key[n]) for n in self.collection.key)
        lookups = [Lookup(self.collection.name, (n,), ((key[n],),)) for n in self.collection.key if n in self.endpoint.find]
        for fields in self.scan(lookups[:1], None, cancel):
            if tuple(as_text(fields.get(n)) for n in self.collection.key) == wanted:
                return Found(fields, fields)
        return None

    def _added(self) -> set[str]:
        listings = [*self.endpoint.find.values(), *([self.endpoint.listing] if self.endpoint.listing else [])]
        return {name for listing in listings for name in listing.adds}

    def _gone(self, fields: Mapping[str, Value]) -> bool:
        signs = self.endpoint.read.gone if self.endpoint.read else {}
        return bool(signs) and all(same(fields.get(name), sign) for name, sign in signs.items())


def alike(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Whether two records have the same fields with the same values, in whatever order."""
    return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
