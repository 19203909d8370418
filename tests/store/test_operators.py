"""Several operators: each with their own keys under their own passphrase, none of which opens or signs for another."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType

import pytest

from dsr_desk.audit import trail
from dsr_desk.errors import CredentialsError, RefusedError, TamperedError, UsageError
from dsr_desk.store.heads import STATE
from dsr_desk.store.root import new_code, plain_code
from dsr_desk.store.workspace import Settings, Workspace
from tests.store.conftest import PASSPHRASE, make, reopen
from tests.store.requests_data import CANARY, request
from tests.store.test_keys import Memory, create, memory  # noqa: F401

BOB, CEM = "bobs own words", "cems own words"
A = "DSR-2026-0001"


@pytest.fixture
def code(folder: Path) -> str:
    """A workspace of Ada's with one request; gives its recovery code."""
    with make(folder) as ws:
        with ws.write() as tx:
            tx.put_request(request(A))
        ws.set_secret("shop", "adas password")
        return ws.recovery


@pytest.fixture
def both(folder: Path, code: str) -> str:
    """And Bob, an approver, too."""
    with reopen(folder) as ws:
        ws.staff.admit("Bob", "approver", BOB, code)
    return code


def bob(folder: Path, passphrase: str = BOB) -> Workspace:
    return reopen(folder, passphrase, "Bob")


def holds(ws: Workspace) -> None:
    """Everything reads, and the trail is whole."""
    with ws.read() as tx:
        assert tx.request(A).facts.identity[0][1] == CANARY
        assert trail.verify(tx.raw_entries(), head=tx.trail_head()).ok


def types(ws: Workspace) -> list[str]:
    with ws.read() as tx:
        return [e.type for e in tx.entries()]


