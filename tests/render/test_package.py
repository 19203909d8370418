"""The package: what is written says exactly what was found, and nothing that is withheld."""

import csv
import errno
import hashlib
import io
import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.package import DisclosedField, PackageInfo
from dsr_desk.model.values import to_json
from dsr_desk.render import package as package_module
from dsr_desk.render.files import Draft, write_new
from dsr_desk.render.package import write_package
from tests.render.people_data import ABOUT, CUSTOMER, HOSTILE, record, texts

ALL = ("json", "csv", "html", "xlsx", "xml")
PLAIN_TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "nav",
    "ul",
    "li",
    "a",
    "h1",
    "h2",
    "h3",
    "small",
    "p",
    "b",
}
PLAIN_TAGS |= {"section", "article", "dl", "dt", "dd", "span", "table", "thead", "tbody", "tr", "th", "td"}


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_file_is_named_neutrally_and_hashed(tmp_path: Path) -> None:
    written = write_package([CUSTOMER], ABOUT, tmp_path, ALL)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "DSR-2026-0112-01.csv",
        "DSR-2026-0112-information.html",
        "DSR-2026-0112-information.json",
        "DSR-2026-0112-manifest.json",
        "DSR-2026-0112-read-me.txt",
        "DSR-2026-0112.html",
        "DSR-2026-0112.json",
        "DSR-2026-0112.xlsx",
        "DSR-2026-0112.xml",
    ]
    assert {w.path for w in written} == set(tmp_path.iterdir())
    for w in written:
        assert hashlib.sha256(w.path.read_bytes()).hexdigest() == w.sha256
        assert w.path.stat().st_size == w.size
    manifest = json.loads((tmp_path / "DSR-2026-0112-manifest.json").read_text())
    assert {f["name"]: f["sha256"] for f in manifest["files"]} == {
        w.path.name: w.sha256 for w in written if not w.path.name.endswith("manifest.json")
    }


def test_json_holds_every_value(tmp_path: Path) -> None:
    write_package([CUSTOMER], ABOUT, tmp_path, ["json"])
    document = json.loads((tmp_path / "DSR-2026-0112.json").read_text("utf-8"))
    (told,) = document["records"]
    assert (told["purpose"], told["legal_basis"], told["recipients"], told["until"]) == (
        "Fulfil orders",
        "contract",
        ["DHL"],
        "until 14 Mar 2034",
    )
    fields = {f["name"]: f for f in told["fields"]}
    assert fields["id"]["value"] == str(2**60)
    assert fields["balance"]["value"] == "-12.50"
    assert fields["nothing"]["value"] is None
    assert fields["active"]["value"] is True
    assert fields["photo"]["value"] == {"base64": "AP8Q"}
    assert fields["tags"]["value"] == ["a", {"b": 1.5}]
    assert fields["seen"]["value"] == "2026-01-02T03:04:05+00:00"
    assert fields["partner"]["withheld"] == "about somebody else"
    assert "value" not in fields["partner"]
    assert document["not_searched"] == [{"system": "Paper archive", "why": "a person looks there"}]


def test_what_is_withheld_is_in_no_file(tmp_path: Path) -> None:
    write_package([CUSTOMER], ABOUT, tmp_path, ALL)
    for path in tmp_path.iterdir():
        assert b"CANARY" not in path.read_bytes(), path.name
    for name in ("DSR-2026-0112.html", "DSR-2026-0112-01.csv", "DSR-2026-0112.json"):
        assert "about somebody else" in (tmp_path / name).read_text("utf-8")


