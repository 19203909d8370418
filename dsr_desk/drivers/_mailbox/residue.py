"""Copies of erased messages in folders that the catalog doesn't list: trashes, archives, folders that show all messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dsr_desk.drivers._mailbox.message import in_head, record
from dsr_desk.drivers._mailbox.store import Store
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.plan import Residue
from dsr_desk.model.values import Value

#: Folders with more messages are looked through only where copies are to be expected.
_MANY = 5_000


def copies(store: Store, needles: Sequence[bytes], cancel: Cancel) -> Iterator[Residue]:
    """Each folder beyond the catalog in which a message holds an erased text, with how many of them do."""
    system = store.system.name
    texts = [needle.decode("utf-8", "surrogatepass") for needle in needles]
    listed = {store.folder(c) for c in store.system.collections.values()}
    rightly: set[object] | None = None
    for name in store.names():
        if name in listed:
            continue
        if not store.apart(name) and (store.count(name) or 0) > _MANY:
            why = f"its {store.count(name):,} messages were not looked through"
            yield Residue(system, name, 0, why, "List it in the catalog, so that it is searched as well")
            continue
        if rightly is None and store.shows_all(name):
            rightly = _ids(store, listed, cancel)
        known = rightly or set() if store.shows_all(name) else set()
        found = 0
        for key, raw in store.messages(name, lambda key, head: True, cancel):
            values = record(key, raw)
            found += values["message_id"] not in known and says(values, texts)
        if found:
            why = "messages there hold what was erased"
            yield Residue(system, name, found, why, "Empty that folder, or list it in the catalog and search again")


def says(values: Mapping[str, Value], texts: Sequence[str]) -> bool:
    """Whether a field of the message holds one of the texts."""
    said = [value for value in values.values() if isinstance(value, str)]
    return any(text in value for text in texts for value in said)


def _ids(store: Store, folders: set[str], cancel: Cancel) -> set[object]:
    """The Message-IDs that rightly stand in the listed folders."""
    found: set[object] = set()

    def note(key: str, head: bytes) -> bool:
        found.add(in_head(key, head)["message_id"])
        return False

    for folder in folders:
        for _ in store.messages(folder, note, cancel):
            pass
    return found - {None}
