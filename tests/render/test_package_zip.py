"""A package under a password: what stands outside says nothing, and what is inside is what it should be."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
from pathlib import Path

import pytest
from pyzipper import AESZipFile

from dsr_desk.errors import UsageError
from dsr_desk.render.files import Draft
from dsr_desk.render.package import write_package
from dsr_desk.render.package_zip import new_password, zip_draft
from tests.render.people_data import ABOUT, CUSTOMER, texts

ALL = ("json", "csv", "html", "xlsx", "xml")
PASSWORD = "k7mw-pq3f-77xa-bcde-fghj-2345"


def opened_zip(path: Path, password: str = PASSWORD) -> dict[str, bytes]:
    with AESZipFile(path) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def test_one_zip_with_neutral_names_and_nothing_plain(tmp_path: Path) -> None:
    written = write_package([CUSTOMER], ABOUT, tmp_path, ALL, PASSWORD)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["DSR-2026-0112-read-me.txt", "DSR-2026-0112.zip"]
    assert {w.path for w in written} == set(tmp_path.iterdir())
    inside = opened_zip(tmp_path / "DSR-2026-0112.zip")
    assert {"information.html", "information.json", "read-me.txt", "manifest.json"} < set(inside)
    for name in inside:
        assert re.fullmatch(r"\d\d\.(html|csv|json|xlsx|xml)|information\.(html|json)|read-me\.txt|manifest\.json", name)
    for path in tmp_path.iterdir():
        raw = path.read_bytes()
        for secret in ("Siobhán", "Customer", "customers", "shop", "1986", PASSWORD):
            assert secret.encode() not in raw, (path.name, secret)
    assert "7-Zip" in (tmp_path / "DSR-2026-0112-read-me.txt").read_text("utf-8-sig")


def test_the_map_in_the_zip_says_what_each_file_is(tmp_path: Path) -> None:
    write_package([CUSTOMER, *texts("z" * 40_000)], ABOUT, tmp_path, ALL, PASSWORD)
    inside = opened_zip(tmp_path / "DSR-2026-0112.zip")
    told = {f["name"]: f for f in json.loads(inside["manifest.json"])["files"]}
    assert set(told) == set(inside) - {"manifest.json"}
    for name, file in told.items():
        assert (hashlib.sha256(inside[name]).hexdigest(), len(inside[name])) == (file["sha256"], file["bytes"])
    long = next(n for n, f in told.items() if f["what"].startswith("A long text of"))
    assert inside[long].decode("utf-8-sig") == "z" * 40_000
    (table,) = [n for n in inside if n.endswith("csv") and long.encode() in inside[n]]
    assert told[table]["what"] == "Shop: Notes"


def test_a_wrong_password_opens_nothing(tmp_path: Path) -> None:
    write_package([CUSTOMER], ABOUT, tmp_path, ["json"], PASSWORD)
    for wrong in (PASSWORD[:-1] + "6", "", PASSWORD.upper()):
        with pytest.raises(RuntimeError):
            opened_zip(tmp_path / "DSR-2026-0112.zip", wrong)


def test_no_checksum_of_what_is_inside_stands_outside(tmp_path: Path) -> None:
    """AE-1 writes the CRC of the plain bytes, by which a guess at a small file can be proved."""
    write_package([CUSTOMER], ABOUT, tmp_path, ALL, PASSWORD)
    with AESZipFile(tmp_path / "DSR-2026-0112.zip") as archive:
        assert {(i.CRC, i.wz_aes_version, i.wz_aes_strength) for i in archive.infolist()} == {(0, 2, 3)}


def test_the_zip_is_opened_again_and_compared() -> None:
    right = [Draft("01.json", b"[1]", "", lambda _: None), Draft("02.json", b"[2]", "", lambda _: None)]
    good = zip_draft("a.zip", right, PASSWORD)
    good.check(good.data)
    others = {
        "another password": zip_draft("a.zip", right, PASSWORD + "x"),
        "a file less": zip_draft("a.zip", right[:1], PASSWORD),
        "another file": zip_draft("a.zip", [right[0], Draft("02.json", b"[3]", "", lambda _: None)], PASSWORD),
        "other names": zip_draft("a.zip", [right[0], Draft("03.json", b"[2]", "", lambda _: None)], PASSWORD),
        "cut": Draft("a.zip", good.data[:-9], "", lambda _: None),
    }
    first = 30 + len("01.json") + 11  # the bytes of the first file: salt, what is encrypted, its seal
    for n in range(first, good.data.index(b"PK\x03\x04", first)):
        others[f"bit {n}"] = Draft("a.zip", good.data[:n] + bytes([good.data[n] ^ 1]) + good.data[n + 1 :], "", lambda _: None)
    for what, other in others.items():
        try:
            good.check(other.data)
        except ValueError as error:
            assert "zip" in str(error), what
        else:
            raise AssertionError(what)
    bare = io.BytesIO()
    with AESZipFile(bare, "w") as archive:
        for draft in right:
            archive.writestr(draft.name, draft.data)
    with pytest.raises(ValueError, match="not encrypted"):
        good.check(bare.getvalue())


def test_an_encrypted_package_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "DSR-2026-0112.zip").write_text("mine")
    with pytest.raises(UsageError):
        write_package([CUSTOMER], ABOUT, tmp_path, ALL, PASSWORD)
    assert [p.name for p in tmp_path.iterdir()] == ["DSR-2026-0112.zip"]


def test_passwords_are_long_and_never_the_same() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    letters = {c for p in made for c in p if c != "-"}
    assert math.log2(len(letters)) * len(made.pop().replace("-", "")) >= 100
    assert not letters & set("lo01")
