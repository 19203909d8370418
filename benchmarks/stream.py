"""The window while 100,000 findings stream in: the longest time its event loop did not turn."""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Figure
from dsr_desk.model.event import Found, Tell
from dsr_desk.model.finding import Finding, Hop, Row, RowRef

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from dsr_desk.gui.bridge import Bridge
    from dsr_desk.model.cancel import Cancel

FINDINGS = 100_000
#: How often the heart of the measurement beats, in milliseconds.
BEAT = 2


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """Gaps between the beats of a timer, beyond its own interval; medians over three floods, each in a fresh window."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from dsr_desk.gui import theme
    from dsr_desk.gui.bridge import Bridge, run_smoothly
    from dsr_desk.gui.widgets.style import dress

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    dress(app, theme.Theme("light"))
    run_smoothly()
    bridge = Bridge(app)
    floods = [_flood(app, bridge) for _ in range(3)]
    longest = statistics.median(max(gaps) for gaps in floods)
    high = statistics.median(statistics.quantiles(gaps, n=100, method="inclusive")[98] for gaps in floods)
    yield Figure("event loop, longest gap while 100,000 findings stream in (ms ÷ 1)", longest, 1.0, 50.0)
    yield Figure("event loop, 99th percentile of the gaps (ms ÷ 1)", high, 1.0, 16.0)


def _flood(app: QApplication, bridge: Bridge) -> list[float]:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QMainWindow

    from dsr_desk.gui.widgets.findings_panel import FindingsPanel

    panel = FindingsPanel()
    window = QMainWindow()
    window.setCentralWidget(panel)
    window.resize(1280, 800)
    window.show()
    panel.start(())
    beats: list[float] = []
    beat = QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.setInterval(BEAT)
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))
    done: list[object] = []
    beat.start()
    bridge.run(_work, on_done=done.append, on_failed=done.append, on_event=panel.hear)
    until = time.monotonic() + 120
    while (not done or panel.model.counts().found < FINDINGS) and time.monotonic() < until:
        app.processEvents()
    beat.stop()
    assert done == [FINDINGS] and panel.model.counts().found == FINDINGS, done
    window.close()
    window.deleteLater()
    app.processEvents()
    return [max((b - a) * 1000 - BEAT, 0.0) for a, b in itertools.pairwise(beats)]


def _work(tell: Tell, cancel: Cancel) -> int:
    for start in range(0, FINDINGS, 500):
        rows = []
        for n in range(start, start + 500):
            ref = RowRef("shop", "orders", (str(n),))
            values = {"id": n, "email": f"p{n}@example.org", "note": "x" * 40}
            rows.append(Finding(Row(ref, {"id": n}, values), (Hop("given", "email"),)))
        tell(Found("shop", tuple(rows)))
    return FINDINGS
