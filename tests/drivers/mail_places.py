"""Mailboxes of each kind with ``PEOPLE`` in them, a message each."""

from __future__ import annotations

import imaplib
import mailbox
import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from email.header import Header
from email.message import Message
from pathlib import Path
from typing import Any

from dsr_desk.drivers.mailbox import MailboxDriver
from dsr_desk.model.catalog import Collection, Field, System
from tests.drivers.contract import COLUMNS, PEOPLE, Place, people

#: What stands where in a message.
NAMES = {"id": "x-number", "customer": "x-customer", "email": "from", "phone": "x-phone", "name": "x-name", "note": "text"}
#: Nobody's message, which every change must leave alone.
OTHER = b"From: Nobody <nobody@example.net>\nX-Number: other\nMessage-ID: <other@example.net>\n\n>From far away\nFrom here\n\n"


def message(row: Mapping[str, str | None]) -> Message:
    """A row of ``PEOPLE`` as a message; what is NULL has no header."""
    made = Message()
    for name, header in NAMES.items():
        value = row[name]
        if name != "note" and value is not None:
            made[header] = value if value.isascii() else Header(value, "utf-8").encode()
    made["Message-ID"] = f"<{row['id']}@example.org>"
    made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0100"
    made.set_payload(f"{row['note'] or ''}\n", "utf-8")
    return made


def table(**more: Any) -> Collection:
    """The catalog's description of the folder."""
    made = people(names=NAMES, **more)
    return replace(made, key=("id",), fields={**made.fields, "id": Field("id")})


class MailPlace(Place):
    """What is changed is a new message in the place of the old one: a message never changes."""

    writes = False

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.rows: dict[str, dict[str, str | None]] = {}
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> MailboxDriver:
        return MailboxDriver(self.system, self.folder)

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.rows[str(row["id"])] = dict(row)
        self.add(str(row["id"]), message(row).as_bytes())

    def change(self, row: str, column: str, value: str | None) -> None:
        new = {**self.rows.pop(row), column: value}
        self.replace(row, str(new["id"]), message(new).as_bytes())
        self.rows[str(new["id"])] = new

    @abstractmethod
    def add(self, number: str, raw: bytes) -> None:
        """A new message."""

    @abstractmethod
    def replace(self, number: str, new: str, raw: bytes) -> None:
        """Other bytes in the place of a message."""


class MaildirPlace(MailPlace):
    """A maildir that the test's own ``mailbox`` module writes."""

    def __init__(self, folder: Path) -> None:
        self.box = mailbox.Maildir(folder / "Maildir", create=True)
        self.keys: dict[str, str] = {}
        listed = System("place", "mailbox", path="Maildir", region="DE", collections={"people": table(table="INBOX")})
        super().__init__(listed, folder)

    def add(self, number: str, raw: bytes) -> None:
        self.keys[number] = self.box.add(raw)

    def replace(self, number: str, new: str, raw: bytes) -> None:
        self.keys[new] = key = self.keys.pop(number)
        self.file(key).write_bytes(raw)

    def file(self, key: str) -> Path:
        return next((self.folder / "Maildir").glob(f"*/{key}*"))

    def remove(self, row: str) -> None:
        self.file(self.keys.pop(row)).unlink()

    def dump(self) -> Any:
        return {str(p): p.read_bytes() for p in sorted((self.folder / "Maildir").rglob("*")) if p.is_file()}


class MboxPlace(MailPlace):
    """An mbox file, written by the test's own few lines."""

    def __init__(self, folder: Path, ends: bytes = b"\n") -> None:
        self.path, self.ends = folder / "support.mbox", ends
        self.parts: dict[str, bytes] = {}
        listed = System("place", "mailbox", path="support.mbox", region="DE", collections={"people": table()})
        super().__init__(listed, folder)

    def part(self, raw: bytes) -> bytes:
        lines = b"From someone@example.org Sun Nov 22 10:00:00 2026\n" + re.sub(rb"(?m)^(>*From )", rb">\1", raw) + b"\n"
        return lines.replace(b"\n", self.ends)

    def save(self) -> None:
        self.path.write_bytes(b"".join(self.parts.values()))

    def add(self, number: str, raw: bytes) -> None:
        self.parts[number] = self.part(raw)
        self.save()

    def replace(self, number: str, new: str, raw: bytes) -> None:
        self.parts = {new if n == number else n: self.part(raw) if n == number else p for n, p in self.parts.items()}
        self.save()

    def remove(self, row: str) -> None:
        del self.parts[row]
        self.save()

    def dump(self) -> Any:
        return self.path.read_bytes()


class ImapPlace(MailPlace):
    """A user of a real server, spoken to by the test's own ``imaplib``."""

    def __init__(self, port: int, user: str, folder: Path, **options: Any) -> None:
        self.port, self.user = port, user
        self.uids: dict[str, str] = {}
        self.seen = self.login()
        self.seen.create("Others")
        self.seen.append("Others", "", "", OTHER.replace(b"\n", b"\r\n"))
        url = f"imap://{user}@127.0.0.1:{port}"
        listed = System("place", "mailbox", url=url, region="DE", options=options, collections={"people": table(table="INBOX")})
        super().__init__(listed, folder)

    def login(self) -> imaplib.IMAP4:
        conn = imaplib.IMAP4("127.0.0.1", self.port)
        conn.login(self.user, "se-cret")
        return conn

    def driver(self) -> MailboxDriver:
        return MailboxDriver(self.system, self.folder, lambda: "se-cret")

    def add(self, number: str, raw: bytes) -> None:
        kind, data = self.seen.append("INBOX", "", "", raw.replace(b"\n", b"\r\n"))
        assert kind == "OK"
        self.uids[number] = data[0].split()[2].rstrip(b"]").decode()

    def replace(self, number: str, new: str, raw: bytes) -> None:
        self.remove(number)
        self.add(new, raw)

    def remove(self, row: str) -> None:
        self.seen.select("INBOX")
        uid = self.uids.pop(row)
        self.seen.uid("STORE", uid, "+FLAGS", "(\\Deleted)")
        assert self.seen.uid("EXPUNGE", uid)[0] == "OK"
        self.seen.unselect()

    def dump(self) -> Any:
        """Every folder with the numbers, flags and bytes of its messages."""
        found = {}
        for line in self.seen.list()[1]:
            name = line.rpartition(b" ")[2].decode()
            (number,) = self.seen.select(name, readonly=True)[1]
            data = self.seen.fetch("1:*", "(UID FLAGS BODY.PEEK[])")[1] if number != b"0" else []
            self.seen.unselect()
            found[name] = [(re.sub(rb" ?\\\\Recent", b"", p[0]), p[1]) for p in data if isinstance(p, tuple)]
        return found
