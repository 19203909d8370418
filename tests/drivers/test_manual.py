"""Systems that only a person deals with claim nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsr_desk import drivers
from dsr_desk.drivers.base import Driver, Run
from dsr_desk.drivers.manual import ManualDriver
from dsr_desk.errors import RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Lookup, RowRef
from dsr_desk.model.plan import Step, Work
from dsr_desk.plugins import plugins


@pytest.fixture
def driver(tmp_path: Path) -> ManualDriver:
    return ManualDriver(System("archive", "manual", title="Paper archive"), tmp_path)


def test_it_is_found_by_its_name() -> None:
    assert plugins(drivers, Driver)["manual"] is ManualDriver  # type: ignore[type-abstract]


def test_it_finds_nothing_and_says_why(driver: ManualDriver) -> None:
    assert list(driver.find([Lookup("folders", ("name",), (("Anna",),), "name")], Cancel())) == []
    assert driver.by_hand and not driver.schema().writable
    assert driver.schema().limits == ("A program can't look into it.",)
    assert driver.guarantee == "A person does it and says so."


def test_it_never_writes(driver: ManualDriver) -> None:
    ref = RowRef("archive", "folders", ("7",))
    work = Work("archive", (Step(ref, {"id": "7"}, "delete", {}, ""),), (), b"k")
    assert [r.collection for r in driver.rehearse(work, Cancel())] == ["folders"]
    with pytest.raises(RefusedError, match="Paper archive"):
        driver.apply(work, Run(None, lambda _: None))


def test_nobody_saw_its_bytes(driver: ManualDriver) -> None:
    (residue,) = driver.residue([b"Anna Berg"], Cancel())
    assert residue.count == 0 and residue.why
