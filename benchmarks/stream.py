"""The window while 100,000 findings stream in: the longest time its event loop did not turn."""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure

FINDINGS = 100_000


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """Gaps between turns of a timer that wants to fire at once, with and without the stream."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    from dsr_desk.gui import theme
    from dsr_desk.gui.bridge import Bridge, run_smoothly
    from dsr_desk.gui.widgets.findings_panel import FindingsPanel
    from dsr_desk.gui.widgets.style import dress
    from dsr_desk.model.cancel import Cancel
    from dsr_desk.model.event import Found, Tell
    from dsr_desk.model.finding import Finding, Hop, Row, RowRef

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    dress(app, theme.Theme("light"))
    run_smoothly()
    bridge = Bridge(app)
    panel = FindingsPanel()
    window = QMainWindow()
    window.setCentralWidget(panel)
    window.resize(1280, 800)
    window.show()
    turns: list[float] = []
    beat = QTimer()
    beat.setInterval(0)
    beat.timeout.connect(lambda: turns.append(time.perf_counter()))

    def work(tell: Tell, cancel: Cancel) -> int:
        for start in range(0, FINDINGS, 500):
            rows = []
            for n in range(start, start + 500):
                ref = RowRef("shop", "orders", (str(n),))
                values = {"id": n, "email": f"p{n}@example.org", "note": "x" * 40}
                rows.append(Finding(Row(ref, {"id": n}, values), (Hop("given", "email"),)))
            tell(Found("shop", tuple(rows)))
        return FINDINGS

    panel.start(())
    done: list[int] = []
    beat.start()
    bridge.run(work, on_done=done.append, on_failed=lambda error: done.append(-1), on_event=panel.hear)
    until = time.monotonic() + 120
    while (not done or panel.model.counts().found < FINDINGS) and time.monotonic() < until:
        app.processEvents()
    beat.stop()
    assert done == [FINDINGS] and panel.model.counts().found == FINDINGS, done
    gaps = [(b - a) * 1000 for a, b in itertools.pairwise(turns)]
    yield Figure("event loop, longest gap while 100,000 findings stream in (ms ÷ 1)", max(gaps), 1.0, 50.0)
    yield Figure("event loop, 99th percentile of the gaps (ms ÷ 1)", statistics.quantiles(gaps, n=100)[98], 1.0, 16.0)
    window.close()
