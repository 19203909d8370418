"""The driver port: how flow speaks to a system. A new driver is one new file in this folder.

A driver knows rows and fields, and nothing of rights, people or screens. The rules every driver keeps:

* ``find`` may read more rows than asked (the database narrows), but yields only those for which ``Question.answers``.
* ``check``, ``rehearse`` and ``find`` leave the system exactly as it was.
* ``apply`` writes nothing unless every row of its steps is still what the plan saw, and every watch still finds what it
  found. Where the system has transactions, that is all or nothing.
* A driver raises ``DeskError`` subclasses only, and never lets a system's own message through: it can hold values.
* Values are data. No name or value from outside ever becomes part of a statement's text unquoted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Applied, Drift, Reach, Refusal, Residue, Work
from dsr_desk.model.schema import Schema
from dsr_desk.model.values import Value, fingerprint

#: How many hits are handed over at once.
BATCH = 500


def no_secret() -> str | None:
    """For systems without a password."""
    return None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something in a catalog file that only its driver can tell: where (keys from the top), what, and how to mend it."""

    path: tuple[object, ...]
    message: str
    hint: str


@dataclass(frozen=True)
class Run:
    """One run of ``apply``.

    ``evidence`` is what an earlier, interrupted run journaled before its commit (``None`` on a first run); with it the driver
    can tell whether that commit happened. ``about_to_commit`` journals evidence durably; a driver calls it once, after
    everything was written and checked and right before the commit (or the rename).
    """

    evidence: Mapping[str, Any] | None
    about_to_commit: Callable[[Mapping[str, Any]], None]


class Driver(ABC):
    """One connected system. Made per job, used by one thread at a time, closed at the end."""

    #: The word in the catalog's ``driver:``.
    name: ClassVar[str]
    #: Whether its work is done in Python, so that it belongs in a process of its own beside a window.
    heavy: ClassVar[bool] = False
    #: Whether a question of any kind reads all of a collection, so that several at once cost no more than one.
    reads_all: ClassVar[bool] = False
    #: Whether a person does the searching and the changing.
    by_hand: ClassVar[bool] = False
    #: Whether no field of a record can be changed (a file, a message): it is deleted whole, or stays.
    whole: ClassVar[bool] = False

    def __init__(self, system: System, folder: Path, secret: Callable[[], str | None] = no_secret) -> None:
        """``folder`` is the workspace (paths and URLs are relative to it); ``secret`` gives the password when it is needed."""
        self.system = system
        self.folder = folder
        self.secret = secret

    # -- what it is ------------------------------------------------------------------------------------------------

    @classmethod
    def wrong(cls, system: System) -> Iterable[Wrong]:
        """What is wrong with the options of a system and its collections; nothing live is asked."""
        return ()

    @property
    @abstractmethod
    def guarantee(self) -> str:
        """What it promises about a change, as one plain sentence."""

    @abstractmethod
    def schema(self) -> Schema:
        """What the live system has. ``UnreachableError`` where it doesn't answer."""

    # -- reading -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """The rows that answer the lookups, in batches of at most ``BATCH``; one row may answer several.

        ``UsageError`` naming collection and column where the catalog is wrong about the live system.
        """

    @abstractmethod
    def read(self, refs: Iterable[tuple[RowRef, Mapping[str, Value]]], cancel: Cancel) -> Iterator[Row]:
        """The rows with these keys that still exist, each with its typed key as the plan holds it."""

    @abstractmethod
    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        """Up to ``count`` records of a collection, in no order, to guess from what its fields hold. They are never kept."""

    @abstractmethod
    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """How many records each of these collections has, without those for which the system can't say it unless all are read."""

    # -- writing -----------------------------------------------------------------------------------------------------

    def reach(self, work: Work, cancel: Cancel) -> Mapping[RowRef, tuple[Reach, ...]]:
        """What the system itself takes along when the rows of ``work`` go: rows of tables that the catalog doesn't list.

        Only for collections whose catalog says ``cascade: true``, counted exactly, and nothing is written. ``apply`` counts
        again under lock, and refuses where ``Step.reach`` says otherwise.
        """
        return {}

    @abstractmethod
    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """Everything that would stop ``work``, found by trying where that can be undone, all at once."""

    @abstractmethod
    def check(self, work: Work, cancel: Cancel) -> list[Drift]:
        """The rows that are no longer what the plan saw, without locking anything."""

    @abstractmethod
    def apply(self, work: Work, run: Run) -> Applied:
        """Carry it out, all or nothing where the system can.

        ``DriftError`` where a row changed (nothing written), ``InDoubtError`` where it can't be told whether an interrupted
        run committed, ``UnreachableError`` / ``LockedError`` where it could not be done now.
        """

    @abstractmethod
    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Where erased texts still stand in the system's raw bytes, beyond the rows that rightly hold them.

        ``needles`` are UTF-8 texts that were erased. Empty where nothing is left; a system whose bytes can't be read says so
        with one entry of count 0 and its reason.
        """

    def close(self) -> None:
        """Give back connections and files. Safe to call twice."""

    # -- for the subclasses --------------------------------------------------------------------------------------------

    def collection(self, name: str) -> Collection:
        """The catalog's description of one collection."""
        return self.system.collections[name]

    def row(self, collection: Collection, values: Mapping[str, Value]) -> Row:
        """A row of this system from its values. Without a key its content names it, and it can't be written to."""
        if not collection.key:
            return Row(RowRef(self.system.name, collection.name, (fingerprint(b"", values)[:16],)), {}, values)
        key = {name: values.get(name) for name in collection.key}
        return Row(RowRef.of(self.system.name, collection.name, collection.key, values), key, values)

    def questions(self, lookups: Sequence[Lookup]) -> list[Question]:
        """The lookups, ready to decide with this system's region."""
        return [Question(lookup, self.system.region) for lookup in lookups]


def still(work: Work, step_digest: str, values: Mapping[str, Value]) -> bool:
    """Whether a row's columns are still those the plan saw."""
    return fingerprint(work.fingerprint_key, values) == step_digest
