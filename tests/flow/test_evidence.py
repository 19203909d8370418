"""Evidence of real requests, and zips that somebody else made."""

from __future__ import annotations

import json
import shutil
import stat
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from dsr_desk.audit.bundle import NAMES
from dsr_desk.audit.bundle_faults import FormError, LargeFileError, StrangeFileError
from dsr_desk.errors import RefusedError, UnreachableError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.evidence import check_bundle
from dsr_desk.flow.proving.bundle_file import EncryptedError
from dsr_desk.flow.reporting.verifier import verifier, verifier_hash
from tests.audit.true_bundles import TRUE
from tests.flow.company import company
from tests.flow.world import World, approved

VALUES = (b"ann@x.org", b"Ann Lee", b"+49301111111", b"Long Acre", b"ben@x.org", b"Ben Orr")


def a_page(html: str, path: Path, title: str, footer: str, paper: str) -> int:
    path.write_bytes(b"%PDF-1.4\n" + html.encode("utf-8"))
    return 1


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    made = company(world).desk()
    made._to_pdf = a_page
    with made.workspace:
        yield made


@pytest.fixture
def erased(desk: Desk) -> str:
    ref = approved(desk, "email=ann@x.org")
    desk.apply(ref)
    desk.verify(ref)
    return ref


def unpacked(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_the_evidence_of_an_erasure_holds_and_names_nobody(desk: Desk, erased: str, tmp_path: Path) -> None:
    desk.quick_search([("email", "ben@x.org")])
    made = desk.evidence(erased, tmp_path / "out" / "e.zip")
    verdict = desk.check_bundle(made.path)
    assert verdict.ok, verdict.sentence
    assert made.password == ""
    assert made.sha256 == sha256(made.path.read_bytes()).hexdigest()
    assert made.verifier_sha256 == verdict.verifier == verifier_hash() == sha256(verifier()).hexdigest()
    files = unpacked(made.path)
    assert {e["type"] for e in json.loads(files["plan.json"])} == {"plan.make", "plan.approve"}
    assert {e["type"] for e in json.loads(files["result.json"])} >= {"step.intent", "step.done"}
    assert [value for value in VALUES for data in files.values() if value in data] == []
    trail = [json.loads(line) for line in files["trail.jsonl"].splitlines()]
    with desk.workspace.read() as tx:
        case = tx.request(erased).case
        mine = [e.raw for e in tx.entries() if e.body.get("case") == case or e.type.startswith(("log.", "key.", "policy."))]
    assert files["trail.jsonl"] == b"".join(raw + b"\n" for raw in mine)
    assert trail[-1]["type"] == "evidence.make"
    assert verdict.checkpoint.splitlines()[1] == str(made.entry)
    assert desk.verify_trail(lambda done, total: None, against=[files["checkpoint.txt"].decode()]).ok
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600 or sys.platform == "win32"


@pytest.mark.parametrize("act", ["evidence", "receipt"])
@pytest.mark.parametrize("place", ["a file", "a folder that is closed"])
def test_nothing_is_recorded_as_made_where_nothing_can_be_written(
    desk: Desk, erased: str, tmp_path: Path, act: str, place: str
) -> None:
    folder = tmp_path / "out"
    if place == "a file":
        folder.write_bytes(b"")
    elif Path("/proc/self").exists():
        folder = Path("/proc")  # closed even to root
    else:
        folder.mkdir(mode=0o500)
    with pytest.raises(UnreachableError, match="nothing was made"):
        getattr(desk, act)(erased, folder / "x.zip")
    assert [e.type for e in desk.entries()][-1] == "act.refused"
    assert f"{act}.make" not in [e.type for e in desk.entries()]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_anybody_can_run_its_script(desk: Desk, erased: str, tmp_path: Path) -> None:
    for name, made in (
        ("evidence", desk.evidence(erased, tmp_path / "e.zip")),
        ("receipt", desk.receipt(erased, tmp_path / "r.zip")),
    ):
        with zipfile.ZipFile(made.path) as archive:
            archive.extractall(tmp_path / name)
        folder = tmp_path / name
        assert {p.name for p in folder.iterdir()} <= set(NAMES)
        done = subprocess.run([sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert desk.check_bundle(folder).checkpoint in done.stdout
        (folder / "README.txt").write_bytes(b"else\n")
        done = subprocess.run([sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (1, "It does not hold: README.txt is not the file that the manifest names.\n")


def test_the_opened_variant_says_whose_case_it_is_under_a_password(desk: Desk, erased: str, tmp_path: Path) -> None:
    made = desk.evidence(erased, tmp_path / "o.zip", opened=True)
    data = made.path.read_bytes()
    assert b"ann@x.org" not in data
    verdict = desk.check_bundle(made.path, made.password)
    assert verdict.ok
    assert verdict.identifiers == (("email", "ann@x.org"),)
    assert made.password not in repr(made)
    for wrong in ("", "wrong"):
        with pytest.raises(EncryptedError):
            desk.check_bundle(made.path, wrong)


def test_a_receipt_opens_ones_own_entry_and_nobody_elses(desk: Desk, erased: str, tmp_path: Path) -> None:
    desk.add_identifier(erased, "phone", "+49301111111") if desk.request(erased).stage != "closed" else None
    made = desk.receipt(erased, tmp_path / "r.zip")
    verdict = check_bundle(made.path)
    assert (verdict.ok, verdict.kind, verdict.identifiers) == (True, "receipt", (("email", "ann@x.org"),))
    files = unpacked(made.path)
    types = [json.loads(line)["type"] for line in files["trail.jsonl"].splitlines()]
    assert types == ["log.open", "key.add", "case.open", "receipt.make"]
    with desk.workspace.read() as tx:
        assert json.loads(files["opened.json"])["k_commit"] == tx.keys(erased).commit.hex()
        vault = tx.keys(erased).vault.hex().encode()
    assert all(vault not in data for data in files.values())


def test_there_is_no_receipt_over_a_list_of_people(desk: Desk, tmp_path: Path) -> None:
    people = tmp_path / "people.txt"
    people.write_text("email=ann@x.org\nemail=ben@x.org\n", "utf-8")
    from datetime import date

    ref = desk.open_list("erasure", people, date.today(), by_controller=True).ref
    with pytest.raises(RefusedError, match="list of people"):
        desk.receipt(ref, tmp_path / "r.zip")
    assert not (tmp_path / "r.zip").exists()
    made = desk.evidence(ref, tmp_path / "o.zip", opened=True)
    assert set(desk.check_bundle(made.path, made.password).identifiers) == {("email", "ann@x.org"), ("email", "ben@x.org")}


def test_nothing_is_overwritten_and_bad_names_record_nothing(desk: Desk, erased: str, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_bytes(b"mine")
    before = len(desk.entries())
    for name in ("there.zip", "evidence.pdf"):
        for write in (desk.evidence, desk.receipt):
            with pytest.raises(UsageError):
                write(erased, tmp_path / name)
    assert (tmp_path / "there.zip").read_bytes() == b"mine"
    assert len(desk.entries()) == before


def test_entries_before_the_bundle_are_all_in_it_and_later_ones_in_the_next(desk: Desk, erased: str, tmp_path: Path) -> None:
    first = desk.check_bundle(desk.evidence(erased, tmp_path / "1.zip").path)
    second = desk.check_bundle(desk.evidence(erased, tmp_path / "2.zip").path)
    assert second.entries == first.entries + 1
    assert first.case == second.case


# -- zips that somebody else made ------------------------------------------------------------------------------------------


FILES = TRUE["erasure"]().written()


def zipped(path: Path, entries: list[tuple[str, bytes]], mode: int = 0) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # that a name stands in it twice is just what is tested
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, mode << 16
            archive.writestr(info, data)
    return path


def within(folder: str = "evidence/") -> list[tuple[str, bytes]]:
    return [(folder + name, data) for name, data in sorted(FILES.items())]


@pytest.mark.parametrize("folder", ["", "evidence/", "evidence-DSR-2026-0001/"])
def test_a_zip_may_have_one_folder_or_none(folder: str, tmp_path: Path) -> None:
    assert check_bundle(zipped(tmp_path / "b.zip", within(folder))).ok
    assert check_bundle(zipped(tmp_path / "f.zip", [(folder, b""), *within(folder)] if folder else within())).ok


STRANGE = {
    "a name that leads out of the folder": [*within(), ("evidence/../../etc/passwd", b"x")],
    "a known name that leads out of the folder": [*within()[1:], ("../README.txt", FILES["README.txt"])],
    "an absolute name": [("/README.txt", b"x"), *within()],
    "a drive": [("C:/README.txt", b"x")],
    "a backslash": [("evidence\\..\\README.txt", b"x"), *within()],
    "two folders": [*within("a/")[:5], *within("b/")[5:]],
    "a folder in the folder": [*within(), ("evidence/more/README.txt", b"x")],
    "a file of another name": [*within(), ("evidence/run.sh", b"x")],
    "a file twice": [*within(), ("evidence/README.txt", FILES["README.txt"])],
    "a file twice, the second another": [*within(), ("evidence/trail.jsonl", b"x")],
    "no files": [],
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_zip_with_what_no_bundle_has(what: str, tmp_path: Path) -> None:
    verdict = check_bundle(zipped(tmp_path / "b.zip", STRANGE[what]))
    assert isinstance(verdict.fault, StrangeFileError) or (what == "no files" and verdict.fault is not None)
    assert verdict.sentence.endswith(".")
    assert not (tmp_path.parent / "README.txt").exists()


def test_a_zip_of_links(tmp_path: Path) -> None:
    verdict = check_bundle(zipped(tmp_path / "b.zip", within(), stat.S_IFLNK | 0o777))
    assert isinstance(verdict.fault, StrangeFileError)


def test_a_zip_that_blows_up(tmp_path: Path) -> None:
    huge = zipped(tmp_path / "b.zip", [*within()[1:], ("evidence/README.txt", bytes((1 << 25) + 1))])
    assert huge.stat().st_size < 1 << 18
    assert isinstance(check_bundle(huge).fault, LargeFileError)


def test_a_zip_that_lies_about_how_much_is_in_it(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "b.zip", [*within()[1:], ("evidence/README.txt", bytes((1 << 25) + 1))])
    data = bomb.read_bytes()
    size = struct.pack("<I", (1 << 25) + 1)
    assert data.count(size) == 2
    bomb.write_bytes(data.replace(size, struct.pack("<I", 10)))
    assert not check_bundle(bomb).ok


@pytest.mark.parametrize(
    "break_it",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[100:],
        lambda data: b"PK\3\4" + bytes(100),
        lambda data: b"",
        lambda data: zlib.compress(data),
        lambda data: data[:200] + bytes([data[200] ^ 255]) * 20 + data[220:],
    ],
)
def test_what_is_no_zip_or_a_broken_one(break_it: Callable[[bytes], bytes], tmp_path: Path) -> None:
    good = zipped(tmp_path / "g.zip", within()).read_bytes()
    bad = tmp_path / "b.zip"
    bad.write_bytes(break_it(good))
    verdict = check_bundle(bad)
    assert isinstance(verdict.fault, FormError | StrangeFileError)


def test_no_broken_byte_of_a_zip_ends_in_anything_but_a_sentence(tmp_path: Path) -> None:
    """Each byte of the directory and of the first headers another one, one by one: refused, or the same files all the same."""
    good = zipped(tmp_path / "g.zip", within()).read_bytes()
    start, bad = good.index(b"PK\1\2"), tmp_path / "b.zip"
    for at in (*range(120), *range(start, len(good))):
        bad.write_bytes(good[:at] + bytes([good[at] ^ (1, 32, 255)[at % 3]]) + good[at + 1 :])
        with suppress(EncryptedError, UnreachableError):
            assert check_bundle(bad).sentence.endswith(".")


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        check_bundle(tmp_path / "nothing.zip")
