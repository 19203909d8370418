"""Plans of the other rights: what is told is read as a difference, nothing is red that can be undone, and cures lead on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtTest import QTest

from dsr_desk.errors import RefusedError, UnreachableError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.corrections_dialog import CorrectionsDialog
from dsr_desk.gui.dialogs.hand_dialog import HandDialog
from dsr_desk.gui.messages import explain
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.task_words import look
from dsr_desk.gui.pages.plan_page import PlanPage
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.correction_rows import CorrectionRows
from dsr_desk.model.plan import Caution, Outcome, Plan, Reach, Refusal, Step
from dsr_desk.model.request import Correction, Task
from tests.gui.fake_pages import SECRET, FakeDesk, _step, plan, request, systems
from tests.gui.pages import bridge, buttons, check_manners, shown, table, texts  # noqa: F401

NEW = "mara.neu@example.org"
KEPT = Outcome("excluded", reason="Not to be corrected")


def told(right: str = "rectification", strategy: str = "given", **more: Any) -> Plan:
    """One e-mail address that becomes another one in two systems; the rest is left as it is."""
    fields = {"email": Outcome("changed", strategy), "full_name": KEPT}
    steps = (
        _step("shop", "customers", "1042", "change", fields, before={"email": SECRET, "full_name": "Mara"}, writes={"email": NEW}),
        _step("crm", "contacts", "c1", "change", fields, before={"email": SECRET, "full_name": "Mara"}, writes={"email": NEW}),
        _step("shop", "messages", "88,1", "keep", {"body": KEPT}, before={"body": "hello"}),
    )
    return replace(plan(), right=right, steps=steps, manual_systems=(), compact=(), **more)


class Desk(FakeDesk):
    """A desk whose phrase is the right's own, and that reveals."""

    def phrase(self, plan: Plan) -> str:
        return f"{rights.known()[plan.right].verb} {sum(1 for s in plan.steps if s.changes)}"

    def make_plan(self, ref: str, tell: Any, cancel: Any) -> Plan:
        self._note("make_plan", ref)
        assert self.planned is not None
        return self.planned

    def reveal(self, ref: str, row: Any, field: str) -> tuple[Any, int]:
        self._note("reveal", ref, row.path, field)
        return SECRET, 4803


@pytest.fixture
def told_page(qtbot: Any, bridge: Bridge) -> PlanPage:  # noqa: F811
    fake = Desk()
    fake.planned = told()
    made = PlanPage(fake, bridge, systems)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    shown(made, request("rectification"), qtbot)
    made.show()
    return made


def test_a_correction_is_a_difference_over_all_systems(told_page: PlanPage) -> None:
    assert told_page._buttons["changed"].isChecked(), "only what changes is shown first"
    rows = table(told_page._model)
    assert [r[0] for r in rows if r[3].startswith("changed as")] == ["email", "email"]
    assert not [r for r in rows if "full_name" in r[0] or "messages" in r[0]]
    main = told_page._pane.main
    assert main.text() == "Correct 2 records in 2 systems…" and main.kind == "primary", "it can be undone, so it is not red"
    assert main.reason == "Type CORRECT 2 first."
    assert "correct" in texts(told_page._pane) and "erase" not in texts(told_page._pane).split()
    check_manners(told_page)


def test_old_and_new_are_masked_until_revealed_and_hide_again(told_page: PlanPage, qtbot: Any) -> None:
    def everything() -> str:
        return "\n".join("\t".join(r) for r in table(told_page._model)) + texts(told_page)

    assert SECRET not in everything() and NEW not in everything()
    row = next(i for i, r in enumerate(table(told_page._model)) if r[0] == "email")
    told_page._table.go_to(row)
    told_page.reveal()
    qtbot.waitUntil(lambda: told_page._model.shown == 1)
    cells = table(told_page._model)[row]
    assert cells[1] == SECRET and cells[2] == NEW, "both sides of the difference can be read before it is approved"
    assert "entry 4" in told_page.notes.clear.title and everything().count(NEW) == 1
    step = told_page._model.rows[row].step
    assert step is not None
    told_page._model.hide_value(step, "email")
    assert SECRET not in everything() and NEW not in everything()


