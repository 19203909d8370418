"""The sheet driver over CSV files: every line that nobody planned to change keeps its bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.drivers._file import swap
from dsr_desk.drivers._file.beside import is_copy
from dsr_desk.drivers._file.source import Source
from dsr_desk.drivers._sheet.book import Book
from dsr_desk.drivers._sheet.csv_book import CsvBook
from dsr_desk.drivers._sheet.records import Grammar
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sheet import SheetDriver
from dsr_desk.errors import DeskError, DriftError, LockedError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Watch, Work
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, DriverContract, Place, people, step

DIALECTS = {
    "plain": ("utf-8", ",", "\n"),
    "excel": ("utf-8-sig", ";", "\r\n"),
    "unicode": ("utf-16", "\t", "\r\n"),
    "mac": ("utf-8", "|", "\r"),
}


class CsvPlace(Place):
    """A CSV that the test's own ``csv`` module writes."""

    def __init__(self, folder: Path, encoding: str, delimiter: str, ends: str) -> None:
        self.folder, self.path = folder, folder / "people.csv"
        self.encoding, self.dialect = encoding, {"delimiter": delimiter, "lineterminator": ends}
        self.system = System("place", "sheet", path="people.csv", region="DE", collections={"people": people()})
        self.save([list(COLUMNS), *([v or "" for v in row] for row in PEOPLE)])

    def driver(self) -> SheetDriver:
        return SheetDriver(self.system, self.folder)

    def load(self) -> list[list[str]]:
        with self.path.open(newline="", encoding=self.encoding) as file:
            return list(csv.reader(file, delimiter=self.dialect["delimiter"]))

    def save(self, rows: list[list[str]]) -> None:
        with self.path.open("w", newline="", encoding=self.encoding) as file:
            csv.writer(file, **self.dialect).writerows(rows)  # type: ignore[arg-type]

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.save([*self.load(), [row[name] or "" for name in COLUMNS]])

    def change(self, row: str, column: str, value: str | None) -> None:
        rows = self.load()
        next(r for r in rows if r[0] == row)[COLUMNS.index(column)] = value or ""
        self.save(rows)

    def remove(self, row: str) -> None:
        self.save([r for r in self.load() if r[0] != row])

    def dump(self) -> Any:
        return self.path.read_bytes()


@pytest.fixture(params=DIALECTS)
def place(tmp_path: Path, request: pytest.FixtureRequest) -> CsvPlace:
    return CsvPlace(tmp_path, *DIALECTS[request.param])


class TestCsv(DriverContract):
    pass


# -- helpers for files written by hand ---------------------------------------------------------------------------------


def driver(folder: Path, data: bytes, *fields: str, key: tuple[str, ...] = ("id",), **options: Any) -> SheetDriver:
    (folder / "news.csv").write_bytes(data)
    collection = Collection("news", "letters", key, {name: Field(name) for name in fields})
    return SheetDriver(System("news", "sheet", path="news.csv", options=options, collections={"letters": collection}), folder)


def rows(of: SheetDriver, field: str, *values: str) -> list[Row]:
    asked = Lookup("letters", (field,), tuple((v,) for v in values))
    return [hit.row for batch in of.find([asked], Cancel()) for hit in batch]


def plan(delete: list[Row], change: list[tuple[Row, Mapping[str, Any]]] | None = None, *watches: Watch) -> Work:
    return Work("news", tuple([step(r) for r in delete] + [step(r, w) for r, w in change or []]), watches, KEY)


def carry_out(of: SheetDriver, work: Work) -> bytes:
    assert of.rehearse(work, Cancel()) == []
    of.apply(work, Run(None, lambda _: None))
    return (of.folder / "news.csv").read_bytes()


# -- bytes -------------------------------------------------------------------------------------------------------------


def test_everything_else_keeps_its_bytes(tmp_path: Path) -> None:
    head = b'\xef\xbb\xbfid;"email";note \r\n'
    odd = b'"1";a@x.org;"two\nlines; ""said"" she"\n\r\n;;\r3;c@x.org;5" pipe'
    of = driver(tmp_path, head + b"7;gone@x.org;x\r\n" + odd, "id", "email", "note")
    (seven,), (one,) = rows(of, "id", "7"), rows(of, "id", "1")
    assert one.values == {"id": "1", "email": "a@x.org", "note": 'two\nlines; "said" she'}
    after = carry_out(of, plan([seven], [(one, {"email": None, "note": "a;b"})]))
    assert after == head + b'"1";;"a;b"\n\r\n;;\r3;c@x.org;5" pipe'


