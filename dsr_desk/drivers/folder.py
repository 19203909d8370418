"""The driver for folders of files: letters, scans, exports, whatever lies there."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from dsr_desk.drivers._folder.file import Look, look, remove, second_name
from dsr_desk.drivers._folder.residue import residue
from dsr_desk.drivers._folder.tree import Seen, Tree
from dsr_desk.drivers._rows.driver import MovedError, RowDriver
from dsr_desk.drivers._texts.paths import some
from dsr_desk.drivers._texts.place import Places
from dsr_desk.drivers._texts.records import (
    LARGEST_SHAPE,
    SHAPED,
    ByHand,
    Texts,
    asks_content,
    columns_of,
    content_fields,
    incomplete,
    known,
)
from dsr_desk.drivers.base import no_secret
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Hit, Lookup, Row
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Refusal, Residue, Step, Work
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import Value, as_text

_KEY = "path"
#: What the file system says of a file beside its place.
_FILE = (
    Column("size", "integer"),
    Column("modified", "datetime"),
    Column("sha256", "text"),
)
_SAMPLE = 200
_ALL = "**/*"


class FolderDriver(RowDriver):
    """The files below a folder, each a record; found by name and text, and deleted one at a time."""

    name: ClassVar[str] = "folder"
    heavy: ClassVar[bool] = True
    whole: ClassVar[bool] = True

    @property
    def guarantee(self) -> str:
        """One file at a time, each compared by its SHA-256."""
        return (
            "File by file: each is read again and compared right before it is deleted; a run that is stopped leaves what it "
            "deleted, and the next one goes on from there."
        )

    def __init__(self, system: System, folder: Path, secret: Callable[[], str | None] = no_secret) -> None:
        super().__init__(system, folder, secret)
        self._texts = Texts()
        self._known: dict[str, Places] = {}
        self._unread: list[tuple[str, str]] = []

    def schema(self) -> Schema:
        """The files that are there now; their number is not limited, but only names are read."""
        tree, seen = self._tree(), Seen()
        paths = list(tree.files(Cancel(), seen))
        live, matched = {}, set()
        for name, collection in self.system.collections.items():
            places = self._places(collection)
            own = [path for path in paths if places.has(path)]
            if own or not self._missing(collection):
                live[name] = self._live(name, collection, own)
                matched.update(own)
        tops = dict.fromkeys(path.partition("/")[0] if "/" in path else "*" for path in paths if path not in matched)
        limits = tuple(self._limits(paths, matched, seen))
        writable = os.access(tree.root, os.W_OK)
        return Schema(f"Files ({platform.system()})", live, tuple(tops), tried=False, writable=writable, limits=limits)

    def _live(self, name: str, collection: Collection, own: Sequence[str]) -> LiveCollection:
        shaped = [path for path in own if path.lower().endswith(SHAPED)][:_SAMPLE]
        samples = [values for path in shaped if (values := self._shape(path)) is not None]
        columns = {n: Column(n, "text", primary_key=n == _KEY, nullable=n != _KEY) for n in self._places(collection).fields}
        columns |= {column.name: column for column in _FILE} | columns_of(samples)
        return LiveCollection(name, columns, unique=((_KEY,),))

    def _shape(self, path: str) -> Mapping[str, Value] | None:
        found = look(self._tree(), path, Cancel())
        return self._content(path, found) if found is not None and found.size <= LARGEST_SHAPE else None

    def _limits(self, paths: Sequence[str], matched: set[str], seen: Seen) -> Iterator[str]:
        yield "What a disk, its snapshots and backups keep of a deleted file is not overwritten."
        yield "Another program may replace a file in the moment between its last comparison and its deletion."
        if seen.links:
            yield f"{seen.links} links are not followed; what they lead to is not searched."
        if seen.special:
            yield f"{seen.special} devices, pipes or sockets are not read."
        hand = ByHand(self.system)
        if agreed := [path for path in paths if path in matched and hand.has(path)]:
            yield f"The text of {len(agreed)} files is looked at by a person, as the catalog says (by_hand): {some(agreed)}."
        for name, collection in self.system.collections.items():
            places = self._places(collection)
            if misfits := [path for path in paths if places.has(path) and places.misfit(path)]:
                yield f"{len(misfits)} files of {name} don't fit its pattern and lack the fields of it: {some(misfits)}."

    # -- reading -----------------------------------------------------------------------------------------------------

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """As every driver; and ``UnreachableError`` at the end where a text that was asked for could not be read."""
        self._unread = []
        yield from super().find(lookups, cancel)
        if self._unread:
            raise incomplete(self.system, self._unread)

    def scan(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Mapping[str, Value]]:
        """Files in order. Where their place alone is asked for, only those that answer are opened."""
        self._insist_there(collection)
        tree, places, hand = self._tree(), self._places(collection), ByHand(self.system)
        deep = not {name for lookup in lookups for name in (*lookup.fields, *lookup.when)} <= {*places.fields}
        asked = self.questions(lookups)
        for path in tree.files(cancel):
            if not places.has(path) or (not deep and asked and not _answered(asked, places.of(path))):
                continue
            cancel.check()
            found = look(tree, path, cancel)
            if found is None:
                continue
            values = self._record(collection, path, found)
            if values["unread"] and lookups and asks_content(lookups) and not hand.has(path):
                self._unread.append((path, str(values["unread"])))
            yield values

    def get(self, collection: Collection, key: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The file with this path, if it is one of the collection."""
        path = as_text(key.get(_KEY)) or ""
        if not self._places(collection).has(path):
            return None
        found = look(self._tree(), path, Cancel())
        return None if found is None else self._record(collection, path, found)

    def columns(self, collection: Collection, cancel: Cancel) -> frozenset[str]:
        """What every file has, what the catalog says of its path, and what documents of its kind say of themselves."""
        return frozenset((*self._places(collection).fields, *(c.name for c in _FILE), *known(collection)))

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """All of them, by one walk."""
        places = {name: self._places(self.collection(name)) for name in collections}
        counts = dict.fromkeys(places, 0)
        for path in self._tree().files(cancel):
            for name, place in places.items():
                counts[name] += place.has(path)
        return counts

    # -- writing -----------------------------------------------------------------------------------------------------

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """Also refused: one file that two collections have, as it can be deleted once only."""
        found = super().rehearse(work, cancel)
        first: dict[tuple[str, ...], str] = {}
        for step in work.changing():
            other = first.setdefault(step.ref.key, step.ref.collection)
            if other != step.ref.collection:
                why = f"a file is in {other}, too, and can be deleted once only"
                found.append(
                    Refusal(self.system.name, step.ref.collection, "", why, "Change table: so that each file has one collection")
                )
        return list(dict.fromkeys(found))

    def forbids(self, collection: Collection, step: Step) -> Iterator[Refusal]:
        """Any change of a file, and deleting one that has a second name or may not be deleted."""
        if step.action != "delete":
            cure = "Delete the file (on_erase: delete), or leave it to a person"
            for field in step.writes:
                yield Refusal(
                    self.system.name, collection.name, field, "a file's content and its place can't be changed here", cure
                )
            return
        tree, path = self._tree(), str(step.key.get(_KEY))
        if not os.access(tree.root.joinpath(*path.split("/")[:-1]), os.W_OK):
            why, cure = "the folder of a file may not be written to", "Ask for the permission to delete files there"
            yield Refusal(self.system.name, collection.name, "", why, cure)
        found = look(tree, path, Cancel())
        if found is not None and found.names > 1:
            yield Refusal(self.system.name, collection.name, "", *second_name(self.system.path))

    def delete(self, collection: Collection, row: Row) -> None:
        """Delete the file whose bytes were read a moment ago."""
        if not remove(self._tree(), str(row.key[_KEY]), str(row.values["sha256"])):
            raise MovedError

    def write(self, collection: Collection, row: Row, writes: Mapping[str, Value]) -> None:
        """Never: it is refused while planning."""
        raise UsageError(
            f"{self.system.label}: a file of {collection.name} can't be changed here.", "Delete it, or leave it to a person."
        )

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """In names of files and folders, and in the bytes and texts of files that the search itself does not look into."""
        if not needles:
            return []
        hand = ByHand(self.system)
        looked_into = [
            self._places(c) for c in self.system.collections.values() if c.fields.get("text") and c.fields["text"].mentions
        ]

        def searched(path: str) -> bool:
            return not hand.has(path) and any(places.has(path) for places in looked_into)

        return list(residue(self._tree(), self.system.name, needles, searched, cancel))

    # -- what a file is ------------------------------------------------------------------------------------------------

    def _record(self, collection: Collection, path: str, found: Look) -> dict[str, Value]:
        return {
            **self._places(collection).of(path),
            "size": found.size,
            "modified": found.modified,
            "sha256": found.sha256,
            **self._content(path, found),
        }

    def _content(self, path: str, found: Look) -> dict[str, Value]:
        return content_fields(self._texts.of(path.rpartition("/")[2], found.sha256, found.content))

    def _places(self, collection: Collection) -> Places:
        if collection.name not in self._known:
            written = (collection.table or collection.name).strip("/")
            glob = written if _is_pattern(written) else f"{written}/{_ALL}"
            alone = not collection.table and len(self.system.collections) == 1
            glob = _ALL if alone and self._missing(collection) else glob
            self._known[collection.name] = Places(collection, glob, _KEY, [c.name for c in _FILE])
        return self._known[collection.name]

    def _missing(self, collection: Collection) -> bool:
        """Whether it is a folder that is not there."""
        written = (collection.table or collection.name).strip("/")
        return not _is_pattern(written) and not (self._tree().root / written).is_dir()

    def _insist_there(self, collection: Collection) -> None:
        if self._missing(collection) and not self._places(collection).has("anything"):
            raise UsageError(
                f"{self.system.label} has no folder for {collection.name}.",
                "Correct table: in the catalog: a folder, or a pattern such as invoices/**/*.pdf.",
            )

    def _tree(self) -> Tree:
        if not self.system.path:
            raise UsageError(
                f"{self.system.label} has no path: in the catalog.", "Write path: with the folder's place in the workspace."
            )
        return Tree(self.folder / self.system.path, self.system.path)


def _is_pattern(written: str) -> bool:
    return any(sign in written for sign in "*?[")


def _answered(questions: Sequence[Question], values: Mapping[str, Value]) -> bool:
    return any(question.answers(values) for question in questions)
