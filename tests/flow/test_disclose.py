"""Disclose: what a person is handed, in every format, plain or under a password, and what is said beside it."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook
from pyzipper import AESZipFile

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.reporting.inform import period
from dsr_desk.model.catalog import Collection, Keep, Period
from dsr_desk.model.package import PACKAGE_FORMATS, Exported
from tests.flow.world import World, ident, opened, owned_by, table, text

ANN = "email=ann@x.org"


@pytest.fixture
def shop(world: World) -> World:
    """Ann and Ben in a shop of which the catalog says everything, a list with a score, and a paper archive."""
    world.sql(
        "shop",
        {
            "title": "Web shop",
            "purpose": "Fulfil orders",
            "legal_basis": "contract",
            "source": "provided",
            "recipients": ["DHL", "Stripe"],
            "transfers": ["USA (standard contractual clauses)"],
        },
        people=table(
            "id email name diet made",
            (1, "ann@x.org", "Ann Lee", "no nuts", "2020-01-01"),
            (2, "ben@x.org", "Ben Orr", "no milk", "2020-01-01"),
            title="Accounts",
            subject=True,
            email=ident("email", category="user.contact.email"),
            name=ident("name", category="user.name"),
            diet=text(category="user.health_and_medical", legal_basis="consent", title="Diet"),
        ),
        orders=table(
            "id person sum day",
            (7, 1, 1250, "2024-02-29"),
            title="Orders",
            on_erase="keep",
            keep={"ground": "17(3)(b)", "reason": "Tax records", "until": {"field": "day", "plus": "10 years"}},
            person=owned_by("people.id"),
            sum=text(category="user.financial", legal_basis="legal_obligation"),
            day={"title": "Ordered on"},
        ),
        scores=table(
            "id person score",
            (9, 1, "score-canary"),
            title="Credit scores",
            source="derived",
            automated={"logic": "Orders and returns of two years", "effect": "Payment on account is refused below 40"},
            person=owned_by("people.id"),
            score=text(category="user.financial"),
        ),
        bought=table(
            "id person what",
            (3, 1, "bought-canary"),
            title="Bought addresses",
            source="third_party",
            legal_basis="legitimate_interests",
            person=owned_by("people.id"),
            what=text(),
        ),
    )
    world.paper()
    return world


@pytest.fixture
def desk(shop: World) -> Iterator[Desk]:
    made = shop.desk()
    with made.workspace:
        yield made


def export(desk: Desk, folder: Path, right: str = "access", formats: tuple[str, ...] = PACKAGE_FORMATS, **more: Any) -> Exported:
    return desk.export(opened(desk, ANN, right=right), folder, formats, **more)


def one(done: Exported, ending: str) -> bytes:
    (path,) = [p for p in done.files if re.fullmatch(rf"DSR-\d+-\d+{re.escape(ending)}", p.name)]
    return path.read_bytes()


def everything(done: Exported) -> dict[str, str]:
    """The text of every file that was written; a workbook's is what is in its cells."""
    texts = {}
    for path in done.files:
        data = path.read_bytes()
        if path.suffix == ".xlsx":
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            data = repr([book.get_sheet_by_name(n).to_python() for n in book.sheet_names]).encode()
        texts[path.name] = data.decode("utf-8-sig")
    return texts


def test_every_format_has_all_of_hers_and_nothing_of_others(shop: World, desk: Desk) -> None:
    texts = everything(export(desk, shop.folder / "out"))
    for ending in ("html", "json", "xlsx", "xml"):
        (whole,) = [t for n, t in texts.items() if re.fullmatch(rf"DSR-\d+-\d+\.{ending}", n)]
        for hers in ("ann@x.org", "Ann Lee", "no nuts", "1250", "score-canary", "bought-canary"):
            assert hers in whole, (ending, hers)
    assert not [n for n, t in texts.items() if "ben@x.org" in t or "no milk" in t or "Ben" in t]