def files(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def key_of(folder: Path, name: str) -> str:
    with reopen(folder) as ws, ws.read() as tx:
        return next(o.key_id for o in tx.operators() if o.name == name)


# -- everybody their own -----------------------------------------------------------------------------------------------


def test_each_opens_with_their_own_passphrase_and_signs_with_their_own_key(folder: Path, both: str) -> None:
    with reopen(folder) as ada, bob(folder) as b:
        assert (ada.operator.name, b.operator.name) == ("Ada", "Bob")
        with b.write() as tx:
            entry = tx.append("case.close", {"case": "ab" * 16})
        assert entry.actor == b.operator.key_id != ada.operator.key_id
        holds(ada)
        holds(b)
    with reopen(folder, BOB) as ws:  # nobody named: the passphrase says who it is
        assert ws.operator.name == "Bob"


@pytest.mark.parametrize(("who", "passphrase"), [("Bob", PASSPHRASE), ("Ada", BOB), ("Bob", ""), ("Bob", BOB + " ")])
def test_nobody_sits_down_as_somebody_else(folder: Path, both: str, who: str, passphrase: str) -> None:
    before = files(folder)
    with pytest.raises(CredentialsError, match="does not open"):
        reopen(folder, passphrase, who)
    assert files(folder) == before


def test_passwords_of_systems_stay_in_each_ones_own_store(folder: Path, both: str) -> None:
    with bob(folder) as ws:
        assert ws.secret("shop")() is None
        ws.set_secret("shop", "bobs password")
    with reopen(folder) as ws:
        assert ws.secret("shop")() == "adas password"


def test_bobs_file_under_adas_name_and_an_envelope_under_bobs(folder: Path, both: str) -> None:
    with closing(sqlite3.connect(folder / "workspace.db")) as db, db:
        db.execute("UPDATE operators SET file = (SELECT file FROM operators WHERE name = 'Bob')")
    with pytest.raises(CredentialsError, match="not on this computer"):
        reopen(folder, BOB, "Ada")


def test_an_envelope_of_somebody_else_opens_nothing(folder: Path, both: str) -> None:
    with closing(sqlite3.connect(folder / "workspace.db")) as db, db:
        ada, b = (db.execute("SELECT key_id FROM operators WHERE name = ?", (n,)).fetchone()[0] for n in ("Ada", "Bob"))
        db.execute("UPDATE envelopes SET data = (SELECT data FROM envelopes WHERE key_id = ?) WHERE key_id = ?", (ada, b))
    with pytest.raises(TamperedError):
        bob(folder)
    reopen(folder).close()


def test_a_box_slipped_into_the_table_is_sent_no_key(folder: Path, both: str) -> None:
    """What is sealed goes to the keys that the root signed."""
    with closing(sqlite3.connect(folder / "workspace.db")) as db, db:
        db.execute("UPDATE operators SET box = ? WHERE name = 'Bob'", ("07" * 32,))
    with reopen(folder) as ws:
        ws.rotate_key()
    with bob(folder) as ws:
        holds(ws)


def test_a_role_slipped_into_the_table_is_none(folder: Path, both: str) -> None:
    with reopen(folder) as ws:
        ws.staff.admit("Cem", "agent", CEM, both)
    with closing(sqlite3.connect(folder / "workspace.db")) as db, db:
        db.execute("UPDATE operators SET role = 'approver'")
    with reopen(folder, CEM, "Cem") as ws:
        assert ws.operator.role == "agent"


def test_an_admission_that_the_root_did_not_sign_is_seen(folder: Path, both: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(folder / "workspace.db")) as db, db:
        raw = [r for (r,) in db.execute("SELECT raw FROM trail ORDER BY seq") if b'"key.add"' in r][-1]
        db.execute("UPDATE trail SET raw = ? WHERE raw = ?", (raw.replace(b'"approver"', b'"auditor"'), raw))
    monkeypatch.setenv(STATE, f"{folder}.state")  # a desk that never saw the trail
    with pytest.raises(TamperedError):
        bob(folder)


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "Bob\nCem",
        "Bob\u202eda",
        "B\u200bob2",
        "x" * 10_000,
        "Ada",
        " ada ",
        "\u0410d\u0430",  # Cyrillic
        "Ａｄａ",
        "0123456789abcdef",
        "12 34",
        "\ud800",
    ],
)
def test_names_that_can_not_be(folder: Path, code: str, name: str) -> None:
    with reopen(folder) as ws:
        before = {p.name for p in folder.iterdir()}
        with pytest.raises(UsageError) as caught:
            ws.staff.admit(name, "agent", BOB, code)
        assert not name.strip() or name not in caught.value.diagnostics()
        assert {p.name for p in folder.iterdir()} - {".rotation.lock"} == before - {".rotation.lock"}
        assert types(ws).count("key.add") == 1


@pytest.mark.parametrize(
    "name",
    [
        "\u0412ob",  # the Cyrillic capital Ve, then Latin
        "\u0392ob",  # the Greek capital Beta, then Latin
        "B\u043eb",
        "\u0412\u041e\u0412",
        "\u0392\u03bfb",
    ],
)
def test_a_name_that_looks_like_bobs_is_refused(folder: Path, both: str, name: str) -> None:
    assert "Bob" not in name
    with reopen(folder) as ws:
        with pytest.raises(UsageError, match="looks the same"):
            ws.staff.admit(name, "agent", CEM, both)
        ws.staff.admit("\u0411\u043e\u0440\u0438\u0441", "agent", CEM, both)  # Boris, who looks like nobody


def test_a_stolen_key_ends_even_where_too_few_are_left_to_approve(folder: Path, both: str) -> None:
    """It goes on signing else, while somebody looks for another approver."""
    with reopen(folder) as ws:
        ws.staff.ask_for(2, both)
        bob = key_of(folder, "Bob")
        with ws.read() as tx:
            size = tx.trail_head().size
        ws.staff.compromised(bob, size, both)
        with ws.read() as tx:
            known = tx.admissions()
        assert not known.keys[bob].stands
        assert known.asked() == 2
        ws.staff.ask_for(1, both)
        holds(ws)


