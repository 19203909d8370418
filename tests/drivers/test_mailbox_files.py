"""Mbox files and maildirs beside the usual: quoting, locks, flags, links, leftovers, and what is left of a message."""

from __future__ import annotations

import fcntl
import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from dsr_desk.drivers._mailbox import mbox_index
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.mailbox import MailboxDriver
from dsr_desk.errors import DeskError, DriftError, LockedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from tests.drivers.contract import apply, drift, every, ids, lookup, work
from tests.drivers.mail_places import OTHER, MaildirPlace, MboxPlace, table


@pytest.fixture
def mbox(tmp_path: Path) -> MboxPlace:
    return MboxPlace(tmp_path)


@pytest.fixture
def maildir(tmp_path: Path) -> MaildirPlace:
    return MaildirPlace(tmp_path)


# -- mbox ---------------------------------------------------------------------------------------------------------------


def test_every_other_byte_of_an_mbox_stays(mbox: MboxPlace) -> None:
    mbox.parts["other"] = mbox.part(OTHER)
    mbox.parts["last"] = b"From x@y.org Sun Nov 22 10:00:00 2026\nX-Number: last\n\nno end of li"
    mbox.save()
    mode = mbox.path.stat().st_mode
    apply(mbox.driver(), work(mbox, delete=["1", "6", "3"]))
    assert mbox.path.read_bytes() == b"".join(p for n, p in mbox.parts.items() if n not in ("1", "6", "3"))
    assert mbox.path.stat().st_mode == mode
    assert [p.name for p in mbox.folder.iterdir()] == ["support.mbox"]


def test_lines_that_begin_with_from(mbox: MboxPlace) -> None:
    text = b"X-Number: 100\nX-Customer: c\n\n>From me\n>>From you\n\nFrom here on it is text\n\n"
    mbox.parts["100"] = b"From a@b.org Sun Nov 22 10:00:00 2026\n" + text
    inner = b"one\n\nFrom z@z.org Mon Nov 23 10:00:00 2026\nSubject: inside\n\ntwo\n"
    length = b"From a@b.org Sun Nov 22 10:00:00 2026\nX-Number: 101\nX-Customer: c\nContent-Length: %d\n\n" % len(inner)
    mbox.parts["101"] = length + inner + b"\n"
    mbox.parts["103"] = b"From a@b.org Sun Nov 22 10:00:00 2026\nX-Number: 103\nX-Customer: c\n\nnothing below\n"
    mbox.parts["104"] = mbox.parts["103"].replace(b"103", b"104") + b"\n"
    mbox.parts["102"] = b"From a@b.org\nX-Number: 102\nX-Customer: c\n\nno date above\n\n"
    mbox.save()
    rows = every(mbox.driver())
    assert rows["100"].values["text"] == "From me\n>From you\n\nFrom here on it is text"
    assert "two" in rows["101"].values["text"] and rows["102"].values["text"] == "no date above"
    assert set(rows) == {*map(str, range(1, 9)), "100", "101", "102", "103", "104"}


def test_message_ids_that_stand_twice_or_not_at_all(mbox: MboxPlace) -> None:
    start = b"From a@b.org Sun Nov 22 10:00:00 2026\n"
    bodies = {"100": b"Message-ID: <1@example.org>\nX-Number: 100\n\na\n\n", "101": b"X-Number: 101\n\nb\n\n"}
    mbox.parts |= {n: start + body for n, body in bodies.items()}
    mbox.parts["102"] = mbox.parts["103"] = start + b"X-Number: 110\n\nsame\n\n"
    mbox.save()
    keys = [row.ref.key[0] for row in every(mbox.driver()).values()]
    assert len(set(keys)) == len(keys) and sum(k.startswith("<") for k in keys) == 7
    assert ids(mbox.driver(), lookup("id", 110)) == ["110", "110"]


def test_being_marked_as_read_is_no_drift(mbox: MboxPlace) -> None:
    mbox.parts["101"] = b"From a@b.org Sun Nov 22 10:00:00 2026\nX-Number: 101\nFrom: anna.berg@example.org\n\nb\n\n"
    mbox.save()
    todo = work(mbox, delete=["101", "1"])
    for number in ("101", "1"):
        mbox.parts[number] = mbox.parts[number].replace(b"X-Number", b"Status: RO\nX-Number", 1)
    mbox.save()
    assert drift(mbox.driver(), todo) == []


@pytest.mark.parametrize("how", ["dotlock", "fcntl", "flock"])
def test_an_mbox_that_a_mail_program_holds(mbox: MboxPlace, how: str) -> None:
    todo = work(mbox, delete=["1"])
    before = mbox.dump()
    lock = mbox.path.with_name("support.mbox.lock")
    with mbox.path.open("r+b") as file:
        if how == "dotlock":
            lock.write_text("1")
        elif how == "flock":
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            whole = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, whole)
        with pytest.raises(LockedError):
            apply(mbox.driver(), todo)
    assert mbox.dump() == before and lock.exists() == (how == "dotlock")
    lock.unlink(missing_ok=True)
    assert apply(mbox.driver(), todo).deleted == 1


