"""The inbox: what must I do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.requests_model import RequestsModel, urgency
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.counts import number
from dsr_desk.gui.widgets.due_chart import DueChart
from dsr_desk.gui.widgets.fields import Choice, say_day
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Figure, Line
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.quick_search import QuickSearch
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.model.catalog import System
from dsr_desk.model.request import STAGES
from dsr_desk.model.result import RequestSummary

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

#: The filters that stand in the sidebar, too: name → words.
FILTERS = {"all": "Requests", "soon": "Due within 7 days", "overdue": "Overdue", "closed": "Closed"}
_ORDERS = [("due", "Least time left first"), ("received", "Newest first"), ("ref", "By reference"), ("stage", "By stage")]


class RequestsPage(QWidget):
    """Chart, figures and the list. It asks for what it can't do itself by its signals."""

    opened = Signal(str)
    new_wanted = Signal(list)
    search_wanted = Signal(str, str)
    palette_wanted = Signal()
    lock_wanted = Signal()
    counted = Signal(dict)
    shred_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        systems: Callable[[], Mapping[str, System]],
        rights: Sequence[tuple[str, str]],
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._today = desk, bridge, today
        self._open: list[RequestSummary] = []
        self._closed: list[RequestSummary] = []
        self._filter = "all"
        self._day: date | None = None
        self._model = RequestsModel(today(), self)
        self.search = QuickSearch(systems)
        self._rights = Choice([("", "All rights"), *rights], name="Filter by right")
        self._stages = Choice([("", "All stages"), *((s, s.capitalize()) for s in STAGES)], name="Filter by stage")
        self._order = Choice(_ORDERS, name="Order")
        self.table = PartsTable(
            self._model,
            name="Requests",
            widths={0: 160, 1: 128, 2: 216, 4: 76, 5: 178},
            stretch=3,
            least=250,
            rigid=(0, 1, 4),
            high=theme.ROW_INBOX,
        )
        self._layout()
        self._connect()

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top())
        column.addWidget(Line())
        body = QVBoxLayout()
        body.setContentsMargins(theme.EDGE, 14, theme.EDGE, 0)
        body.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(theme.INSIDE)
        self._title = Label("Requests", size=theme.TITLE, weight=theme.BOLD)
        self._count = Label(tint="text2")
        self._clear = Button("Clear the filter", "quiet", small=True, sign="close", on=self.clear_filter)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addWidget(self._clear)
        head.addStretch(1)
        for choice in (self._rights, self._stages, self._order):
            head.addWidget(choice)
        body.addLayout(head)
        self._banner = Banner()
        self._banner.hide()
        body.addWidget(self._banner)
        body.addWidget(self._summary())
        column.addLayout(body)
        column.addSpacing(8)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        empty = EmptyState(
            "requests",
            "No open requests.",
            "Make one when somebody asks for their data, or for its erasure.",
            Button("New request…", "primary", on=lambda: self.new_wanted.emit([])),
        )
        self._stack.addWidget(empty)
        self._stack.addWidget(EmptyState("filter", "No request matches.", button=Button("Clear the filter", on=self.clear_filter)))
        column.addWidget(self._stack, 1)

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.EDGE, 10, theme.EDGE, 10)
        row.setSpacing(theme.INSIDE)
        row.addWidget(self.search)
        row.addStretch(1)
        row.addWidget(Button("All actions  Ctrl+K", "quiet", on=self.palette_wanted.emit))
        row.addWidget(Button("", sign="lock", tip="Lock the desk (Ctrl+L)", on=self.lock_wanted.emit))
        row.addWidget(Button("New request", "primary", sign="plus", on=lambda: self.new_wanted.emit([])))
        return row

    def _summary(self) -> QWidget:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.EDGE)
        left = QVBoxLayout()
        head = QHBoxLayout()
        head.addWidget(Label("Due in the next 30 days", weight=theme.BOLD))
        head.addWidget(Label("one block is one request", size=theme.SMALL, tint="text2"))
        head.addStretch(1)
        left.addLayout(head)
        self.chart = DueChart()
        left.addWidget(self.chart)
        row.addLayout(left, 1)
        self.overdue, self.soon = Figure(word="overdue"), Figure(word="due within 7 days")
        for figure, name in ((self.overdue, "overdue"), (self.soon, "soon")):
            figure.make_filter(f"Show only these: {FILTERS[name]}")
            row.addWidget(figure)
        card.body.addLayout(row)
        return card

    def _connect(self) -> None:
        self.table.opened.connect(self._on_opened)
        self.table.clicked.connect(lambda index: self._on_opened(index.row()))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu)
        for choice in (self._rights, self._stages, self._order):
            choice.currentIndexChanged.connect(lambda _: self._show())
        self.overdue.pressed.connect(lambda: self.set_filter("overdue"))
        self.soon.pressed.connect(lambda: self.set_filter("soon"))
        self.chart.pressed.connect(self._on_day)
        self.search.search_wanted.connect(self.search_wanted)
        self.search.new_wanted.connect(self.new_wanted)

    # -- data -------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the inbox again."""
        desk = self._desk
        self._bridge.run(
            lambda tell, cancel: (desk.requests(), [r for r in desk.requests(closed=True) if r.closed], len(desk.to_shred())),
            on_done=self._on_read,
            on_failed=self._on_failed,
        )

    def _on_read(self, read: tuple[list[RequestSummary], list[RequestSummary], int]) -> None:
        open_, closed, due = read
        self._banner.setVisible(due > 0)
        if due:
            words = "They were kept for as long as the settings say. Destroying them leaves their lines and the trail."
            act = Button(f"Destroy {counted(due, 'file')}…", small=True, on=self.shred_wanted.emit)
            title = f"The time of {counted(due, 'closed request')} is over."
            self._banner.say(title, words, tone="retained", sign="clock-alert", buttons=(act,))
        self.show_requests(open_, closed)

    def _on_failed(self, error: DeskError) -> None:
        self._banner.show_error(error, Button("Read it again", small=True, on=self.refresh))

    def show_requests(self, open_: Sequence[RequestSummary], closed: Sequence[RequestSummary] = ()) -> None:
        """Show this inbox."""
        today = self._today()
        self._model.today = today
        self._open, self._closed = [r for r in open_ if not r.closed], list(closed)
        overdue = [r for r in self._open if urgency(r, today) == "overdue"]
        soon = [r for r in self._open if urgency(r, today) == "soon"]
        first = min(overdue, key=lambda r: r.due.on, default=None)
        since = f"since {say_day(first.due.on, weekday=True, year=False)}" if first else ""
        self.overdue.show_figure(number(len(overdue)), "overdue", since, "failed" if overdue else "text")
        upcoming = min(soon, key=lambda r: r.due.on, default=None)
        when = f"next: {say_day(upcoming.due.on, weekday=True, year=False)}" if upcoming else ""
        self.soon.show_figure(number(len(soon)), "due within 7 days", when, "retained" if soon else "text")
        self.chart.show_requests(self._open, today)
        self.counted.emit({"all": len(self._open), "soon": len(soon), "overdue": len(overdue), "closed": len(self._closed)})
        self._show()

    def set_filter(self, name: str) -> None:
        """Show only those of one of ``FILTERS``."""
        self._filter, self._day = name, None
        self._show()

    def clear_filter(self) -> None:
        """Show all open requests."""
        for choice in (self._rights, self._stages):
            choice.setCurrentIndex(0)
        self.set_filter("all")

    @property
    def filter(self) -> str:
        """The name of the filter that is on."""
        return self._filter

    def _on_day(self, day: date) -> None:
        self._filter, self._day = ("overdue", None) if day < self._today() else ("all", day)
        self._show()

    def _matches(self, request: RequestSummary) -> bool:
        if self._filter in ("soon", "overdue") and urgency(request, self._today()) != self._filter:
            return False
        if self._day is not None and request.due.on != self._day:
            return False
        return self._rights.value in ("", request.right) and self._stages.value in ("", request.stage)

    def _show(self) -> None:
        every = self._closed if self._filter == "closed" else self._open
        shown = [r for r in every if self._matches(r)]
        keys: dict[str, Callable[[RequestSummary], object]] = {
            "due": lambda r: r.due.on,
            "received": lambda r: -r.received.toordinal(),
            "ref": lambda r: r.ref,
            "stage": lambda r: -1 if r.stage == "closed" else STAGES.index(r.stage),
        }
        shown.sort(key=keys[self._order.value])  # type: ignore[arg-type]  # each key gives one comparable type
        self._model.set_rows(shown)
        filtered = self._filter not in ("all", "closed") or bool(self._day or self._rights.value or self._stages.value)
        words = "closed" if self._filter == "closed" else "open"
        self._count.setText(
            f"{number(len(shown))} of {number(len(every))} {words}" if filtered else f"{number(len(every))} {words}"
        )
        self._clear.setVisible(filtered or self._filter == "closed")
        self._stack.setCurrentIndex(0 if shown else 2 if filtered or self._filter == "closed" else 1)

    def _on_opened(self, row: int) -> None:
        self.opened.emit(self._model.rows[row].ref)

    def _on_menu(self, position: QPoint) -> None:
        index = self.table.indexAt(position)
        if not index.isValid():
            return
        request = self._model.rows[index.row()]
        menu = QMenu(self)
        menu.addAction(theme.icon("next"), f"Open {request.ref}", lambda: self.opened.emit(request.ref))
        menu.addAction(theme.icon("copy"), "Copy the reference", lambda: QGuiApplication.clipboard().setText(request.ref))
        menu.popup(self.table.viewport().mapToGlobal(position))