def test_the_first_operators_name_is_looked_at_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nobody sees"):
        Workspace.create(tmp_path / "w", operator="A\nb", settings=Settings("x"), passphrase="p" * 9, trail=trail)
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(("role", "passphrase"), [("dpo", BOB), ("", BOB), ("agent", "short")])
def test_roles_and_passphrases_that_can_not_be(folder: Path, code: str, role: str, passphrase: str) -> None:
    with reopen(folder) as ws, pytest.raises(UsageError):
        ws.staff.admit("Bob", role, passphrase, code)


# -- the root ----------------------------------------------------------------------------------------------------------


def test_the_root_is_away_and_only_its_code_opens_it(folder: Path, code: str) -> None:
    with reopen(folder) as ws:
        assert ws.recovery == ""
        for wrong, error in ((None, CredentialsError), (new_code(), CredentialsError), (code[:-1] + "?", UsageError)):
            with pytest.raises(error):
                ws.staff.admit("Bob", "agent", BOB, wrong)
        ws.staff.admit("Bob", "agent", BOB, code.lower().replace("-", " "))
        assert types(ws)[-1] == "key.add"
    assert plain_code(code).encode() not in files(folder)


def test_every_letter_of_a_code_that_is_mistyped_is_seen() -> None:
    code = plain_code(new_code())
    missed = 0
    for i in range(len(code)):
        for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if letter != code[i]:
                try:
                    plain_code(code[:i] + letter + code[i + 1 :])
                    missed += 1
                except UsageError:
                    pass
    assert missed <= 6  # one in 1,024, and then the root doesn't open
    assert plain_code(code.replace("0", "o").replace("1", "l")) == code


@pytest.mark.parametrize("broken", [b"", b"{}", b"[]", b'{"v":1,"salt":3,"sealed":"x"}', b'{"salt":"AAAA","sealed":"AAAA"}'])
def test_a_roots_file_that_is_none(folder: Path, code: str, broken: bytes) -> None:
    (folder / "root.sealed").write_bytes(broken)
    with reopen(folder) as ws, pytest.raises((TamperedError, CredentialsError)):
        ws.staff.admit("Bob", "agent", BOB, code)


def test_the_root_of_another_workspace_admits_nobody(folder: Path, code: str, tmp_path: Path) -> None:
    with make(tmp_path / "other") as other:
        theirs = other.recovery
    shutil.copy(tmp_path / "other" / "root.sealed", folder / "root.sealed")
    with reopen(folder) as ws, pytest.raises(CredentialsError, match="recovery code"):
        ws.staff.admit("Bob", "agent", BOB, theirs)


# -- coming and going --------------------------------------------------------------------------------------------------


def test_a_new_workspace_key_reaches_everybody_whoever_made_it(folder: Path, both: str) -> None:
    with bob(folder) as open_before:
        with reopen(folder) as ws:
            ws.rotate_key()
        holds(open_before)
        with open_before.write() as tx:
            tx.put_request(request("DSR-2026-0002"))
    with bob(folder) as ws:
        ws.rotate_key()
        holds(ws)
    with reopen(folder) as ws:
        holds(ws)


def test_who_leaves_opens_nothing_any_more(folder: Path, both: str, tmp_path: Path) -> None:
    with bob(folder) as ws:
        (old,) = ws._unlocked.ring.held()
    key = key_of(folder, "Bob")
    shutil.copy(folder / f"keys.{key}.sealed", tmp_path / "copy")
    with reopen(folder) as ws:
        ws.staff.leave(key, both)
        assert types(ws)[-3:] == ["key.retire", "key.rotate", "key.rotate"]
        assert ws._unlocked.ring.held() != (old,)
        holds(ws)
        with pytest.raises(RefusedError, match="left already"):
            ws.staff.leave(key, both)
        here = {ws.operator.key_id}
    with closing(sqlite3.connect(folder / "workspace.db")) as db:
        assert {row[0] for row in db.execute("SELECT key_id FROM envelopes")} == here
    assert not (folder / f"keys.{key}.sealed").exists()
    assert old not in files(folder)
    shutil.copy(tmp_path / "copy", folder / f"keys.{key}.sealed")
    for who in ("Bob", key, None):
        with pytest.raises((UsageError, CredentialsError)):
            reopen(folder, BOB, who)