def test_the_sheet_says_what_article_15_wants(shop: World, desk: Desk) -> None:
    done = export(desk, shop.folder / "out")
    told = json.loads(one(done, "-information.json"))
    (system,) = told["systems"]
    assert (system["system_title"], system["records"], system["purpose"]) == ("Web shop", 4, "Fulfil orders")
    assert system["legal_bases"] == ["contract", "consent", "legal_obligation", "legitimate_interests"]
    assert system["special_categories"] == ["user.health_and_medical"]
    assert system["recipients"] == ["DHL", "Stripe"]
    assert system["transfers"] == ["USA (standard contractual clauses)"]
    periods = {s["collection"]: s["period"] for s in system["storage"]}
    assert periods["Orders"] == "10 years from the day in “Ordered on” (Tax records, Art. 17(3)(b) GDPR)."
    assert "no fixed period" in periods["Accounts"]
    assert {s["source"]: s["categories"] for s in system["sources"]}["third_party"] == ["user.content"]
    assert {s["source"] for s in system["sources"]} == {"provided", "derived", "third_party"}
    (decision,) = system["automated"]
    assert decision == {
        "collection": "Credit scores",
        "logic": "Orders and returns of two years",
        "effect": "Payment on account is refused below 40",
    }
    assert [n["system"] for n in told["not_searched"]] == ["Paper archive"]
    assert {r["right"] for r in told["rights"]} >= {"To have it corrected", "To object", "To complain", "Where a machine decided"}


def test_the_sheet_reads_the_same_in_every_format(shop: World, desk: Desk) -> None:
    texts = everything(export(desk, shop.folder / "out"))
    for part in ("-information.html", ".xlsx", ".xml"):
        (page,) = [t for n, t in texts.items() if re.fullmatch(rf"DSR-\d+-\d+{re.escape(part)}", n)]
        for said in (
            "Fulfil orders",
            "DHL",
            "USA (standard contractual clauses)",
            "10 years from the day in",
            "From somebody else, not from you: what you wrote",
            "health (special category, Art. 9 GDPR)",
            "Orders and returns of two years",
            "Payment on account is refused below 40",
            "Paper archive",
            "Art. 77 GDPR",
        ):
            assert said in page, (part, said)


def test_only_what_she_has_records_of_is_in_the_sheet(shop: World, desk: Desk) -> None:
    done = desk.export(opened(desk, "email=ben@x.org", right="access"), shop.folder / "out", ["json"])
    (system,) = json.loads(one(done, "-information.json"))["systems"]
    assert system["records"] == 1
    assert system["automated"] == []
    assert [s["collection"] for s in system["storage"]] == ["Accounts"]
    assert system["legal_bases"] == ["contract", "consent"]
    page = one(done, "-information.html").decode()
    assert "no decision about you that a machine takes alone" in page
    assert "Where a machine decided" not in page


def test_nobody_found_is_told_so_with_their_rights(shop: World, desk: Desk) -> None:
    done = desk.export(opened(desk, "email=nobody@x.org", right="access"), shop.folder / "out", PACKAGE_FORMATS)
    assert json.loads(one(done, "-information.json"))["systems"] == []
    page = one(done, "-information.html").decode()
    assert "found no data" in page
    assert "To complain" in page


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (None, "no fixed period"),
        (Keep("17(3)(b)", "Tax"), "as long as the record that they belong to (Tax, Art. 17(3)(b) GDPR)."),
        (Keep("17(3)(b)", "Tax", field="x", plus=Period(1, "months")), "1 month from the day in “x” (Tax"),
        (Keep("17(3)(b)", "Tax", field="x"), "until the day in “x” (Tax"),
    ],
)
def test_how_long_in_words(keep: Keep | None, said: str) -> None:
    assert period(Collection("shop", "orders", ("id",), {}, keep=keep)).startswith(said)


# -- portability -------------------------------------------------------------------------------------------------------------


