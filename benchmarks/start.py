"""From the command to the first painted window: ours beside a bare one, each in a new process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, pair

_BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, app.quit)
window = Window()
window.resize(1280, 800)
window.show()
sys.exit(app.exec())
"""
_OURS = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from dsr_desk.app.window import run_window
from dsr_desk.gui.main_window import MainWindow
painted = MainWindow.paintEvent
def paint(self, event):
    painted(self, event)
    QTimer.singleShot(0, QApplication.instance().quit)
MainWindow.paintEvent = paint
sys.exit(run_window(None, None))
"""


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """Wall time of a whole process that ends at its first paint."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode, and Qt's has its own

    def job(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], check=True, env=env, stderr=subprocess.DEVNULL)

    ours, bare = pair(lambda: job(_OURS), lambda: job(_BARE), runs)
    yield Figure("start to the first window ÷ a bare PySide6 window", ours, bare, 2.0)