def test_a_window_that_is_still_open_signs_nothing_after_the_end(folder: Path, both: str) -> None:
    with bob(folder) as window:
        with reopen(folder) as ws:
            ws.staff.leave(window.operator.key_id, both)
        with pytest.raises(RefusedError, match="ended"), window.write() as tx:
            tx.append("case.close", {"case": "ab" * 16})
        with pytest.raises(RefusedError, match="ended"), window.read() as tx:
            tx.checkpoint()
    with reopen(folder) as ws:
        holds(ws)


def test_somebody_who_can_approve_stays(folder: Path, both: str) -> None:
    with reopen(folder) as ws:
        with pytest.raises(RefusedError, match="own key"):
            ws.staff.leave(ws.operator.key_id, both)
        ws.staff.admit("Cem", "agent", CEM, both)
        ws.staff.leave(key_of(folder, "Bob"), both)
    with reopen(folder, CEM, "Cem") as ws, pytest.raises(RefusedError, match="Too few"):
        ws.staff.leave(key_of(folder, "Ada"), both)
    with reopen(folder) as ws:
        holds(ws)
        assert types(ws).count("key.retire") == 1


def test_a_name_goes_and_the_key_id_stays(folder: Path, code: str) -> None:
    name = "Bartholomew Quimby"
    with reopen(folder) as ws:
        key = ws.staff.admit(name, "agent", BOB, code).key_id
        with pytest.raises(RefusedError, match="still works"):
            ws.staff.forget(key)
        ws.staff.leave(key, code)
        assert name.encode() in files(folder)
        ws.staff.forget(key)
        with ws.read() as tx:
            assert [(o.key_id, o.name) for o in tx.operators(left=True) if o.left] == [(key, "")]
        assert name.encode() not in files(folder)


def test_renewed_keys_sign_and_the_old_ones_do_not(folder: Path, both: str) -> None:
    with bob(folder) as window, bob(folder) as ws:
        before = ws.operator
        after = ws.renew_key(both)
        assert (after.name, after.role, after.file) == (before.name, before.role, before.file)
        assert after.key_id != before.key_id
        with ws.write() as tx:
            assert tx.append("case.close", {"case": "ab" * 16}).actor == after.key_id
        with pytest.raises(RefusedError, match="ended"), window.write() as tx:
            tx.append("case.close", {"case": "ab" * 16})
        with pytest.raises(RefusedError, match="ended"):
            window.renew_key(both)
        holds(ws)
    with bob(folder) as ws:
        assert ws.operator == after
        ws.rotate_key()
    with reopen(folder) as ws:
        holds(ws)
    with pytest.raises(UsageError):
        reopen(folder, BOB, before.key_id)


def test_a_key_in_other_hands(folder: Path, both: str) -> None:
    with bob(folder) as ws, ws.write() as tx:
        seq = tx.append("case.close", {"case": "ab" * 16}).seq
        key = ws.operator.key_id
    with reopen(folder) as ws:
        for since in (0, -1, 10_000):
            with pytest.raises((UsageError, RefusedError)):
                ws.staff.compromised(key, since, both)
        ws.staff.compromised(key, seq, both)
        with ws.read() as tx:
            assert tx.admissions().keys[key].doubted == seq
            assert not tx.admissions().keys[key].stands
        own = ws.operator.key_id
        ws.renew_key(both, since=seq)
        assert types(ws)[-4:] == ["key.add", "key.compromise", "key.rotate", "key.rotate"]
        with ws.read() as tx:
            assert tx.admissions().keys[own].doubted == seq
        holds(ws)
    reopen(folder).close()


def test_as_many_approvals_as_there_are_approvers(folder: Path, code: str) -> None:
    with reopen(folder) as ws:
        for wrong in (0, 3):
            with pytest.raises(UsageError):
                ws.staff.ask_for(wrong, code)
        with pytest.raises(RefusedError, match="has 1"):
            ws.staff.ask_for(2, code)
        ws.staff.admit("Bob", "approver", BOB, code)
        ws.staff.ask_for(2, code)
        ws.staff.ask_for(2, code)
        assert types(ws).count("policy.set") == 1
        with pytest.raises(RefusedError, match="Too few"):
            ws.staff.leave(key_of(folder, "Bob"), code)
        holds(ws)