def test_the_locks_are_held_while_it_is_rewritten_and_a_dead_run_s_lock_is_taken_away(mbox: MboxPlace) -> None:
    lock = mbox.path.with_name("support.mbox.lock")
    lock.write_bytes(b"1 dsr-desk\n")
    todo = work(mbox, delete=["1"])
    seen = []

    def at_commit(_: object) -> None:
        seen.append(lock.exists())
        with mbox.path.open("r+b") as file, pytest.raises(BlockingIOError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    assert mbox.driver().apply(todo, Run(None, at_commit)).deleted == 1
    assert seen == [True] and not lock.exists()


def test_mail_that_comes_while_it_is_rewritten_is_not_lost(mbox: MboxPlace) -> None:
    todo = work(mbox, delete=["1"])
    with pytest.raises(LockedError):
        mbox.driver().apply(todo, Run(None, lambda _: mbox.add("100", OTHER)))
    assert set(mbox.parts) >= {"1", "100"} and mbox.dump() == b"".join(mbox.parts.values())


def test_what_is_no_mbox(mbox: MboxPlace, tmp_path: Path) -> None:
    mbox.path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(UnreachableError):
        mbox.driver().schema()
    mbox.path.write_bytes(b"")
    assert every(mbox.driver()) == {}
    mbox.path.unlink()
    with pytest.raises(UnreachableError):
        every(mbox.driver())
    mbox.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        every(mbox.driver())


def test_an_old_copy_beside_an_mbox_is_named(mbox: MboxPlace) -> None:
    (mbox.folder / "support.mbox.bak").write_bytes(mbox.dump())
    (found,) = mbox.driver().residue([b"likes tea"], Cancel())
    assert (found.where, found.count) == ("support.mbox.bak", 1)


@pytest.mark.parametrize("block", [3000, 4096, 5001])
def test_messages_across_the_blocks_that_are_read(mbox: MboxPlace, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(100, 120):
        mbox.add(str(n), OTHER.replace(b"other", str(n).encode()) + b"x" * n * 7 + b"\n")
    expected = set(every(mbox.driver()))
    assert len(expected) == 28
    monkeypatch.setattr(mbox_index, "_BLOCK", block)
    assert set(every(mbox.driver())) == expected


# -- maildir ------------------------------------------------------------------------------------------------------------


def test_a_message_that_its_reader_renames_is_the_same(maildir: MaildirPlace) -> None:
    todo = work(maildir, delete=["1", "2"])
    file = maildir.file(maildir.keys["1"])
    file.rename(maildir.folder / "Maildir" / "cur" / f"{file.name.partition(':')[0]}:2,S")
    assert drift(maildir.driver(), todo) == []
    assert apply(maildir.driver(), todo).deleted == 2
    assert not {"1", "2"} & set(every(maildir.driver()))


def test_folders_indexes_and_unfinished_deliveries(maildir: MaildirPlace) -> None:
    root = maildir.folder / "Maildir"
    for name in (".Archive.2024", ".Entw&APw-rfe", "Plain"):
        for part in ("cur", "new", "tmp"):
            (root / name / part).mkdir(parents=True)
    (root / ".Archive.2024/cur/1.a:2,S").write_bytes(maildir.file(maildir.keys["1"]).read_bytes())
    (root / "dovecot.index.cache").write_bytes(b"\0\0likes tea\0")
    (root / "tmp/half").write_bytes(b"likes tea")
    driver = maildir.driver()
    assert driver.schema().others == ("Archive/2024", "Entwürfe", "Plain")
    found = {r.where: r.count for r in driver.residue([b"likes tea"], Cancel())}
    assert found == {"Archive/2024": 1, "INBOX/dovecot.index.cache": 1, "INBOX/half": 1}


def test_a_link_in_a_maildir_is_no_message(maildir: MaildirPlace) -> None:
    (maildir.folder / "secret").write_bytes(b"X-Number: 100\n\nx")
    (maildir.folder / "Maildir/cur/1.link:2,").symlink_to(maildir.folder / "secret")
    assert "100" not in every(maildir.driver())


def test_keys_that_are_not_the_message_s(maildir: MaildirPlace) -> None:
    collection = replace(table(table="INBOX"), key=("from",))
    maildir.system = replace(maildir.system, collections={"people": collection})
    with pytest.raises(UsageError):
        ids(maildir.driver(), lookup("email", "x@y.org", kind="email"))


def test_a_folder_that_goes_under_the_search(maildir: MaildirPlace) -> None:
    driver = maildir.driver()
    rows = driver.scan(maildir.system.collections["people"], (), Cancel())
    next(rows)
    for file in (maildir.folder / "Maildir").glob("*/*"):
        file.unlink()
    assert list(rows) == []
    (maildir.folder / "Maildir/cur").rmdir()
    with pytest.raises(DeskError):
        every(driver)


def test_no_system_without_a_place(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        MailboxDriver(System("mail", "mailbox"), tmp_path).schema()


def test_drift_error_names_rows(mbox: MboxPlace) -> None:
    todo = work(mbox, delete=["1"])
    mbox.remove("1")
    with pytest.raises(DriftError) as caught:
        apply(mbox.driver(), todo)
    assert caught.value.rows == (todo.steps[0].ref.path,)
