"""How far the search is: a block for each system in catalog order, and those that need something by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import ChipButton
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.identity_bar import Flow
from dsr_desk.gui.widgets.label import Label, plain_tip
from dsr_desk.gui.widgets.parts import Chip
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import SystemSearch

#: A system is named as the one that is waited for once so few are left.
_WAITED_FOR = 2
_TINTS = {"searched": "bar_done", "failed": "danger_fill", "waived": "bar_rest", "manual": "manual", "searching": "bar_waits"}
_WORDS = {"searched": "searched", "failed": "not searched", "waived": "waived", "manual": "by hand", "searching": "searching"}


def state_sentence(search: SystemSearch, label: str) -> str:
    """One system's state: ``Web shop: searched, 42 records, 9 queries, 0.2 s``; then what has to be said of its answer."""
    words = [f"{label}: {_WORDS[search.status]}"]
    if search.status == "searched":
        words += [count(search.rows, "record"), count(search.queries, "query", "queries"), f"{search.seconds:.1f} s"]
    return (
        ", ".join(words)
        + (f"\n{search.error}\n{search.hint}" if search.error else "")
        + "".join(f"\n{note}" for note in search.notes)
    )


class _Blocks(QWidget):
    """One small block a system."""

    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._searches: Sequence[SystemSearch] = ()
        self._labels: dict[str, str] = {}
        self._answered: Collection[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_blocks(self, searches: Sequence[SystemSearch], labels: dict[str, str], answered: Collection[str]) -> None:
        self._searches, self._labels, self._answered = searches, labels, answered
        self.setAccessibleName(". ".join(self._sentence(s) for s in searches))
        self.updateGeometry()
        self.update()

    def _so_far(self, search: SystemSearch) -> bool:
        return search.status == "searching" and search.system in self._answered

    def _sentence(self, search: SystemSearch) -> str:
        label = self._labels[search.system]
        return f"{label}: answered, others are waited for" if self._so_far(search) else state_sentence(search, label)

    def _step(self) -> int:
        return 9 if len(self._searches) <= 24 else max(2, 216 // len(self._searches))

    def sizeHint(self) -> QSize:
        return QSize(max(9, self._step() * len(self._searches)), 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, search in enumerate(self._searches):
            painter.setBrush(theme.color("bar_done" if self._so_far(search) else _TINTS[search.status]))
            painter.drawRoundedRect(QRectF(i * self._step(), 1, max(1, self._step() - 2), 10), 2, 2)

    def _at(self, x: float) -> SystemSearch | None:
        i = int(x // self._step())
        return self._searches[i] if 0 <= i < len(self._searches) else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (search := self._at(event.position().x())) is not None:
            self.pressed.emit(search.system)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            search = self._at(event.pos().x())
            QToolTip.showText(event.globalPos(), plain_tip(self._sentence(search)) if search else "", self)
            return True
        return super().event(event)


class _Line(Flow):
    """One line where there is room for it, else more."""

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        return QSize(sum(s.width() + self._gap for s in sizes), max((s.height() for s in sizes), default=0))


class SystemsStrip(QWidget):
    """``retry_wanted``; ``waive_wanted`` with the system; ``asked`` with a system whose state somebody wants to read."""

    retry_wanted = Signal()
    waive_wanted = Signal(str)
    asked = Signal(str)
    stop_wanted = Signal()

    def __init__(self, *, readonly: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readonly = readonly
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._count = Label(weight=theme.BOLD)
        self._blocks = _Blocks()
        self._chips = _Line(6)
        chips = QWidget()
        chips.setLayout(self._chips)
        self._retry = Button("Retry", "quiet", sign="refresh", small=True, on=self.retry_wanted.emit, tip="Search again (F5)")
        self._waive = Button("Waive…", "quiet", small=True, tip="Go on without this system, with a reason that the report prints")
        self._waive.clicked.connect(lambda: self.waive_wanted.emit(self._failed[0]))
        self._stop = Button("Stop", small=True, sign="stop", on=self.stop_wanted.emit)
        for widget in (self._count, self._blocks):
            row.addWidget(widget)
        row.addWidget(chips)
        for button in (self._retry, self._waive, self._stop):
            row.addWidget(button)
        row.addStretch(1)
        self._failed: list[str] = []
        self._blocks.pressed.connect(self.asked)

    def show_systems(
        self,
        searches: Sequence[SystemSearch],
        systems: Mapping[str, System],
        *,
        running: bool,
        answered: Collection[str] = (),
        asked: Collection[str] = (),
    ) -> None:
        """Show each system's state; ``running``: the search is still at work.

        While it is, ``answered`` are the systems that have answered so far, and ``asked`` those whose answer is waited for.
        """
        labels = {s.system: systems[s.system].label if s.system in systems else s.system for s in searches}
        self._failed = [s.system for s in searches if s.status == "failed"]
        if running:
            far = sum(s.system in answered or s.status == "searched" for s in searches)
            self._count.setText(f"{far} of {count(len(searches), 'system')} answered so far")
        else:
            searched = sum(s.status == "searched" for s in searches)
            self._count.setText(f"{searched} of {count(len(searches), 'system')} searched")
        self._blocks.show_blocks(searches, labels, answered if running else ())
        waited = [s for s in searches if running and s.status == "searching" and s.system in asked]
        waited = waited if answered and len(waited) <= _WAITED_FOR else []
        told = [s for s in searches if s.status in ("failed", "manual", "waived") or s.notes]
        self._show_chips([*waited, *sorted(told, key=lambda s: s.status != "failed" and not s.notes)], labels)
        self._retry.setVisible(not running)
        self._retry.setText("Retry" if self._failed else "Search again")
        self._waive.setVisible(bool(self._failed) and not running and not self._readonly)
        self._stop.setVisible(running)

    def _show_chips(self, searches: Sequence[SystemSearch], labels: dict[str, str]) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        tones = {
            "failed": ("failed", "alert"),
            "manual": ("manual", "manual"),
            "waived": ("plain", "excluded"),
            "searching": ("retained", "clock"),
            "searched": ("retained", "warning"),
        }
        words = {**_WORDS, "searching": "no answer yet", "searched": "searched, but read the note"}
        for search in searches[:4]:
            tone, sign = tones[search.status]
            chip = ChipButton(
                Chip(f"{labels[search.system][:28]}: {words[search.status]}", tone, sign),
                checkable=False,
                tip=state_sentence(search, labels[search.system]),
            )
            chip.clicked.connect(lambda _=False, name=search.system: self.asked.emit(name))
            self._chips.addWidget(chip)
            chip.show()