def test_what_is_said_of_keys_counts_in_the_same_transaction(folder: Path, both: str) -> None:
    with reopen(folder) as ws:
        root, key = ws.staff.root(both), key_of(folder, "Bob")
        with ws.write() as tx:
            assert tx.admissions().keys[key].stands
            tx.append_as(root, "key.retire", {"key_id": key})
            assert not tx.admissions().keys[key].stands


def test_with_a_keyring_the_others_have_files(memory: Memory, folder: Path) -> None:  # noqa: F811
    with create(folder) as ws:
        with ws.write() as tx:
            tx.put_request(request(A))
        ws.staff.admit("Bob", "approver", BOB, ws.recovery)
    with Workspace.open(folder, passphrase=lambda: BOB, trail=trail, operator="bob") as ws:
        assert ws.operator.name == "Bob"
        holds(ws)
    with Workspace.open(folder, passphrase=lambda: BOB, trail=trail) as ws:
        assert ws.operator.name == "Ada"
    memory.kept.clear()  # another computer
    with Workspace.open(folder, passphrase=lambda: BOB, trail=trail) as ws:
        assert ws.operator.name == "Bob"


# -- an older workspace ------------------------------------------------------------------------------------------------


@pytest.fixture
def older(folder: Path) -> Path:
    """Made by the version before there were several operators: Ada's, with a request, a hold and a key of its own."""
    with zipfile.ZipFile(Path(__file__).with_name("older.zip")) as packed:
        packed.extractall(folder)
    return folder


def test_an_older_workspace_is_brought_over(older: Path) -> None:
    with reopen(older) as ws:
        first = ws.operator
        assert types(ws)[-2:] == ["key.add", "key.retire"]
        assert ws.secret("shop")() == "geheim"
        holds(ws)
        assert ws.staff.root_is_here()
        assert not {"kek", "kek.next", "root"} & ws._store._read().keys()  # type: ignore[attr-defined]
        ws.staff.admit("Bob", "approver", BOB, None)
        ws.rotate_key()
    with bob(older) as ws:
        holds(ws)
        with pytest.raises(RefusedError, match="whoever made it"):
            ws.staff.admit("Cem", "agent", CEM, None)
    with reopen(older) as ws:
        assert ws.operator == first
        code = ws.staff.take_root_away()
        with pytest.raises(RefusedError, match="already"):
            ws.staff.take_root_away()
        with pytest.raises(CredentialsError):
            ws.staff.admit("Cem", "agent", CEM, None)
    with bob(older) as ws:
        ws.staff.admit("Cem", "agent", CEM, code)
        holds(ws)


# -- killed ------------------------------------------------------------------------------------------------------------

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
Act = Callable[[Workspace, str], object]


def _durable(reached: Callable[[], object]) -> Callable[[FrameType, str, object], object]:
    """A tracer that calls ``reached`` before and after each file is written and each transaction ends."""

    def trace(frame: FrameType, event: str, _: object) -> object:
        name = (Path(frame.f_code.co_filename).name, frame.f_code.co_name)
        if name in (("files.py", "write_atomically"), ("database.py", "write"), ("database.py", "empty_log")):
            return local
        return trace if name[0] in ("staff.py", "rotation.py", "older.py", "signers.py", "workspace.py", "entering.py") else None

    def local(frame: FrameType, event: str, _: object) -> object:
        if event == "line":
            reached()
        return local

    return trace


