"""The driver for folders of files: what is a record, what is found in it, and what is deleted."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.drivers._folder import file as file_module
from dsr_desk.drivers._folder import tree
from dsr_desk.drivers._rows.driver import MovedError
from dsr_desk.drivers._texts.reading import LARGEST_FILE
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.folder import FolderDriver
from dsr_desk.errors import CancelledError, DriftError, LockedError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Lookup, Row, RowRef
from dsr_desk.model.plan import Work
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, OneByOneContract, Place, people, step


class FolderPlace(Place):
    """A folder with a JSON document a person."""

    writes = False

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "letters"
        (self.root / "people").mkdir(parents=True)
        listed = people(names={name: f"data.{name}" for name in COLUMNS}, key="path")
        self.system = System("place", "folder", path="letters", region="DE", collections={"people": listed})
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> FolderDriver:
        return FolderDriver(self.system, self.folder)

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.file(str(row["id"])).write_text(json.dumps(row))

    def change(self, row: str, column: str, value: str | None) -> None:
        record = json.loads(self.file(row).read_text())
        self.file(row).write_text(json.dumps({**record, column: value}))

    def remove(self, row: str) -> None:
        self.file(row).unlink()

    def file(self, row: str) -> Path:
        return self.root / "people" / f"{row}.json"

    def dump(self) -> Any:
        return everything(self.root)


def everything(root: Path) -> dict[str, Any]:
    """Every name below a folder, with what it is and when it was changed."""
    found = {}
    for at, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(at, name)
            about = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
            found[str(path)] = (about.st_mode, about.st_mtime_ns, about.st_ino, about.st_nlink, content)
    return found


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path)


class TestFolder(OneByOneContract):
    pass


# -- what lies in a folder ---------------------------------------------------------------------------------------------

TEXT = Lookup("files", ("text",), (("anna.berg@example.org",),), "email", mention=True)


def files(folder: Path, table: str = "", pattern: str = "", **options: Any) -> FolderDriver:
    (folder / "letters").mkdir(exist_ok=True)
    fields = {"path": Field("path"), "text": Field("text", mentions=True)}
    more = {"pattern": pattern} if pattern else {}
    collection = Collection("post", "files", ("path",), fields, table=table, options=more)
    return FolderDriver(System("post", "folder", path="letters", options=options, collections={"files": collection}), folder)


def found(of: FolderDriver, *asked: Lookup) -> dict[str, Row]:
    return {hit.row.values["path"]: hit.row for batch in of.find(asked or [TEXT], Cancel()) for hit in batch}


def erase(of: FolderDriver, *rows: Row) -> None:
    todo = Work("post", tuple(map(step, rows)), (), KEY)
    assert of.rehearse(todo, Cancel()) == []
    assert of.apply(todo, Run(None, lambda _: None)).deleted == len(rows)


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe.txt",
        b"a\nb.txt",
        "\u202efdp.txt".encode(),
        b"-rf",
        b".hidden",
        b"a,b%2F.txt",
        b" ",
        b"x" * 255,
        b"'; rm *",
        "n\u0303".encode(),
    ],
)
def test_names_of_all_kinds_are_found_and_deleted(tmp_path: Path, name: bytes) -> None:
    driver = files(tmp_path)
    inside = tmp_path / "letters" / "deep"
    inside.mkdir()
    (inside / os.fsdecode(name)).write_bytes(b"anna.berg@example.org")
    (row,) = found(driver).values()
    assert RowRef.parse(row.ref.path) == row.ref
    erase(driver, row)
    assert list(inside.iterdir()) == []


def test_links_pipes_and_sockets_are_never_followed_and_are_counted(tmp_path: Path) -> None:
    driver = files(tmp_path)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("anna.berg@example.org")
    (tmp_path / "letters" / "link.txt").symlink_to(tmp_path / "outside" / "a.txt")
    (tmp_path / "letters" / "linked").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "letters" / "pipe.txt")
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(tmp_path / "letters" / "s"))
        assert found(driver) == {}
        limits = " ".join(driver.schema().limits)
    assert "2 links are not followed" in limits and "2 devices, pipes or sockets" in limits


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/passwd", "a/../../outside.txt", "linked/a.txt", "", "a//b", "."])
def test_a_key_never_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    driver = files(tmp_path)
    (tmp_path / "outside.txt").write_text("x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("x")
    (tmp_path / "letters" / "linked").symlink_to(tmp_path / "out")
    collection = driver.collection("files")
    assert driver.get(collection, {"path": path}) is None
    digest = hashlib.sha256(b"x").hexdigest()
    with pytest.raises(MovedError):
        driver.delete(collection, Row(RowRef("post", "files", (path,)), {"path": path}, {"sha256": digest}))
    assert (tmp_path / "outside.txt").exists() and (tmp_path / "out" / "a.txt").exists()


def test_a_folder_that_becomes_a_link_between_search_and_deletion_leads_nowhere(tmp_path: Path) -> None:
    driver = files(tmp_path)
    (tmp_path / "letters" / "in").mkdir()
    (tmp_path / "letters" / "in" / "a.txt").write_text("anna.berg@example.org")
    (row,) = found(driver).values()
    (tmp_path / "letters" / "in").rename(tmp_path / "moved")
    (tmp_path / "letters" / "in").symlink_to(tmp_path / "moved")
    with pytest.raises(DriftError):
        driver.apply(Work("post", (step(row),), (), KEY), Run(None, lambda _: None))
    with pytest.raises(MovedError):
        driver.delete(driver.collection("files"), row)
    assert (tmp_path / "moved" / "a.txt").exists()


@pytest.mark.parametrize("become", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_any_more_is_gone_and_stays_closed(tmp_path: Path, become: Callable[[Path], None]) -> None:
    driver = files(tmp_path)
    there = tmp_path / "letters" / "a.txt"
    there.write_text("anna.berg@example.org")
    (row,) = found(driver).values()
    there.unlink()
    become(there)
    opened = os.dup(0)
    os.close(opened)
    for _ in range(5):
        assert driver.get(driver.collection("files"), {"path": row.ref.key[0]}) is None
    after = os.dup(0)
    os.close(after)
    assert after == opened, "a file was left open"
    with pytest.raises(DriftError):
        driver.apply(Work("post", (step(row),), (), KEY), Run(None, lambda _: None))


def test_links_are_named_beside_a_proof(tmp_path: Path) -> None:
    """A folder that was replaced by a link to its copy is searched no more: the proof says so."""
    driver = files(tmp_path)
    assert driver.residue([b"anna.berg@example.org"], Cancel()) == []
    (tmp_path / "letters" / "linked").symlink_to(tmp_path)
    (told,) = driver.residue([b"anna.berg@example.org"], Cancel())
    assert (told.where, told.count) == ("1 link", 0) and "not searched" in told.why


def test_without_open_folders_it_does_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_BY_FOLDER", False)  # as on Windows
    test_links_pipes_and_sockets_are_never_followed_and_are_counted(tmp_path)
    (tmp_path / "letters" / "deep").mkdir()
    (tmp_path / "letters" / "deep" / "a.txt").write_text("anna.berg@example.org")
    driver = files(tmp_path)
    erase(driver, *found(driver).values())
    assert not (tmp_path / "letters" / "deep" / "a.txt").exists()
    assert driver.get(driver.collection("files"), {"path": "linked/a.txt"}) is None


# -- what can't be read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.pdf", "b.docx", "c.jpg"])
def test_an_unread_file_is_no_empty_answer(tmp_path: Path, name: str) -> None:
    driver = files(tmp_path)
    (tmp_path / "letters" / "fine.txt").write_text("anna.berg@example.org")
    (tmp_path / "letters" / name).write_bytes({"a": b"%PDF-1.4", "b": b"PK\x03\x04 broken", "c": b"\xff\xd8\xff\0\1\2"}[name[0]])
    rows: list[Any] = []
    with pytest.raises(UnreachableError) as caught:
        for batch in driver.find([TEXT], Cancel()):
            rows += batch
    assert name in caught.value.message and "by_hand" in caught.value.hint and len(rows) == 1
    assert set(found(driver, Lookup("files", ("name",), ((name,),)))) == {name}  # its name needs no text
    agreed = files(tmp_path, by_hand=[f"**/{name}"])
    assert set(found(agreed)) == {"fine.txt"}
    assert any(name in limit for limit in agreed.schema().limits)


def test_a_huge_file_is_named_and_never_stands_in_memory(tmp_path: Path) -> None:
    driver = files(tmp_path)
    with (tmp_path / "letters" / "huge.txt").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    tracemalloc.start()
    with pytest.raises(UnreachableError, match="larger than 64 MB"):
        found(driver)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


def test_a_folder_that_may_not_be_read_ends_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = files(tmp_path)
    (tmp_path / "letters" / "shut").mkdir()
    opens = os.open

    def shut(path: Any, *given: Any, **more: Any) -> int:
        if path == "shut":
            raise PermissionError(13, "anna.berg@example.org")
        return opens(path, *given, **more)

    monkeypatch.setattr(tree.os, "open", shut)
    with pytest.raises(LockedError) as caught:
        found(driver)
    assert "anna" not in caught.value.diagnostics()


def test_a_folder_that_goes_is_named(tmp_path: Path) -> None:
    driver = files(tmp_path, table="invoices")
    with pytest.raises(UsageError, match="no folder for files"):
        found(driver)
    gone = files(tmp_path, table="**/*.txt")
    (tmp_path / "letters").rmdir()
    with pytest.raises(UnreachableError, match="letters"):
        found(gone)


# -- which files, and what their paths say -----------------------------------------------------------------------------


def test_the_path_has_fields_and_misfits_are_said(tmp_path: Path) -> None:
    driver = files(tmp_path, pattern="{customer}/**/{name}")
    for path in ("1007/a.txt", "1008/2024/b.txt", "loose.txt"):
        (tmp_path / "letters" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "letters" / path).write_text("x")
    assert set(found(driver, Lookup("files", ("customer",), ((1008,),)))) == {"1008/2024/b.txt"}
    assert any("loose.txt" in limit for limit in driver.schema().limits)
    assert driver.count(["files"], Cancel()) == {"files": 3}


@pytest.mark.parametrize(
    ("table", "has", "lacks"),
    [
        ("**/*.pdf", ["a.pdf", "x/y/A.PDF"], ["a.pdf~", "pdf"]),
        ("in/*.txt", ["in/a.txt"], ["in/b/a.txt", "a.txt"]),
        ("in", ["in/a", "in/b/c"], ["inn/a", "in"]),
        ("in/[!.]*", ["in/a"], ["in/.a", "in/a/b"]),
        ("a+(b).txt*", ["a+(b).txt"], ["aab.txt"]),
    ],
)
def test_patterns(tmp_path: Path, table: str, has: list[str], lacks: list[str]) -> None:
    driver = files(tmp_path, table=table)
    (tmp_path / "letters" / "in").mkdir()
    places = driver._places(driver.collection("files"))
    assert [p for p in (*has, *lacks) if places.has(p)] == has


def test_only_names_are_read_where_names_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = files(tmp_path)
    for name in "abc":
        (tmp_path / "letters" / f"{name}.txt").write_text("x")
    opened: list[str] = []
    monkeypatch.setattr(tree.Tree, "open", _noted(tree.Tree.open, opened))
    assert set(found(driver, Lookup("files", ("name",), (("b.txt",),)))) == {"b.txt"}
    assert opened == ["b.txt"]


def _noted(opens: Any, opened: list[str]) -> Any:
    def note(self: Any, path: str) -> Any:
        opened.append(path)
        return opens(self, path)

    return note


# -- deleting ----------------------------------------------------------------------------------------------------------


def test_a_second_name_is_refused_before_and_at_the_deletion(tmp_path: Path) -> None:
    driver = files(tmp_path)
    (tmp_path / "letters" / "a.txt").write_text("anna.berg@example.org")
    (row,) = found(driver).values()
    os.link(tmp_path / "letters" / "a.txt", tmp_path / "other")
    todo = Work("post", (step(row),), (), KEY)
    (refusal,) = driver.rehearse(todo, Cancel())
    assert "hard link" in refusal.why and refusal.cure
    with pytest.raises(RefusedError):
        driver.apply(todo, Run(None, lambda _: None))
    assert (tmp_path / "letters" / "a.txt").exists()


@pytest.mark.parametrize("marks", [5, 4])
def test_a_file_replaced_while_it_is_compared_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marks: int) -> None:
    identity = file_module._identity
    monkeypatch.setattr(file_module, "_identity", lambda about: identity(about)[:marks])  # not every drive notes changes of a name
    driver = files(tmp_path)
    path = tmp_path / "letters" / "a.txt"
    path.write_text("anna.berg@example.org")
    (row,) = found(driver).values()
    read = file_module._read

    def replaced(*given: Any) -> Any:
        result = read(*given)
        (tmp_path / "new").write_text("somebody else's")
        (tmp_path / "new").replace(path)
        return result

    monkeypatch.setattr(file_module, "_read", replaced)
    with pytest.raises(MovedError):
        driver.delete(driver.collection("files"), row)
    assert path.read_text() == "somebody else's"


def test_the_folder_is_written_to_the_disk_after_a_deletion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = files(tmp_path)
    (tmp_path / "letters" / "a.txt").write_text("anna.berg@example.org")
    rows = found(driver).values()
    calls: list[str] = []
    unlink, fsync = os.unlink, os.fsync
    monkeypatch.setattr(os, "unlink", lambda *a, **k: (calls.append("unlink"), unlink(*a, **k))[1])
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append("fsync"), fsync(fd))[1])
    erase(driver, *rows)
    assert calls == ["unlink", "fsync"]


def test_one_file_in_two_collections_is_refused(tmp_path: Path) -> None:
    driver = files(tmp_path, table="**/*")
    both = {"files": driver.collection("files"), "all": replace(driver.collection("files"), name="all")}
    driver = FolderDriver(replace(driver.system, collections=both), tmp_path)
    (tmp_path / "letters" / "a.txt").write_text("anna.berg@example.org")
    rows = [hit.row for batch in driver.find([TEXT, replace(TEXT, collection="all")], Cancel()) for hit in batch]
    (refusal,) = driver.rehearse(Work("post", tuple(map(step, rows)), (), KEY), Cancel())
    assert refusal.collection == "all" and "files" in refusal.why


# -- what is left ------------------------------------------------------------------------------------------------------


def test_copies_that_no_search_looks_into_are_named(tmp_path: Path) -> None:
    driver = files(tmp_path, table="*.txt")
    letters = tmp_path / "letters"
    (letters / "a.txt~").write_text("to anna.berg@example.org and anna.berg@example.org")
    (letters / ".a.txt.swp").write_bytes("anna.berg@example.org".encode("utf-16-le"))
    with zipfile.ZipFile(letters / "copy.docx", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", "<d>" + "anna.berg" * 3 + "<t> anna.berg@example.org</t></d>")
    (letters / "anna.berg@example.org").mkdir()
    (letters / "other.bin").write_bytes(b"\0\1\2")
    left = {(r.where, r.count) for r in driver.residue([b"anna.berg@example.org"], Cancel())}
    assert left == {("a.txt~", 2), (".a.txt.swp", 1), ("copy.docx", 1), ("…", 1)}
    assert driver.residue([], Cancel()) == []


def test_all_folders_are_named_to_begin_with(tmp_path: Path) -> None:
    driver = files(tmp_path)
    for path in ("in/a.txt", "out/deep/b.txt", "loose.txt"):
        (tmp_path / "letters" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "letters" / path).write_text("x")
    empty = FolderDriver(replace(driver.system, collections={}), tmp_path)
    assert empty.schema().others == ("*", "in", "out")
    named = {"in": Collection("post", "in", (), {}), "*": Collection("post", "*", (), {})}
    live = FolderDriver(replace(driver.system, collections=named), tmp_path).schema().collections
    assert {"path", "text", "sha256", "modified"} <= set(live["in"].columns) and set(live) == {"in", "*"}


def test_a_walk_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    driver = files(tmp_path)
    for name in "abc":
        (tmp_path / "letters" / f"{name}.txt").write_text("anna.berg@example.org")
    cancel = Cancel()
    seen = 0
    with pytest.raises(CancelledError):
        for _ in driver.scan(driver.collection("files"), [TEXT], cancel):
            seen += 1
            cancel.cancel()
    assert seen == 1
