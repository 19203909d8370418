"""Every system is asked, and what can't be asked is never passed over."""

from __future__ import annotations

import imaplib
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from dsr_desk.errors import CancelledError, UsageError
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, Collection, Field, System
from dsr_desk.model.event import Answered, Event, Found, SystemSearched
from dsr_desk.model.finding import Finding, Lookup, RowRef
from tests import servers
from tests.flow.world import KEEP, World, ident, marks, opened, own, owned_by, pairs, table, text


def two_systems(world: World) -> None:
    world.sql(
        "shop",
        customers=table(
            "id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, id=ident("customer_id"), email=ident("email")
        ),
        orders=table("id customer", (7, 1), customer=owned_by("customers.id")),
    )
    world.csv("news", table("line mail", (1, "ann@x.org"), mail=ident("email")))


def states(result: object) -> dict[str, str]:
    return {s.system: s.status for s in result.systems}  # type: ignore[attr-defined]


def test_a_system_that_is_down_is_said_and_the_rest_is_shown(world: World) -> None:
    two_systems(world)
    (world.folder / "shop.db").unlink()
    result = world.search("email=ann@x.org")
    assert states(result) == {"news": "searched", "shop": "failed"}
    assert own(result) == {"news/news/1"}
    assert not result.complete
    assert result.exit_code == 4
    failed = next(s for s in result.systems if s.status == "failed")
    assert failed.error
    assert failed.hint
    assert not (world.folder / "shop.db").exists(), "searching must not make an empty database"


@pytest.mark.parametrize("damage", [b"not a database, and long enough to be taken for one" * 40, b""])
def test_a_damaged_system_is_not_an_empty_one(world: World, damage: bytes) -> None:
    two_systems(world)
    (world.folder / "shop.db").write_bytes(damage)
    result = world.search("email=ann@x.org")
    assert states(result)["shop"] == "failed"
    assert not result.complete
    assert result.exit_code > 0


def test_a_missing_file_is_not_an_empty_one(world: World) -> None:
    two_systems(world)
    (world.folder / "news.csv").unlink()
    result = world.search("email=ann@x.org")
    assert states(result)["news"] == "failed"
    assert (result.complete, result.exit_code) == (False, 4)


def test_a_waived_system_does_not_stand_in_the_way(world: World) -> None:
    two_systems(world)
    (world.folder / "news.csv").unlink()
    result = world.search("email=ann@x.org", waived=["news"])
    assert states(result)["news"] == "waived"
    assert (result.complete, result.exit_code) == (True, 0)


def test_a_column_that_is_not_there_fails_its_system_only(world: World) -> None:
    two_systems(world)
    says = table("id emial", subject=True, id=ident("customer_id"), emial=ident("email"))
    world.say("shop", "sql", {"url": "sqlite:///shop.db"}, {"customers": says})
    result = world.search("email=ann@x.org")
    assert states(result) == {"news": "searched", "shop": "failed"}
    assert "emial" in next(s.error for s in result.systems if s.system == "shop")
    assert not result.complete
    assert result.exit_code > 0


def test_a_paper_archive_is_named_and_complete(world: World) -> None:
    two_systems(world)
    world.paper()
    result = world.search("email=ann@x.org")
    assert states(result)["archive"] == "manual"
    assert result.complete


def test_a_broken_catalog_file_hides_only_its_own_system_and_is_said(world: World) -> None:
    two_systems(world)
    with world.desk().workspace:
        pass
    (world.folder / "catalog" / "news.yaml").write_text("system: news\ndriver: [")
    desk = world.desk()
    with desk.workspace:
        result = desk.quick_search(pairs(["email=ann@x.org"]))
    assert own(result) == {"shop/customers/1", "shop/orders/7"}
    assert states(result) == {"shop": "searched", "news": "failed"}
    assert not result.complete
    assert result.exit_code > 0


def test_a_subject_who_is_not_there_is_not_a_clean_search(world: World) -> None:
    two_systems(world)
    desk = world.desk()
    with desk.workspace:
        with pytest.raises(UsageError):
            desk.quick_search(pairs(["email=ann@x.org"]), ["shop/customers/99"])
        ref = opened(desk, "email=ann@x.org", subjects=("shop/customers/99",))
        with pytest.raises(UsageError):
            desk.search(ref)
        with pytest.raises(UsageError):
            desk.make_plan(ref)