def _run(folder: Path, act: Callable[[], object], at: int) -> bool:
    """The act in a process of its own, killed at that point; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        try:
            left = itertools.count(1)
            sys.settrace(_durable(lambda: next(left) == at and os.kill(os.getpid(), signal.SIGKILL)))
            act()
            sys.settrace(None)
            os._exit(0)
        finally:  # the child must never come back into pytest
            os._exit(70)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


def _copied(folder: Path, where: Path) -> None:
    """The same workspace somewhere else, for a desk that never saw it."""
    shutil.copytree(folder, where)
    os.environ[STATE] = f"{where}.state"


def _points(act: Callable[[], object]) -> int:
    reached: list[int] = []
    before = sys.gettrace()
    sys.settrace(_durable(lambda: reached.append(1)))
    try:
        act()
    finally:
        sys.settrace(before)
    return len(reached)


def _open_for(folder: Path) -> dict[str, bool]:
    """For whom the workspace opens, and everything in it with it."""
    found = {}
    for name, words in (("Ada", PASSPHRASE), ("Bob", BOB), ("Cem", CEM)):
        try:
            with reopen(folder, words, name) as ws:
                holds(ws)
                with ws.write() as tx:
                    tx.append("case.close", {"case": "ab" * 16})
                holds(ws)
            found[name] = True
        except (UsageError, CredentialsError):
            found[name] = False
    return found


def _admit(ws: Workspace, code: str) -> None:
    ws.staff.admit("Cem", "agent", CEM, code)


def _leave(ws: Workspace, code: str) -> None:
    with ws.read() as tx:
        key = next(o.key_id for o in tx.operators() if o.name == "Bob")
    ws.staff.leave(key, code)


def _renew(ws: Workspace, code: str) -> None:
    ws.renew_key(code)


def _compromised(ws: Workspace, code: str) -> None:
    ws.renew_key(code, since=1)


def _rotate(ws: Workspace, code: str) -> None:
    ws.rotate_key()


@needs_fork
@pytest.mark.parametrize("act", [_admit, _leave, _renew, _compromised, _rotate])
def test_killed_anywhere_it_opens_for_everybody_who_should_and_for_nobody_else(
    folder: Path, both: str, tmp_path: Path, act: Act
) -> None:
    with reopen(folder) as ws, ws.write() as tx:
        tx.make_workspace_key("link")

    def done(where: Path) -> None:
        with reopen(where) as ws:
            act(ws, both)

    _copied(folder, tmp_path / "counted")
    points = _points(lambda: done(tmp_path / "counted"))
    ends = _open_for(tmp_path / "counted")
    seen = set()
    for at in sorted({*range(1, points, max(1, points // 12)), points * 2}):
        where = tmp_path / f"killed-{at}"
        _copied(folder, where)
        ended = _run(where, lambda where=where: done(where), at)  # type: ignore[misc]
        found = _open_for(where)
        assert found in ({"Ada": True, "Bob": True, "Cem": False}, ends), at
        assert not ended or found == ends
        named = {p.name for p in where.iterdir() if p.name.startswith("keys.") and p.name.endswith(".sealed")}
        assert len(named) <= 3
        with reopen(where) as ws:
            done_again = act is not _leave and act is not _admit
            if done_again or found != ends:
                act(ws, both)
            holds(ws)
            with ws.read() as tx:
                files_ = {o.file or "keys.sealed" for o in tx.operators()}
        assert {p.name for p in where.iterdir() if p.name.startswith("keys.")} == files_
        seen.add((ended, found == ends))
    assert (True, True) in seen
    assert len(seen) >= 2


@needs_fork
def test_an_older_workspace_killed_while_it_is_brought_over(older: Path, tmp_path: Path) -> None:
    _copied(older, tmp_path / "counted")
    points = _points(lambda: reopen(tmp_path / "counted").close())
    for at in range(1, points, max(1, points // 15)):
        where = tmp_path / f"killed-{at}"
        _copied(older, where)
        _run(where, lambda where=where: reopen(where).close(), at)  # type: ignore[misc]
        with reopen(where) as ws:
            holds(ws)
            assert ws.staff.root_is_here()
            assert not {"kek", "kek.next", "root"} & ws._store._read().keys()  # type: ignore[attr-defined]
            assert types(ws).count("key.add") == 2
            ws.staff.admit("Bob", "agent", BOB, None)