@pytest.mark.parametrize("name", ["DSR-2026-0112.html", "DSR-2026-0112-information.html"])
def test_a_page_may_load_nothing_and_tells_nobody_who_reads_it(name: str, tmp_path: Path) -> None:
    write_package([CUSTOMER], ABOUT, tmp_path, ["html"])
    metas = [dict(attributes) for tag, attributes in Page(tmp_path / name).tags if tag == "meta"]
    assert {"charset": "utf-8"} in metas
    assert {"name": "referrer", "content": "no-referrer"} in metas
    policy = next(m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_page_says_why_and_until_when(tmp_path: Path) -> None:
    write_package([CUSTOMER], ABOUT, tmp_path, ["html"])
    text = Page(tmp_path / "DSR-2026-0112.html").text
    for words in (
        "Fulfil orders",
        "We need it for a contract with you",
        "DHL",
        "until 14 Mar 2034",
        "several people",
        "date of birth",
        "from you",
    ):
        assert words in text
    assert "Paper archive: a person looks there" in text
    assert "found 1 record." in text


@pytest.mark.parametrize("value", HOSTILE, ids=lambda v: ascii(v)[:24])
def test_hostile_texts_in_json_and_page_and_table(value: str, tmp_path: Path) -> None:
    write_package(texts(value), ABOUT, tmp_path, ALL)
    read = json.loads((tmp_path / "DSR-2026-0112.json").read_text("utf-8"))["records"][0]["fields"][0]["value"]
    assert read.encode("utf-16-le", "surrogatepass") == value.encode("utf-16-le", "surrogatepass")
    page = Page(tmp_path / "DSR-2026-0112.html")
    assert {tag for tag, _ in page.tags} <= PLAIN_TAGS
    assert all(a.get("href", "#").startswith("#") for _, a in page.tags)  # type: ignore[union-attr]
    assert not any(name.startswith("on") or name == "src" for _, a in page.tags for name in a)
    for row in rows_of(tmp_path / "DSR-2026-0112-01.csv"):
        assert row[0].lstrip(" \u200b")[:1] not in tuple("=+-@＝＋－＠\t\r\n"), row[0][:20]
    raw = (tmp_path / "DSR-2026-0112-01.csv").read_bytes() + (tmp_path / "DSR-2026-0112.html").read_bytes()
    for hidden in ("\x00", "\x1b", "\u202e", "\u200f", "\ufffe"):
        assert hidden.encode() not in raw
    raw.decode("utf-8")


def test_a_table_gives_every_text_back(tmp_path: Path) -> None:
    plain = [v for v in HOSTILE if len(v) < 32_767 and v.isprintable()]
    write_package(texts(*plain), ABOUT, tmp_path, ["csv"])
    rows = rows_of(tmp_path / "DSR-2026-0112-01.csv")
    assert rows[0] == ["Text"]
    assert [r[0].removeprefix("'") for r in rows[1:]] == plain
    guarded = {v: r[0] for v, r in zip(plain, rows[1:], strict=True)}
    assert guarded["=1+1"] == "'=1+1"
    assert guarded["'already quoted"] == "''already quoted"


def test_a_negative_number_stays_a_number_in_a_table(tmp_path: Path) -> None:
    write_package(texts(-5, -1.5), ABOUT, tmp_path, ["csv"])
    assert [r[0] for r in rows_of(tmp_path / "DSR-2026-0112-01.csv")[1:]] == ["-5", "-1.5"]


def test_what_can_not_be_seen_is_named_by_its_number(tmp_path: Path) -> None:
    write_package(texts("a\x00b\u202ec\ud800"), ABOUT, tmp_path, ALL)
    assert rows_of(tmp_path / "DSR-2026-0112-01.csv")[1] == ["a⟨U+0000⟩b⟨U+202E⟩c⟨U+D800⟩"]
    assert "a⟨U+0000⟩b⟨U+202E⟩c⟨U+D800⟩" in Page(tmp_path / "DSR-2026-0112.html").text
    read_me = (tmp_path / "DSR-2026-0112-read-me.txt").read_text("utf-8-sig")
    assert "1 values hold characters that can't be seen" in read_me
    assert "The .json file has them as they are." in read_me


def test_a_text_too_long_for_a_cell_gets_its_own_file(tmp_path: Path) -> None:
    long = "ä" * 32_768 + "END"
    written = write_package(texts("short", long), ABOUT, tmp_path, ["csv"])
    assert rows_of(tmp_path / "DSR-2026-0112-01.csv")[2] == [
        "[too long for a cell: all 32771 characters are in DSR-2026-0112-01-text-01.txt]"
    ]
    assert (tmp_path / "DSR-2026-0112-01-text-01.txt").read_text("utf-8-sig") == long
    assert any(w.path.name == "DSR-2026-0112-01-text-01.txt" for w in written)


def test_one_table_a_collection_with_all_its_columns(tmp_path: Path) -> None:
    found = [
        record(DisclosedField("a", 1), DisclosedField("b", 2), collection="orders"),
        record(DisclosedField("id", 7), collection="customers"),
        record(DisclosedField("c", "=3", "a"), DisclosedField("a", 4), collection="orders"),
    ]
    write_package(found, ABOUT, tmp_path, ["csv"])
    assert rows_of(tmp_path / "DSR-2026-0112-01.csv") == [["a (a)", "b", "a (c)"], ["1", "2", ""], ["4", "", "'=3"]]
    assert rows_of(tmp_path / "DSR-2026-0112-02.csv") == [["id"], ["7"]]


def test_hostile_titles_are_data_too(tmp_path: Path) -> None:
    bad = "=HYPERLINK(1)<script>\u202e\n"
    field = DisclosedField(bad, "x", bad, bad)
    about = PackageInfo("../../etc/x y", bad, bad, "access", bad, bad, ((bad, bad),))
    found = [record(field, collection=bad, system=bad, purpose=bad, legal_basis=bad, recipients=(bad,), until=bad, note=bad)]
    written = write_package(found, about, tmp_path, ALL)
    assert {w.path.parent for w in written} == {tmp_path}
    assert {w.path.name[:5] for w in written} == {"etcxy"}
    assert "script" not in {tag for tag, _ in Page(tmp_path / "etcxy.html").tags}
    assert rows_of(tmp_path / "etcxy-01.csv")[0][0].startswith("'=")


def test_nothing_found_is_an_answer(tmp_path: Path) -> None:
    write_package([], ABOUT, tmp_path, ALL)
    assert "found nothing" in Page(tmp_path / "DSR-2026-0112.html").text
    assert json.loads((tmp_path / "DSR-2026-0112.json").read_text())["records"] == []


@pytest.mark.parametrize("formats", [[], ["pdf"], ["json", "../x"]])
def test_an_unknown_format_is_bad_input(formats: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_package([CUSTOMER], ABOUT, tmp_path, formats)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("what", ["file", "link", "folder"])
def test_nothing_is_overwritten(what: str, tmp_path: Path) -> None:
    taken = tmp_path / "DSR-2026-0112.json"
    if what == "file":
        taken.write_text("mine")
    elif what == "link":
        taken.symlink_to(tmp_path / "elsewhere")
    else:
        taken.mkdir()
    (tmp_path / "other.txt").write_text("stays")
    with pytest.raises(UsageError) as caught:
        write_package([CUSTOMER], ABOUT, tmp_path, ALL)
    assert "DSR-2026-0112.json" in caught.value.message
    assert sorted(p.name for p in tmp_path.iterdir()) == ["DSR-2026-0112.json", "other.txt"]
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(UsageError):
            write_package([CUSTOMER], ABOUT, folder, ALL)
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize("fail_at", [0, 2, 4])
def test_a_full_disk_leaves_nothing(fail_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter(range(100))
    real = os.fsync

    def fsync(handle: int) -> None:
        if next(calls) == fail_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UnreachableError) as caught:
        write_package([CUSTOMER], ABOUT, tmp_path, ALL)
    assert "disk has room" in caught.value.hint
    assert not list(tmp_path.iterdir())


def test_what_does_not_read_back_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_: bytes) -> None:
        raise ValueError("something else")

    monkeypatch.setattr(package_module, "json_draft", lambda name, *_: Draft(name, b"{}", "", wrong))
    with pytest.raises(UnreachableError) as caught:
        write_package([CUSTOMER], ABOUT, tmp_path, ALL)
    assert "DSR-2026-0112.json" in caught.value.message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fmt", ["json", "csv", "html", "xml"])
def test_each_check_sees_one_changed_value(fmt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself: a value that is lost or changed between making and reading back is noticed."""
    drafts: list[Draft] = []
    monkeypatch.setattr(package_module, "write_new", lambda _, d: drafts.extend(d) or [])
    write_package(texts("first value", "second value"), ABOUT, tmp_path, [fmt])
    draft = drafts[0]
    draft.check(draft.data)
    for changed in (draft.data.replace(b"second value", b"second valu"), draft.data.replace(b"first value", b"second value")):
        assert changed != draft.data
        with pytest.raises(ValueError, match="says something else"):
            draft.check(changed)


def test_write_new_takes_one_name_once(tmp_path: Path) -> None:
    draft = Draft("a.txt", b"one", "", lambda _: None)
    with pytest.raises(UsageError):
        write_new(tmp_path, [draft, draft])
    assert not list(tmp_path.iterdir())


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.dates()
    | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(VALUES | st.text(st.characters(codec=None)), min_size=1, max_size=4), max_size=4))
def test_any_value_survives(tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]) -> None:
    folder = tmp_path_factory.mktemp("p")
    found = [record(*(DisclosedField(f"f{i}", v) for i, v in enumerate(row))) for row in rows]
    write_package(found, ABOUT, folder, ["json", "csv", "html"])
    document = json.loads((folder / "DSR-2026-0112.json").read_text("utf-8"))
    assert [len(r["fields"]) for r in document["records"]] == [len(row) for row in rows]
    for told, row in zip(document["records"], rows, strict=True):
        for field, value in zip(told["fields"], row, strict=True):
            if not isinstance(value, str | list | dict):
                assert field["value"] == to_json(value)


def test_what_holds_for_all_records_is_said_once(tmp_path: Path) -> None:
    orders = [
        record(DisclosedField("id", n), collection="orders", legal_basis="contract", until=f"until {n}") for n in (2031, 2032)
    ]
    write_package(orders, ABOUT, tmp_path, ["html"])
    text = Page(tmp_path / "DSR-2026-0112.html").text
    assert text.count("We need it for a contract with you") == 1
    assert text.count("until 2031") == text.count("until 2032") == 1


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("about others", "withheld: about others"), ("Not in here yet: somebody looks", "Not in here yet: somebody looks")],
)
def test_a_withheld_value_says_that_it_is(reason: str, shown: str, tmp_path: Path) -> None:
    write_package([record(DisclosedField("x", "CANARY", withheld=reason))], ABOUT, tmp_path, ["html", "csv"])
    assert rows_of(tmp_path / "DSR-2026-0112-01.csv")[1] == [f"[{shown}]"]
    assert shown in Page(tmp_path / "DSR-2026-0112.html").text
