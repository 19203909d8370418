"""Verify: the proof by searching again never says verified when something is left, and cries for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import residue
from dsr_desk.flow.desk import Desk
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Event, Step
from dsr_desk.model.finding import RowRef
from dsr_desk.model.result import Verification
from dsr_desk.render.report import report_html
from tests.flow.company import FOUND, company
from tests.flow.world import KEEP, World, approved, ident, opened, owned_by, pairs, planned, table, text


def applied(desk: Desk, *given: str, **more: tuple[str, ...]) -> str:
    ref = approved(desk, *given, **more)
    assert desk.apply(ref).status == "applied"
    return ref


def balanced(v: Verification) -> bool:
    return v.total("before") == sum(v.total(w) for w in ("erased", "retained", "excluded", "by_hand", "leftover"))


def test_nothing_left_over_is_verified_and_balanced(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        proof = desk.verify(ref)
        assert (proof.status, proof.leftovers) == ("verified", ())
        assert balanced(proof)
        assert proof.total("before") == len(FOUND)
        assert [r.ref.path for r in proof.retained] == ["shop/orders/7"]
        assert (proof.retained[0].ground, proof.retained[0].until) == ("17(3)(b)", "2034-03-01")
        assert [r.ref.path for r in proof.keys] == ["shop/customers/1"]
        assert desk.close_request(ref).stage == "closed"


LEFT: dict[str, tuple[Callable[[World], None], str]] = {
    "a deleted row is back": (lambda w: w.do("shop", "INSERT INTO wishes VALUES (30, 1, 'a red bicycle')"), "shop/wishes/30"),
    "a deleted row is back and nothing leads to it": (
        lambda w: w.do("shop", "INSERT INTO wishes VALUES (30, NULL, 'a red bicycle')"),
        "shop/wishes/30",
    ),
    "a new row of hers": (lambda w: w.do("shop", "INSERT INTO wishes VALUES (99, 1, 'a boat')"), "shop/wishes/99"),
    "an erased field is back": (
        lambda w: w.do("shop", "UPDATE customers SET phone = '+49301111111' WHERE id = 1"),
        "shop/customers/1",
    ),
    "the same address in capitals": (
        lambda w: w.do("shop", "UPDATE customers SET email = 'ANN@X.ORG' WHERE id = 1"),
        "shop/customers/1",
    ),
    "the line is back": (
        lambda w: (w.folder / "news.csv").write_bytes((w.folder / "news.csv").read_bytes() + b"9,ann@x.org\r\n") and None,
        "news/news/9",
    ),
    "the line is back under its key": (
        lambda w: (w.folder / "news.csv").write_bytes((w.folder / "news.csv").read_bytes() + b"1,Ann@X.org\r\n") and None,
        "news/news/1",
    ),
    "hers under the name of a new account": (
        lambda w: w.do("shop", "INSERT INTO customers VALUES (3, 'Ann <ann@x.org>', 'A. Lee', NULL, NULL, '')"),
        "shop/customers/3",
    ),
}


@pytest.mark.parametrize("kind", LEFT)
def test_what_is_left_over_is_named(world: World, kind: str) -> None:
    back, row = LEFT[kind]
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        back(world)
        proof = desk.verify(ref)
        assert proof.status == "leftovers"
        assert row in {x.ref.path for x in proof.leftovers}
        assert all(x.why for x in proof.leftovers)
        assert balanced(proof)
        assert desk.why_open(ref)
        plan = desk.make_plan(ref)
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"


def test_looking_again_before_verifying_loses_no_identifier(world: World) -> None:
    """A second search after the erasure finds less of who she was; the proof still asks with everything that was known."""
    world.sql(
        "crm",
        contacts=table("no mail other", (50, "ann@x.org", "second@x.org"), subject=True, mail=ident("email"), other=ident("email")),
    )
    world.csv("news", table("line mail", (1, "second@x.org"), mail=ident("email")))
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        stage = desk.request(ref).stage
        desk.search(ref)
        assert desk.request(ref).stage == stage
        (world.folder / "news.csv").write_bytes(b"line,mail\r\n7,second@x.org\r\n")
        proof = desk.verify(ref)
        assert [x.ref.path for x in proof.leftovers] == ["news/news/7"]


def test_who_she_was_is_known_after_half_of_it_is_gone(world: World) -> None:
    """The first system is erased, the second has changed: the new plan still knows what only the first one told."""
    world.sql(
        "crm",
        contacts=table("no mail other", (50, "ann@x.org", "second@x.org"), subject=True, mail=ident("email"), other=ident("email")),
    )
    world.csv("news", table("line mail", (1, "second@x.org"), mail=ident("email")))
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")

        def tell(event: Event) -> None:
            if isinstance(event, Step) and event.state == "writing" and event.system == "news":
                (world.folder / "news.csv").write_bytes(b"line,mail\r\n1,SECOND@x.org\r\n")

        assert desk.apply(ref, tell).status == "partial"
        assert world.ask("crm", "SELECT * FROM contacts") == []
        plan = desk.make_plan(ref)
        assert [s.ref.path for s in plan.steps] == ["news/news/1"]
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        assert desk.verify(ref).status == "verified"
    assert (world.folder / "news.csv").read_bytes() == b"line,mail\r\n"


def test_two_strangers_under_her_addresses_are_not_nothing(world: World) -> None:
    """Where the second search would have to ask who is who, it is not clean."""
    world.csv("news", table("line mail", (1, "ann@x.org, second@x.org"), mail=ident("email")))
    world.sql("shop", customers=table("id mail", (1, "ben@x.org"), subject=True, mail=ident("email")))
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org", "email=second@x.org")
        world.do("shop", "INSERT INTO customers VALUES (2, 'ann@x.org'), (3, 'second@x.org')")
        proof = desk.verify(ref)
        assert proof.status == "leftovers"
        assert {x.ref.path for x in proof.leftovers} == {"shop/customers/2", "shop/customers/3"}


def test_a_system_that_is_down_is_not_proved(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        (world.folder / "news.csv").rename(world.folder / "away")
        proof = desk.verify(ref)
        assert proof.status == "incomplete"
        assert balanced(proof)
        assert any("search" in reason for reason in desk.why_open(ref))
        (world.folder / "away").rename(world.folder / "news.csv")
        assert desk.verify(ref).status == "verified"


def neighbours(world: World, on_erase: str = "delete") -> None:
    """A mother and a son share one phone and one surname."""
    world.sql(
        "shop",
        customers=table(
            "id email name phone",
            (1, "ann@x.org", "Ann Lee", "+49301111111"),
            (2, "tom@x.org", "Tom Lee", "+49301111111"),
            subject=True,
            on_erase=on_erase,
            id=ident("customer_id"),
            email=ident("email", None),
            name=ident("name", {"constant": "Erased"}),
            phone=ident("phone", None),
        ),
        orders=table("id customer", (7, 1), (8, 2), customer=owned_by("customers.id")),
    )


@pytest.mark.parametrize("on_erase", ["delete", "redact"])
def test_the_neighbour_with_the_same_phone_is_no_leftover(world: World, on_erase: str) -> None:
    neighbours(world, on_erase)
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "phone=+49301111111", subjects=("shop/customers/1",))
        proof = desk.verify(ref)
        assert proof.leftovers == ()
        assert proof.status == "verified"
    assert world.ask("shop", "SELECT id, email FROM customers WHERE id = 2") == [(2, "tom@x.org")]


def test_what_stands_in_place_of_a_name_is_nobodys_name(world: World) -> None:
    """Others whose texts were cleaned before, or who are called as the constant, are no leftovers of hers."""
    neighbours(world, "redact")
    world.sql(
        "desk",
        tickets=table(
            "id customer body",
            (5, 2, "[erased] told me, and so did the Erased"),
            customer=owned_by("shop/customers.id"),
            body=text(mentions=True),
        ),
    )
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        proof = desk.verify(ref)
        assert proof.leftovers == ()


def test_a_row_of_somebody_else_under_a_used_key_is_no_leftover(world: World) -> None:
    """SQLite gives the number of a deleted row to the next one."""
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        world.do("shop", "INSERT INTO wishes VALUES (30, 2, 'a green canoe')")
        assert desk.verify(ref).leftovers == ()


def test_a_row_of_which_nothing_is_erased_counts_as_changed(world: World) -> None:
    """What is only masked, noised or generalised is not called erased; a row that loses one field for good is."""
    mask = "mask"
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, on_erase="redact", email=ident("email", mask)),
        visits=table(
            "id p pay born",
            (1, 1, 1000, "1980-04-02"),
            p=owned_by("people.id"),
            on_erase="redact",
            pay=text({"noise": {"by": 300}}),
            born=text({"generalise": {"to": "year"}}),
        ),
        calls=table(
            "id p who what", (1, 1, "Ann", "x"), p=owned_by("people.id"), on_erase="redact", who=text(mask), what=text("null")
        ),
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        assert {s.ref.collection: s.heading for s in plan.steps} == {"people": "changed", "visits": "changed", "calls": "erased"}
        desk.approve(ref, plan.digest)
        desk.apply(ref)
        proof = desk.verify(ref)
        assert (proof.status, proof.total("erased"), proof.total("changed"), proof.total("retained")) == ("verified", 1, 2, 0)
        world.do("db", "UPDATE people SET email = 'ann@x.org'")
        again = desk.verify(ref)
        assert [(x.ref.path, x.fields, x.why) for x in again.leftovers] == [
            ("db/people/1", ("email",), "still holds its old value")
        ]
        report = desk.report(ref)
        assert {"erased", "changed"} <= {*report.columns}


def test_rows_by_hand_and_left_out_are_counted_as_such(world: World) -> None:
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        deals=table("id a b", (7, 1, 2), (8, 1, 2), a=owned_by("people.id"), b=owned_by("people.id")),
    )
    world.paper()
    desk = world.desk()
    with desk.workspace:
        ref, _ = planned(desk, "email=ann@x.org")
        desk.review(ref, [RowRef.parse("db/deals/8")], False, "It is Ben's alone")
        plan = desk.make_plan(ref)
        desk.approve(ref, plan.digest)
        done = desk.apply(ref)
        assert (done.status, done.exit_code, done.open) == ("applied", 0, 2)
        assert desk.verify(ref).status == "verified"
        assert len(desk.why_open(ref)) == 2
        for task in desk.tasks(ref):
            desk.answer_task(ref, task.id, "Three folders shredded" if task.system == "archive" else "Ben keeps it", 3)
        proof = desk.verify(ref)
        assert [proof.total(w) for w in ("before", "erased", "retained", "excluded", "by_hand", "leftover")] == [6, 1, 0, 1, 4, 0]
        assert [r.ref.path for r in proof.excluded] == ["db/deals/8"]
        assert desk.close_request(ref).stage == "closed"


def test_an_answer_for_one_row_is_no_answer_for_another(world: World) -> None:
    """The task of a row that nobody looked at stays open, even where an equal one was answered before."""
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        deals=table("id a b", (7, 1, 2), a=owned_by("people.id"), b=owned_by("people.id")),
    )
    desk = world.desk()
    with desk.workspace:
        ref, _ = planned(desk, "email=ann@x.org")
        (task,) = desk.tasks(ref)
        desk.answer_task(ref, task.id, "Ben keeps deal 7")
        desk.make_plan(ref)
        assert [t.open for t in desk.tasks(ref)] == [False], "what was answered stays answered"
        world.do("db", "UPDATE deals SET id = 9")
        desk.make_plan(ref)
        assert sum(t.open for t in desk.tasks(ref)) == 1


@pytest.mark.parametrize("name", ["My_Deals", "deal items", "Größen", "deal/items", "x" * 200])
def test_a_task_for_a_table_of_any_name(world: World, name: str) -> None:
    people = table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email"))
    deals = table("id a b", (7, 1, 2), a=owned_by("people.id"), b=owned_by("people.id"))
    world.sql("db", people=people, deals=deals)
    world.do("db", f'ALTER TABLE deals RENAME TO "{name}"')
    also = table("id a b", a=owned_by("people.id"), b=owned_by("people.id"), table=name)
    world.say("db", "sql", {"url": "sqlite:///db.db"}, {"people": people, name: deals, name.upper() + "-": also})
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        first, second = desk.tasks(ref)
        for task in (first, second):
            desk.answer_task(ref, task.id, "Ben keeps it")
        assert desk.verify(ref).status == "verified"
        assert desk.close_request(ref).stage == "closed"


def test_an_answer_for_one_reason_is_no_answer_for_another(world: World) -> None:
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        deals=table(
            "id a b body",
            (7, 1, 2, ""),
            (8, 2, 2, "ann@x.org said"),
            a=owned_by("people.id"),
            b=owned_by("people.id"),
            body=text(mentions=True),
        ),
    )
    desk = world.desk()
    with desk.workspace:
        ref, _ = planned(desk, "email=ann@x.org")
        first, second = desk.tasks(ref)
        desk.answer_task(ref, first.id, "Ben keeps it")
        answered = "deals/7" if "Shared" in first.instructions else "deals/8"
        desk.review(ref, [RowRef.parse(f"db/{answered}")], False, "Decided otherwise")
        desk.make_plan(ref)
        assert [t.instructions for t in desk.tasks(ref) if t.open] == [second.instructions]


def test_a_closed_request_stays_closed(world: World) -> None:
    from dsr_desk.errors import DeskError

    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        desk.verify(ref)
        desk.decide(ref, "granted", "", date.today())
        closed = desk.close_request(ref)
        digest = desk.plan(ref).digest  # type: ignore[union-attr]
        acts: dict[str, Callable[[], object]] = {
            "search": lambda: desk.search(ref),
            "plan": lambda: desk.make_plan(ref),
            "approve": lambda: desk.approve(ref, digest),
            "apply": lambda: desk.apply(ref),
            "verify": lambda: desk.verify(ref),
            "close": lambda: desk.close_request(ref),
            "identify": lambda: desk.identify(ref, "passport seen"),
            "decide": lambda: desk.decide(ref, "granted", "", None),
            "waive": lambda: desk.waive(ref, "news", "It was shut down long ago"),
            "review": lambda: desk.review(ref, [RowRef.parse("shop/orders/7")], False, "It is not hers"),
            "subject": lambda: desk.choose_subjects(ref, [RowRef.parse("shop/customers/2")], "It is him"),
            "identifier": lambda: desk.add_identifier(ref, "email", "ben@x.org"),
        }
        entries = len(desk.entries())
        for name, act in acts.items():
            with pytest.raises(DeskError) as caught:
                act()
            assert isinstance(caught.value, RefusedError), name
            assert desk.request(ref) == closed, name
        assert {e.type for e in desk.entries()[entries:]} == {"act.refused"}


def test_closing_is_refused_while_anything_is_open(world: World) -> None:
    company(world)
    world.paper()
    desk = world.desk()

    def stays_open(ref: str, word: str) -> None:
        with pytest.raises(RefusedError):
            desk.close_request(ref)
        assert any(word in reason for reason in desk.why_open(ref)), desk.why_open(ref)
        assert desk.request(ref).stage != "closed"

    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        stays_open(ref, "applied")
        plan = desk.make_plan(ref)
        stays_open(ref, "applied")
        desk.approve(ref, plan.digest)
        stays_open(ref, "applied")
        desk.apply(ref)
        stays_open(ref, "erify")
        world.do("shop", "INSERT INTO wishes VALUES (99, 1, 'a boat')")
        desk.verify(ref)
        stays_open(ref, "left over")
        world.do("shop", "DELETE FROM wishes WHERE id = 99")
        desk.verify(ref)
        stays_open(ref, "archive")
        desk.answer_task(ref, "archive", "Nothing there", 0)
        assert desk.close_request(ref).stage == "closed"


def test_what_was_begun_is_not_refused_away(world: World) -> None:
    """Half of it is erased: a refusal decided afterwards neither undoes that nor ends the case."""
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        desk.decide(ref, "refused", "The person could not be identified", None)
        assert desk.why_open(ref) == []
        plan = desk.make_plan(ref)
        desk.approve(ref, plan.digest)
        cancel = Cancel()
        desk.apply(ref, lambda e: cancel.cancel() if isinstance(e, Step) and e.state == "done" else None, cancel)
        assert desk.why_open(ref)
        with pytest.raises(RefusedError):
            desk.close_request(ref)
        desk.apply(ref)
        desk.verify(ref)
        with pytest.raises(RefusedError, match="can't be called refused"):
            desk.close_request(ref)
        desk.decide(ref, "granted", "", None)
        assert desk.close_request(ref).facts.decision == "granted"


def test_the_report_names_nobody(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org", "name=Ann Lee")
        desk.verify(ref)
        page = report_html(desk.report(ref)).lower()
    assert "17(3)(b)" in page
    for value in ("ann@x.org", "ann lee", "long acre", "bicycle", "+49301111111", "parcel"):
        assert value not in page, value


def test_residue_in_the_raw_bytes_is_printed(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        (world.folder / "news.csv.bak").write_bytes((world.folder / "news.csv").read_bytes())
        ref = applied(desk, "email=ann@x.org")
        proof = desk.verify(ref)
        assert any("bak" in r.where for r in proof.residue)
        assert all(r.why for r in proof.residue)


def test_the_search_without_a_request_is_recorded(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        desk.quick_search(pairs(["email=ann@x.org"]))
        last = desk.entries()[-1]
    assert last.type == "search.run"
    assert b"ann@" not in last.raw  # with a sign that no base64 holds: three letters stand in a signature by chance


def test_more_erased_texts_than_are_looked_for_are_no_silent_proof(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(residue, "_MOST_NEEDLES", 1)
    company(world)
    desk = world.desk()
    with desk.workspace:
        said = [r for r in desk.verify(applied(desk, "email=ann@x.org")).residue if "were looked for" in r.why]
        assert {r.system for r in said} >= {"shop"}
        assert all(r.count == 0 and "1 of them" in r.why for r in said)


def test_a_question_counts_the_persons_records_and_nobody_elses(world: World) -> None:
    """A payment for Ann's order that Ben made teaches his account: what else answers that is none of her records."""
    mine, his = "DE02120300000000202051", "DE02500105170137075030"
    world.sql(
        "shop",
        people=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, id=ident("customer_id"), email=ident("email")),
        orders=table("id person", (7, 1), (8, 1), on_erase="keep", keep=KEEP, person=owned_by("people.id")),
        payments=table(
            "id bought payer iban", (1, 7, 1, mine), (2, 8, 2, his), (3, None, 2, his), (4, None, 2, his), on_erase="keep",
            keep=KEEP, bought=owned_by("orders.id"), payer=owned_by("people.id"), iban=ident("iban"),
        ),
    )  # fmt: skip
    desk = world.desk()
    with desk.workspace:
        ref = applied(desk, "email=ann@x.org")
        proof = desk.verify(ref)
        assert proof.status == "verified"
        (shop,) = proof.systems
        assert "payments, iban is this iban: 1 now, 1 before" in shop.queries
