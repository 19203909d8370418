"""The driver for big files of columns: Parquet, CSV and JSON, one or many to a collection, searched by DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from dsr_desk.drivers._duckdb.comparing import Comparison, Edit, compare, twice
from dsr_desk.drivers._duckdb.kinds import kind_of
from dsr_desk.drivers._duckdb.narrow import ALWAYS, NEVER, Condition, among, any_of, condition
from dsr_desk.drivers._duckdb.part import NUMBER, Part, Record
from dsr_desk.drivers._duckdb.places import Place, of, places
from dsr_desk.drivers._duckdb.residue import residues
from dsr_desk.drivers._duckdb.session import READING, WRITING, session
from dsr_desk.drivers._duckdb.swapping import Change, swap_all
from dsr_desk.drivers._duckdb.writing import notes, refusals, rewritten, tried
from dsr_desk.drivers._file.beside import insist_unlocked
from dsr_desk.drivers._file.swap import MovedError, confirm, leftover, remove_leftover
from dsr_desk.drivers.base import BATCH, Driver, Run
from dsr_desk.errors import DriftError, InDoubtError, LockedError, RefusedError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Applied, Drift, Refusal, Residue, Work
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import Value

#: The files there are, and what opens some of them as a collection.
_Session = tuple[Sequence[Place], Callable[[Collection, Sequence[Place]], list[Part]]]
_SAMPLED = 200


class DuckDBDriver(Driver):
    """Files that are searched where they lie, and rewritten as a whole, beside the old ones, and swapped in."""

    name: ClassVar[str] = "duckdb"
    heavy: ClassVar[bool] = True

    @property
    def guarantee(self) -> str:
        """All or nothing for one file; several are prepared together and replaced one after the other."""
        return (
            "All or nothing in each file: a new one is written beside the old one, compared, and put in its place in one step; "
            "several files are all written and compared before the first is replaced."
        )

    def schema(self) -> Schema:
        """The columns of every collection's files."""
        with self._session() as (found, opened):
            known = {}
            for name, collection in self.system.collections.items():
                if chosen := self._chosen(collection, found):
                    known[name] = _live(collection, opened(collection, chosen))
            taken = {p.label for c in self.system.collections.values() for p in self._chosen(c, found)}
        others = tuple(dict.fromkeys(p.stem for p in found if p.label not in taken))
        limits = []
        if any(p.format == "Parquet" for p in found):
            limits.append("A Parquet file is written again by DuckDB: the same schema, compression and rows, not the same bytes.")
        if any(p.format in ("JSON", "packed CSV") for p in found):
            limits.append("JSON and packed CSV files are only read.")
        if len(found) > 1:
            limits.append("Several files are replaced one after the other.")
        return Schema(_server(), known, others, limits=tuple(limits))

    # -- reading -----------------------------------------------------------------------------------------------------

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """Each file is gone through once for all its lookups."""
        questions = self.questions(lookups)
        batch: list[Hit] = []
        cancel.check()
        with self._session() as session_:
            for name in dict.fromkeys(lookup.collection for lookup in lookups):
                asked = [(i, q) for i, q in enumerate(questions) if q.lookup.collection == name]
                seen: set[RowRef] = set()
                for _, record, row in self._scan(session_, self.collection(name), [q for _, q in asked], (), cancel):
                    answered = [i for i, q in asked if q.answers(record.values)]
                    if answered and row.key:
                        if row.ref in seen:
                            raise twice(self.collection(name))
                        seen.add(row.ref)
                    batch += [Hit(i, row) for i in answered]
                    if len(batch) >= BATCH:
                        yield batch[:BATCH]
                        batch = batch[BATCH:]
        while batch:
            yield batch[:BATCH]
            batch = batch[BATCH:]

    def read(self, refs: Iterable[tuple[RowRef, Mapping[str, Value]]], cancel: Cancel) -> Iterator[Row]:
        """Each collection is gone through once for all its rows."""
        wanted: dict[str, set[tuple[str, ...]]] = {}
        for ref, _ in refs:
            wanted.setdefault(ref.collection, set()).add(ref.key)
        if not wanted:
            return
        with self._session() as session_:
            for name, keys in wanted.items():
                seen: set[RowRef] = set()
                for _, _, row in self._scan(session_, self.collection(name), (), sorted(keys), cancel):
                    if row.ref.key not in keys:
                        continue
                    if row.key and row.ref in seen:
                        raise twice(self.collection(name))
                    seen.add(row.ref)
                    yield row

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        """The first rows of its files."""
        known = self.collection(collection)
        found: list[Mapping[str, Value]] = []
        with self._session() as (there, opened):
            for part in opened(known, of(known, there, self.system)):
                found += [record.values for record in part.records(*ALWAYS, cancel, count - len(found))]
                if len(found) >= count:
                    break
        return found

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """What the files' own ends say, where all of a collection are Parquet."""
        counted = {}
        with self._session() as (there, opened):
            for collection in map(self.collection, collections):
                parts = opened(collection, self._chosen(collection, there))
                if parts and all(part.numbered for part in parts):
                    counted[collection.name] = sum(part.rows(cancel) for part in parts)
        return counted

    # -- writing -----------------------------------------------------------------------------------------------------

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """Tries every new value, and writes each Parquet file without its rows in a folder of its own, to compare the schema."""
        with TemporaryDirectory(prefix="dsr-desk-") as scratch, self._session(also=[Path(scratch) / "tried"]) as session_:
            comparison = self._compare(session_, work, cancel)
            found = [
                Refusal(self.system.name, collection.name, *problem)
                for collection, part, edits in self._edited(session_, comparison)
                for problem in refusals(part, collection, edits)
            ]
            for collection, part, _ in self._edited(session_, comparison):
                try:
                    tried(part, Path(scratch) / "tried") if not found else None
                except RefusedError as refused:
                    found.append(Refusal(self.system.name, collection.name, "", refused.message, refused.hint))
        return list(dict.fromkeys(found))

    def check(self, work: Work, cancel: Cancel) -> list[Drift]:
        """Every row and every watch; ``LockedError`` where another program holds one of the files."""
        with self._session() as session_:
            comparison = self._compare(session_, work, cancel)
            for _, part, _ in self._edited(session_, comparison):
                insist_unlocked(part.place.source)
            return list(comparison.drifts.values())

    def apply(self, work: Work, run: Run) -> Applied:
        """Compares, writes all files beside, announces, and swaps them in; goes on where a run was stopped between two files."""
        cancel = Cancel()
        deleted = sum(s.action == "delete" for s in work.changing())
        changed = sum(s.action != "delete" for s in work.changing())
        with self._session(WRITING, written=True) as session_:
            before = {place.label: place.source.look() for place in session_[0] if self._touches(place, work, session_[0])}
            made = {label: about["sha256"] for label, about in (run.evidence or {}).get("files", {}).items()}
            ours = [place for place in session_[0] if place.label in made and before[place.label].sha256 == made[place.label]]
            for place in ours:
                remove_leftover(place.source)
                confirm(place.source)  # the run that renamed it may have ended before it did this
            if made and len(ours) == len(made):
                return Applied(deleted, changed, "in-doubt-resolved")
            comparison = self._compare(session_, work, cancel, recovering=bool(ours))
            self._insist(comparison, half=len(ours))
            edited = list(self._edited(session_, comparison))
            if not edited:
                return Applied(deleted, changed, "already" if deleted + changed else "done")
            self._insist_possible(edited)
            for _, part, _ in edited:
                insist_unlocked(part.place.source)
            changes = [
                Change(part.place.source, before[part.label], rewritten(part, collection, edits, work))
                for collection, part, edits in edited
            ]
            said = tuple(note for _, part, _ in edited for note in notes(part))
            try:
                swap_all(changes, run.about_to_commit)
            except MovedError:
                self._insist(self._compare(session_, work, cancel))
                raise LockedError(
                    f"A file of {self.system.label} was saved by another program meanwhile; nothing was written.",
                    "Close it there and try again.",
                ) from None
        return Applied(deleted, changed, "in-doubt-resolved" if ours else "done", notes=said)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """The notes in Parquet files, and old copies beside the files."""
        if not needles:
            return []
        return list(residues(self.system.name, places(self.system, self.folder), needles, cancel))

    # -- its files ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _session(self, limits: tuple[str, str] = READING, also: Sequence[Path] = (), written: bool = False) -> Iterator[_Session]:
        found = places(self.system, self.folder)
        paths = [p.path for p in found] + [leftover(p.path) for p in found if written] + list(also)
        with session(paths, limits) as connection:
            yield found, lambda collection, chosen: [Part(self.system, collection, p, connection) for p in chosen]

    def _chosen(self, collection: Collection, found: Sequence[Place]) -> list[Place]:
        try:
            return of(collection, found, self.system)
        except UsageError:
            return []

    def _scan(
        self,
        session_: _Session,
        collection: Collection,
        questions: Sequence[Question],
        keys: Sequence[tuple[str, ...]],
        cancel: Cancel,
    ) -> Iterator[tuple[Part, Record, Row]]:
        """Rows of a collection that may answer one of the questions, or have one of the keys."""
        found, opened = session_
        parts = opened(collection, of(collection, found, self.system))
        self._insist_known(collection, parts, [q.lookup for q in questions])
        for part in parts:
            conditions = [condition(q.lookup, self.system.region, part.leaves) for q in questions] if not part.dynamic else [ALWAYS]
            conditions.append(self._having(collection, part, keys))
            wanted = [c for c in conditions if c != NEVER]
            if not wanted:
                continue
            for record in part.records(*any_of(wanted), cancel):
                yield part, record, self._row(collection, part, record)

    def _having(self, collection: Collection, part: Part, keys: Sequence[tuple[str, ...]]) -> Condition:
        if not keys:
            return NEVER
        if part.dynamic or (not collection.key and not part.numbered):
            return ALWAYS
        if collection.key:
            return among(collection.key, [key for key in keys if all(key)], part.leaves)
        return f"{NUMBER} IN (SELECT unnest(?::BIGINT[]))", [[int(key[1]) for key in keys if key[0] == part.label]]

    def _row(self, collection: Collection, part: Part, record: Record) -> Row:
        if collection.key or record.number is None:
            return self.row(collection, record.values)
        place = (part.label, str(record.number))
        return Row(RowRef(self.system.name, collection.name, place), {"file": part.label, "row": record.number}, record.values)

    def _insist_known(self, collection: Collection, parts: Sequence[Part], lookups: Sequence[Lookup]) -> None:
        if any(part.dynamic for part in parts):
            return
        known = list(dict.fromkeys(path for part in parts for path in part.leaves))
        for name in dict.fromkeys([*collection.key, *(f for lookup in lookups for f in (*lookup.fields, *lookup.when))]):
            if name not in known:
                near = get_close_matches(name, known, 3)
                hint = f"Did you mean {', '.join(near)}?" if near else f"They have: {', '.join(known[:40])}."
                raise UsageError(f"{self.system.name}/{collection.name}/{name}: its files have no such column.", hint)

    # -- comparing ---------------------------------------------------------------------------------------------------

    def _compare(self, session_: _Session, work: Work, cancel: Cancel, recovering: bool = False) -> Comparison:
        def scan(
            collection: Collection, questions: Sequence[Question], keys: Sequence[tuple[str, ...]], cancel: Cancel
        ) -> Iterator[tuple[Part, Record, Row]]:
            return self._scan(session_, collection, questions, keys, cancel)

        return compare(work, self.system.collections, self.system.region, scan, cancel, recovering)

    def _edited(self, session_: _Session, comparison: Comparison) -> Iterator[tuple[Collection, Part, list[Edit]]]:
        found, opened = session_
        seen: dict[str, str] = {}
        for (name, label), edits in comparison.edits.items():
            if seen.setdefault(label, name) != name:
                raise UsageError(
                    f"{self.system.name}: {label} belongs to two collections, {seen[label]} and {name}, and both would change it.",
                    "Write table: in the catalog so that each file belongs to one.",
                )
            collection = self.collection(name)
            (part,) = opened(collection, [p for p in found if p.label == label])
            yield collection, part, edits

    def _touches(self, place: Place, work: Work, found: Sequence[Place]) -> bool:
        names = dict.fromkeys(step.ref.collection for step in work.steps)
        return any(place in self._chosen(self.collection(name), found) for name in names)

    def _insist(self, comparison: Comparison, half: int = 0) -> None:
        rows = tuple(ref.path for ref in comparison.drifts)
        if rows and half:
            raise InDoubtError(
                f"A run stopped half way in {self.system.label}: {half} of its files were replaced, and {', '.join(rows[:3])} is "
                "neither what was approved nor what the plan wants.",
                "Look at that row in the file itself, then make a new plan: it says what is left.",
            )
        if rows:
            count = f"{len(rows)} rows of {self.system.label} are" if len(rows) > 1 else f"A row of {self.system.label} is"
            raise DriftError(
                f"{count} no longer what was approved; nothing was written there.", "Search again and make a new plan.", rows
            )

    def _insist_possible(self, edited: Sequence[tuple[Collection, Part, list[Edit]]]) -> None:
        for collection, part, edits in edited:
            for field, why, cure in refusals(part, collection, edits):
                where = f"{self.system.label}: {collection.name}/{field}" if field else f"{self.system.label}: {collection.name}"
                raise RefusedError(f"{where} can't be changed: {why}. Nothing was written.", f"{cure}.")


def _live(collection: Collection, parts: Sequence[Part]) -> LiveCollection:
    columns: dict[str, Column] = {}
    for part in parts:
        for path, leaf in part.leaves.items():
            columns.setdefault(path, Column(path, "json" if leaf.many else kind_of(leaf.type), str(leaf.type).lower()))
        if part.dynamic:
            shown = {name: None for record in part.records(*ALWAYS, Cancel(), _SAMPLED) for name in record.values}
            columns = {n: c for n, c in columns.items() if n in shown} | {n: Column(n, "any", "json") for n in shown}
    return LiveCollection(collection.name, columns)


def _server() -> str:
    import duckdb

    return f"Files, read with DuckDB {duckdb.__version__}"
