"""Work ends exactly once, in the GUI thread, and a flood of events never stalls the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from dsr_desk.errors import CancelledError, DeskError, UsageError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.messages import BugError, explain
from dsr_desk.gui.models.feeder import Feeder
from dsr_desk.gui.models.findings_model import FindingsModel
from dsr_desk.gui.widgets.findings_table import FindingsTable
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Event, Found, Note, Tell
from tests.gui.fake_desk import SECRET, catalog_systems, finding


@pytest.fixture
def bridge(qapp: Any) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


class Ends:
    """What a job told."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.failed: list[DeskError] = []
        self.events: list[Event] = []
        self.threads: set[int] = set()

    def on_done(self, value: Any) -> None:
        self.done.append(value)
        self.threads.add(threading.get_ident())

    def on_failed(self, error: DeskError) -> None:
        self.failed.append(error)
        self.threads.add(threading.get_ident())

    def run(self, bridge: Bridge, work: Any, **more: Any) -> Any:
        return bridge.run(work, on_done=self.on_done, on_failed=self.on_failed, on_event=self.events.append, **more)

    @property
    def ended(self) -> int:
        return len(self.done) + len(self.failed)


def test_done_comes_once_after_all_events_in_the_gui_thread(qtbot: Any, bridge: Bridge) -> None:
    ends = Ends()

    def work(tell: Tell, cancel: Cancel) -> int:
        for n in range(100):
            tell(Note("", str(n)))
        return 7

    job = ends.run(bridge, work)
    qtbot.waitUntil(lambda: not bridge.busy)
    assert (ends.done, ends.failed) == ([7], [])
    assert [e.text for e in ends.events if isinstance(e, Note)] == [str(n) for n in range(100)]
    assert ends.threads == {threading.get_ident()}
    assert not job.running


@pytest.mark.parametrize(
    "error", [UsageError("What.", "What to do."), ValueError(SECRET), KeyboardInterrupt()], ids=["ours", "a bug", "interrupt"]
)
def test_failure_comes_once_and_never_with_a_value(qtbot: Any, bridge: Bridge, error: BaseException) -> None:
    ends = Ends()

    def work(tell: Tell, cancel: Cancel) -> None:
        raise error

    ends.run(bridge, work)
    qtbot.waitUntil(lambda: not bridge.busy)
    assert ends.ended == 1
    shown = explain(ends.failed[0])
    assert SECRET not in shown.title + shown.text + shown.details
    assert isinstance(ends.failed[0], BugError) != isinstance(error, UsageError)


def test_cancel_reaches_the_work_and_ends_it(qtbot: Any, bridge: Bridge) -> None:
    ends, stopped = Ends(), threading.Event()

    def work(tell: Tell, cancel: Cancel) -> None:
        with cancel.stops_with(stopped.set):
            stopped.wait(10)
            cancel.check()

    job = ends.run(bridge, work)
    job.cancel()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert [type(e) for e in ends.failed] == [CancelledError]


def test_nobody_is_called_after_the_page_is_gone(qtbot: Any, bridge: Bridge) -> None:
    ends, go = Ends(), threading.Event()
    page = QWidget()

    def work(tell: Tell, cancel: Cancel) -> None:
        go.wait(10)
        tell(Note("", "too late"))

    ends.run(bridge, work, owner=page)
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()
    go.set()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert (ends.ended, ends.events) == (0, [])


def test_a_failing_callback_does_not_hold_up_the_next_job(qtbot: Any, bridge: Bridge) -> None:
    ends = Ends()

    def broken(_: Any) -> None:
        raise ValueError("in a slot")

    with qtbot.captureExceptions() as caught:
        bridge.run(lambda tell, cancel: 1, on_done=broken, on_failed=broken)
        ends.run(bridge, lambda tell, cancel: 2)
        qtbot.waitUntil(lambda: ends.ended == 1)
    assert ends.done == [2]
    assert len(caught) == 1


def test_a_hundred_thousand_findings_arrive_while_the_window_breathes(qtbot: Any, bridge: Bridge, record_property: Any) -> None:
    """Prints the longest gap of the event loop; the figure is for a person to read, because other work shares the machine."""
    model = FindingsModel()
    model.set_systems(catalog_systems())
    table = FindingsTable(model)
    qtbot.addWidget(table)
    table.resize(900, 600)
    table.show()
    fed: list[int] = []
    feeder = Feeder(model, lambda: fed.append(model.counts().found), table)
    beats: list[float] = []
    heart = QTimer()
    heart.setInterval(1)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))
    made = [finding("shop", "customers", f"{n}", {"id": n, "email": SECRET, "full_name": "Maria Hofer"}) for n in range(100_000)]
    shown: list[bool] = []

    def work(tell: Tell, cancel: Cancel) -> list[Any]:
        for i in range(0, len(made), 500):
            tell(Found("shop", tuple(made[i : i + 500])))
        return made

    def hear(event: Event) -> None:
        assert isinstance(event, Found)
        feeder.add(event.findings)

    heart.start()
    bridge.run(
        work, on_done=lambda found: feeder.finish(found, lambda: shown.append(True)), on_failed=lambda e: None, on_event=hear
    )
    qtbot.waitUntil(lambda: bool(shown), timeout=60_000)
    heart.stop()
    gaps = sorted(b - a for a, b in pairwise(beats))
    record_property("longest_gap_ms", round(gaps[-1] * 1000, 1))
    print(f"longest gap {gaps[-1] * 1000:.1f} ms, p99 {gaps[int(len(gaps) * 0.99)] * 1000:.1f} ms over {len(gaps)} beats")
    assert model.counts().found == 100_000
    assert fed == sorted(fed)
