"""The driver for S3 and stores that speak like it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import ClassVar

from dsr_desk.drivers._rows.driver import MovedError, RowDriver
from dsr_desk.drivers._s3.address import Address
from dsr_desk.drivers._s3.store import AbsentError, Store, UnlikeError, Version
from dsr_desk.drivers._texts.needles import Needles
from dsr_desk.drivers._texts.place import Places
from dsr_desk.drivers._texts.reading import LARGEST_FILE
from dsr_desk.drivers._texts.records import ByHand, Texts, asks_content, columns_of, content_fields, incomplete, known
from dsr_desk.drivers.base import no_secret
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Hit, Lookup, Row
from dsr_desk.model.plan import Refusal, Residue, Step, Work
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import Value, as_text

_KEY = "key"
_OBJECT = (
    Column("size", "integer"),
    Column("modified", "datetime"),
    Column("etag", "text"),
    Column("content_type", "text"),
    Column("deleted", "boolean"),
    Column("versions", "json"),
)
#: Names that people gave: ``metadata.…`` and ``tags.…``.
_GIVEN = ("metadata.", "tags.")
_SAMPLE = 50
_ALL = "**/*"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class S3Driver(RowDriver):
    """The objects of a bucket, each a record with all its versions; found by key, metadata and text, and deleted for good."""

    name: ClassVar[str] = "s3"
    heavy: ClassVar[bool] = True
    whole: ClassVar[bool] = True

    def __init__(self, system: System, folder: Path, secret: Callable[[], str | None] = no_secret) -> None:
        super().__init__(system, folder, secret)
        self._address = Address.of(system)
        self._store = Store(self._address, system.label, secret)
        self._texts = Texts()
        self._known: dict[str, Places] = {}
        self._unread: list[tuple[str, str]] = []

    def close(self) -> None:
        """Give back its connections."""
        self._store.close()

    @property
    def guarantee(self) -> str:
        """One object at a time, all versions of it."""
        return (
            "Object by object: all versions and delete markers that were approved are deleted for good; a run that is stopped "
            "leaves what it deleted, and the next one goes on from there."
        )

    def schema(self) -> Schema:
        """The first objects of each collection, and the folders right below the prefix."""
        versioning = self._store.versioning()
        folders = list(dict.fromkeys(self._store.folders(self._address.prefix)))
        live = {}
        for name, collection in self.system.collections.items():
            found = list(islice(self.scan(collection, (), Cancel()), _SAMPLE)) if not self._absent(collection) else []
            if found or not self._absent(collection):
                live[name] = self._live(name, collection, found)
        written = {(c.table or n).strip("/") for n, c in self.system.collections.items()}
        others = tuple(f for f in folders if f not in written and not any(p.startswith((f"{f}/", "**")) for p in written))
        limits = tuple(self._limits(versioning))
        return Schema("S3", live, others, tried=False, limits=limits)

    def _live(self, name: str, collection: Collection, found: Sequence[Mapping[str, Value]]) -> LiveCollection:
        columns = {n: Column(n, "text", primary_key=n == _KEY, nullable=n != _KEY) for n in self._places(collection).fields}
        columns |= {column.name: column for column in _OBJECT} | columns_of(found)
        given = dict.fromkeys(n for values in found for n in values if n.startswith(_GIVEN))
        return LiveCollection(name, columns | {n: Column(n, "text") for n in given}, unique=((_KEY,),))

    def _limits(self, versioning: Mapping[str, str]) -> Iterator[str]:
        yield "Copies that the store keeps elsewhere (replicas, inventories, logs, backups) are neither searched nor deleted."
        yield "Whether the access key may delete objects can't be tried without deleting one."
        yield "Metadata and tags are read of the newest version of an object, texts of all its versions."
        if not versioning:
            yield "The bucket keeps no versions, so an object that is replaced in the very moment of its deletion may be deleted."
        if count := self._store.uploads(self._address.prefix):
            yield f"{count} uploads were begun and never ended; what was sent of them is kept, and can't be searched."
        if ByHand(self.system).patterns:
            yield "Some objects are looked at by a person, as the catalog says (by_hand)."

    # -- reading -----------------------------------------------------------------------------------------------------

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """As every driver; and ``UnreachableError`` at the end where a text that was asked for could not be read."""
        self._unread = []
        yield from super().find(lookups, cancel)
        if self._unread:
            raise incomplete(self.system, self._unread)

    def scan(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Mapping[str, Value]]:
        """Objects in the order of their keys. Where their place alone is asked for, only those that answer are read."""
        cancel.check()
        if self._absent(collection):
            raise UsageError(
                f"{self.system.label} has no objects in {collection.name}.",
                "Correct table: in the catalog: a folder, or a pattern such as invoices/**/*.pdf.",
            )
        places, hand = self._places(collection), ByHand(self.system)
        deep = not {name for lookup in lookups for name in (*lookup.fields, *lookup.when)} <= {*places.fields}
        asked = self.questions(lookups)
        for versions in self._objects(self._address.prefix, cancel):
            path = self._path(versions[0])
            if not places.has(path) or (not deep and asked and not any(q.answers(places.of(path)) for q in asked)):
                continue
            cancel.check()
            values = self._record(collection, versions)
            if values is None:
                continue
            if values["unread"] and lookups and asks_content(lookups) and not hand.has(path):
                self._unread.append((path, str(values["unread"])))
            yield values

    def get(self, collection: Collection, key: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The object with this key and all its versions, if it is one of the collection."""
        path = as_text(key.get(_KEY)) or ""
        if not path or not self._places(collection).has(path):
            return None
        versions = self._versions(path)
        return self._record(collection, versions) if versions else None

    def columns(self, collection: Collection, cancel: Cancel) -> frozenset[str]:
        """What every object has, what the catalog says of its key, metadata and tags, and what documents say of themselves."""
        given = (name for name in collection.fields if name.startswith(_GIVEN))
        return frozenset((*self._places(collection).fields, *(c.name for c in _OBJECT), *known(collection), *given))

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """Nothing: all of the store would have to be listed."""
        return {}

    # -- writing -----------------------------------------------------------------------------------------------------

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """Also refused: a bucket that wants a second factor for each deletion."""
        found = super().rehearse(work, cancel)
        if any(work.changing()) and self._store.versioning().get("MFADelete") == "Enabled":
            cure = "Let its operators delete the versions, or switch that off"
            found.append(
                Refusal(self.system.name, "", "", "the bucket wants a second factor for deleting versions (MFA delete)", cure)
            )
        return found

    def forbids(self, collection: Collection, step: Step) -> Iterator[Refusal]:
        """Any change of an object, and deleting one that is locked."""
        if step.action != "delete":
            cure = "Delete the object (on_erase: delete), or leave it to a person"
            for field in step.writes:
                yield Refusal(self.system.name, collection.name, field, "an object can't be changed in its place", cure)
            return
        for version in self._versions(str(step.key.get(_KEY))):
            if version.marker:
                continue
            try:
                about = self._store.head(version)
            except AbsentError:
                continue
            if about.get("ObjectLockLegalHoldStatus") == "ON":
                cure = "Ask who put it there to end it, or keep the record with a ground"
                yield Refusal(self.system.name, collection.name, "", "the store has a legal hold on an object", cure)
            until = about.get("ObjectLockRetainUntilDate")
            if until is not None:
                mode = str(about.get("ObjectLockMode", "")).lower()
                why = f"the store keeps an object locked until {until:%Y-%m-%d} (object lock, {mode})"
                yield Refusal(
                    self.system.name, collection.name, "", why, "Keep the record until then, with a ground and an end date"
                )

    def delete(self, collection: Collection, row: Row) -> None:
        """Delete all versions and markers that were read, if they are still all that there are."""
        versions = self._versions(str(row.key[_KEY]))
        newest = _newest(versions)
        if [v.name for v in versions] != row.values["versions"] or newest.etag.strip('"') != row.values["etag"]:
            raise MovedError
        try:
            self._store.delete(list(reversed(versions)))
        except (UnlikeError, AbsentError):
            raise MovedError from None

    def write(self, collection: Collection, row: Row, writes: Mapping[str, Value]) -> None:
        """Never: it is refused while planning."""
        raise UsageError(
            f"{self.system.label}: an object of {collection.name} can't be changed here.", "Delete it, or leave it to a person."
        )

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """In the keys of objects and of their old versions; the store's own bytes can't be read."""
        if not needles:
            return []
        wanted = Needles(needles)
        named = sum(wanted.within(versions[0].key) for versions in self._objects(self._address.prefix, cancel))
        found = [Residue(self.system.name, "the store", 0, "what it keeps beyond its objects can't be read", "Ask its operators")]
        if named:
            why = "the keys of objects hold what was erased"
            found.append(Residue(self.system.name, "keys", named, why, "Delete those objects, or store them under other keys"))
        return found

    # -- what an object is ---------------------------------------------------------------------------------------------

    def _objects(self, prefix: str, cancel: Cancel) -> Iterator[list[Version]]:
        """Every object as its versions, newest first. A page may end within an object, which is given whole."""
        held: list[Version] = []
        for page in self._store.versions(prefix):
            cancel.check()
            for _, group in groupby([*held, *page], key=lambda v: v.key):
                found = list(group)
                if held and found[0].key != held[0].key:
                    yield _in_order(held)
                held = found
        if held:
            yield _in_order(held)

    def _versions(self, path: str) -> list[Version]:
        key = self._address.prefix + path
        found = [v for page in self._store.versions(key) for v in page if v.key == key]
        return _in_order(found)

    def _record(self, collection: Collection, versions: Sequence[Version]) -> dict[str, Value] | None:
        """All that is known of an object; ``None`` where its versions went while they were read."""
        newest = _newest(versions)
        path = self._path(newest)
        values: dict[str, Value] = {
            **self._places(collection).of(path),
            "size": newest.size,
            "modified": versions[0].modified,
            "etag": newest.etag.strip('"'),
            "content_type": None,
            "deleted": versions[0].marker,
            "versions": [v.name for v in versions],
        }
        texts, unread, own = [], "", content_fields(self._texts.of(path, "", b""))
        try:
            for version in (v for v in versions if not v.marker):
                about, content = self._store.get(version, LARGEST_FILE)
                digest = hashlib.sha256(content or b"").hexdigest()
                text = self._texts.of(path.rpartition("/")[2], digest, content)
                texts += [text.text] if text.text else []
                unread = unread or text.unread
                if version is newest:
                    own = content_fields(text)
                    values["content_type"] = about.get("ContentType")
                    values |= {f"metadata.{name}": value for name, value in about.get("Metadata", {}).items()}
                    values |= {f"tags.{name}": value for name, value in self._store.tags(version).items()}
        except AbsentError:
            return None
        return values | own | {"text": "\n".join(texts) if texts else own["text"], "unread": unread or None}

    def _path(self, version: Version) -> str:
        return version.key[len(self._address.prefix) :]

    def _places(self, collection: Collection) -> Places:
        if collection.name not in self._known:
            written = (collection.table or collection.name).strip("/")
            alone = not collection.table and len(self.system.collections) == 1 and self._empty(written)
            glob = written if _is_pattern(written) else _ALL if alone else f"{written}/{_ALL}"
            self._known[collection.name] = Places(collection, glob, _KEY, [c.name for c in _OBJECT])
        return self._known[collection.name]

    def _absent(self, collection: Collection) -> bool:
        """Whether it is a folder without a single object, and not simply all that there is."""
        written = (collection.table or collection.name).strip("/")
        return not _is_pattern(written) and not self._places(collection).has("anything") and self._empty(written)

    def _empty(self, folder: str) -> bool:
        return not next(iter(self._store.versions(f"{self._address.prefix}{folder}/")), ())


def _is_pattern(written: str) -> bool:
    return any(sign in written for sign in "*?[")


def _in_order(versions: Sequence[Version]) -> list[Version]:
    """Newest first, the one that counts before all others."""
    return sorted(versions, key=lambda v: (v.latest, v.modified), reverse=True)


def _newest(versions: Sequence[Version]) -> Version:
    """The newest that is no marker, or a marker where there is nothing else."""
    return next((v for v in versions if not v.marker), versions[0] if versions else Version("", "", False, True, _NEVER))
