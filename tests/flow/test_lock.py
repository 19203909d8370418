"""Tokens can be read back with the request's safe lock, and by nothing once it is shredded."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.applying import lock
from dsr_desk.flow.desk import Desk
from dsr_desk.model.lock import Opened
from dsr_desk.model.values import as_text
from dsr_desk.store import keys
from dsr_desk.store.keys import SealedFile
from tests.flow.world import KEEP, PASSPHRASE, World, ident, opened, owned_by, table, text

REASON = "a court asked for it"
TOKEN = {"token": {"ground": "17(3)(e)"}}


@pytest.fixture(autouse=True)
def _light_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)


@pytest.fixture
def places(world: World) -> World:
    """Ann in a database, a workbook and a file whose lines have no key."""
    world.sql(
        "shop",
        people=table(
            "id email nick",
            (1, "ann@x.org", "annie"),
            (2, "ben@x.org", "benny"),
            subject=True,
            on_erase="redact",
            id=ident("customer_id", category="user.unique_id"),
            email=ident("email", TOKEN),
            nick=text("token"),
            keep=KEEP,
            ddl="id INTEGER PRIMARY KEY, email VARCHAR(80) NOT NULL UNIQUE, nick TEXT",
        ),
    )
    world.xlsx(
        "desk",
        calls=table(
            "no customer note",
            (9, 1, 4711),
            (10, 2, 4712),
            on_erase="redact",
            customer=owned_by("shop/people.id"),
            note=text(TOKEN),
        ),
    )
    world.csv(
        "news",
        table("mail tag", ("ann@x.org", "gone"), ("cy@x.org", "kept"), ("ann@x.org", "red"), key=None, on_erase="redact",
              mail=ident("email", TOKEN), tag=text("blank")),
    )  # fmt: skip
    return world


def applied(desk: Desk, *given: str) -> str:
    ref = opened(desk, *(given or ("email=ann@x.org",)))
    desk.identify(ref, "passport seen")
    plan = desk.make_plan(ref)
    assert not plan.refusals, plan.refusals
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    return ref


def closed(desk: Desk, ref: str) -> None:
    assert desk.verify(ref).status == "verified"
    desk.close_request(ref)


def told(answer: Opened) -> dict[tuple[str, str], Any]:
    return {(t.place.ref.system, t.place.field): t.value if not t.why else t.why for t in answer.values}


ALL = {("shop", "email"): "ann@x.org", ("shop", "nick"): "annie", ("desk", "note"): 4711, ("news", "mail"): "ann@x.org"}


def test_one_value_is_one_token_everywhere_and_the_lock_tells_what_each_stood_for(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
        ((mail, nick),) = places.ask("shop", "SELECT email, nick FROM people WHERE id = 1")
        assert mail.startswith("tok_") and nick.startswith("tok_") and "ann" not in mail + nick
        assert (places.folder / "news.csv").read_text().count(mail) == 2
        assert told(desk.lock_open(ref, REASON)) == ALL
        outcome = next(s for s in desk.plan(ref).steps if s.ref.system == "shop").fields  # type: ignore[union-attr]
        assert (outcome["email"].name, outcome["email"].ground) == ("pseudonymised", "17(3)(e)")
        assert (outcome["nick"].name, outcome["nick"].ground) == ("pseudonymised", KEEP["ground"])
        types = [e.type for e in desk.entries() if e.type.startswith("lock.")]
        assert types == ["lock.put"] * 3 + ["lock.open"]
        assert [o.reason for o in desk.lock(ref).openings] == [REASON]  # type: ignore[union-attr]
        closed(desk, ref)
        assert told(desk.lock_open(ref, REASON)) == ALL


def test_it_opens_in_a_new_process_and_not_without_a_reason(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
    desk = places.desk()
    with desk.workspace:
        with pytest.raises(UsageError, match="reason"):
            desk.lock_open(ref, "  ")
        assert not [e for e in desk.entries() if e.type == "lock.open"]
        assert told(desk.lock_open(ref, REASON)) == ALL


def test_what_was_changed_or_is_gone_since_is_said(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
        places.do("shop", "UPDATE people SET nick = 'tok_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE id = 1")
        (places.folder / "news.csv").write_text("mail,tag\ncy@x.org,kept\n")
        (places.folder / "desk.xlsx").unlink()
        answer = desk.lock_open(ref, REASON)
        assert told(answer) == {("shop", "email"): "ann@x.org", ("shop", "nick"): lock._CHANGED, ("news", "mail"): lock._GONE}
        assert list(answer.unread) == ["desk"]


def test_another_request_has_another_lock(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        first = applied(desk)
        second = applied(desk, "email=ben@x.org")
        assert told(desk.lock_open(second, REASON))["shop", "email"] == "ben@x.org"
        with pytest.raises(RefusedError, match="written no tokens"):
            desk.lock_open(opened(desk, "email=cy@x.org"), REASON)
        desk.lock_shred(first)
        assert told(desk.lock_open(second, REASON))["shop", "nick"] == "benny"


def test_planned_again_a_token_stays_the_token_it_is(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
        before = places.ask("shop", "SELECT * FROM people")
        plan = desk.make_plan(ref)
        desk.approve(ref, plan.digest)
        desk.apply(ref)
        assert places.ask("shop", "SELECT * FROM people") == before
        assert told(desk.lock_open(ref, REASON)) == ALL


# -- shredding -------------------------------------------------------------------------------------------------------


def test_shredded_it_opens_nothing_any_more(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
        closed(desk, ref)
        done = desk.lock_shred(ref)
        assert (done.tokens, done.gone) == (5, True)
        with pytest.raises(RefusedError, match="was shredded"):
            desk.lock_open(ref, REASON)
        with pytest.raises(RefusedError, match="shredded before"):
            desk.lock_shred(ref)
        assert [e.type for e in desk.entries()][-3:] == ["lock.shred", "act.refused", "act.refused"]
        assert desk.verify_trail(lambda *_: None).ok


def test_destroyed_keys_are_gone_from_the_bytes_plain_and_wrapped(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
        with desk.workspace.read() as tx:
            plain = {n: tx.unseal(ref, n) for n in ("plan-key", "request-key", "lock-key")}
            query = "SELECT part, data FROM parts WHERE part LIKE '%-key'"
            wrapped = {row.part: row.data for row in tx.connection.exec_driver_sql(query)}
        assert plain.keys() == wrapped.keys()
        assert all(wrapped[n] in _bytes(places.folder) for n in plain)  # the test looks where they are
        closed(desk, ref)
        there = _bytes(places.folder)
        assert [n for n in wrapped if wrapped[n] in there] == ["lock-key"]
        assert desk.lock_shred(ref).gone
        there = _bytes(places.folder)
        assert not [n for n in wrapped if wrapped[n] in there]
        assert not [n for n, key in plain.items() if key in there]  # type: ignore[operator]
        sealed = SealedFile(places.folder, lambda: PASSPHRASE)._read()
        assert not [n for n, key in plain.items() if key.hex() in str(sealed)]  # type: ignore[union-attr]
    assert not [n for n in wrapped if wrapped[n] in _bytes(places.folder)]


def test_while_somebody_reads_the_log_it_says_that_the_bytes_are_still_there(places: World) -> None:
    desk, other = places.desk(), places.desk()
    with desk.workspace:
        ref = applied(desk)
        with other.workspace, other.workspace.read() as tx:
            tx.requests()
            assert not desk.lock_shred(ref).gone
        assert desk.workspace.empty_log()


def test_no_plan_writes_tokens_that_nobody_could_open(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        plan = desk.make_plan(ref)
        desk.approve(ref, plan.digest)
        with pytest.raises(RefusedError, match="nobody could ever open"):
            desk.lock_shred(ref)
        desk.apply(ref)
        assert told(desk.lock_open(ref, REASON)) == ALL


def test_it_is_not_shredded_after_the_clock_went_back(places: World) -> None:
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
        with time_machine.travel("2020-01-01", tick=True), pytest.raises(RefusedError, match="clock"):
            desk.lock_shred(ref)
        assert told(desk.lock_open(ref, REASON)) == ALL


# -- refused while planning ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "refused"), [(40, True), (49, False)])
def test_a_token_that_does_not_fit_is_refused_by_the_value_itself(world: World, length: int, refused: bool) -> None:
    ddl = f"id INTEGER PRIMARY KEY, email VARCHAR({length})"
    world.sql(
        "db", people=table("id email", (1, "ann.lee@x.org"), subject=True, on_erase="redact", email=ident("email", TOKEN), ddl=ddl)
    )
    desk = world.desk()
    with desk.workspace:
        plan = desk.make_plan(opened(desk, "email=ann.lee@x.org"))
        assert bool(plan.refusals) is refused
        assert not refused or "and the column takes 40" in plan.refusals[0].why
        assert "ann" not in str(plan.refusals)


def test_on_the_command_line(places: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from dsr_desk.cli import run

    with closing(places.desk().workspace):
        pass
    desk = places.desk()
    with desk.workspace:
        ref = applied(desk)
    base = ["--workspace", str(places.folder)]

    def call(*words: str) -> tuple[int, Any]:
        monkeypatch.setenv("DSR_DESK_PASSPHRASE", PASSPHRASE)
        code = run([*base, *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, document = call("lock", "open", ref, "--reason", REASON)
    assert (code, document["complete"]) == (0, True)
    assert {(v["system"], v["field"]): v["value"] for v in document["values"]} == ALL
    assert call("key", "rotate")[0] == 0
    assert call("lock", "open", ref, "--reason", REASON)[1]["values"] == document["values"]
    assert call("lock", "shred", ref)[1] | {"entry": 0} == {"request": ref, "tokens": 5, "gone": True, "entry": 0}
    assert call("lock", "open", ref, "--reason", REASON)[0] == 3
    monkeypatch.setenv("DSR_DESK_PASSPHRASE", PASSPHRASE)
    assert run([*base, "key", "rotate"]) == 0
    assert "old one is destroyed" in capsys.readouterr().out


def _bytes(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in [*sorted(folder.glob("workspace.db*")), folder / "keys.sealed"])


def test_values_come_back_in_their_types() -> None:
    from datetime import UTC, date, datetime, time
    from decimal import Decimal

    for value in (
        7,
        7.5,
        Decimal("7.25"),
        date(1987, 5, 6),
        datetime(1987, 5, 6, 7, tzinfo=UTC),
        time(7, 8),
        True,
        False,
        b"\x00\xff",
        "7",
    ):
        assert lock._typed(as_text(value), type(value).__name__) == value
    assert lock._typed("soon", "date") == "soon"
