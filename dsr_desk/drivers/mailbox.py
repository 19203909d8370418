"""The driver for mailboxes: mbox files, maildirs and IMAP servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import ClassVar

from dsr_desk.drivers._file.source import Source
from dsr_desk.drivers._file.swap import MovedError as SwapMoved
from dsr_desk.drivers._file.swap import confirm, remove_leftover
from dsr_desk.drivers._mailbox.mbox import Mbox
from dsr_desk.drivers._mailbox.message import FIELDS, HEADERS, ID, in_head, record
from dsr_desk.drivers._mailbox.residue import copies
from dsr_desk.drivers._mailbox.store import Store
from dsr_desk.drivers._rows.driver import RowDriver
from dsr_desk.drivers.base import Run
from dsr_desk.errors import LockedError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Applied, Refusal, Residue, Step, Work
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import Value, same

_SAMPLE = 200
_LIMITS = (
    "Encrypted messages, pictures and attachments with a password are not searched; of a message that is found, unread names them.",
    "Of a message larger than 50 MB only the first 50 MB are searched.",
)


class MailboxDriver(RowDriver):
    """Folders of messages. A message can be found, read and deleted; it is never changed."""

    name: ClassVar[str] = "mailbox"
    heavy: ClassVar[bool] = True
    whole: ClassVar[bool] = True

    @property
    def guarantee(self) -> str:
        """What the way in which the mailbox is kept allows."""
        return self._store.guarantee

    def schema(self) -> Schema:
        """The folders, and the fields of a message; further headers where one of the last messages has them."""
        names = self._store.names()
        live, taken = {}, set()
        for collection in self.system.collections.values():
            try:
                folder = self._store.folder(collection)
            except UsageError:
                continue
            taken.add(folder)
            live[collection.name] = LiveCollection(collection.name, self._live(collection), unique=((ID,),))
        others = tuple(name for name in names if name not in taken)
        return Schema(self._store.server, live, others, tried=False, limits=(*self._store.limits, *_LIMITS))

    def _live(self, collection: Collection) -> dict[str, Column]:
        columns = {name: Column(name, "text", "header" if name in HEADERS else "") for name in FIELDS}
        columns["date"] = Column("date", "any", "header")
        columns[ID] = Column(ID, "text", nullable=False, primary_key=True)
        if more := _more(collection):
            seen: set[str] = set()
            for values in self._heads(collection, _SAMPLE):
                seen |= {name for name in more if values[name] is not None}
            columns |= {name: Column(name, "text", "header") for name in more if name in seen}
        return columns

    def _heads(self, collection: Collection, count: int) -> Iterator[Mapping[str, Value]]:
        """The headers of the first messages."""
        found: list[Mapping[str, Value]] = []

        def note(key: str, head: bytes) -> bool:
            found.append(in_head(key, head, _more(collection)))
            return len(found) >= count

        for _ in islice(self._store.messages(self._store.folder(collection), note, Cancel()), 1):
            break
        return iter(found[:count])

    # -- reading -----------------------------------------------------------------------------------------------------

    def scan(self, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Mapping[str, Value]]:
        """The messages; where the lookups ask for the header alone, only those are read whole that answer."""
        folder, more = self._store.folder(collection), _more(collection)
        questions = self.questions(lookups)
        heads = {ID, *HEADERS, *more}
        shallow = bool(lookups) and all(heads.issuperset((*q.lookup.fields, *q.lookup.when)) for q in questions)

        def wanted(key: str, head: bytes) -> bool:
            if not shallow:
                return True
            values = in_head(key, head, more)
            return any(q.answers(values) for q in questions)

        for key, raw in self._store.messages(folder, wanted, cancel):
            yield record(key, raw, more)

    def get(self, collection: Collection, key: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The message that has this key now."""
        id_ = str(key[ID])
        raw = self._store.get(self._store.folder(collection), id_)
        return None if raw is None else record(id_, raw, _more(collection))

    def columns(self, collection: Collection, cancel: Cancel) -> frozenset[str]:
        """The fields of every message, and the headers that the catalog lists; ``UsageError`` where the key is another one."""
        if collection.key != (ID,):
            raise UsageError(
                f"{self.system.name}/{collection.name}: messages are told apart by {ID} alone.",
                f"Write key: [{ID}] in the catalog.",
            )
        return frozenset((*FIELDS, *_more(collection)))

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """Of folders that know it."""
        counted = ((name, self._store.count(self._store.folder(self.collection(name)))) for name in collections)
        return {name: number for name, number in counted if number is not None}

    # -- writing -----------------------------------------------------------------------------------------------------

    def forbids(self, collection: Collection, step: Step) -> Iterator[Refusal]:
        """Everything but deleting, and what the folder itself doesn't allow."""
        if step.writes:
            why = "a message can't be changed, only deleted"
            yield Refusal(self.system.name, collection.name, "", why, "Write on_erase: delete or keep, or leave it to a person")
        for why, cure in self._store.refuses(self._store.folder(collection)):
            yield Refusal(self.system.name, collection.name, "", why, cure)

    def apply(self, work: Work, run: Run) -> Applied:
        """One message at a time; an mbox file all or nothing, under the locks of mail programs."""
        store = self._store
        if not isinstance(store, Mbox):
            return super().apply(work, run)
        with store.locked():
            return self._apply_whole(store, work, run)

    def _apply_whole(self, store: Mbox, work: Work, run: Run) -> Applied:
        steps = list(work.changing())
        before = store.source.look()
        if run.evidence and before.sha256 == run.evidence.get("sha256"):
            remove_leftover(store.source)
            confirm(store.source)  # the run that renamed it may have ended before it did this
            return Applied(len(steps), 0, "in-doubt-resolved")
        self._insist_as_seen(store, work)
        if not steps:
            return Applied(0, 0)
        if wrong := next((s for s in steps if s.action != "delete"), None):
            self.write(self.collection(wrong.ref.collection), Row(wrong.ref, wrong.key, wrong.before), wrong.writes)
        try:
            store.without({str(step.key[ID]) for step in steps}, before, run.about_to_commit)
        except SwapMoved:
            self._insist_as_seen(store, work)
            raise LockedError(
                f"{store.source.label} was written by another program meanwhile; nothing was written.",
                "Close it there and try again.",
            ) from None
        return Applied(len(steps), 0)

    def _insist_as_seen(self, store: Mbox, work: Work) -> None:
        store.forget()
        if drifts := self.check(work, Cancel()):
            raise self._drifted(drifts)

    def delete(self, collection: Collection, row: Row) -> None:
        """Deletes the message if all its fields still are what was approved."""
        more, id_ = _more(collection), str(row.key[ID])

        def is_same(raw: bytes) -> bool:
            now = record(id_, raw, more)
            return now.keys() == row.values.keys() and all(same(now[name], row.values[name]) for name in now)

        self._store.delete(self._store.folder(collection), id_, is_same)

    def write(self, collection: Collection, row: Row, writes: Mapping[str, Value]) -> None:
        """Never: ``forbids`` said so."""
        raise UsageError(f"Messages of {self.system.label} can't be changed, only deleted.", "Make a new plan.")

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Copies in folders beyond the catalog, and texts beside the messages."""
        if not needles:
            return []
        return [*copies(self._store, needles, cancel), *self._store.raw(list(needles), cancel)]

    def close(self) -> None:
        """Log out."""
        store = self.__dict__.pop("_store", None)
        if store is not None:
            store.close()

    @cached_property
    def _store(self) -> Store:
        """The mailbox, as ``url:`` or ``path:`` says."""
        if self.system.url:
            from dsr_desk.drivers._mailbox.imap import ImapStore

            return ImapStore(self.system, self.folder, self.secret)
        if Source(self.system, self.folder).path.is_dir():
            from dsr_desk.drivers._mailbox.maildir import Maildir

            return Maildir(self.system, self.folder)
        return Mbox(self.system, self.folder)


def _more(collection: Collection) -> tuple[str, ...]:
    """Headers that the catalog lists as fields, beyond those of every message."""
    return tuple(name for name in collection.fields if name not in FIELDS)
