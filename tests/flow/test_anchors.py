from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dsr_desk.audit.faults import AnchorError, CutTrailError
from dsr_desk.audit.verify import verify
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.proving.timestamp import NotTimestampedError, checked_address
from dsr_desk.render.report import Paper
from tests.flow.authority import Authority, authority, checks
from tests.flow.world import World, ident, opened, table


@pytest.fixture(autouse=True)
def _shop(world: World) -> None:
    people = table("id email", (1, "ann@x.org"), subject=True, id=ident("customer_id"), email=ident("email", None))
    world.sql("db", people=people)


@pytest.fixture
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("tsa") / "ca") as one:
        yield one


def _verify(desk: Desk, *against: str) -> tuple[bool, int]:
    verdict = desk.verify_trail(lambda *_: None, None, against)
    return verdict.ok, verdict.anchored


def _last(desk: Desk) -> tuple[str, dict[str, object]]:
    return desk.entries()[-1].type, dict(desk.entries()[-1].body)


def test_a_checkpoint_as_a_file_covers_what_was_before_it(world: World, tmp_path: Path) -> None:
    desk = world.desk()
    opened(desk, "email=ann@x.org")
    size = len(desk.entries())
    assert desk.unanchored() == size
    made = desk.anchor_file(tmp_path / "kept")
    assert (made.entry, made.size, made.how, made.holds) == (size + 1, size, "file", True)
    assert (tmp_path / "kept").read_text(encoding="utf-8") == made.note
    assert desk.unanchored() == 1
    assert desk.anchors() == [made]
    opened(desk, "email=ann@x.org")
    assert desk.unanchored() == len(desk.entries()) - size
    assert _verify(desk, *desk.kept_checkpoints(tmp_path / "kept")) == (True, size)
    assert _verify(desk) == (True, 0)


def test_nothing_is_overwritten_and_nothing_claimed(world: World, tmp_path: Path) -> None:
    desk = world.desk()
    (tmp_path / "kept").write_text("mine")
    (tmp_path / "full").mkdir()
    for name in ("kept", "full"):
        with pytest.raises(UsageError):
            desk.anchor_file(tmp_path / name)
    assert (tmp_path / "kept").read_text() == "mine"
    assert desk.anchors() == []
    assert desk.unanchored() == len(desk.entries())


def test_a_tail_that_was_cut_off_is_seen_with_it(world: World, tmp_path: Path) -> None:
    desk = world.desk()
    opened(desk, "email=ann@x.org")
    desk.anchor_file(tmp_path / "kept")
    notes = desk.kept_checkpoints(tmp_path / "kept")
    size = len(desk.entries())
    with desk.workspace.read() as tx:
        whole = list(tx.raw_entries())
    fault = verify(whole[: size - 2], checkpoints=notes).fault
    assert fault is not None
    assert isinstance(fault.error, CutTrailError)


def test_an_anchor_over_another_tree_breaks_the_trail(world: World, tmp_path: Path) -> None:
    desk = world.desk()
    with desk.workspace.write() as tx:
        tx.append("checkpoint.anchor", {"size": 1, "root": "00" * 32, "how": "file"})
    fault = desk.verify_trail(lambda *_: None).fault
    assert fault is not None
    assert isinstance(fault.error, AnchorError)


def test_the_letter_says_it_all(world: World, tmp_path: Path) -> None:
    pages: list[str] = []

    def draw(html: str, path: Path, title: str, footer: str, paper: Paper) -> int:
        pages.append(html)
        path.write_bytes(b"%PDF")
        return 1

    desk = Desk(world.desk().workspace, draw)
    made = desk.anchor_letter(tmp_path / "letter.pdf", "Letter")
    (page,) = pages
    for line in made.note.strip().splitlines():
        assert line in page
    assert "--against FILE" in page
    assert (made.how, _last(desk)[0]) == ("letter", "checkpoint.anchor")
    with pytest.raises(UsageError, match="is there already"):
        desk.anchor_letter(tmp_path / "letter.pdf")


# -- timestamps ------------------------------------------------------------------------------------------------------


def test_an_authority_signs_the_time_and_its_reply_is_checked_by_another_program(
    world: World, tmp_path: Path, tsa: Authority
) -> None:
    desk = world.desk()
    made = desk.anchor_timestamp(tsa.url, tmp_path / "kept")
    assert made.how == "timestamp"
    assert made.time.endswith("Z")
    assert (tmp_path / "kept.tsr").read_bytes() == made.proof == desk.anchors()[0].proof
    assert checks(tsa.folder, tmp_path / "kept", tmp_path / "kept.tsr")
    (tmp_path / "other").write_text(made.note + "x")
    assert not checks(tsa.folder, tmp_path / "other", tmp_path / "kept.tsr")
    assert desk.unanchored() == 1
    assert desk.workspace.settings.log.encode() not in b"".join(tsa.asked)


def _flipped(reply: bytes) -> bytes:
    return reply[:-5] + bytes([reply[-5] ^ 1]) + reply[-4:]


