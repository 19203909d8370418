"""A mailbox on an IMAP server (RFC 3501, RFC 4315): read without a trace, deleted by number alone.

The server's own SEARCH is not used to narrow: whether it looks into encoded words, folds letters or finds parts of words differs
from server to server (RFC 3501 section 6.4.4 leaves it open), and what it overlooks would never be missed. Headers are fetched in
pages instead, and whole messages where the header can't decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from dsr_desk.drivers._mailbox.headers import head_of
from dsr_desk.drivers._mailbox.imap_session import Imap, RefusalError, quoted
from dsr_desk.drivers._mailbox.message import LARGEST
from dsr_desk.drivers._mailbox.naming import from_utf7
from dsr_desk.drivers._mailbox.store import Store, Wanted
from dsr_desk.drivers._rows.driver import MovedError
from dsr_desk.errors import DriftError, RefusedError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Residue

_HEADS, _WHOLE = 200, 20
_PAGE = 20 << 20
_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?P<delimiter>[^"]*|\\.)"|NIL) (?P<name>.*)', re.DOTALL)
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")
_NOWHERE = ("\\noselect", "\\nonexistent")
_APART, _ALL = ("\\trash", "\\all", "\\archive", "\\junk"), "\\all"


class ImapStore(Store):
    """Folders are opened with EXAMINE, and messages fetched with PEEK: searching writes nothing, and no message becomes read."""

    guarantee = (
        "One message at a time: each is read again right before it is deleted by its number alone, and looked for afterwards; "
        "what the server itself keeps in a trash or an archive is looked for and named."
    )

    def __init__(self, system: System, folder: Path, secret: Callable[[], str | None]) -> None:
        super().__init__(system)
        self._folder, self._secret = folder, secret
        self._open = ""
        self._validity = ""

    @cached_property
    def _imap(self) -> Imap:
        return Imap(self.system, self._folder, self._secret)

    @property
    def server(self) -> str:  # type: ignore[override]
        """What the server says of itself (RFC 2971), where it does."""
        if "ID" in self._imap.capabilities:
            told = re.search(rb'"name" "([\w .-]{1,60})"', b" ".join(filter(None, self._ask("xatom", "ID", "NIL", then="ID"))))
            if told:
                return f"{told[1].decode('ascii')} (IMAP)"
        return "IMAP"

    @property
    def limits(self) -> tuple[str, ...]:  # type: ignore[override]
        """What no IMAP server can promise, and a connection without encryption."""
        told = ["The server's index, its backups and copies on other devices can't be looked into."]
        if self._imap.plain:
            told.append("The connection is not encrypted: whoever listens to it reads the password and the messages.")
        return tuple(told)

    # -- its folders ---------------------------------------------------------------------------------------------------

    @cached_property
    def _folders(self) -> dict[str, tuple[str, frozenset[str]]]:
        """Each folder as people read it: the server's own name, and its flags (RFC 6154)."""
        special = {"SPECIAL-USE", "LIST-EXTENDED"} <= self._imap.capabilities
        lines = self._ask("list", '""', '"*" RETURN (SPECIAL-USE)' if special else '"*"')
        found: dict[str, tuple[str, frozenset[str]]] = {}
        for line in lines:
            start, literal = (line[0], line[1]) if isinstance(line, tuple) else (line, None)
            if not start or not (match := _LISTED.match(start)):
                continue
            raw = literal if literal is not None else match["name"]
            name = raw.decode("utf-8", "replace")
            if literal is None and name.startswith('"'):
                name = re.sub(r"\\(.)", r"\1", name.strip().removeprefix('"').removesuffix('"'))
            flags = frozenset(match["flags"].decode("ascii", "replace").lower().split())
            if not flags.intersection(_NOWHERE):
                delimiter = (match["delimiter"] or b"").decode("ascii", "replace")
                shown = from_utf7(name)
                found["/".join(shown.split(delimiter)) if delimiter else shown] = (name, flags)
        return found

    def names(self) -> tuple[str, ...]:
        """Folders that can be opened, those of other users too where they are shared."""
        return tuple(self._folders)

    def count(self, folder: str) -> int:
        """What EXAMINE says."""
        return self._examine(folder)

    def refuses(self, folder: str) -> Iterator[tuple[str, str]]:
        """A server that can only remove all that anybody marked, and rights that are missing (RFC 4314)."""
        if "UIDPLUS" not in self._imap.capabilities:
            yield (
                "the server has no UIDPLUS (RFC 4315): removing one message would remove all that others marked, too",
                "Let its administrator switch it on, or leave the folder to a person",
            )
        if "ACL" in self._imap.capabilities:
            said = b" ".join(filter(None, self._ask("myrights", quoted(self._folders[folder][0]))))
            rights = said.rsplit(b" ", 1)[-1].decode("ascii", "replace")
            if not {"t", "e"} <= set(rights) and "d" not in rights:
                yield f"this user may not delete messages of {folder}", "Ask for the rights t and e on that folder"

    def apart(self, folder: str) -> bool:
        """A trash, an archive, or all messages."""
        return bool(self._folders[folder][1].intersection(_APART))

    def shows_all(self, folder: str) -> bool:
        """``\\All``: what stands in other folders stands there, too."""
        return _ALL in self._folders[folder][1]

    def _examine(self, folder: str, write: bool = False) -> int:
        """Open a folder, and how many messages it has; ``RefusedError`` where it may only be read."""
        try:
            data = self._ask("select", quoted(self._folders[folder][0]), not write)
        except RefusalError:
            if write:
                raise
            raise UnreachableError(f"{self.system.label}: {folder} can't be opened.", "Check the rights on that folder.") from None
        self._open = folder
        self._validity = self._imap.untagged("UIDVALIDITY")
        return int(data[0] or b"0")

    # -- its messages --------------------------------------------------------------------------------------------------

    def messages(self, folder: str, wanted: Wanted, cancel: Cancel) -> Iterator[tuple[str, bytes]]:
        """In pages: the headers first, then those messages whole that are wanted."""
        with cancel.stops_with(self._imap.stop):
            try:
                yield from self._messages(folder, wanted, cancel)
            except UnreachableError:
                cancel.check()  # it was stopped: then the broken connection is no fault
                raise

    def _messages(self, folder: str, wanted: Wanted, cancel: Cancel) -> Iterator[tuple[str, bytes]]:
        if not self._examine(folder):
            return
        validity = self._validity
        sizes = self._sizes()
        uids = sorted(sizes)
        for at in range(0, len(uids), _HEADS):
            cancel.check()
            heads = self._fetch(folder, validity, uids[at : at + _HEADS], "BODY.PEEK[HEADER]")
            asked = [uid for uid, head in heads if wanted(f"{validity}-{uid}", head_of(head))]
            for page in _pages(asked, sizes):
                cancel.check()
                for uid, raw in self._fetch(folder, validity, page, f"BODY.PEEK[]<0.{LARGEST}>"):
                    cancel.check()
                    yield f"{validity}-{uid}", raw

    def _sizes(self) -> dict[int, int]:
        lines = self._ask("fetch", "1:*", "(UID RFC822.SIZE)")
        found = {}
        for line in lines:
            text = line if isinstance(line, bytes) else b""
            if (uid := _UID.search(text)) and (size := _SIZE.search(text)):
                found[int(uid[1])] = int(size[1])
        return found

    def _fetch(self, folder: str, validity: str, uids: Sequence[int], what: str) -> list[tuple[int, bytes]]:
        """Those of the messages that still exist; another use of the same driver may have opened another folder meanwhile."""
        if self._open != folder:
            self._examine(folder)
        if self._validity != validity:
            raise self._made_anew(folder, "")
        try:
            return list(_literals(self._ask("uid", "FETCH", ",".join(map(str, uids)), f"(UID {what})"), set(uids)))
        except RefusalError:
            raise UnreachableError(f"{self.system.label}: messages of {folder} can't be read.", "Try again.") from None

    def get(self, folder: str, key: str) -> bytes | None:
        """The message with this number; ``DriftError`` where the folder was made anew, so that numbers say nothing any more."""
        uid = self._uid(folder, key)
        return next((raw for _, raw in self._fetch(folder, self._validity, [uid], f"BODY.PEEK[]<0.{LARGEST}>")), None)

    def _uid(self, folder: str, key: str, write: bool = False) -> int:
        validity, _, uid = key.partition("-")
        self._examine(folder, write)
        if validity != self._validity or not uid.isdigit():
            raise self._made_anew(folder, key)
        return int(uid)

    def _made_anew(self, folder: str, key: str) -> DriftError:
        what = f"{self.system.label}: {folder} was made anew, and its messages have other numbers than those that were approved."
        return DriftError(what, "Search again and make a new plan.", (f"{self.system.name}/{folder}/{key}",) if key else ())

    def delete(self, folder: str, key: str, same: Callable[[bytes], bool]) -> None:
        """Mark it, and remove exactly it (``UID EXPUNGE``); where it can't be removed, the mark is taken back."""
        if "UIDPLUS" not in self._imap.capabilities:
            raise RefusedError(*(f"{part[0].upper()}{part[1:]}." for part in next(self.refuses(folder))))
        raw = self.get(folder, key)
        if raw is None or not same(raw):
            raise MovedError
        try:
            uid = self._uid(folder, key, write=True)
            self._ask("uid", "STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
        except RefusalError:
            raise RefusedError(
                f"{self.system.label} does not let this user delete messages of {folder}.", "Ask for the rights on that folder."
            ) from None
        try:
            self._ask("uid", "EXPUNGE", str(uid))
        except RefusalError:
            self._ask("uid", "STORE", str(uid), "-FLAGS.SILENT", "(\\Deleted)")
            raise RefusedError(f"{self.system.label} did not remove a message of {folder}.", "Ask its administrator why.") from None
        finally:
            self._open = ""  # the next reading opens it for reading alone

    def raw(self, needles: list[bytes], cancel: Cancel) -> Iterator[Residue]:
        """A server's files can't be read from outside."""
        why = "the server's own files can't be looked into from here: its index and its backups may hold copies"
        yield Residue(self.system.name, "the mail server's files", 0, why)

    def close(self) -> None:
        """Log out."""
        if imap := self.__dict__.pop("_imap", None):
            imap.close()

    def _ask(self, command: str, *arguments: Any, then: str = "") -> list[Any]:
        data = self._imap.ask(command, *arguments)
        return list(self._imap.conn.response(then)[1]) if then else data


def _pages(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """Some messages at a time, few enough to stand in memory."""
    page: list[int] = []
    room = _PAGE
    for uid in uids:
        if page and (len(page) == _WHOLE or room < sizes[uid]):
            yield page
            page, room = [], _PAGE
        page.append(uid)
        room -= min(sizes[uid], LARGEST)
    if page:
        yield page


def _literals(data: Sequence[Any], uids: set[int]) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of every message in an answer; what the server tells beside that is passed over."""
    for at, part in enumerate(data):
        if isinstance(part, tuple):
            after = data[at + 1] if at + 1 < len(data) and isinstance(data[at + 1], bytes) else b""
            uid, content = _UID.search(part[0]) or _UID.search(after), part[1]
        elif part and re.search(rb'BODY\[[^\]]*\](?:<\d+>)? (?:""|NIL)', part):
            uid, content = _UID.search(part), b""
        else:
            continue
        if uid and int(uid[1]) in uids:
            yield int(uid[1]), content
