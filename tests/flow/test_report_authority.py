"""What supervisory authorities ask for: it stands on every report, and says so where nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.errors import RefusedError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.reporting.authority import remains
from dsr_desk.flow.reporting.tables import cautions
from dsr_desk.model.due import long_date
from dsr_desk.model.plan import Caution
from dsr_desk.model.report import ReportData
from dsr_desk.render.report import grouped, report_html
from dsr_desk.render.report_files import lines
from tests.flow.world import World, ident, owned_by, table, text

ANN = [("email", "ann@x.org")]
TODAY = date.today()


@pytest.fixture
def shop(world: World) -> World:
    world.sql(
        "shop",
        {"title": "Web shop", "backups": {"kept": "30 days", "note": "Nightly, at the host"}},
        people=table(
            "id email name", (1, "ann@x.org", "Ann Lee"), (2, "ben@x.org", "Ben Orr"), subject=True, on_erase="redact",
            id={"category": "user.unique_id"}, email=ident("email", None), name=text("blank", category="user.name"),
        ),
        notes=table("id person body", (3, 1, "a note"), (4, 1, "a note"), on_erase="delete", person=owned_by("people.id"), body={}),
    )  # fmt: skip
    return world


@pytest.fixture
def desk(shop: World) -> Iterator[Desk]:
    made = shop.desk()
    with made.workspace:
        yield made


def part(data: ReportData, title: str) -> list[tuple[Any, ...]]:
    (found,) = [t for t in data.tables if t.title == title]
    return list(found.rows)


def carried_out(desk: Desk) -> str:
    ref = desk.open_request("erasure", ANN, TODAY).ref
    plan = desk.make_plan(ref)
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    desk.verify(ref)
    return ref


def test_a_request_with_nothing_done_says_so_everywhere(desk: Desk) -> None:
    data = desk.report(desk.open_request("erasure", ANN, TODAY).ref)
    assert part(data, "How the search was made complete") == [("Web shop", "2 tables, 6 columns", "not searched yet", "–")]
    assert part(data, "Backups") == [("Web shop", "30 days", "–", "Nightly, at the host")]
    assert (data.extension, data.identity_asked) == ("none", "no, as far as it is recorded")
    assert "How anonymous" not in report_html(data)


def test_how_complete_the_search_was(desk: Desk, shop: World) -> None:
    shop.do("shop", "ALTER TABLE people ADD COLUMN nick TEXT")
    ref = desk.open_request("access", ANN, TODAY).ref
    desk.search(ref)
    ((system, known, how, unknown),) = part(desk.report(ref), "How the search was made complete")
    assert (system, known) == ("Web shop", "2 tables, 6 columns")
    assert how.startswith("by machine: ") and how.endswith("questions, 3 records found")
    assert unknown == "columns that the catalog does not know: people.nick"
    (table_,) = [t for t in desk.report(ref).tables if t.title == "How the search was made complete"]
    assert table_.intro.startswith("Asked with 1 identifier, 0 of them found on the way, on ")


def test_a_system_that_was_waived_or_could_not_be_reached(desk: Desk, shop: World) -> None:
    ref = desk.open_request("access", ANN, TODAY).ref
    (shop.folder / "shop.db").rename(shop.folder / "away.db")
    desk.search(ref)
    ((_, _, how, unknown),) = part(desk.report(ref), "How the search was made complete")
    assert how.startswith("not searched: ") and unknown == "–"
    desk.waive(ref, "shop", "The host is down for a week")
    desk.search(ref)
    ((_, _, how, _),) = part(desk.report(ref), "How the search was made complete")
    assert how == "not searched, waived: The host is down for a week"


def test_until_when_backups_hold_it_is_counted_from_the_run(desk: Desk) -> None:
    data = desk.report(carried_out(desk))
    assert part(data, "Backups") == [("Web shop", "30 days", long_date(TODAY + timedelta(30)), "Nightly, at the host")]


def test_silence_on_backups_is_said(world: World) -> None:
    world.sql("shop", people=table("id email", (1, "ann@x.org"), subject=True, on_erase="delete", email=ident("email")))
    desk = world.desk()
    with desk.workspace:
        ((_, kept, until, said),) = part(desk.report(carried_out(desk)), "Backups")
        assert (kept, until) == ("not known", "not known") and said.startswith("Nobody has said")


def test_what_remains_and_whether_it_is_personal_data(desk: Desk) -> None:
    rows = part(desk.report(carried_out(desk)), "How anonymous what remains is")
    assert [(r[0], r[1], r[2]) for r in rows] == [
        ("blank", 1, 1), ("emptied", 1, 1), ("nothing: the record is deleted", 2, 2), ("the key of the row", 1, 1)
    ]  # fmt: skip
    assert rows[0][3].startswith("no") and rows[3][3].startswith("yes")


def test_the_key_of_a_closed_request_was_destroyed(world: World) -> None:
    world.sql(
        "shop",
        people=table("id email", (1, "ann@x.org"), subject=True, on_erase="redact", email=ident("email", "hash"), id=ident("no")),
    )
    desk = world.desk()
    with desk.workspace:
        ref = carried_out(desk)
        for says in ("its key is destroyed when the request is closed; until then yes", "was destroyed when"):
            if says.startswith("was"):
                desk.decide(ref, "granted", "", TODAY)
                desk.close_request(ref)
            (law,) = [r[3] for r in part(desk.report(ref), "How anonymous what remains is") if r[0] == "a keyed digest"]
            assert says in law


def test_what_singles_somebody_out_is_said_where_it_stands(desk: Desk) -> None:
    ref = desk.open_request("erasure", ANN, TODAY).ref
    plan = replace(desk.make_plan(ref), cautions=(Caution("shop", "people", "", "2 records still single somebody out"),))
    table_ = remains(plan, False)
    assert table_ is not None
    catalog = desk.catalog_read().catalog
    told = cautions(plan, catalog) if catalog else None
    assert told is not None and f"Under “{told.title}” 1 line says where" in table_.intro


def test_each_question_before_and_after(desk: Desk) -> None:
    rows = part(desk.report(carried_out(desk)), "Before and after, question by question")
    assert ("Web shop", "people, email is this email", 1, 0) in rows


def test_that_nobody_had_to_be_told_is_said(desk: Desk) -> None:
    ((said,),) = part(desk.report(carried_out(desk)), "Recipients")
    assert said == "The catalog names no recipient of the data concerned. Nobody had to be told."


def test_who_had_which_role(desk: Desk) -> None:
    ref = carried_out(desk)
    desk.decide(ref, "granted", "", TODAY)
    ((who, role, _, did),) = part(desk.report(ref), "Procedure and roles")
    assert (who, role) == ("Ada", "approver")
    assert did.startswith("approved a plan, recorded the decision, ") and did.endswith(" other entries")


def test_extension_and_what_was_asked_for(desk: Desk) -> None:
    ref = desk.open_request("access", ANN, TODAY).ref
    desk.identify(ref, "passport seen", asked=True)
    desk.extend(ref, "Nine systems, two on paper")
    data = desk.report(ref)
    told = f"by two further months (Art. 12(3)): Nine systems, two on paper (the person was told on {long_date(TODAY)})"
    assert data.extension == told
    assert data.identity_asked.startswith("yes")
    assert told in report_html(data) and "extended to 3 calendar months" in data.due_rule
    desk.identify(ref, "called back")
    assert desk.request(ref).facts.identity_asked, "a later check takes nothing back"


def test_the_hash_of_the_script_that_checks_a_bundle_is_printed(desk: Desk) -> None:
    script = Path(__file__).parents[2] / "resources" / "evidence" / "verify.py"
    data = desk.report(desk.open_request("access", ANN, TODAY).ref)
    assert data.verifier == sha256(script.read_bytes()).hexdigest() == desk.period(TODAY, TODAY).verifier
    assert grouped(data.verifier) in report_html(data)


def test_a_forgotten_day_is_added_after_closing_and_changes_nothing_else(desk: Desk) -> None:
    ref = carried_out(desk)
    closed = desk.close_request(ref)
    decided: Any = closed.facts.decision
    other: Any = "partly" if decided == "granted" else "granted"
    with pytest.raises(RefusedError, match="was decided"):
        desk.decide(ref, "refused", "It was never theirs to ask for", TODAY)
    desk.decide(ref, other, "Decided by the board", None)
    assert desk.report(ref).answered == "not recorded"
    for decision, reason, day in ((decided, "", TODAY), (other, "Another reason", TODAY), (other, "", None)):
        with pytest.raises(RefusedError, match="is closed, and"):
            desk.decide(ref, decision, reason, day)
    desk.decide(ref, other, "", TODAY)
    with pytest.raises(RefusedError, match="on record"):
        desk.decide(ref, other, "", None)
    data, now = desk.report(ref), desk.request(ref)
    assert (data.decision, data.decision_reason, data.in_time) == (other, "Decided by the board", "in time")
    assert data.answered == f"{long_date(TODAY)} (recorded on {long_date(TODAY)}, after the request was closed)"
    assert (now.stage, now.closed) == ("closed", closed.closed)
    assert replace(now.facts, decision=decided, decision_reason="", answered=None) == closed.facts
    assert desk.period(TODAY, TODAY).tables[-1].rows[0][4] == long_date(TODAY).partition(" ")[2]
    assert desk.verify_trail(lambda _done, _total: None).fault is None


def test_a_refused_request(desk: Desk) -> None:
    ref = desk.open_request("erasure", ANN, TODAY).ref
    desk.decide(ref, "refused", "Asked for the ninth time this month", TODAY)
    page = report_html(desk.report(ref))
    assert "refused: Asked for the ninth time this month" in page and "Nothing has been done yet." in page


def test_every_cell_of_a_real_report_stands_in_the_table(desk: Desk) -> None:
    data = desk.report(carried_out(desk))
    written = {(str(p), str(v)) for p, _, _, v in lines(data)}
    for part_ in data.tables:
        for row in part_.rows:
            assert {(part_.title, str(v)) for v in row} <= written
    assert not any("ann@x.org" in str(v) or "Ann Lee" in str(v) for _, _, _, v in lines(data))