@pytest.fixture
def nobody_answers() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def with_a_dead_system(world: World, port: int, **more: Any) -> None:
    two_systems(world)
    says = table("id email", subject=True, id=ident("number"), email=ident("email"))
    world.say("dead", "sql", {"url": f"postgresql://reader@127.0.0.1:{port}/x", **more}, {"people": says})


def test_a_dead_system_times_out_alone_and_holds_up_nobody(world: World, nobody_answers: int) -> None:
    with_a_dead_system(world, nobody_answers, timeout=2)
    heard: list[str] = []

    def tell(event: Event) -> None:
        if isinstance(event, Found):
            heard.extend(str(f.ref) for f in event.findings)
        elif isinstance(event, Answered):
            heard.append(f"{event.system} answered")
        elif isinstance(event, SystemSearched) and event.result.system == "dead":
            heard.append("given up")

    result = world.search("email=ann@x.org", tell=tell)
    assert states(result) == {"dead": "failed", "news": "searched", "shop": "searched"}
    assert own(result) == {"news/news/1", "shop/customers/1", "shop/orders/7"}
    assert heard.index("given up") > max(heard.index(ref) for ref in own(result)), "what others said was shown before"
    assert heard.index("given up") > max(heard.index("news answered"), heard.index("shop answered"))
    assert "dead answered" not in heard
    dead = next(s for s in result.systems if s.system == "dead")
    assert "2 seconds" in dead.error and "timeout:" in dead.hint
    assert (result.complete, result.exit_code) == (False, 4)


def test_a_dead_mail_server_is_given_up_when_its_time_is_over(world: World, nobody_answers: int) -> None:
    two_systems(world)
    says = table("id from", key=["id"], **{"from": ident("email")})
    url = {"url": f"imap://reader@127.0.0.1:{nobody_answers}", "timeout": 2}
    world.say("mail", "mailbox", {**url, "options": {"tls": "none"}}, {"INBOX": says})
    begun = time.monotonic()
    result = world.search("email=ann@x.org")
    assert states(result) == {"mail": "failed", "news": "searched", "shop": "searched"}
    assert "2 seconds" in next(s.error for s in result.systems if s.system == "mail")
    assert time.monotonic() - begun < 8, "it waited for the mail server's own patience"


def test_a_dead_system_keeps_nobody_from_stopping(world: World, nobody_answers: int) -> None:
    with_a_dead_system(world, nobody_answers)
    cancel = Cancel()

    def tell(event: Event) -> None:
        if isinstance(event, Found) and event.system == "shop":
            cancel.cancel()

    with pytest.raises(CancelledError):
        world.search("email=ann@x.org", tell=tell, cancel=cancel)


def test_stopped_means_stopped(world: World) -> None:
    two_systems(world)
    cancel = Cancel()
    heard: list[Event] = []

    def tell(event: Event) -> None:
        heard.append(event)
        if isinstance(event, Found):
            cancel.cancel()

    with pytest.raises(CancelledError):
        world.search("email=ann@x.org", tell=tell, cancel=cancel)
    assert not any(isinstance(e, SystemSearched) for e in heard)


def test_findings_stream_and_the_last_word_is_the_result(world: World) -> None:
    two_systems(world)
    told: dict[RowRef, Finding] = {}
    done: list[str] = []

    def tell(event: Event) -> None:
        if isinstance(event, Found):
            assert event.system not in done
            told.update({f.ref: f for f in event.findings})
        elif isinstance(event, SystemSearched):
            done.append(event.result.system)

    result = world.search("email=ann@x.org", tell=tell)
    assert told == {f.ref: f for f in result.findings}
    assert sorted(done) == ["news", "shop"]


def test_the_order_of_systems_and_collections_changes_nothing(world: World) -> None:
    two_systems(world)
    world.sql(
        "crm",
        contacts=table(
            "no customer mail", (50, 1, "second@x.org"), subject=True, customer=ident("customer_id"), mail=ident("email")
        ),
        deals=table("id contact customer", (70, 50, 1), contact=owned_by("contacts.no"), customer=owned_by("shop/customers.id")),
        notes=table("id body", (80, "second@x.org called"), body=text(mentions=True)),
    )
    catalog = world.catalog()
    backwards = dict(reversed([(n, _turned(s)) for n, s in catalog.systems.items()]))
    for given in ("email=ann@x.org", "email=second@x.org", "customer_id=1"):
        there, back = world.search(given), world.search(given, catalog=Catalog(backwards, ""))
        assert marks(there) == marks(back)
        assert len(marks(there)) == 6


