"""A new system: looked into, with a draft of guesses to accept, change or reject; or begun from a ready connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk import drivers
from dsr_desk.catalog.discovery import rendered
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import DeskError
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.wording import counted, driver_word
from dsr_desk.gui.widgets.connector_list import ConnectorList
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.guess_list import GuessList
from dsr_desk.gui.widgets.states import ProgressRow
from dsr_desk.gui.widgets.tabs import Tabs
from dsr_desk.model.event import Event, Step
from dsr_desk.model.guess import Draft
from dsr_desk.plugins import plugins

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

CONNECT, READY, DRAFT = range(3)
_FOLLOWS = (
    "It is only looked at, never written to; what it guesses comes from names and a few sampled records, and no value is kept. "
    "The trail records it.",
    "The file says which connector it starts from; what differs in your system is written below it.",
    "Nothing counts before you accept the catalog. What you reject is listed as known and not personal.",
)


class AddDialog(ActDialog):
    """``added`` tells the name of the new system."""

    added = Signal(str)

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Add a system", "Look into it", keep="Close without adding", wide=720, parent=parent)
        self._desk, self._bridge = desk, bridge
        self._job: Job | None = None
        self.draft: Draft | None = None
        self.tabs = Tabs(("Connect it", "Start from a ready connector"), "How to add a system")
        self.tabs.chosen.connect(self._show_page)
        self.body.addWidget(self.tabs)
        self.pages = QStackedWidget()
        self.connectors = ConnectorList(desk.workspace.folder)
        self.guesses = GuessList()
        self.progress = ProgressRow(self._on_stop)
        self.progress.hide()
        for page in (self._layout_connect(), self.connectors, self.guesses):
            self.pages.addWidget(page)
        self.body.addWidget(self.pages)
        self.body.addWidget(self.progress)
        for edit in (self.place, self.name):
            edit.textChanged.connect(lambda _: self._show_state())
        self.connectors.changed.connect(self._show_state)
        self.guesses.changed.connect(self._show_state)
        self._show_page(CONNECT)
        self.place.setFocus()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        screen = self.screen().availableGeometry() if self.screen() else None
        return QSize(hint.width(), min(hint.height(), screen.height() - 80) if screen else hint.height())

    def on_act(self) -> None:
        """The next step: look into it, or write the file."""
        if self.act.reason:
            return
        if self.pages.currentIndex() == CONNECT:
            self._look()
        elif self.pages.currentIndex() == READY:
            self._write_ready()
        else:
            self._write_draft()

    def reject(self) -> None:
        """Close; a look that runs is stopped."""
        if self._job is not None:
            self._job.drop()
        super().reject()

    # -- layout

    def _layout_connect(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.place = Edit("postgresql://reader@host/shop, or a file or folder", mono=True)
        self.name = Edit("told from the address")
        kinds = sorted((driver_word(name), name) for name, driver in plugins(drivers, Driver).items() if not driver.by_hand)
        self.driver = Choice([("", "told from the address"), *((name, words) for words, name in kinds)])
        self.password = Edit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        hint = (
            "Also mariadb://…, imaps://…, ldaps://…, mongodb://…, s3://…. Without a password in it. "
            "A file or folder may lie anywhere this computer reaches."
        )
        column.addWidget(Field("Where it is", self.place, hint))
        kept = "Kept with this workspace’s keys, never in a file."
        column.addWidget(Field("Its password, where it has one", self.password, kept))
        column.addWidget(Field("Its name in the catalog", self.name, "Small letters, digits, - and _."))
        column.addWidget(Field("What kind of system it is", self.driver, "Rarely needed: the address tells it."))
        column.addStretch(1)
        return box

    def _show_page(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self.say_follows(_FOLLOWS[number])
        self.tabs.setVisible(number != DRAFT)
        self.banner.hide()
        self._show_state()

    def _show_state(self) -> None:
        page, why = self.pages.currentIndex(), ""
        if page == CONNECT:
            self.act.setText("Look into it")
            why = "" if self.place.text().strip() else "Say where it is first."
        elif page == READY:
            self.act.setText("Write the file")
            why = self.connectors.missing
        else:
            self.act.setText(f"Write catalog/{self.draft.system}.yaml" if self.draft else "")
        if self._job is not None and self._job.running:
            why = "It is being looked into."
        self.act.set_off(why)

    # -- looking

    def _look(self) -> None:
        place, name, driver = self.place.text().strip(), self.name.text().strip(), self.driver.value
        password = self.password.text() or None
        self.progress.show_progress("It is being looked into")
        self.progress.show()
        self._job = self._bridge.run(
            lambda tell, cancel: self._desk.discover(place, name, driver, tell, cancel, password),
            on_done=self._on_draft,
            on_failed=self._on_failed,
            on_event=self._on_event,
            owner=self,
        )
        self._show_state()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Step):
            words = f"Looking at {event.text}" if event.text else "It is being looked into"
            self.progress.show_progress(words, event.done, event.total)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_draft(self, draft: Draft) -> None:
        self.draft = draft
        self.progress.hide()
        self.guesses.show_draft(draft)
        self._show_page(DRAFT)
        if draft.unread:
            names = ", ".join(name for name, _ in draft.unread[:5])
            self.banner.say(
                f"{counted(len(draft.unread), 'collection')} could not be looked into: {names}.",
                f"{draft.unread[0][1]} They are in the draft, without guesses.",
                tone="retained",
            )
            self.banner.show()
        self.adjustSize()

    def _on_failed(self, error: DeskError) -> None:
        self.progress.hide()
        self.show_error(error)
        self._show_state()
        self.adjustSize()

    # -- writing

    def _write_draft(self) -> None:
        draft, choices, password = self.draft, self.guesses.choices, self.password.text()
        if draft is None:
            return
        self.act.set_off("The file is being written.")

        def work() -> str:
            self._desk.keep_draft(draft.system, rendered(draft, choices))
            if password:
                self._desk.set_secret(draft.system, password)
            return draft.system

        self._bridge.run(lambda _tell, _cancel: work(), on_done=self._on_added, on_failed=self._on_failed, owner=self)

    def _write_ready(self) -> None:
        name, text = self.connectors.name_, self.connectors.file_text
        self.act.set_off("The file is being written.")

        def work() -> str:
            self._desk.keep_draft(name, text)
            return name

        self._bridge.run(lambda _tell, _cancel: work(), on_done=self._on_added, on_failed=self._on_failed, owner=self)

    def _on_added(self, name: str) -> None:
        self.added.emit(name)
        self.accept()
