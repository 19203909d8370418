"""A search without a request: what there is of somebody, to look at; recorded in the trail all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.models.standing import restricted_words
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import ActionBar, Button
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.findings_panel import FindingsPanel
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.words import masked
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Identifier, SearchResult

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class QuickPage(QWidget):
    """``new_wanted`` tells the identifiers of a request to open; ``opened`` the reference of one that is open already."""

    new_wanted = Signal(list)
    opened = Signal(str)
    left = Signal()

    def __init__(
        self, desk: Desk, bridge: Bridge, systems: Callable[[], Mapping[str, System]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._identity: list[tuple[str, str]] = []
        self._job: Job | None = None
        self.panel = FindingsPanel(readonly=True)
        self.panel.pane.setVisible(True)
        self.same = Banner(tone="retained", sign="shared")
        self.same.hide()
        self._title = Label(size=theme.TITLE, weight=theme.BOLD, elide=True)
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, 12, theme.EDGE, 6)
        back = Button("Requests", "quiet", sign="back", small=True, on=self.left.emit)
        head.setSpacing(theme.GROUP)
        head.addWidget(back)
        head.addWidget(self._title, 1)
        self.open = Button("New request from this…", "primary", on=lambda: self.new_wanted.emit(self._identity))
        self.bar = ActionBar(Button("Close this search", on=self.left.emit), self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setContentsMargins(theme.EDGE, 0, theme.EDGE, 0)
        row.addWidget(self.same)
        column.addLayout(row)
        column.addWidget(self.panel, 1)
        column.addWidget(self.bar)
        self.panel.strip.stop_wanted.connect(self.stop)
        self.panel.strip.retry_wanted.connect(self.search)
        self.bar.say("Nothing is opened by looking. The search itself is recorded in the trail, without the name.")

    def show_search(self, kind: str, value: str) -> None:
        """Search for this."""
        self._identity = [(kind, value)]
        self._title.setText(f"Found for {masked(kind, value)}")
        self.panel.set_systems(self._systems(), lambda f: f.clear)
        self.search()
        identity = self._identity
        self._bridge.run(
            lambda tell, cancel: restricted_words(self._desk.restrictions()),
            on_done=self.panel.model.restrict, on_failed=self._on_failed, owner=self,
        )  # fmt: skip
        self._bridge.run(
            lambda tell, cancel: self._desk.same_person(identity),
            on_done=lambda refs: self._on_same(identity, refs),
            on_failed=self._on_failed,
            owner=self,
        )

    def search(self) -> None:
        """Ask all systems (again)."""
        if self._job is not None and self._job.running:
            self._job.drop()
        identity = self._identity
        self.panel.banner.hide()
        self.panel.start([Identifier(k, v) for k, v in identity])
        self.panel.show_counts()
        self._job = self._bridge.run(
            lambda tell, cancel: self._desk.quick_search(identity, tell=tell, cancel=cancel),
            on_done=self._on_done,
            on_failed=self._on_failed,
            on_event=self.panel.hear,
        )

    def stop(self) -> None:
        """Stop the search."""
        if self._job is not None:
            self._job.cancel()

    def _on_done(self, result: SearchResult) -> None:
        self.panel.show_result(result)
        if result.ambiguous:
            people = count(len(result.ambiguous), "person", "people")
            self.panel.banner.say(
                f"This leads to {people}.", "Open a request to compare them, or search by something else.", sign="shared"
            )
            self.panel.banner.show()

    def _on_failed(self, error: DeskError) -> None:
        self.panel.stop()
        self.panel.banner.show_error(error, Button("Search again", small=True, on=self.search))

    def _on_same(self, identity: list[tuple[str, str]], refs: list[str]) -> None:
        if identity is not self._identity:
            return
        self.same.setVisible(bool(refs))
        if refs:
            self.same.say(
                f"{refs[0]} is open for the same person.",
                "A second request is seldom needed.",
                sign="shared",
                buttons=[Button(f"Open {refs[0]}", small=True, on=lambda: self.opened.emit(refs[0]))],
            )