def test_a_last_line_without_an_end_goes_alone(tmp_path: Path) -> None:
    of = driver(tmp_path, b"id,email\n1,a\n2,b", "id", "email")
    assert carry_out(of, plan(rows(of, "id", "2"))) == b"id,email\n1,a\n"


def test_an_emptied_single_column_is_still_a_row(tmp_path: Path) -> None:
    of = driver(tmp_path, b"email\na@x.org\nb@x.org\n", "email", key=())
    (row,) = rows(of, "email", "a@x.org")
    assert row.key == {"row": 2}
    assert carry_out(of, plan([], [(row, {"email": None})])) == b'email\n""\nb@x.org\n'


def test_windows_text_needs_the_catalogs_word(tmp_path: Path) -> None:
    data = "id;name\r\n1;Müller\r\n2;Zoë\r\n".encode("cp1252")
    with pytest.raises(UnreachableError, match=r"news.csv, line 2, is not written in utf-8"):
        rows(driver(tmp_path, data, "id", "name"), "id", "1")
    of = driver(tmp_path, data, "id", "name", encoding="cp1252")
    (row,) = rows(of, "name", "Müller")
    (refusal,) = of.rehearse(plan([], [(row, {"name": "Łódź"})]), Cancel())
    assert refusal.field == "name" and "cp1252" in refusal.why and "Łódź" not in refusal.why
    assert carry_out(of, plan([], [(row, {"name": "Größe"})])) == data.replace("Müller".encode("cp1252"), "Größe".encode("cp1252"))


def test_an_encoding_that_is_not_reversible_is_refused(tmp_path: Path) -> None:
    data = b"id,name\n1,+AGE-\n2,b\n"  # UTF-7 may write a plain letter the long way
    of = driver(tmp_path, data, "id", "name", encoding="utf-7")
    (refusal,) = of.rehearse(plan(rows(of, "id", "2")), Cancel())
    assert "without changing other lines" in refusal.why
    with pytest.raises(RefusedError):
        of.apply(plan(rows(of, "id", "2")), Run(None, lambda _: None))
    assert (tmp_path / "news.csv").read_bytes() == data


_FIELD = st.text(st.sampled_from('ab,;"\r\n é'), max_size=6)


@given(table=st.lists(st.lists(_FIELD, min_size=1, max_size=4), max_size=6), quoting=st.sampled_from([0, 1]))
def test_records_are_those_of_the_csv_module(table: list[list[str]], quoting: int) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    assert_same_records(out.getvalue())


@given(text=st.text(st.sampled_from('ab,"\r\n'), max_size=30))
def test_records_of_any_text(text: str) -> None:
    assert_same_records(text)


def assert_same_records(text: str) -> None:
    grammar = Grammar(",", '"')
    try:
        raws = [raw for _, _, raw in grammar.records(io.StringIO(text, newline=""), "x.csv")]
    except UnreachableError:
        with pytest.raises(csv.Error):
            list(csv.reader(io.StringIO(text, newline=""), strict=True))
        return
    assert "".join(raws) == text
    ours = [[grammar.value(field) for field in grammar.fields(raw)] for raw in raws]
    theirs = list(csv.reader(io.StringIO(text, newline="")))
    assert [[] if row == [""] and raw.strip("\r\n") == "" else row for row, raw in zip(ours, raws, strict=True)] == theirs


