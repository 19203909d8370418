"""What a mailbox is to the driver, whichever way it is kept: folders with messages, each with a key of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.plan import Residue

#: Whether the whole of a message is needed, from its key and the bytes of its header.
Wanted = Callable[[str, bytes], bool]

INBOX = "INBOX"


class Store(ABC):
    """One mailbox, opened when it is first needed."""

    #: Product and version.
    server: str
    #: What it promises about deleting, as one plain sentence.
    guarantee: str
    limits: tuple[str, ...] = ()

    def __init__(self, system: System) -> None:
        self.system = system

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Every folder that has messages, or may have some, with ``/`` between its parts."""

    @abstractmethod
    def messages(self, folder: str, wanted: Wanted, cancel: Cancel) -> Iterator[tuple[str, bytes]]:
        """Key and bytes of those messages of the folder that are wanted."""

    @abstractmethod
    def get(self, folder: str, key: str) -> bytes | None:
        """The message as it is now; ``None`` where there is none."""

    @abstractmethod
    def delete(self, folder: str, key: str, same: Callable[[bytes], bool]) -> None:
        """Delete the message if its bytes still are the ``same``; ``MovedError`` where they are not."""

    @abstractmethod
    def count(self, folder: str) -> int | None:
        """How many messages there are; ``None`` where all would have to be read."""

    def refuses(self, folder: str) -> Iterator[tuple[str, str]]:
        """Why nothing of the folder can be deleted, and the cure."""
        return iter(())

    def apart(self, folder: str) -> bool:
        """Whether an erased message may well stand in this folder, too: a trash, or one that shows all messages."""
        return False

    def shows_all(self, folder: str) -> bool:
        """Whether the folder shows the messages of other folders, too."""
        return False

    def raw(self, needles: list[bytes], cancel: Cancel) -> Iterator[Residue]:
        """Where erased texts stand beside the messages."""
        return iter(())

    def folder(self, collection: Collection) -> str:
        """The folder of a collection; ``UsageError`` where there is none."""
        wanted, names = collection.table or collection.name, self.names()
        for name in names:
            if name == wanted or (wanted.upper() == INBOX and name.upper() == INBOX):
                return name
        raise UsageError(
            f"{self.system.name}/{collection.name}: {self.system.label} has no folder {wanted}.",
            f"It has: {', '.join(names[:20])}{' …' if len(names) > 20 else ''}. Write its name as table: in the catalog.",
        )

    def close(self) -> None:
        """Give back connections."""