@pytest.mark.parametrize(
    ("right", "strategy", "words"),
    [
        ("restriction", "flag", "Restrict 2 records in 2 systems…"),
        ("lifting", "former", "Lift 2 restrictions in 2 systems…"),
        ("objection", "flag", "Stop using 2 records in 2 systems…"),
    ],
)
def test_each_right_says_what_its_button_does(told_page: PlanPage, qtbot: Any, right: str, strategy: str, words: str) -> None:
    told_page._desk.planned = told(right, strategy)  # type: ignore[attr-defined]
    shown(told_page, request(right), qtbot)
    assert told_page._pane.main.text() == words and told_page._pane.main.kind == "primary"
    assert told_page._pane.main.sizeHint().width() <= told_page._pane.width() - 36, "all of it can be read"


def test_what_goes_for_good_is_red_whatever_the_right(told_page: PlanPage, qtbot: Any) -> None:
    steps = told("objection", "flag").steps
    gone = replace(steps[0], action="delete", writes={}, fields=dict.fromkeys(steps[0].fields, Outcome("erased", "delete")))
    told_page._desk.planned = replace(told("objection", "flag"), steps=(gone, *steps[1:]))  # type: ignore[attr-defined]
    shown(told_page, request("objection"), qtbot)
    assert told_page._pane.main.kind == "danger"


def test_a_refused_correction_is_corrected_and_a_restricted_row_leads_to_its_request(told_page: PlanPage, qtbot: Any) -> None:
    unfit = Refusal("shop", "customers", "email", "the new value is no e-mail address", "Write it like ANN@EXAMPLE.ORG")
    since = Refusal(
        "crm",
        "contacts",
        "",
        "1 record restricted since DSR-2026-0005 (Art. 18)",
        "Lift it first",
        "DSR-2026-0005",
        "dsr-desk request lift DSR-2026-0005",
    )
    told_page._desk.planned = told(refusals=(unfit, since), digest="")  # type: ignore[attr-defined]
    shown(told_page, request("rectification"), qtbot)
    notices = told_page.notes.refusals.notices
    assert [n.request for n in notices] == ["", "DSR-2026-0005"] and "dsr-desk" not in notices[1].cure
    qtbot.waitUntil(lambda: "Open DSR-2026-0005" in buttons(told_page.notes))
    with qtbot.waitSignal(told_page.request_wanted) as wanted:
        buttons(told_page.notes)["Open DSR-2026-0005"].click()
    assert wanted.args == ["DSR-2026-0005"]
    with qtbot.waitSignal(told_page.correct_wanted):
        buttons(told_page.notes)["Correct otherwise…"].click()
    assert "Open the catalog" not in buttons(told_page.notes), "the catalog is not what is wrong"
    rows = table(told_page._model)
    assert any("restricted since" in r[3] for r in rows), "a refusal of whole rows stands on them, too"


def test_a_correction_is_withdrawn_in_the_window(qtbot: Any) -> None:
    told = [Correction("user.contact.email", NEW), Correction("shop/customers/full_name", "Mara Neu")]
    dialog = CorrectionsDialog(systems(), told)
    qtbot.addWidget(dialog)
    assert NEW not in texts(dialog), "told values are masked where they are only listed"
    assert dialog.act.reason
    first, second = [b for b in dialog.told.findChildren(Button) if b.text() == "Withdraw"]
    first.click()
    assert not dialog.act.reason
    second.click()
    assert "corrects something" in dialog.act.reason, "nothing would be left of it"
    second.click()
    with qtbot.waitSignal(dialog.given) as given:
        dialog.act.click()
    assert given.args == [[], ["user.contact.email"]]