# -- odd files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b'id,email\n1,a\n2,"b\n3,c\n', UnreachableError, "news.csv, line 3: a quote is opened and never closed"),
        (b'id,email\n1,"a\nb"\n2,"c\n', UnreachableError, "news.csv, line 4: a quote is opened"),
        (b"id,email\n1,a\x00b\n", UnreachableError, "news.csv, line 2: a NUL"),
        (b"", UnreachableError, "news.csv is empty"),
        (b"id,mail\n1,a\n", UsageError, "news/letters/email: news.csv has no such column"),
        (b"id,email,email\n1,a,b\n", UsageError, "news/letters/email: news.csv has this column twice"),
        (b"id,email\n1,a\n1,b\n", UsageError, "rows 2 and 3 of news.csv have the same key"),
        (b"PK\x03\x04no zip", UnreachableError, "news.csv is damaged or no workbook"),
        (b"\xd0\xcf\x11\xe0old", UnreachableError, "has a password or is in the old .xls format"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(tmp_path: Path, data: bytes, error: type[DeskError], says: str) -> None:
    with pytest.raises(error) as caught:
        rows(driver(tmp_path, data, "id", "email"), "id", "1", "2", "3")
    assert says in caught.value.message and caught.value.hint


def test_ragged_rows_lose_nothing(tmp_path: Path) -> None:
    of = driver(tmp_path, b"id,email,,note\n1,a\n2,b,c,d,e,,g\n", "id", "email")
    assert [row.values for row in rows(of, "id", "1", "2")] == [
        {"id": "1", "email": "a", "(column 3)": None, "note": None},
        {"id": "2", "email": "b", "(column 3)": "c", "note": "d", "(column 5)": "e", "(column 7)": "g"},
    ]


def test_a_moved_column_is_no_drift_and_a_renamed_one_is_an_error(tmp_path: Path) -> None:
    of = driver(tmp_path, b"id,email,x\n1,a,\n2,b,\n", "id", "email")
    work = plan(rows(of, "id", "1"))
    (tmp_path / "news.csv").write_bytes(b"email;x;id\r\na;;1\r\nb;;2\r\n")
    assert of.check(work, Cancel()) == []
    (tmp_path / "news.csv").write_bytes(b"mail;x;id\r\na;;1\r\nb;;2\r\n")
    with pytest.raises(UsageError):
        of.check(work, Cancel())


def test_equal_rows_are_told_apart_by_their_number(tmp_path: Path) -> None:
    of = driver(tmp_path, b"email\n\nsame\nsame\n", "email", key=())
    found = rows(of, "email", "same")
    assert [row.ref.key for row in found] == [("3",), ("4",)]
    assert carry_out(of, plan(found[1:])) == b"email\n\nsame\n"


def test_quotes_can_be_switched_off(tmp_path: Path) -> None:
    of = driver(tmp_path, b'id\tsize\n1\t"5 inch\n2\tx\n', "id", "size", quote="none")
    (row,) = rows(of, "id", "1")
    assert row.values["size"] == '"5 inch'
    (refusal,) = of.rehearse(plan([], [(row, {"size": "a\tb"})]), Cancel())
    assert refusal.field == "size" and "quotes" in refusal.why


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [("email", "kim@x.org", "\u212aim@x.org"), ("name", "Anna", "Анна"), ("phone", "+49301234567", "＋４９３０１２３４５６７")],
)
def test_other_letters_are_never_sieved_out(tmp_path: Path, kind: str, given: str, stored: str) -> None:
    of = driver(tmp_path, f"id,value\n1,{stored}\n2,other\n".encode(), "id", "value")
    asked = Lookup("letters", ("value",), ((given,),), kind)
    assert [hit.row.values["id"] for batch in of.find([asked], Cancel()) for hit in batch] == ["1"]


def test_needles_leave_out_plain_rows_only(tmp_path: Path) -> None:
    of = driver(tmp_path, "id,name\n1,Anna\n2,Анна\n3,Bob\n".encode(), "id", "name")
    book = CsvBook(of.system, Source(of.system, of.folder))
    assert [row for row, _ in book.rows(of.collection("letters"), ["anna"])] == [2, 3]


ASKED = ["ann@x.org", "b@x.org", "kim.ski@x.org", "o'b@x.org", "jörg@x.org", "a@b@c.org", "@x.org", "ik@x.org"]
WRITTEN = ["ANN@x.org", '"""Ann"" <ann@x.org>"', '"xann@x.org, b@x.org"', "\u212aim.ski@X.org", "JÖRG@x.org", "@", "İk@x.org"]


@given(st.lists(st.sampled_from(ASKED), max_size=6))
def test_many_addresses_find_what_each_alone_finds(asked: list[str]) -> None:
    """So many that the lines are told by what stands before their ``@``."""
    with tempfile.TemporaryDirectory() as folder:
        of = driver(Path(folder), "\n".join(["id,value", *(f"{n},{w}" for n, w in enumerate(WRITTEN))]).encode(), "id", "value")

        def ids(*given: str) -> set[str]:
            lookup = Lookup("letters", ("value",), tuple((v,) for v in given), "email")
            return {hit.row.values["id"] for batch in of.find([lookup], Cancel()) for hit in batch}

        assert ids(*asked, *(f"filler{n}@y.org" for n in range(40))) == set().union(*(ids(v) for v in asked))


