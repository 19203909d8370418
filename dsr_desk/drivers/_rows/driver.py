"""A system that has no transactions: every record is looked at first, then they are written one at a time, each read again.

What that can promise is less than a transaction: a run that is stopped half way leaves what it wrote, and the next one goes on from
there. Where a record was changed by somebody else meanwhile, it ends *in doubt*, and names that record.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from dsr_desk.drivers._rows.nested import spread
from dsr_desk.drivers.base import BATCH, Driver, Run, still
from dsr_desk.errors import DeskError, DriftError, InDoubtError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.plan import Applied, Drift, Refusal, Step, Work
from dsr_desk.model.values import Value, same

#: How a record stands: as the plan saw it, as the plan wants it, gone, or neither.
_Standing = Literal["seen", "wanted", "gone", "changed"]


class MovedError(Exception):
    """The record was changed by somebody else in the very moment; nothing of it was written."""


class RowDriver(Driver):
    """Finding, comparing, applying and resuming for such a system. A subclass says how one record is read and written."""

    # -- what a subclass says ------------------------------------------------------------------------------------------

    @abstractmethod
    def scan(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Mapping[str, Value]]:
        """Records of the collection, each once: at least those that answer one of the lookups, all where there are none.

        Calls ``cancel.check()`` between pages. ``UsageError`` where the system has no such collection.
        """

    @abstractmethod
    def get(self, collection: Collection, key: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """One record as it is now, read from the system itself; ``None`` where there is none."""

    @abstractmethod
    def delete(self, collection: Collection, row: Row) -> None:
        """Delete a record that was read a moment ago, on the condition that it is still that, where the system knows conditions.

        ``MovedError`` where it is not.
        """

    @abstractmethod
    def write(self, collection: Collection, row: Row, writes: Mapping[str, Value]) -> None:
        """Write these values to a record that was read a moment ago, conditionally like ``delete``."""

    @abstractmethod
    def columns(self, collection: Collection, cancel: Cancel) -> frozenset[str] | None:
        """The fields that a record may have; ``None`` where any may stand, as the system has no schema."""

    def forbids(self, collection: Collection, step: Step) -> Iterator[Refusal]:
        """What is known to stand against a step, without trying it."""
        return iter(())

    def stamps(self, collection: Collection) -> frozenset[str]:
        """Fields that the system writes by itself when a record is changed, so that they are no proof of somebody else's change."""
        return frozenset()

    def as_read(self, collection: Collection, writes: Mapping[str, Value]) -> Mapping[str, Value]:
        """What these values are when they are read again, where the system writes them in a form of its own."""
        return writes

    # -- reading -----------------------------------------------------------------------------------------------------

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """Every collection is gone through once, for all its lookups."""
        questions = self.questions(lookups)
        batch: list[Hit] = []
        for name in dict.fromkeys(lookup.collection for lookup in lookups):
            collection = self.collection(name)
            asked = [(i, q) for i, q in enumerate(questions) if q.lookup.collection == name]
            cancel.check()
            self._insist_known(collection, [q.lookup for _, q in asked], cancel)
            seen: set[tuple[str, ...]] = set()
            for values in self.scan(collection, [q.lookup for _, q in asked], cancel):
                answered = [i for i, q in asked if q.answers(values)]
                if not answered:
                    continue
                row = self.row(collection, values)
                if row.ref.key in seen:
                    raise self._twins(collection)
                seen.add(row.ref.key)
                batch += [Hit(i, row) for i in answered]
                if len(batch) >= BATCH:
                    yield batch[:BATCH]
                    batch = batch[BATCH:]
        while batch:
            yield batch[:BATCH]
            batch = batch[BATCH:]

    def read(self, refs: Iterable[tuple[RowRef, Mapping[str, Value]]], cancel: Cancel) -> Iterator[Row]:
        """One record after the other."""
        for ref, key in refs:
            cancel.check()
            collection = self.collection(ref.collection)
            values = self.get(collection, key)
            if values is not None:
                yield self.row(collection, values)

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        """The first records, as the system gives them."""
        found: list[Mapping[str, Value]] = []
        for values in self.scan(self.collection(collection), (), cancel):
            found.append(values)
            if len(found) >= count:
                break
        return found

    def row(self, collection: Collection, values: Mapping[str, Value]) -> Row:
        """As in every driver; but a record without a key can't be found again at all."""
        if not collection.key:
            raise UsageError(
                f"Collection {collection.name} of system {self.system.name} has no key, so its records can't be told apart.",
                "Give it a key: in the catalog.",
            )
        return super().row(collection, values)

    def _insist_known(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> None:
        known = self.columns(collection, cancel)
        if known is None:
            return
        for name in dict.fromkeys([*collection.key, *(f for lookup in lookups for f in (*lookup.fields, *lookup.when))]):
            if name not in known:
                raise UsageError(
                    f"System {self.system.name}: {collection.name} has no field {name}.",
                    f"It has {', '.join(sorted(known))}. Correct the field's name in the catalog.",
                )

    def _twins(self, collection: Collection) -> UsageError:
        return UsageError(
            f"Two records of {collection.name} in {self.system.label} have the same key, so they can't be told apart.",
            "Name the fields in the catalog's key: that are unique together.",
        )

    # -- writing -----------------------------------------------------------------------------------------------------

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """What can be known without writing: there is nothing that could be tried and taken back."""
        found: dict[Refusal, None] = {}
        for step in work.changing():
            cancel.check()
            if step.action == "move":
                why = "a record can't be set aside in another collection of this system"
                cure = "Write on_restrict: with set:, or leave it to a person"
                found[Refusal(self.system.name, step.ref.collection, "", why, cure)] = None
            found |= dict.fromkeys(self.forbids(self.collection(step.ref.collection), step))
        return list(found)

    def check(self, work: Work, cancel: Cancel) -> list[Drift]:
        """Every record is read again, and every watch asked again."""
        return self._drifts(work, self._standing(work, cancel), (), cancel)

    def apply(self, work: Work, run: Run) -> Applied:
        """Look at all of them, announce, then write one at a time in the plan's order; each is read again afterwards."""
        cancel = Cancel()
        steps = list(work.changing())
        standing = self._standing(work, cancel)
        again = run.evidence is not None
        done = [s for s in steps if again and standing[s.ref] == ("gone" if s.action == "delete" else "wanted")]
        drifts = self._drifts(work, standing, {s.ref for s in done}, cancel)
        if drifts and again:  # even where nothing seems to be ours: what we wrote may have been overwritten since
            raise self._half_done(len(done), len(steps), tuple(d.ref for d in drifts))
        if drifts:
            raise self._drifted(drifts)
        deleted = sum(s.action == "delete" for s in steps)
        how: Literal["done", "already", "in-doubt-resolved"] = "in-doubt-resolved" if done else "done"
        finished = {s.ref for s in done}
        todo = [s for s in steps if s.ref not in finished]
        if todo:
            run.about_to_commit({"records": len(steps)})
        for number, step in enumerate(todo, len(done)):
            try:
                self._one(step)
            except MovedError:
                if number:
                    raise self._half_done(number, len(steps), (step.ref,)) from None
                raise self._drifted([Drift(step.ref, "changed")]) from None
            except InDoubtError:
                raise
            except DeskError as error:
                if not number:
                    raise
                what = f"{number} of {len(steps)} records of {self.system.label} were written before."
                raise UnreachableError(
                    f"{error.message} {what}", f"{error.hint} Then apply again: it goes on from there."
                ) from None
        return Applied(deleted, len(steps) - deleted, how if todo else "already" if steps else "done")

    def _one(self, step: Step) -> None:
        collection = self.collection(step.ref.collection)
        row = Row(step.ref, step.key, step.before)
        if step.action == "delete":
            self.delete(collection, row)
            if self.get(collection, step.key) is None:
                return
        else:
            self.write(collection, row, _told(step))
            now = self.get(collection, step.key)
            if now is not None and self._as_wanted(collection, step, now):
                return
        raise InDoubtError(
            f"{self.system.label} said that it wrote {step.ref.path}, but what stands there now is not what the plan wants.",
            "Look at the record in the system itself, then make a new plan.",
        )

    def _standing(self, work: Work, cancel: Cancel) -> dict[RowRef, _Standing]:
        found: dict[RowRef, _Standing] = {}
        for step in work.steps:
            cancel.check()
            collection = self.collection(step.ref.collection)
            now = self.get(collection, step.key)
            if now is None:
                found[step.ref] = "gone"
            elif still(work, step.digest, now):
                found[step.ref] = "seen"
            else:
                found[step.ref] = "wanted" if step.writes and self._as_wanted(collection, step, now) else "changed"
        return found

    def _as_wanted(self, collection: Collection, step: Step, now: Mapping[str, Value]) -> bool:
        """Whether every field holds what the plan wants, or what it held; what the system stamps by itself doesn't count."""
        wanted = {**step.before, **self.as_read(collection, _told(step))}
        names = (wanted.keys() | now.keys()) - self.stamps(collection)
        return all(same(now.get(name), wanted.get(name)) for name in names)

    def _drifts(self, work: Work, standing: Mapping[RowRef, _Standing], done: Iterable[RowRef], cancel: Cancel) -> list[Drift]:
        finished = frozenset(done)
        found: dict[RowRef, Drift] = {}
        for step in work.steps:
            if step.ref not in finished and standing[step.ref] != "seen":
                found[step.ref] = Drift(step.ref, "gone" if standing[step.ref] == "gone" else "changed")
        for watch in work.watches:
            hits = {h.row.ref for batch in self.find([watch.lookup], cancel) for h in batch}
            for ref in sorted(hits - {*watch.expected}):
                found.setdefault(ref, Drift(ref, "new"))
            for ref in watch.expected:
                if ref not in hits and ref not in finished:
                    found.setdefault(ref, Drift(ref, "no longer matches"))
        return list(found.values())

    def _drifted(self, drifts: Sequence[Drift]) -> DriftError:
        rows = tuple(dict.fromkeys(d.ref.path for d in drifts))
        what = f"{len(rows)} records of {self.system.label} are" if len(rows) > 1 else f"A record of {self.system.label} is"
        return DriftError(
            f"{what} no longer what was approved; nothing was written there.", "Search again and make a new plan.", rows
        )

    def _half_done(self, done: int, of: int, changed: Sequence[RowRef]) -> InDoubtError:
        rows = ", ".join(ref.path for ref in changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
        return InDoubtError(
            f"A run stopped half way in {self.system.label}: {done} of {of} records are as the plan wants them, and {rows} is "
            "neither that nor what was approved.",
            "Look at that record in the system itself, then make a new plan: it says what is left.",
        )


def _told(step: Step) -> Mapping[str, Value]:
    return {path: spread(path, value, step.before.get(path)) for path, value in step.writes.items()}