def _turned(system: object) -> object:
    from dataclasses import replace

    return replace(system, collections=dict(reversed(list(system.collections.items()))))  # type: ignore[type-var, attr-defined]


def test_many_rows_go_in_few_questions(world: World) -> None:
    """Waves of questions, never row by row: the count does not grow with the rows."""
    counts = []
    for n in (5, 500):
        folder = world.folder / str(n)
        folder.mkdir()
        here = World(folder)
        here.sql(
            "shop",
            customers=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")),
            orders=table("id customer", *((i, 1) for i in range(n)), customer=owned_by("customers.id")),
            lines=table("id order_id", *((i, i) for i in range(n)), order_id=owned_by("orders.id")),
        )
        result = here.search("email=ann@x.org")
        assert len(result.findings) == 2 * n + 1
        counts.append(result.systems[0].queries)
    assert counts[0] == counts[1] < 20


@pytest.mark.parametrize("says", [{}, {"on_erase": "keep", "keep": KEEP}])
def test_two_rows_under_one_key_are_refused_when_planning(world: World, says: dict[str, Any]) -> None:
    world.sql(
        "shop",
        customers=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")),
        lines=table(
            "no customer what",
            (1, 1, "a"),
            (1, 1, "b"),
            ddl="no, customer, what",
            customer=owned_by("customers.id"),
            what=text(),
            **says,
        ),
    )
    desk = world.desk()
    with desk.workspace:
        plan = desk.make_plan(opened(desk, "email=ann@x.org"))
    assert [(r.collection, bool(r.why and r.cure)) for r in plan.refusals] == [("lines", True)]
    assert plan.digest == ""


@pytest.mark.parametrize("twin", [(1, 2, "b"), (1, 1, "a"), (1, 3, "a")])
def test_a_key_that_also_names_somebody_elses_row_is_refused(world: World, twin: tuple[object, ...]) -> None:
    world.sql(
        "shop",
        customers=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        lines=table(
            "no customer what", (1, 1, "a"), twin, ddl="no, customer, what", customer=owned_by("customers.id"), what=text()
        ),
    )
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        plan = desk.make_plan(opened(desk, "email=ann@x.org"))
    assert plan.refusals
    assert plan.digest == ""
    assert world.state() == before


def test_rows_without_a_key_are_told_by_all_they_hold_and_go_all_of_them(world: World) -> None:
    world.sql(
        "shop",
        customers=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        log=table("of line", (1, "a"), (1, "b"), (1, "a"), (2, "a"), key=None, of=owned_by("customers.id"), line=text()),
    )
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        plan = desk.make_plan(ref)
        assert not plan.refusals
        assert [s.action for s in plan.steps if s.ref.collection == "log"] == ["delete"] * 3
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        assert desk.verify(ref).status == "verified"
    assert world.ask("shop", "SELECT * FROM log") == [(2, "a")]


def test_searching_leaves_every_byte_as_it_was(world: World) -> None:
    two_systems(world)
    before = {p.name: p.read_bytes() for p in world.files}
    world.search("email=ann@x.org")
    assert {p.name: p.read_bytes() for p in world.files} == before
    assert sorted(p.name for p in world.folder.iterdir()) == ["catalog", "news.csv", "shop.db"]


@pytest.mark.parametrize("processes", [False, True])
def test_a_mail_server_is_searched_with_its_password_in_every_process(world: World, processes: bool) -> None:
    """Reading mail is work for a process of its own, which has no keyring to ask."""
    with servers.dovecot() as (port, _, _):
        mail = imaplib.IMAP4("127.0.0.1", port)
        mail.login("desk", "se-cret")
        mail.append("INBOX", "", "", b"From: ann@x.org\r\n\r\nHello\r\n")
        mail.logout()
        inbox = Collection("mail", "inbox", ("id",), {"from": Field("from", identity="email")}, table="INBOX")
        system = System("mail", "mailbox", url=f"imap://desk@127.0.0.1:{port}", collections={"inbox": inbox})
        with Systems(Catalog({"mail": system}, ""), world.folder, lambda _: lambda: "se-cret", processes) as systems:
            lookups = [Lookup("inbox", ("from",), (("ann@x.org",),), "email")]
            assert systems.on("mail", lambda d: systems.has_records(d, "inbox", Cancel()))
            assert len(systems.on("mail", lambda d: systems.find(d, lookups, Cancel()))) == 1
