"""The lock: it paints the desk over when it is asked to, or after ten minutes without a key or a click."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.bridge import Bridge

if TYPE_CHECKING:
    from dsr_desk.gui.widgets.lock_screen import LockScreen

#: After so many minutes without a key or a click the desk locks.
IDLE_MINUTES = 10


class IdleLock(QObject):
    """``idle``: nobody touched anything for so long. ``unlocked``: whoever sits here may go on. ``over`` is what it covers."""

    idle = Signal()
    unlocked = Signal()

    def __init__(self, bridge: Bridge, over: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._over = bridge, over
        self._watched = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(IDLE_MINUTES * 60_000)
        self.timer.timeout.connect(self.idle)

    @cached_property
    def screen(self) -> LockScreen:
        """What covers the window; made when it is first wanted."""
        from dsr_desk.gui.widgets.lock_screen import LockScreen

        screen = LockScreen(self._bridge, self._over)
        screen.unlocked.connect(self.unlocked)
        return screen

    @property
    def locked(self) -> bool:
        """Whether the desk is painted over."""
        return "screen" in vars(self) and not self.screen.isHidden()

    def lock(self, unlock: Callable[[str], bool], *, asks: bool) -> None:
        """Paint everything over until ``unlock`` takes what is typed."""
        self.screen.lock(unlock, asks=asks)

    def fit(self) -> None:
        """Cover all of it again, after it changed its size."""
        if "screen" in vars(self):
            self.screen.setGeometry(self._over.rect())

    def watch(self, window: QWindow | None) -> None:
        """Count from the last key or click in this window."""
        if window is not None and not self._watched:
            window.installEventFilter(self)
            self._watched = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = QEvent.Type
        if event.type() in (kinds.KeyPress, kinds.MouseButtonPress, kinds.MouseMove, kinds.Wheel) and self.timer.isActive():
            self.timer.start()
        return super().eventFilter(watched, event)