@pytest.mark.parametrize(
    "change",
    [lambda r: b"", lambda r: b"<html>", lambda r: r[:-1], _flipped, lambda r: r + b"x" * 300_000],
    ids=["empty", "page", "cut", "flipped", "huge"],
)
def test_a_reply_that_does_not_hold_is_kept_and_anchors_nothing(
    world: World, tmp_path: Path, tsa: Authority, change: object
) -> None:
    desk = world.desk()
    tsa.change = change  # type: ignore[assignment]
    with pytest.raises(NotTimestampedError):
        desk.anchor_timestamp(tsa.url, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
    (kept,) = desk.anchors()
    assert (kept.how, kept.holds, kept.entry) == ("not-timestamped", False, len(desk.entries()))
    assert _last(desk) == ("act.refused", {"act": "checkpoint.anchor", "why": "NotTimestampedError"})
    assert desk.unanchored() == len(desk.entries())
    assert _verify(desk)[0]


def test_the_reply_to_another_question_is_none(world: World, tsa: Authority) -> None:
    desk = world.desk()
    old: list[bytes] = []
    desk.anchor_timestamp(tsa.url)
    old.append(desk.anchors()[0].proof)
    tsa.change = lambda reply: old[0]
    with pytest.raises(NotTimestampedError):
        desk.anchor_timestamp(tsa.url)


def test_the_same_hash_under_another_nonce_is_none(world: World, tsa: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    note = desk._note()
    monkeypatch.setattr(desk, "_note", lambda: note)
    proof = desk.anchor_timestamp(tsa.url).proof
    tsa.change = lambda reply: proof
    with pytest.raises(NotTimestampedError):
        desk.anchor_timestamp(tsa.url)


def test_a_redirect_is_not_followed_and_a_proxy_not_asked(world: World, tsa: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    desk.anchor_timestamp(tsa.url)
    tsa.redirect = tsa.url
    with pytest.raises(UnreachableError, match="did not answer"):
        desk.anchor_timestamp(tsa.url)
    assert len(tsa.asked) == 2
    assert _last(desk) == ("act.refused", {"act": "checkpoint.anchor", "why": "UnreachableError"})


@pytest.mark.parametrize(
    "url",
    ["", "http://example.org/", "file:///etc/passwd", "https://", "https://a:b@example.org/", "https://[", "https://x:99999/"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        checked_address(url)


def test_addresses_that_are_fine() -> None:
    for url in ("https://example.org/tsa", "http://127.0.0.1:80/", "http://[::1]/", "http://localhost/"):
        assert checked_address(url) == url


# -- what somebody kept ----------------------------------------------------------------------------------------------


def test_checkpoints_are_found_wherever_they_stand(world: World, tmp_path: Path) -> None:
    desk = world.desk()
    note = desk.anchor_file(tmp_path / "kept").note
    places = {
        "typed.txt": f"I wrote this down:\r\n\r\n{note}".replace("\n", "\r\n").replace("\r\r", "\r").strip().encode(),
        "paper.txt": note.replace("\n\n\u2014 ", "\n- ").replace(note[-40:], f"\n {note[-40:]}").encode(),
        "report.json": json.dumps({"a": [1, {"checkpoint": note}]}).encode(),
    }
    for name, data in places.items():
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as bundle:
        bundle.writestr("evidence/checkpoint.txt", note)
        bundle.writestr("evidence/other.txt", note)
    for name in (*places, "e.zip"):
        assert desk.kept_checkpoints(tmp_path / name) == [note], name


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x05\x06" + bytes(18), b"[" * 100_000, b"\xff\xfe"])
def test_a_file_without_one_is_said(world: World, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(UsageError, match="holds no checkpoint"):
        world.desk().kept_checkpoints(tmp_path / "x")
    with pytest.raises(UnreachableError):
        world.desk().kept_checkpoints(tmp_path / "nowhere")


def test_a_broken_bundle_is_said(world: World, tmp_path: Path) -> None:
    desk = world.desk()
    note = desk.anchor_file(tmp_path / "kept").note
    with zipfile.ZipFile(tmp_path / "e.zip", "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("evidence/checkpoint.txt", note)
    good = (tmp_path / "e.zip").read_bytes()
    for at in range(len(good)):
        (tmp_path / "bad.zip").write_bytes(good[:at] + bytes([good[at] ^ 255]) + good[at + 1 :])
        try:
            assert desk.kept_checkpoints(tmp_path / "bad.zip") == [note]
        except (UsageError, UnreachableError) as error:
            assert error.message.endswith(".")


def test_no_anchor_is_believed_that_the_trail_does_not_have(world: World) -> None:
    desk = world.desk()
    size = len(desk.entries())
    with closing(sqlite3.connect(world.folder / "workspace.db")) as db:
        db.execute("INSERT INTO anchors VALUES (99, ?, 'file', '', '', x'')", (size,))
        db.commit()
    assert desk.unanchored() == size