def test_only_plain_files_are_opened(tmp_path: Path) -> None:
    of = driver(tmp_path, b"id,email\n1,a\n", "id", "email")
    (tmp_path / "news.csv").rename(tmp_path / "real.csv")
    with pytest.raises(UnreachableError, match=r"news.csv is not there"):
        of.schema()
    (tmp_path / "news.csv").symlink_to("real.csv")
    with pytest.raises(UsageError, match="link"):
        of.schema()
    (tmp_path / "news.csv").unlink()
    (tmp_path / "news.csv").mkdir()
    with pytest.raises(UsageError, match="not a file"):
        of.schema()


# -- swapping in -------------------------------------------------------------------------------------------------------

DATA = b"id,email\n1,a@x.org\n2,b@x.org\n3,c@x.org\n"
AFTER = b"id,email\n2,\n3,c@x.org\n"


@pytest.fixture
def news(tmp_path: Path) -> SheetDriver:
    return driver(tmp_path, DATA, "id", "email")


@pytest.fixture
def work(news: SheetDriver) -> Work:
    watch = Lookup("letters", ("email",), (("a@x.org",),), "email")
    (first,), (second,) = rows(news, "id", "1"), rows(news, "id", "2")
    return plan([first], [(second, {"email": None})], Watch(watch, (first.ref,)))


def test_mode_and_owner_are_kept(news: SheetDriver, work: Work) -> None:
    path = news.folder / "news.csv"
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    before = path.stat()
    carry_out(news, work)
    after = path.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (0o640, before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino


@pytest.mark.parametrize("owner", ["~$news.csv", ".~lock.news.csv#"])
def test_an_open_file_is_left_alone(news: SheetDriver, work: Work, owner: str) -> None:
    (news.folder / owner).touch()
    assert "is open in" in news.rehearse(work, Cancel())[0].why
    with pytest.raises(LockedError, match="is open in"):
        news.apply(work, Run(None, lambda _: None))
    assert (news.folder / "news.csv").read_bytes() == DATA


def test_a_second_name_would_keep_the_old_rows(news: SheetDriver, work: Work) -> None:
    os.link(news.folder / "news.csv", news.folder / "other")
    with pytest.raises(RefusedError, match="second name"):
        news.apply(work, Run(None, lambda _: None))


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda p: _append(p, b"4,d@x.org\n"), LockedError),
        (lambda p: _append(p, b"4,A@x.org\n"), DriftError),
        (lambda p: p.write_bytes(DATA.replace(b"2,b", b"2,x")), DriftError),
        (lambda p: p.write_bytes(DATA[:20]), DriftError),
        (lambda p: p.unlink(), UnreachableError),
    ],
)
def test_a_file_that_changes_at_the_last_moment_is_not_replaced(
    news: SheetDriver, work: Work, change: Callable[[Path], Any], error: type[DeskError]
) -> None:
    path = news.folder / "news.csv"
    with pytest.raises(error):
        news.apply(work, Run(None, lambda _: change(path)))
    assert not path.exists() or path.read_bytes() != AFTER
    assert [p.name for p in news.folder.iterdir() if p != path] == []


def test_a_file_that_changes_while_it_is_compared_is_never_announced(news: SheetDriver, work: Work) -> None:
    class Slow(SheetDriver):
        def _book(self) -> Book:
            book = super()._book()
            _append(self.folder / "news.csv", b"4,d@x.org\n")
            return book

    announced: list[Any] = []
    with pytest.raises(LockedError, match="saved by another program"):
        Slow(news.system, news.folder).apply(work, Run(None, announced.append))
    assert announced == []


def test_a_key_that_is_no_longer_unique_stops_it(news: SheetDriver, work: Work) -> None:
    _append(news.folder / "news.csv", b"1,d@x.org\n")
    with pytest.raises(UsageError, match=r"rows 2 and 5 of news.csv have the same key"):
        news.check(work, Cancel())


def test_another_run_at_work_is_not_disturbed(news: SheetDriver, work: Work) -> None:
    def meanwhile(_: Mapping[str, Any]) -> None:
        with pytest.raises(LockedError, match="Another run"):
            news.apply(work, Run(None, lambda _: None))

    news.apply(work, Run(None, meanwhile))
    assert (news.folder / "news.csv").read_bytes() == AFTER


