"""LDAP directories: a record is an entry, its fields the attributes, and ``dn``, its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from dsr_desk.drivers._rows.driver import MovedError, RowDriver
from dsr_desk.drivers.base import Wrong
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Refusal, Residue, Step, Work
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import Value, as_text, same

if TYPE_CHECKING:  # ldap3 is loaded when a directory is spoken to, not when the window opens
    from dsr_desk.drivers._ldap.session import Entry, Session

_SAMPLE = 200
#: Written by servers whenever an entry is changed.
_STAMPS = frozenset({"modifyTimestamp", "modifiersName", "entryCSN", "entryUSN", "uSNChanged", "whenChanged", "pwdChangedTime"})


class LdapDriver(RowDriver):
    """One directory, below the name in its url."""

    name: ClassVar[str] = "ldap"

    @classmethod
    def wrong(cls, system: System) -> Iterable[Wrong]:
        """What can't be right about the url and the options."""
        from dsr_desk.drivers._ldap.address import wrongs

        return wrongs(system)

    @property
    def guarantee(self) -> str:
        """One entry at a time."""
        return (
            "One entry at a time: each is compared right before, changed or deleted only if it is still that where the server "
            "knows conditions (RFC 4528), and read again; what was written before a stop stays written."
        )

    # -- the connection ------------------------------------------------------------------------------------------------

    @cached_property
    def _session(self) -> Session:
        try:
            from dsr_desk.drivers._ldap.session import Session
        except ModuleNotFoundError:
            raise UsageError(
                f"System {self.system.name} is a directory, and the library for it is not installed.",
                "Install it: pip install 'dsr-desk[ldap]'",
            ) from None
        from dsr_desk.drivers._ldap.address import address

        return Session(self.system, address(self.system, self.folder), self.secret)

    def close(self) -> None:
        """Give the connection back."""
        if "_session" in self.__dict__:
            self.__dict__.pop("_session").close()
        self.__dict__.pop("_seen", None)

    def _base(self, collection: Collection) -> str:
        """The name under which a collection's entries stand; ``table`` is written below the url's own, or whole."""
        session, base, table = self._session, self._session.address.base, collection.table
        name = session.attributes.name
        if not table or name(table) == name(base) or name(table).endswith(f",{name(base)}"):
            return table or base
        return f"{table},{base}" if base else table

    def _filter(self, collection: Collection) -> str:
        from dsr_desk.drivers._ldap.session import EVERY, sound

        condition = str(collection.options.get("filter", EVERY))
        if not sound(condition):
            raise UsageError(
                f"The option filter of {collection.name} in system {self.system.name} is no filter.",
                "Write it like (objectClass=inetOrgPerson), with its brackets.",
            )
        return condition

    def _asked(self, collection: Collection) -> list[str]:
        """All that users may write, the entry's lasting number, and what the catalog names besides."""
        return ["*", "entryUUID", *(f for f in collection.fields if f not in ("dn", "entryUUID"))]

    def _record(self, collection: Collection, entry: Entry) -> dict[str, Value]:
        from dsr_desk.drivers._ldap.session import VERSIONS

        attributes = self._session.attributes
        shown = {n: raw for n, raw in entry.raw.items() if n not in VERSIONS or n in collection.fields}
        return {"dn": attributes.name(entry.dn), **{n: attributes.read(n, raw) for n, raw in shown.items() if raw}}

    # -- looking around ------------------------------------------------------------------------------------------------

    def schema(self) -> Schema:
        """The collections with the attributes that their first entries have, and those of the catalog that the directory knows."""
        session = self._session
        found = {name: self._live(collection) for name, collection in self.system.collections.items() if self._exists(collection)}
        return Schema(
            server=session.product,
            collections=found,
            others=tuple(self._branches()),
            tried=session.product.startswith("OpenLDAP"),
            limits=tuple(self._limits()),
        )

    def _limits(self) -> Iterator[str]:
        yield "What the user may not read looks as if it were not there."
        if self.system.options.get("references") == "server":
            yield "The server is trusted to take a deleted entry out of the groups that list it."
        else:
            yield "A group that comes to list an entry after the plan was rehearsed goes on listing it."
        if not self._session.conditions:
            yield "The server knows no conditions (RFC 4528), so a change in the very moment of a deletion goes unseen."
        if not self._session.attributes.known:
            yield "The server publishes no schema, so what it refuses shows only when it is written."
        if not self._session.address.encrypted:
            yield "The connection is not encrypted."
        if self.system.options.get("referrals") == "ignore":
            yield "Parts that stand on other servers (referrals) are not searched."

    def _exists(self, collection: Collection) -> bool:
        return self._session.entry(self._base(collection), ["1.1"]) is not None

    def _branches(self) -> list[str]:
        """The entries right below the directory's own name that are nobody's table yet, as they would be written as one."""
        session = self._session
        base = session.address.base or next(iter(session.about.get("namingContexts", [])), "")
        listed = {session.attributes.name(self._base(c)) for c in self.system.collections.values()}
        found = session.entries(base, "(|(objectClass=organizationalUnit)(objectClass=container))", "one", ["1.1"], Cancel())
        others = [entry.dn for entry in found if session.attributes.name(entry.dn) not in listed]
        return sorted(name.removesuffix(f",{session.address.base}") for name in others)

    def _live(self, collection: Collection) -> LiveCollection:
        attributes = self._session.attributes
        records = self.sample(collection.name, _SAMPLE, Cancel())
        names = dict.fromkeys(["dn", *(n for values in records for n in values)])
        names |= dict.fromkeys(n for n in collection.fields if attributes.has(n))
        demanded = [attributes.allowed(_classes(values))[0] for values in records]
        must = frozenset.intersection(*demanded) if demanded else frozenset()
        columns = {name: self._column(name, must) for name in names}
        return LiveCollection(collection.name, columns, unique=(("dn",), ("entryUUID",)))

    def _column(self, name: str, must: frozenset[str]) -> Column:
        attributes = self._session.attributes
        if name == "dn":
            return Column(name, "text", "DN", nullable=False, generated=True, primary_key=True)
        rule = attributes.rule(name)
        needed = attributes.first(name) in must
        return Column(name, attributes.column_type(name), rule.syntax, nullable=not needed, generated=rule.of_server)

    @cached_property
    def _seen(self) -> dict[str, frozenset[str]]:
        return {}

    def columns(self, collection: Collection, cancel: Cancel) -> frozenset[str] | None:
        """What the first entries have, and what the catalog names and the directory's schema knows."""
        if collection.name not in self._seen:
            attributes = self._session.attributes
            shown = {n for values in self.sample(collection.name, _SAMPLE, cancel) for n in values}
            named = {n for n in (*collection.fields, *collection.key) if attributes.has(n) or not attributes.known}
            self._seen[collection.name] = frozenset({"dn"} | shown | named)
        return self._seen[collection.name]

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """A directory can't count its entries without giving them all."""
        return {}

    # -- reading -----------------------------------------------------------------------------------------------------

    def scan(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Mapping[str, Value]]:
        """The entries below the collection's name, narrowed by the server where that is safe."""
        session = self._session
        from dsr_desk.drivers._ldap.dn import below
        from dsr_desk.drivers._ldap.narrow import narrowed

        base, scope = self._base(collection), str(collection.options.get("scope", "subtree"))
        asked = narrowed(self.questions(lookups), session.attributes)
        whole = f"(&{self._filter(collection)}{asked})" if asked else self._filter(collection)
        above = session.attributes.name(base)
        for entry in session.entries(base, whole, scope, self._asked(collection), cancel):
            record = self._record(collection, entry)
            if below(str(record["dn"]), above):
                yield record

    def get(self, collection: Collection, key: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The entry with this key, asked of the server itself."""
        entry = self._entry(collection, key)
        return None if entry is None else self._record(collection, entry)

    def _entry(self, collection: Collection, key: Mapping[str, Value]) -> Entry | None:
        session, names = self._session, self._asked(collection)
        if "dn" in key:
            entry = session.entry(str(key["dn"]), names)
            return entry if entry is not None and self._has(collection, entry, key) else None
        from dsr_desk.drivers._ldap.narrow import one
        from dsr_desk.drivers._ldap.session import VERSIONS

        asked = f"(&{self._filter(collection)}{one(key, session.attributes)})"
        read = session.entries(
            self._base(collection), asked, str(collection.options.get("scope", "subtree")), [*names, *VERSIONS], Cancel()
        )
        found = [entry for entry in read if self._has(collection, entry, key)]
        if len(found) > 1:
            raise self._twins(collection)
        return found[0] if found else None

    def _has(self, collection: Collection, entry: Entry, key: Mapping[str, Value]) -> bool:
        values = self._record(collection, entry)
        return all(as_text(values.get(name)) == as_text(value) for name, value in key.items())

    # -- writing -----------------------------------------------------------------------------------------------------

    def _as_planned(self, collection: Collection, row: Row) -> Entry:
        entry = self._entry(collection, row.key)
        if entry is None:
            raise MovedError
        now = self._record(collection, entry)
        if now.keys() != row.values.keys() or not all(same(now[name], row.values[name]) for name in now):
            raise MovedError
        return entry

    def delete(self, collection: Collection, row: Row) -> None:
        """Delete the entry; one with others below it is refused."""
        self._session.delete(self._as_planned(collection, row))

    def write(self, collection: Collection, row: Row, writes: Mapping[str, Value]) -> None:
        """Change the entry's attributes, all at once."""
        entry, attributes = self._as_planned(collection, row), self._session.attributes
        from dsr_desk.drivers._ldap.attributes import UnfitError

        try:
            values = {name: attributes.written(name, value) for name, value in writes.items()}
        except UnfitError as error:
            raise UsageError(f"An entry of {self.system.label} can't be written: {error.why}.", "Make a new plan.") from None
        self._session.modify(entry, values, lambda name: bool(attributes.rule(name).equality))

    def as_read(self, collection: Collection, writes: Mapping[str, Value]) -> Mapping[str, Value]:
        """Several values come back sorted, one as itself, none as ``None``."""
        from dsr_desk.drivers._ldap.attributes import UnfitError

        attributes = self._session.attributes
        found: dict[str, Value] = {}
        for name, value in writes.items():
            try:
                found[name] = attributes.read(name, attributes.written(name, value))
            except UnfitError:
                found[name] = value
        return found

    def stamps(self, collection: Collection) -> frozenset[str]:
        """What servers note of every change."""
        return _STAMPS

    def forbids(self, collection: Collection, step: Step) -> Iterator[Refusal]:
        """Entries with others below them, and what the directory's schema does not allow."""
        from dsr_desk.drivers._ldap.refusing import children, writing

        session = self._session
        entry = self._entry(collection, step.key)
        if entry is None:
            return
        if step.action == "delete":
            from dsr_desk.drivers._ldap.session import EVERY

            if next(session.entries(entry.dn, EVERY, "one", ["1.1"], Cancel()), None) is not None:
                yield children(collection)
        yield from writing(collection, step, entry.dn, session.attributes)

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """What can be known without writing, and the entries that would go on naming a deleted one."""
        found = dict.fromkeys(super().rehearse(work, cancel))
        if self.system.options.get("references") != "server":
            found |= dict.fromkeys(self._left_naming(work, cancel))
        return list(found)

    def _left_naming(self, work: Work, cancel: Cancel) -> Iterator[Refusal]:
        from dsr_desk.drivers._ldap.narrow import naming
        from dsr_desk.drivers._ldap.refusing import named

        session = self._session
        name, first = session.attributes.name, session.attributes.first
        written = {name(str(s.before.get("dn"))): {first(field) for field in s.writes} for s in work.changing()}
        going = {name(str(s.before.get("dn"))) for s in work.changing() if s.action == "delete"}
        for step in work.changing():
            dn, uid = step.before.get("dn"), step.before.get("uid") or []
            asked = naming(str(dn), list(map(str, uid if isinstance(uid, list) else [uid])), session.attributes)
            if step.action != "delete" or not asked:
                continue
            for other in session.entries(session.address.base, asked, "subtree", ["*"], cancel):
                if name(other.dn) in going:
                    continue
                where = [n for n, raw in other.raw.items() if self._names(n, raw, str(dn), uid)]
                left = [n for n in where if first(n) not in written.get(name(other.dn), ())]
                yield from (named(self.collection(step.ref.collection), n) for n in left)

    def _names(self, attribute: str, raw: Sequence[bytes], dn: str, uid: Value) -> bool:
        """Whether one of the values of another entry's attribute is the entry's name, or its ``uid``."""
        attributes = self._session.attributes
        values = attributes.read(attribute, raw)
        held = values if isinstance(values, list) else [values]
        by_uid = attribute == "memberUid" and any(u in held for u in (uid if isinstance(uid, list) else [uid]))
        return by_uid or (attributes.first(attribute) in attributes.naming and dn in held)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """The directory's files can't be read through it."""
        why = "the directory's files can't be read through it; its logs of changes and its free pages keep old values for a while"
        return [
            Residue(self.system.name, self.system.label, 0, why, "Whoever runs the directory can clear its logs and compact it")
        ]


def _classes(values: Mapping[str, Value]) -> list[str]:
    classes = values.get("objectClass")
    return [str(c) for c in (classes if isinstance(classes, list) else [classes]) if c]