def test_lines_come_and_go_and_one_always_stays(qtbot: Any) -> None:
    rows = CorrectionRows(systems().values())
    qtbot.addWidget(rows)
    assert rows.rows[0].remove.isHidden()
    rows.add()
    first, second = rows.rows
    assert not second.remove.isHidden()
    with qtbot.waitSignal(rows.changed):
        first.remove.click()
    assert rows.rows == [second] and second.remove.isHidden()


def test_commands_are_for_terminals() -> None:
    stopped = RefusedError("It is restricted.", "Lift it first.", "dsr-desk request lift DSR-2026-0005")
    assert explain(stopped).text == "Lift it first."
    assert stopped.diagnostics().endswith("\nLift it first: dsr-desk request lift DSR-2026-0005")
    only = "Store the password in a terminal: dsr-desk secret set crm"
    assert explain(UnreachableError("System crm refused the password.", only)).text == only, "what no window does is not cut"


def test_cautions_and_reach_are_told_before_approval(told_page: PlanPage, qtbot: Any) -> None:
    first, *rest = plan().steps
    reach = (Reach("audit_log", ("customer_id",), 12),)
    gone: Step = replace(rest[0], reach=reach, unlink=("street",))
    moved: Step = replace(rest[7], action="move", to="messages_aside")
    caution = Caution("shop", "orders", "note", "3 records that stay still single somebody out")
    told_page._desk.planned = replace(plan(), steps=(first, gone, moved), cautions=(caution,))  # type: ignore[attr-defined]
    shown(told_page, request(), qtbot)
    assert told_page.notes.cautions.isVisible() and "1 thing to know" in told_page.notes.cautions.title
    assert told_page.notes.cautions.notices[0].where == "Web shop ▸ Orders ▸ note"
    rows = {r[0].split(" ", 1)[-1]: r for r in table(told_page._model)}
    assert rows["addresses ▸ 310"][2] == "takes 12 rows of audit_log along street cleared first"
    assert rows[f"messages ▸ {moved.ref.key[0]}, {moved.ref.key[1]}"][1] == "set aside in messages_aside"
    qtbot.waitUntil(lambda: "12 more rows of tables that the catalog doesn’t list go along" in texts(told_page._pane))


def test_the_person_is_told_before_a_restriction_ends(told_page: PlanPage, qtbot: Any) -> None:
    fake: Any = told_page._desk
    tell = Task("tell", "DSR-2026-0112", "", "Tell the person that the restriction ends", "Before it is lifted …", kind="tell")
    fake.open_tasks, fake.planned = [tell], told("lifting", "former")
    with qtbot.waitSignal(told_page.changed):
        told_page.make()
    main = told_page._pane.main
    assert "tell the person first" in main.reason, "a plan that was just made is locked, too"
    shown(told_page, request("lifting"), qtbot)
    assert "tell the person first" in main.reason and not told_page._words.isEnabled()
    qtbot.waitUntil(lambda: look(tell).act in buttons(told_page.notes))
    buttons(told_page.notes)[look(tell).act].click()
    dialog = told_page.findChild(HandDialog)
    assert dialog is not None and look(tell).verb in buttons(dialog)
    QTest.keyClicks(dialog._note, "Letter of today, by post")
    buttons(dialog)[look(tell).verb].click()
    qtbot.waitUntil(lambda: "Type" in main.reason)
    assert fake.calls[-1][:3] == ("answer_task", "DSR-2026-0112", "tell")


def test_a_right_that_writes_nothing_and_hands_over_nothing_leads_to_its_tasks(told_page: PlanPage, qtbot: Any) -> None:
    told_page._desk.planned = replace(told("automated-decisions"), steps=(told().steps[2],))  # type: ignore[attr-defined]
    shown(told_page, request("automated-decisions"), qtbot)
    assert not told_page._pane.formats.isVisible() and "shown to the person" not in str(table(told_page._model))
    with qtbot.waitSignal(told_page.report_wanted):
        told_page._pane.main.click()
