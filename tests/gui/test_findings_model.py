"""The list of findings keeps Qt's rules while it grows, folds and is filtered, and its counts are always those of its rows."""

from __future__ import annotations

import random
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from dsr_desk.gui.models.findings_model import FindingsModel
from dsr_desk.gui.widgets.parts import spoken
from dsr_desk.model.finding import Finding
from dsr_desk.model.request import Decision
from tests.gui.fake_desk import HOSTILE, SECRET, catalog_systems, finding, findings

STRICT = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def model(qapp: Any) -> FindingsModel:
    made = FindingsModel()
    made.set_systems(catalog_systems(), lambda f: f.clear, lambda f: f.access_only)
    return made


def ticked_by_hand(model: FindingsModel, found: list[Finding]) -> int:
    return sum(1 for f in found if (d.include if (d := model.index_.decisions.get(f.ref)) else f.clear))


def cells(model: FindingsModel) -> list[str]:
    return [spoken(model.parts(model.node(r), c)) for r in range(model.rowCount()) for c in range(4)]


def test_rows_arrive_in_any_slices_and_the_list_is_the_same(model: FindingsModel) -> None:
    tester = QAbstractItemModelTester(model, STRICT)
    whole = FindingsModel()
    whole.set_systems(catalog_systems(), lambda f: f.clear, lambda f: f.access_only)
    whole.add(findings())
    for start in range(0, 60, 7):
        model.add(findings()[start : start + 7])
    assert cells(model) == cells(whole)
    assert tester is not None


def test_a_later_finding_replaces_the_earlier_one(model: FindingsModel) -> None:
    first = finding("shop", "orders", "1", {"id": 1}, shared=True)
    model.add([first])
    assert model.counts().undecided == 1
    model.add([finding("shop", "orders", "1", {"id": 1})])
    counts = model.counts()
    assert (counts.found, counts.ticked, counts.undecided) == (1, 1, 0)


def test_counts_are_those_of_the_rows_after_any_decisions(model: FindingsModel) -> None:
    found = findings()
    model.add(found)
    chance = random.Random(7)
    for _ in range(30):
        decided = {
            f.ref: Decision(f.ref, chance.random() < 0.5, "because") for f in chance.sample(found, chance.randrange(len(found)))
        }
        model.decide(decided)
        counts = model.counts()
        assert counts.found == len(found)
        assert counts.ticked == ticked_by_hand(model, found)
        assert counts.left_out == sum(not d.include for d in decided.values())


def test_folding_and_filtering_keep_the_rules_of_qt(model: FindingsModel) -> None:
    tester = QAbstractItemModelTester(model, STRICT)
    model.add(findings())
    chance = random.Random(3)
    for _ in range(120):
        row = chance.randrange(model.rowCount())
        model.fold(row, not model.is_open(model.node(row)))
        if chance.random() < 0.2:
            model.filter(chance.choice(["", "88", "news", "zzz"]), chance.choice(["", "undecided", "special"]))
            if not model.rowCount():
                model.filter("", "")
    model.filter("", "")
    assert model.counts().found == len(findings())
    assert tester is not None


def test_a_system_is_ticked_as_what_is_below_it(model: FindingsModel) -> None:
    model.add(findings())
    states = {
        model.node(r).system: model.check_state(model.node(r)) for r in range(model.rowCount()) if model.node(r).kind == "system"
    }
    assert states["crm"] == Qt.CheckState.Checked
    assert states["shop"] == Qt.CheckState.PartiallyChecked


def test_every_finding_can_be_looked_at(model: FindingsModel) -> None:
    model.add(findings())
    for found in findings():
        row = model.reveal(found.ref)
        assert row is not None
        node = model.node(row)
        assert node.finding is not None
        assert node.finding.ref == found.ref


def test_nothing_is_shown_in_clear_and_markup_stays_text(model: FindingsModel) -> None:
    model.add(findings())
    for found in findings():
        model.reveal(found.ref)
    said = "\n".join(cells(model))
    for value in (SECRET, "Maria Hofer", "1984-05-12", "no nuts", "5550188", HOSTILE, "Thank you"):
        assert value not in said
    assert "special" in said


def test_a_filter_that_names_nothing_shows_nothing(model: FindingsModel) -> None:
    model.add(findings())
    model.filter("no such thing", "")
    assert model.rowCount() == 0
    assert model.counts().found == len(findings())


def test_a_system_that_left_the_catalog_is_still_shown(model: FindingsModel) -> None:
    model.add([finding("gone", "things", "1", {"id": 1})])
    assert [model.node(r).system for r in range(model.rowCount())] == ["gone", "gone"]