def test_what_she_takes_along_is_what_she_gave(shop: World, desk: Desk) -> None:
    done = export(desk, shop.folder / "out", "portability", ("json", "csv", "xml", "xlsx"))
    for name, whole in everything(done).items():
        for outside in ("score-canary", "bought-canary", "1250", "information.html"):
            assert outside not in whole, (name, outside)
    told = json.loads(one(done, ".json"))
    assert [(r["collection"], [f["name"] for f in r["fields"]]) for r in told["records"]] == [
        ("people", ["id", "email", "name", "diet", "made"])
    ]
    assert told["right"] == "portability"
    (missing,) = told["not_searched"]
    assert "Art. 20(1)(b)" in missing["why"]
    manifest = json.loads(one(done, "-manifest.json"))
    assert manifest["right"] == "portability"
    assert {f["name"] for f in manifest["files"]} == {p.name for p in done.files} - {f"{manifest['reference']}-manifest.json"}


@pytest.mark.parametrize("formats", [("html",), ("json", "html"), ()])
def test_a_page_is_no_form_to_take_along(shop: World, desk: Desk, formats: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        export(desk, shop.folder / "out", "portability", formats)
    assert caught.value.hint == "Choose among json, csv, xlsx, xml."
    assert not (shop.folder / "out").exists()


# -- under a password --------------------------------------------------------------------------------------------------------


def test_the_password_is_nowhere_but_in_the_answer(shop: World, desk: Desk) -> None:
    done = export(desk, shop.folder / "out", encrypt=True)
    (entry,) = [e for e in desk.entries() if e.type == "export.make"]
    assert entry.body["encrypted"] is True
    assert done.password not in repr(done)
    for path in shop.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            for form in (done.password, done.password.replace("-", "")):
                assert form.encode() not in raw, path.name


def test_all_of_it_is_in_the_zip(shop: World, desk: Desk) -> None:
    done = export(desk, shop.folder / "out", encrypt=True)
    again = export(desk, shop.folder / "again", encrypt=True)
    assert again.password != done.password
    (path,) = [p for p in done.files if p.suffix == ".zip"]
    with AESZipFile(path) as archive:
        archive.setpassword(done.password.encode())
        inside = {n: archive.read(n) for n in archive.namelist()}
    told = {f["name"]: f["what"] for f in json.loads(inside["manifest.json"])["files"]}
    (name,) = [n for n, what in told.items() if "XML" in what]
    assert ElementTree.fromstring(inside[name]).find(".//{*}record") is not None
    assert json.loads(inside["information.json"])["systems"]


def test_nothing_plain_is_ever_on_the_disk(shop: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at whenever something was made durable: what is there is the zip, or what says how to open it."""
    looked: list[str] = []
    real = os.fsync
    out = shop.folder / "out"

    def fsync(handle: int) -> None:
        real(handle)
        for path in out.rglob("*"):
            looked.append(path.name)
            raw = path.read_bytes()
            assert not [v for v in (b"ann@x.org", b"Ann Lee", b"score-canary", b"Orders") if v in raw], path.name

    monkeypatch.setattr(os, "fsync", fsync)
    export(desk, out, encrypt=True)
    assert {re.sub(r"DSR-\d+-\d+", "R", n) for n in looked} >= {".R.zip.part", ".R-read-me.txt.part", "R.zip", "R-read-me.txt"}


# -- what hands nothing over ------------------------------------------------------------------------------------------------


def test_a_restriction_s_export_is_a_copy_as_access_gives_it(shop: World, desk: Desk) -> None:
    done = export(desk, shop.folder / "out", "restriction", ("json",))
    assert len(json.loads(one(done, ".json"))["records"]) == 4


def test_a_list_of_people_gets_no_copy_of_them_all(shop: World, desk: Desk) -> None:
    (shop.folder / "list.txt").write_text("email=ann@x.org\nemail=ben@x.org\n")
    ref = desk.open_list("erasure", shop.folder / "list.txt", date.today()).ref
    with pytest.raises(RefusedError, match="list of people"):
        desk.export(ref, shop.folder / "out", ["json"])
    assert not (shop.folder / "out").exists()
