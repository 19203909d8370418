"""The report, for every right: what it says is so, and no value of the person's is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.cli import words as cli_words
from dsr_desk.flow.desk import Desk
from dsr_desk.model.plan import Residue
from dsr_desk.model.report import ReportData, ReportTable
from dsr_desk.render.report import report_html
from tests.flow.world import World, ident, opened, owned_by, table, text

ANN = [("email", "ann@x.org")]
VALUES = ("ann@x.org", "ann@new.org", "Ann Lee", "Ann Leigh", "no nuts", "score-41", "a note", "ben@x.org", "cyd@x.org")


@pytest.fixture
def shop(world: World) -> World:
    flag = {"set": {"restricted": "yes"}}
    world.sql(
        "shop",
        {"title": "Web shop", "legal_basis": "contract", "source": "provided", "recipients": ["DHL"]},
        people=table(
            "id email name diet restricted",
            (1, "ann@x.org", "Ann Lee", "no nuts", "no"),
            (2, "ben@x.org", "Ben Orr", "", "no"),
            (3, "cyd@x.org", "Cyd Foe", "", "no"),
            title="Accounts",
            subject=True,
            on_erase="redact",
            on_restrict=flag,
            on_object={"set": {"restricted": "objected"}},
            legal_basis="legitimate_interests",
            email=ident("email", None, category="user.contact.email", title="E-mail"),
            name=ident("name", "blank", category="user.name"),
            diet=text(None, category="user.health_and_medical"),
        ),
        orders=table(
            "id person sum day note restricted",
            (7, 1, 12, "2020-01-31", "a note", "no"),
            (8, 1, 13, "2020-01-31", "a note", "no"),
            (9, 1, 14, "2024-02-29", "a note", "no"),
            title="Orders",
            on_erase="keep",
            on_restrict=flag,
            keep={"ground": "17(3)(b)", "reason": "Tax records", "until": {"field": "day", "plus": "10 years"}},
            person=owned_by("people.id"),
            sum=text(category="user.financial", title="Total"),
            day={"title": "Ordered on"},
            note=text(None),
        ),
        scores=table(
            "id person score",
            (5, 1, "score-41"),
            title="Credit scores",
            automated={"logic": "Orders of two years"},
            person=owned_by("people.id"),
            score=text(category="user.financial"),
        ),
    )
    return world


@pytest.fixture
def desk(shop: World) -> Iterator[Desk]:
    made = shop.desk()
    with made.workspace:
        yield made


def carried_out(desk: Desk, ref: str) -> ReportData:
    plan = desk.make_plan(ref)
    assert not plan.refusals, plan.refusals
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    desk.verify(ref)
    return said(desk, ref)


def said(desk: Desk, ref: str) -> ReportData:
    """The report, after a look at its page: no value in it, and every table on it."""
    data = desk.report(ref)
    page = report_html(data)
    for value in VALUES:
        assert value not in page, value
    for part in data.tables:
        assert part.title in page
        assert sum(width for _, width in part.heads) == 100
        assert {len(row) for row in part.rows} == {len(part.heads)}
    return data


def part(data: ReportData, title: str) -> ReportTable:
    (found,) = [t for t in data.tables if t.title.startswith(title)]
    return found


def figures(data: ReportData) -> dict[str, int | None]:
    return dict(data.figures)


def balanced(data: ReportData) -> None:
    """Found before is the sum of the others, in all and in each system."""
    first, *others = (n for _, n in data.figures)
    assert first == sum(n or 0 for n in others)
    for system in data.systems:
        head, *rest = system.figures
        assert (head or 0) == sum(n or 0 for n in rest), system.title
    assert len({len(s.figures) for s in data.systems} | {len(data.columns)}) == 1


def test_access(desk: Desk, shop: World) -> None:
    ref = opened(desk, "email=ann@x.org", right="access")
    assert said(desk, ref).headline == "Nothing has been searched yet."
    desk.make_plan(ref)
    assert said(desk, ref).summary == "Nothing has been handed over yet."
    desk.export(ref, shop.folder / "out", ["json"])
    data = said(desk, ref)
    assert (data.title, data.article) == ("Report on a request for access", "Art. 15")
    assert data.summary.startswith("The person's data was exported")
    assert figures(data) == {"records found": 5, "fields disclosed": 26, "fields withheld": 0, "fields to be looked at": 0}
    assert data.systems[0].figures == (5, 26, 0, 0)
    desk.export(ref, shop.folder / "sealed", ["json"], encrypt=True)
    assert "under a password" in said(desk, ref).summary


def test_portability(desk: Desk) -> None:
    ref = opened(desk, "email=ann@x.org", right="portability")
    desk.make_plan(ref)
    data = said(desk, ref)
    assert data.title == "Report on a request for data to take along"
    assert figures(data)["fields disclosed"] == 7  # what rests on a contract; the account rests on interests


def test_rectification_names_kinds_and_fields_and_no_value(desk: Desk) -> None:
    told = [("user.contact.email", "ann@new.org"), ("user.name", "Ann Lee")]
    ref = desk.open_request("rectification", ANN, date.today(), corrections=told).ref
    assert said(desk, ref).headline == "Nothing has been done yet."
    data = carried_out(desk, ref)
    assert data.headline == "Every corrected value stands in the one system that was searched."
    (row,) = part(data, "What is corrected").rows
    assert row == ("e-mail address", "Web shop: Accounts · E-mail", "the value that was given", 1)
    assert "It holds this value already" in {f.detail for f in data.fields}
    assert figures(data)["changed"] == 1
    assert "erased" not in figures(data)
    balanced(data)
    back = carried_out(desk, desk.undo(ref, "She gave the wrong one").ref)
    assert back.title == "Report on a rectification taken back"
    assert back.ground == f"It takes back the rectification {ref}: She gave the wrong one"
    assert [row[2] for row in part(back, "What is corrected").rows] == ["as it was before"]


def test_recipients_are_listed_until_they_are_told_and_after(desk: Desk) -> None:
    ref = desk.open_request("rectification", ANN, date.today(), corrections=[("user.contact.email", "ann@new.org")]).ref
    data = carried_out(desk, ref)
    assert part(data, "Recipients").rows == (("DHL", "Web shop", 1, "not told yet", "–"),)
    assert data.summary.endswith("1 task by hand is still open.")
    (task,) = [t for t in desk.tasks(ref) if t.kind == "notice"]
    desk.answer_task(ref, task.id, "By registered letter", 1)
    (row,) = part(said(desk, ref), "Recipients").rows
    assert str(row[3]).startswith("By registered letter (Ada, ")
    assert "still open" not in said(desk, ref).summary
    assert not said(desk, ref).tasks


def test_restriction_and_its_end(desk: Desk) -> None:
    ref = desk.open_request("restriction", ANN, date.today(), ground="18(1)(a)").ref
    data = carried_out(desk, ref)
    assert data.headline == "All that the plan restricts is restricted in the one system that was searched."
    assert "Other programs are not bound by it" in data.notice
    assert data.ground == "Art. 18(1)(a): the person contests that the data is accurate"
    rows = part(data, "What is restricted").rows
    assert {(r[0], r[1], r[2], r[4]) for r in rows} == {
        (1, "Accounts, Web shop", "marked", "restricted"),
        (3, "Orders, Web shop", "marked", "restricted"),
    }
    assert figures(data)["by hand"] == 1
    balanced(data)

    (task,) = [t for t in desk.tasks(ref) if t.kind == "rows"]
    desk.answer_task(ref, task.id, "Locked in the scoring program", 1)
    rows = part(said(desk, ref), "What is restricted").rows
    assert (1, "Credit scores, Web shop", "by hand", "restricted") in {(r[0], r[1], r[2], r[4]) for r in rows}

    lifting = desk.lift(ref).ref
    desk.make_plan(lifting)
    (tell,) = [t for t in desk.tasks(lifting) if t.kind == "tell"]
    desk.answer_task(lifting, tell.id, "Told by letter", 1)
    data = carried_out(desk, lifting)
    assert (data.title, data.ground) == ("Report on the end of a restriction", f"It ends the restriction {ref}.")
    rows = part(data, "What was set free").rows
    assert {(r[0], r[1], r[2], r[4]) for r in rows} == {
        (1, "Accounts, Web shop", "mark taken away", "free"),
        (3, "Orders, Web shop", "mark taken away", "free"),
        (1, "Credit scores, Web shop", "by hand", "restricted"),
    }
    assert data.notice, "one of them is still restricted"
    balanced(data)
    assert {r[4] for r in part(said(desk, ref), "What is restricted").rows} == {"free", "restricted"}


def test_a_partial_erasure_item_by_item(desk: Desk) -> None:
    ref = opened(desk, "email=ann@x.org")
    assert said(desk, ref).kept_title == "What was kept, and why"
    data = carried_out(desk, ref)
    stays = "id, person, Total, Ordered on, restricted"
    assert part(data, "What stays").rows == (
        (
            2,
            "Orders, Web shop",
            stays,
            "Art. 17(3)(b): Tax records",
            "Thu 31 Jan 2030",
            "note",
        ),
        (
            1,
            "Orders, Web shop",
            stays,
            "Art. 17(3)(b): Tax records",
            "Tue 28 Feb 2034",
            "note",
        ),
    )
    assert data.headline == "Nothing is left over in the one system that was searched."
    assert (figures(data)["erased"], figures(data)["retained"]) == (2, 3)
    assert "changed" not in figures(data)
    balanced(data)
    (diet,) = [f for f in data.fields if f.where == "Accounts · diet"]
    assert diet.special
    assert report_html(data).count("special category (Art. 9)") == 1


@pytest.mark.parametrize("by", ["a table that was there", "a trigger"])
def test_a_copy_in_a_table_outside_the_catalog_is_told(desk: Desk, shop: World, by: str) -> None:
    shop.do("shop", "CREATE TABLE other (id INTEGER, was TEXT)")
    if by == "a trigger":
        shop.do("shop", "CREATE TRIGGER t BEFORE UPDATE ON people BEGIN INSERT INTO other VALUES (old.id, old.email); END")
    else:
        shop.do("shop", "INSERT INTO other VALUES (1, 'ann@x.org')")
    ref = opened(desk, "email=ann@x.org")
    data = carried_out(desk, ref)
    proof = desk.verify(ref)
    where = "table other, which the catalog does not list"
    assert (proof.status, [(r.where, r.count) for r in proof.residue]) == ("verified", [(where, 1)])
    assert data.headline == "No record is left over in the one system that was searched. Residue: 1."
    assert f"Web shop: 1 copy in {where}: A live row holds it." in data.residue[0]
    assert "othing is left" not in report_html(data) and "othing left" not in report_html(data)
    assert any(f"residue in shop, {where}: 1. A live row holds it." in line for line in cli_words.verification(proof))


def test_an_end_that_has_passed_says_so(desk: Desk, shop: World) -> None:
    shop.do("shop", "UPDATE orders SET day = '2001-02-03'")
    ref = opened(desk, "email=ann@x.org")
    desk.make_plan(ref)
    assert [row[4] for row in part(said(desk, ref), "What stays").rows] == ["Thu 3 Feb 2011, which has passed"]


def test_ends_of_several_kinds_are_all_named_in_one_line(desk: Desk, shop: World) -> None:
    shop.do("shop", "UPDATE orders SET day = '9999-12-31' WHERE id = 9")
    shop.do("shop", "UPDATE orders SET day = '2001-02-03' WHERE id = 8")
    ref = opened(desk, "email=ann@x.org")
    desk.make_plan(ref)
    assert [k.until for k in said(desk, ref).kept if "Orders" in k.what] == ["Thu 3 Feb 2011 to Thu 31 Jan 2030, or no end"]


def test_holds_stand_on_the_report_after_their_release_too(desk: Desk) -> None:
    ref, other = opened(desk, "email=ann@x.org"), opened(desk, "email=ben@x.org")
    hold = desk.hold_person(ANN, "Claim of 3 March before the court")
    desk.make_plan(ref)
    (row,) = part(said(desk, ref), "Legal holds").rows
    assert row[1:] == ("this person", "Claim of 3 March before the court (Ada)", "stands")
    desk.release_hold(hold.id, "The claim was settled")
    (row,) = part(said(desk, ref), "Legal holds").rows
    assert str(row[3]).startswith("released: The claim was settled (Ada, ")
    desk.make_plan(other)
    assert not [t for t in said(desk, other).tables if t.title == "Legal holds"]


def test_objection(desk: Desk) -> None:
    ref = desk.open_request("objection", ANN, date.today(), ground="21(1)").ref
    data = carried_out(desk, ref)
    assert data.title == "Report on an objection"
    assert (figures(data)["changed"], figures(data)["erased"]) == (1, 0)
    balanced(data)


def test_decisions_of_machines_are_counted_until_somebody_looked(desk: Desk) -> None:
    ref = opened(desk, "email=ann@x.org", right="automated-decisions")
    desk.make_plan(ref)
    data = said(desk, ref)
    assert data.title == "Report on decisions that a machine took"
    assert figures(data) == {"records found": 5, "decisions": 1, "looked at again": 0}
    (task,) = [t for t in desk.tasks(ref) if t.kind == "review"]
    desk.answer_task(ref, task.id, "Heard her, and raised the score", 1)
    assert figures(said(desk, ref))["looked at again"] == 1


def test_a_list_says_what_becomes_of_each_masked(desk: Desk, shop: World) -> None:
    (shop.folder / "list.txt").write_text("email=ben@x.org\nemail=cyd@x.org\nemail=zoe@x.org\n")
    ref = desk.open_list("erasure", shop.folder / "list.txt", date.today(), by_controller=True).ref
    data = carried_out(desk, ref)
    assert (data.title, data.subject) == ("Report on an erasure that the controller began itself", "a list of 3 people")
    assert "known of these people" in data.summary
    assert (data.answered, data.in_time) == ("nobody asked", "the controller began it itself")
    assert part(data, "The people").rows == (
        ("1", "b•••@•••", "1 record erased"),
        ("2", "c•••@•••", "1 record erased"),
        ("3", "z•••@•••", "nobody found"),
    )
    balanced(data)


def test_nothing_found_is_called_neither_erased_nor_restricted(desk: Desk) -> None:
    for right, words in (("erasure", "erased"), ("restriction", "restricted")):
        data = carried_out(desk, opened(desk, "email=nobody@x.org", right=right))
        assert data.headline == f"Nothing was found in the one system that was searched, so nothing was {words}."


def test_what_was_left_to_people_alone_is_not_called_done(desk: Desk, shop: World) -> None:
    shop.do("shop", "UPDATE people SET email = 'old@x.org' WHERE id = 1")
    shop.do("shop", "DELETE FROM orders")
    ref = opened(desk, "email=old@x.org", right="restriction")
    plan = desk.make_plan(ref)
    desk.review(ref, [s.ref for s in plan.steps if s.ref.collection == "people"], False, "Somebody else's account")
    data = carried_out(desk, ref)
    assert data.headline == "DSR Desk found nothing to change: nothing was restricted by it."
    assert data.summary.endswith("still open.")


def test_a_run_that_wrote_is_never_called_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = opened(desk, "email=ann@x.org")
    plan = desk.make_plan(ref)
    assert said(desk, ref).headline == "Nothing has been erased yet."
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    assert said(desk, ref).headline == "The plan was applied. Nobody has searched again yet."
    real = Desk.report

    def killed(self: Desk, of: str) -> Any:
        with self.workspace.write() as tx:
            tx.drop(of, "applied")
        return real(self, of)

    monkeypatch.setattr(Desk, "report", killed)
    assert said(desk, ref).headline == "This is not done."


def test_a_report_of_systems_that_the_catalog_no_longer_has(desk: Desk, shop: World) -> None:
    ref = opened(desk, "email=ann@x.org")
    carried_out(desk, ref)
    path = shop.folder / "catalog" / "shop.yaml"
    path.write_text(path.read_text().replace('"system": "shop"', '"system": "store"'))
    desk.accept_catalog()
    data = desk.report(ref)
    assert {k.what for k in data.kept} >= {"3 × orders, shop"}
    assert report_html(replace(data, limits=()))


def test_cautions_say_where(desk: Desk) -> None:
    ref = opened(desk, "email=ann@x.org")
    plan = desk.make_plan(ref)
    rows = [row for t in said(desk, ref).tables if t.title.startswith("What was to be known") for row in t.rows]
    assert [what for _, what in rows] == [c.what for c in plan.cautions]
    assert all(str(where).startswith("Web shop · ") for where, _ in rows)


def test_the_folder_of_the_workspace_is_no_secret_and_no_path(desk: Desk, shop: World) -> None:
    data = desk.report(opened(desk, "email=ann@x.org"))
    assert str(Path(shop.folder).parent) not in data.verify_command


@pytest.mark.parametrize(
    ("why", "cure"), [("a copy is there", "Remove it"), ("A copy is there.", "Remove it."), ("a copy is there", "")]
)
def test_what_is_left_is_told_in_sentences_however_a_driver_writes_it(why: str, cure: str) -> None:
    assert Residue("shop", "a file", 1, why, cure).told == "A copy is there." + (" Remove it." if cure else "")
