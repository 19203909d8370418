"""A request over a list of people: read as one, searched in lockstep, planned and applied in sets, told person by person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.receiving.listing import read_list
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Plan
from tests.flow.world import World, ident, owned_by, table, text

KINDS = {"email", "name", "customer_id"}


@pytest.fixture
def shop(world: World) -> World:
    """Seven people; orders of one, of two together; a newsletter."""
    world.sql(
        "shop",
        customers=table(
            "id email name",
            *((n, f"p{n}@x.org", f"Person {word}") for n, word in enumerate(["Ada", "Bea", "Cid", "Dan", "Eva", "Fay", "Gus"], 1)),
            subject=True,
            id=ident("customer_id"),
            email=ident("email"),
            name=ident("name"),
        ),
        orders=table(
            "id customer other",
            (1, 1, None),
            (2, 1, 2),
            (3, 3, 4),
            (4, 5, 6),
            customer=owned_by("customers.id"),
            other=owned_by("customers.id"),
        ),
        notes=table("id body", (1, "call p1@x.org or p3@x.org"), (2, "nothing"), body={"mentions": True, **text()}),
    )
    world.csv("news", table("email since", *((f"P{n}@x.org", "2020") for n in range(1, 8)), email=ident("email")))
    return world


def listed(world: World, *lines: str) -> Path:
    file = world.folder / "people.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def opened(desk: Desk, world: World, *lines: str, right: str = "erasure") -> str:
    return desk.open_list(right, listed(world, *lines), date.today(), by_controller=True).ref


def planned(desk: Desk, world: World, *lines: str) -> tuple[str, Plan]:
    ref = opened(desk, world, *lines)
    return ref, desk.make_plan(ref)


def actions(plan: Plan) -> dict[str, str]:
    return {s.ref.path: s.action for s in plan.steps}


def told(desk: Desk, ref: str) -> list[str]:
    return list(map(str, desk.people(ref)))


# -- the file ------------------------------------------------------------------------------------------------------------


def read(folder: Path, text: str) -> list[tuple[int, dict[str, str]]]:
    file = folder / "list"
    file.write_bytes(text.encode())
    found = read_list(file, KINDS)
    return [(line, dict(identity)) for line, identity in zip(found.lines, found.people, strict=True)]


def test_a_person_a_line_with_blanks_inside_values(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffemail=ann@x.org name=Ann Lee\r\n\r\n  customer_id=a=b\n") == [
        (1, {"email": "ann@x.org", "name": "Ann Lee"}),
        (3, {"customer_id": "a=b"}),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_whose_header_names_the_kinds(tmp_path: Path, delimiter: str) -> None:
    rows = [["email", "name"], ["ann@x.org", '"Lee, Ann"'], ["", '"Ben\nLee"' if delimiter == "," else "Ben"], ["cid@x.org", ""]]
    rows = rows[:2] + rows[3:] if delimiter == "," else rows
    found = read(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert found[0] == (2, {"email": "ann@x.org", "name": "Lee, Ann"})
    assert found[-1] == (len(rows), {"email": "cid@x.org"})


def test_repeated_people_are_one_and_said(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("email=a@x.org\nemail=b@x.org\nemail=A@X.org\nemail=a@x.org customer_id=1\n")
    found = read_list(file, KINDS)
    assert found.lines == (1, 2, 4)
    assert found.repeated == {3: 1}


def test_every_bad_line_is_named_at_once_and_no_value_is(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("email=a@x.org\nemail=\nsecret words\nshoe_size=44\nemail=no address\nemail=b@x.org\n")
    with pytest.raises(UsageError) as wrong:
        read_list(file, KINDS)
    for line in (2, 3, 4, 5):
        assert f"line {line} (" in wrong.value.message
    assert "line 1 " not in wrong.value.message and "line 6" not in wrong.value.message
    for value in ("secret", "44", "no address"):
        assert value not in wrong.value.message + wrong.value.hint


@pytest.mark.parametrize("data", [b"", b"\n\n", b"email\n", b"email=\xff@x.org\n", b'email\n"open\n'])
def test_what_lists_nobody_or_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "list"
    file.write_bytes(data)
    with pytest.raises(UsageError):
        read_list(file, KINDS)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_list(tmp_path / "nowhere", KINDS)


# -- the request ---------------------------------------------------------------------------------------------------------


def test_from_the_list_to_the_proof(shop: World) -> None:
    desk = shop.desk()
    ref, plan = planned(desk, shop, "email=p1@x.org", "customer_id=2", "email=nobody@x.org", "email=P1@X.org")
    assert plan.refusals == ()
    assert {path for path, action in actions(plan).items() if action == "delete"} == {
        "shop/customers/1",
        "shop/customers/2",
        "shop/orders/1",
        "shop/orders/2",
        "news/news/P1@x.org",
        "news/news/P2@x.org",
    }
    assert actions(plan)["shop/notes/1"] == "manual"
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    assert desk.verify(ref).status == "verified"
    assert told(desk, ref) == [
        "line 1: 4 records erased, 1 record by hand",
        "line 2: 3 records erased",
        "line 3: nobody found",
    ]
    assert shop.ask("shop", "SELECT count(*) FROM customers") == [(5,)]
    assert desk.verify_trail(lambda done, total: None).ok
    assert desk.request(ref).facts.by_controller


def test_a_row_of_two_goes_with_the_last_of_them(shop: World) -> None:
    desk = shop.desk()
    _, alone = planned(desk, shop, "email=p3@x.org")
    assert actions(alone)["shop/orders/3"] == "manual"
    _, both = planned(desk, shop, "email=p3@x.org", "email=p4@x.org")
    assert actions(both)["shop/orders/3"] == "delete"


def test_what_somebody_put_back_is_left_over_and_counted_for_that_person(shop: World) -> None:
    desk = shop.desk()
    ref, plan = planned(desk, shop, "email=p5@x.org", "email=p7@x.org")
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    shop.do("shop", "INSERT INTO customers VALUES (7, 'p7@x.org', 'Person Gus')")
    assert desk.verify(ref).status == "leftovers"
    assert told(desk, ref)[1] == "line 2: 1 record erased, 1 record left over"


def test_everybody_on_the_list_is_searched_for_again(shop: World) -> None:
    desk = shop.desk()
    ref, plan = planned(desk, shop, "email=p5@x.org", "email=p7@x.org")
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    shop.do("shop", "INSERT INTO customers VALUES (70, 'p7@x.org', 'Person Gus')")
    assert [(x.ref.path, x.why) for x in desk.verify(ref).leftovers] == [("shop/customers/70", "not in the plan")]


def test_an_ambiguous_person_stops_the_plan_until_left_out(shop: World) -> None:
    shop.do("shop", "INSERT INTO customers VALUES (8, 'p2@x.org', 'Person Twin')")
    desk = shop.desk()
    ref = opened(desk, shop, "email=p1@x.org", "", "email=p2@x.org")
    found = desk.search(ref)
    assert found.exit_code == 3 and not found.complete
    assert {c.row.ref.path for c in found.ambiguous} == {"shop/customers/2", "shop/customers/8"}
    assert RowRef("shop", "customers", ("1",)) in {f.ref for f in found.findings}, "the others are found all the same"
    with pytest.raises(RefusedError, match="line 3"):
        desk.make_plan(ref)
    with pytest.raises(UsageError, match="Line 2"):
        desk.leave_out(ref, [2], "not on the list at all")
    desk.leave_out(ref, [3], "asks for herself")
    plan = desk.make_plan(ref)
    assert actions(plan)["shop/orders/2"] == "manual", "who was left out owns it still"
    assert "shop/customers/2" not in actions(plan)
    assert told(desk, ref)[1] == "line 3: left out: asks for herself"
    with pytest.raises(UsageError, match="Nobody would be left"):
        desk.leave_out(ref, [1], "nobody at all")


def test_a_plan_falls_when_somebody_is_left_out(shop: World) -> None:
    desk = shop.desk()
    ref, plan = planned(desk, shop, "email=p1@x.org", "email=p3@x.org")
    desk.approve(ref, plan.digest)
    desk.leave_out(ref, [1], "changed her mind")
    assert desk.plan(ref) is None
    assert not desk.approvals(ref)


@pytest.mark.parametrize("right", ["access", "portability", "rectification"])
def test_only_rights_without_a_copy_or_a_correction_take_a_list(shop: World, right: str) -> None:
    with pytest.raises(UsageError, match="about one person"):
        opened(shop.desk(), shop, "email=p1@x.org", right=right)


def test_a_row_that_one_owns_and_another_only_reads_is_the_owners(world: World) -> None:
    people = table("id email", (1, "a@x.org"), (2, "b@x.org"), subject=True, email=ident("email"))
    letters = table("id sender reader", (1, 1, 2), sender=owned_by("people.id"), reader={"accessed_by": "people.id"})
    world.sql("mail", people=people, letters=letters)
    for lines in (["email=a@x.org", "email=b@x.org"], ["email=b@x.org", "email=a@x.org"]):
        found = {f.ref.path: f for f in world.desk().search(opened(world.desk(), world, *lines)).findings}
        assert not found["mail/letters/1"].access_only
        assert found["mail/letters/1"].people == (1, 2)


def test_a_row_that_one_reads_and_that_names_another_is_looked_at_by_a_person(world: World) -> None:
    people = table("id email", (1, "a@x.org"), (2, "b@x.org"), (3, "c@x.org"), subject=True, email=ident("email"))
    letters = table(
        "id sender reader body",
        (1, 3, 2, "from a@x.org"),
        sender=owned_by("people.id"),
        reader={"accessed_by": "people.id"},
        body={"mentions": True, **text()},
    )
    world.sql("mail", people=people, letters=letters)
    assert actions(planned(world.desk(), world, "email=a@x.org", "email=b@x.org")[1])["mail/letters/1"] == "manual"


def test_a_long_list_is_committed_to_in_entries_that_the_trail_takes(shop: World) -> None:
    desk = shop.desk()
    opened(desk, shop, *(f"email=p{n}@x.org" for n in range(1700)))
    listed = [e for e in desk.entries() if e.type == "case.people"]
    assert [len(e.body["identifiers"]) for e in listed] == [800, 800, 100]
    assert len({i for e in listed for i in e.body["identifiers"]}) == 1700
    assert desk.verify_trail(lambda done, total: None).ok


def test_a_name_that_differs_is_reviewed_whoever_else_is_on_the_list(world: World) -> None:
    world.sql("a", people=table("id email name", (1, "x@x.org", "Ann Lee"), subject=True, email=ident("email"), name=ident("name")))
    world.sql("b", people=table("id email name", (1, "x@x.org", "Bob Ray"), subject=True, email=ident("email"), name=ident("name")))
    plan = planned(world.desk(), world, "email=x@x.org name=Ann Lee", "email=nobody@x.org")[1]
    assert actions(plan) == {"a/people/1": "delete", "b/people/1": "manual"}


def test_each_system_is_asked_once_a_wave_for_everybody(shop: World) -> None:
    desk = shop.desk()
    one = desk.search(opened(desk, shop, "email=p1@x.org"))
    all_of_them = desk.search(opened(desk, shop, *(f"email=p{n}@x.org" for n in range(1, 8))))
    asked = {s.system: s.queries for s in one.systems}
    assert all(s.queries <= asked[s.system] for s in all_of_them.systems)