def _in_child(job: Callable[[], None]) -> int:
    """Run the job in a forked child; gives its wait status."""
    child = os.fork()
    if not child:
        try:
            job()
        except BaseException:  # noqa: BLE001  # the parent sees the status
            os._exit(3)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def test_a_full_disk_leaves_the_file_as_it_was(news: SheetDriver, work: Work) -> None:
    resource = pytest.importorskip("resource", reason="limits of a process are known to POSIX only")

    def job() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        with pytest.raises(UnreachableError):
            news.apply(work, Run(None, lambda _: None))

    assert _in_child(job) == 0
    assert (news.folder / "news.csv").read_bytes() == DATA
    assert [p.name for p in news.folder.iterdir()] == ["news.csv"]


def test_killed_at_any_line_it_ends_right(news: SheetDriver, work: Work) -> None:
    path, journal = news.folder / "news.csv", news.folder.parent / "journal"
    lines = 0
    while True:
        path.write_bytes(DATA)
        journal.unlink(missing_ok=True)
        status = _in_child(lambda n=lines: _killed_after(n, news, work, journal))  # type: ignore[misc]
        assert path.read_bytes() in (DATA, AFTER)
        evidence = json.loads(journal.read_text()) if journal.exists() else None
        done = news.apply(work, Run(evidence, lambda _: None))
        assert (done.deleted, done.changed) == (1, 1)
        assert path.read_bytes() == AFTER
        assert [p.name for p in news.folder.iterdir()] == ["news.csv"]
        if status == 0:
            break
        assert os.WIFSIGNALED(status)
        lines += 1
    assert lines > 30


def _killed_after(lines: int, news: SheetDriver, work: Work, journal: Path) -> None:
    left = lines

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename != swap.__file__:
            return trace if event == "call" else None
        if event == "line":
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
        return trace

    sys.settrace(trace)
    news.apply(work, Run(None, lambda evidence: journal.write_text(json.dumps(evidence)) and None))
    sys.settrace(None)


def test_the_hash_of_the_new_file_proves_the_swap(news: SheetDriver, work: Work) -> None:
    evidence: list[Mapping[str, Any]] = []
    news.apply(work, Run(None, evidence.append))
    assert news.apply(work, Run(evidence[0], lambda _: None)).how == "in-doubt-resolved"


@pytest.mark.parametrize("later", [b"9,z@x.org\n", b""])
def test_a_file_changed_after_the_swap_is_compared_row_by_row(news: SheetDriver, work: Work, later: bytes) -> None:
    evidence: list[Mapping[str, Any]] = []
    news.apply(work, Run(None, evidence.append))
    _append(news.folder / "news.csv", later or b"\n")
    assert news.apply(work, Run(evidence[0], lambda _: None)).how == "already"


def test_a_half_restored_file_is_drift(news: SheetDriver, work: Work) -> None:
    evidence: list[Mapping[str, Any]] = []
    news.apply(work, Run(None, evidence.append))
    (news.folder / "news.csv").write_bytes(DATA.replace(b"b@x.org", b""))
    with pytest.raises(DriftError):
        news.apply(work, Run(evidence[0], lambda _: None))


# -- what is left ------------------------------------------------------------------------------------------------------


def test_old_copies_are_named_and_left_alone(news: SheetDriver, work: Work) -> None:
    (news.folder / "news.csv.bak").write_bytes(DATA)
    (news.folder / "Copy of news.csv").write_bytes(DATA.decode().encode("utf-16"))
    (news.folder / "news (1).csv").write_bytes(b"nothing")
    (news.folder / "newsletter.csv").write_bytes(DATA)
    carry_out(news, work)
    assert [(r.where, r.count) for r in news.residue([b"a@x.org"], Cancel())] == [("Copy of news.csv", 1), ("news.csv.bak", 1)]
    assert (news.folder / "news.csv.bak").read_bytes() == DATA


@pytest.mark.parametrize("name", ["a.csv~", "a.bak", ".a.csv.~1~", "Kopie von a.csv", "a - Copy (2).csv", "a (1).csv"])
def test_names_of_copies(name: str) -> None:
    assert is_copy(name, Path("a.csv"))


@pytest.mark.parametrize("name", ["a 2024.csv", "a2.csv", "abc.csv", "a.xlsx", "b.csv.bak", "a-new.csv"])
def test_names_of_other_files(name: str) -> None:
    assert not is_copy(name, Path("a.csv"))
