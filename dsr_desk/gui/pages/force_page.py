"""In force: what may not be erased, and what may not be changed, until somebody ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.force_model import HoldsModel, RestrictionsModel
from dsr_desk.gui.models.wording import GetSystems, thin
from dsr_desk.gui.request_acts import RequestActs
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Scroll
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.model.former import Restriction
from dsr_desk.model.hold import Hold

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class ForcePage(QWidget):
    """``request_wanted`` opens a request; ``changed``: something was recorded; ``counted``: how much is in force."""

    request_wanted = Signal(str)
    changed = Signal()
    counted = Signal(int)

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        systems: GetSystems,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._all: list[Hold] = []
        self.acts = RequestActs(desk, bridge, self)
        self.holds, self.restrictions = HoldsModel(today()), RestrictionsModel()
        widths = {0: 220, 2: 220, 3: 140, 4: 110}
        self.hold_table = PartsTable(
            self.holds, name="Legal holds", high=theme.ROW_INBOX, stretch=1, least=220, rigid=(0, 4), widths=widths
        )
        self.restriction_table = PartsTable(
            self.restrictions,
            name="Restrictions",
            high=theme.ROW_INBOX,
            stretch=1,
            least=220,
            rigid=(0, 4),
            widths={0: 180, 2: 150, 3: 110, 4: 170},
        )
        self._layout()
        self._connect()

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, 14, theme.EDGE, 10)
        head.setSpacing(theme.INSIDE)
        head.addWidget(Label("In force", size=theme.TITLE, weight=theme.BOLD))
        words = "What nothing of ours erases or changes until somebody ends it."
        head.addWidget(Label(words, tint="text2", size=theme.SMALL), 1)
        head.addWidget(Button("Hold a person…", "primary", sign="hold", on=self._on_hold))
        column.addLayout(head)
        self.banner = Banner()
        self.banner.hide()
        wrap = QVBoxLayout()
        wrap.setContentsMargins(theme.EDGE, 0, theme.EDGE, 8)
        wrap.addWidget(self.banner)
        column.addLayout(wrap)
        scroll = Scroll()
        scroll.body.setSpacing(4)
        self._hold_title, self._none_held = Label(size=theme.PANE, weight=theme.BOLD), Label(size=theme.SMALL, tint="text2")
        self._restriction_title = Label(size=theme.PANE, weight=theme.BOLD)
        self._none_restricted = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.released = QCheckBox("Show released ones, too")
        top = QHBoxLayout()
        top.setContentsMargins(theme.EDGE, 4, theme.EDGE, 4)
        top.addWidget(self._hold_title)
        top.addStretch(1)
        top.addWidget(self.released)
        scroll.body.addLayout(top)
        for label in (self._none_held, self._restriction_title, self._none_restricted):
            label.setContentsMargins(theme.EDGE, 4, theme.EDGE, 4)
        scroll.body.addWidget(self._none_held)
        scroll.body.addWidget(self.hold_table)
        scroll.body.addSpacing(theme.GROUP)
        scroll.body.addWidget(self._restriction_title)
        scroll.body.addWidget(self._none_restricted)
        scroll.body.addWidget(self.restriction_table)
        scroll.body.addStretch(1)
        column.addWidget(scroll, 1)
        self.setFocusProxy(self.hold_table)

    def _connect(self) -> None:
        self.released.toggled.connect(lambda _: self._show_holds())
        self.hold_table.opened.connect(self._on_hold_opened)
        self.hold_table.part_pressed.connect(lambda row, column, _: self._on_hold_pressed(row, column))
        self.restriction_table.opened.connect(lambda row: self.request_wanted.emit(self.restrictions.rows[row].request))
        self.restriction_table.part_pressed.connect(lambda row, column, _: self._on_restriction_pressed(row, column))
        self.acts.changed.connect(self._on_changed)
        self.acts.opened.connect(self.request_wanted)
        self.acts.failed.connect(self.banner.show_error)
        self.acts.said.connect(self._on_said)

    def refresh(self) -> None:
        """Read what is in force."""

        def read(_tell: object, _cancel: object) -> tuple[list[Hold], list[Restriction]]:
            return self._desk.holds(released=True), self._desk.restrictions()

        self._bridge.run(read, on_done=self._on_read, on_failed=self._on_failed, owner=self)

    def _on_read(self, read: tuple[list[Hold], list[Restriction]]) -> None:
        self._all, restrictions = read
        self._show_holds()
        self.restrictions.set_rows(restrictions)
        self._restriction_title.setText(f"Restrictions of processing: {thin(len(restrictions))}")
        many = (
            "Other programs are not bound by them: the mark in the data is all that they see. The person is told before one ends."
        )
        self._none_restricted.setText(
            many if restrictions else "Nothing is restricted. A request for restriction (Art. 18) begins one."
        )
        self.restriction_table.setVisible(bool(restrictions))
        self.restriction_table.fit_height()
        self.counted.emit(len([h for h in self._all if h.stands]) + len(restrictions))

    def _show_holds(self) -> None:
        stand = [h for h in self._all if h.stands]
        shown = [*stand, *(h for h in self._all if not h.stands)] if self.released.isChecked() else stand
        self.holds.set_rows(shown)
        self._hold_title.setText(f"Legal holds: {thin(len(stand))}")
        self._none_held.setText("No hold stands. Set one where a claim or an authority wants the data.")
        self._none_held.setVisible(not stand)
        self.released.setVisible(len(stand) < len(self._all))
        self.hold_table.setVisible(bool(shown))
        self.hold_table.fit_height()

    # -- acts

    def _on_hold(self) -> None:
        self.acts.hold_anyone(self._systems())

    def _on_hold_opened(self, row: int) -> None:
        hold = self.holds.rows[row]
        if hold.request:
            self.request_wanted.emit(hold.request)

    def _on_hold_pressed(self, row: int, column: int) -> None:
        if column == self.holds.columnCount() - 1:
            self.acts.release(self.holds.rows[row])

    def _on_restriction_pressed(self, row: int, column: int) -> None:
        restriction = self.restrictions.rows[row]
        if column != self.restrictions.columnCount() - 1:
            return
        if restriction.lifting:
            self.request_wanted.emit(restriction.lifting)
        else:
            self.acts.lift(restriction.request)

    def _on_changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def _on_said(self, title: str, text: str) -> None:
        self.banner.say(title, text, tone="verified", sign="done", buttons=(Button("Hide", small=True, on=self.banner.hide),))
        self.banner.show()

    def _on_failed(self, error: DeskError) -> None:
        self.banner.show_error(error, Button("Read it again", small=True, on=self.refresh))
