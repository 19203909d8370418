"""The systems: is the map of our data right, and does each of them answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from dsr_desk.catalog.graph import Graph, ownership
from dsr_desk.catalog.problem import Problem
from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.dialogs.catalog_dialogs import AcceptDialog, SecretDialog
from dsr_desk.gui.models.catalog_model import CatalogModel, CatalogState, Listed, first_to_see, health_parts, listed
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.ownership_map import OwnershipMap
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts import Gap, Text, environment
from dsr_desk.gui.widgets.problem_list import ProblemList
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.gui.widgets.system_list import SystemList
from dsr_desk.gui.widgets.yaml_view import YamlView
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Tell

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

#: No limit, in px (Qt keeps the name to itself).
QWIDGETSIZE_MAX = (1 << 24) - 1
#: Below this width, in px, map, file and problems are three tabs.
NARROW = 1000


class CatalogPage(QWidget):
    """``changed``: the catalog was accepted or a password set, so other pages should read again."""

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._state: CatalogState | None = None
        self._shown: Listed | None = None
        self._job: Job | None = None
        self._narrow: bool | None = None
        self._wish = ("", "")
        self._layout()
        self._connect()

    def show_catalog(self) -> None:
        """Read the files and show them at once, then ask every live system."""
        if self._job is not None and self._job.running:
            return

        def work(_tell: Tell, cancel: Cancel) -> CatalogState:
            return _load(self._desk, False, cancel)

        self._job = self._bridge.run(work, on_done=self._on_read, on_failed=self._on_failed)

    def check_again(self) -> None:
        """Hold the files against the live systems."""
        if self._job is not None and self._job.running:
            return

        def work(_tell: Tell, cancel: Cancel) -> CatalogState:
            return _load(self._desk, True, cancel)

        self._job = self._bridge.run(work, on_done=self.show_state, on_failed=self._on_failed)
        self._check.set_off("The systems are being asked.")

    def show_state(self, state: CatalogState) -> None:
        """Show a catalog as it was checked."""
        self._state = state
        self._check.set_on()
        lines = listed(state)
        name = self._shown.name if self._shown else ""
        self._model.set_rows(lines)
        self._title.show_parts(
            (Text("Systems", size=theme.TITLE, weight=theme.BOLD), Text(str(len(state.check.systems)), "text2", size=theme.SMALL))
        )
        self._empty.setVisible(not lines)
        self._right.setVisible(bool(lines))
        if lines:
            self._list.go_to(next((i for i, line in enumerate(lines) if line.name == name), first_to_see(lines)))
            self._show_system(lines[self._list.currentIndex().row()])
        self._show_accept(state)
        if self._wish[0]:
            self.go_to(*self._wish)

    def go_to(self, system: str, collection: str = "") -> None:
        """Show a system, and the line of one of its collections; once the files are read, where they aren't yet."""
        self._wish = (system, collection)
        row = next((i for i, line in enumerate(self._model.rows) if line.name == system), -1)
        if row < 0 or self._state is None or self._state.check.catalog is None:
            return
        self._list.go_to(row)
        known = self._state.check.catalog.systems.get(system)
        if known is not None and collection in known.collections:
            self._on_line(known.collections[collection].line)
        self._wish = ("", "")

    # -- layout

    def _layout(self) -> None:
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.GROUP, 14, 12, 12)
        self._title = PartsView((Text("Systems", size=theme.TITLE, weight=theme.BOLD),), 28)
        head.addWidget(self._title)
        left.addLayout(head)
        left.addWidget(Line())
        self._model = CatalogModel()
        self._list = SystemList(self._model)
        side = QWidget()
        side.setFixedWidth(round(256 * max(1.0, theme.current().scale)))
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self._list, 1)
        page.addWidget(side)
        edge = Line()
        edge.setFixedWidth(1)
        edge.setMaximumHeight(QWIDGETSIZE_MAX)
        page.addWidget(edge)
        self._empty = EmptyState(
            "systems",
            "No systems yet.",
            "Put one .yaml file per system into the folder catalog of this workspace, then check again.",
            Button("Open the folder", on=self._on_folder),
        )
        self._empty.hide()
        page.addWidget(self._empty, 1)
        self._right = self._layout_right()
        page.addWidget(self._right, 1)
        self.setFocusProxy(self._list)

    def _layout_right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(20, 12, theme.GROUP, 10)
        head.setSpacing(6)
        self._banner = Banner()
        self._banner.hide()
        head.addWidget(self._banner)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        names = QVBoxLayout()
        names.setSpacing(2)
        self._name, self._health = PartsView((), 28), PartsView((), 20)
        names.addWidget(self._name)
        names.addWidget(self._health)
        row.addLayout(names, 1)
        self._secret = Button("Set its password…", "quiet", sign="key", on=self._on_secret)
        self._open = Button("Open the file", sign="file", on=self._on_open)
        self._check = Button("Check again", sign="refresh", on=self.check_again)
        self._accept = Button("Accept this catalog…", "primary", on=self._on_accept)
        for button in (self._secret, self._open, self._check, self._accept):
            row.addWidget(button)
        head.addLayout(row)
        self._why = Label(size=theme.SMALL, tint="text2", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignRight)
        head.addWidget(self._why)
        column.addLayout(head)
        column.addWidget(Line())
        self._map, self._yaml, self._problems = OwnershipMap(), YamlView(), ProblemList()
        self._body = QVBoxLayout()
        column.addLayout(self._body, 1)
        self._holder: QWidget | None = None
        return right

    def _connect(self) -> None:
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._map.line_wanted.connect(self._on_line)
        self._problems.line_wanted.connect(self._on_line)
        for keys, slot in (("F5", self.check_again), ("F8", self._on_next_problem)):
            QShortcut(QKeySequence(keys), self, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() - 256 < NARROW * 0.9)

    def _arrange(self, narrow: bool) -> None:
        """Map above file and problems, or three tabs."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        old, self._holder = self._holder, None
        if narrow:
            tabs = QTabWidget()
            tabs.setDocumentMode(True)
            tabs.tabBar().setDrawBase(False)
            tabs.setAccessibleName("File, problems and map of this system")
            for widget, title in ((self._yaml, "File"), (self._problems, "Problems"), (self._map, "Map")):
                tabs.addTab(widget, title)
            self._holder = tabs
        else:
            outer, lower = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
            lower.addWidget(self._yaml)
            lower.addWidget(self._problems)
            lower.setSizes([600, 380])
            lower.setHandleWidth(1)
            outer.addWidget(self._map)
            outer.addWidget(lower)
            outer.setSizes([230, 380])
            outer.setHandleWidth(1)
            self._holder = outer
        self._body.addWidget(self._holder)
        for widget in (self._map, self._yaml, self._problems):
            if not narrow:
                widget.show()
        if old is not None:
            self._body.removeWidget(old)
            old.hide()
            old.deleteLater()

    # -- showing

    def _show_system(self, line: Listed) -> None:
        self._shown = line
        state, health = self._state, line.health
        if state is None:
            return
        title = health.title if health else line.name
        chip = (environment(health.environment, writing=True),) if health else ()
        server = Text(health.server if health else "", "text2", size=theme.SMALL)
        self._name.show_parts((Text(title, size=theme.TITLE, weight=theme.BOLD), *chip, server))
        coverage = health.coverage if health else ""
        whole = health is not None and health.known_columns == health.live_columns
        known = (
            (Gap(12), Text(f"{coverage} known", "text2" if whole else "retained", theme.MEDIUM, theme.SMALL)) if coverage else ()
        )
        self._health.show_parts((*health_parts(line), *known))
        graph = ownership(state.check.catalog, line.name, state.sources) if state.check.catalog and health else Graph((), ())
        self._map.show_graph(graph)
        self._yaml.show_file(line.file, state.files.get(line.file, ""), line.problems)
        self._problems.show_system(line, graph)
        system = state.check.catalog.systems.get(line.name) if state.check.catalog else None
        self._secret.setVisible(system is not None and bool(system.url) and not system.url.startswith("sqlite"))
        self._open.set_off("" if line.file in state.files else "It is not a file that can be opened.")

    def _show_accept(self, state: CatalogState) -> None:
        errors = len(state.check.errors)
        why = ""
        if errors:
            why = f"Mend {counted(errors, 'error')} first: plans are made by an accepted catalog only."
        elif state.check.catalog is None:
            why = "There is no catalog to accept."
        elif state.accepted:
            why = "This version is accepted."
        self._accept.set_off(why)
        self._why.setText(
            why or f"{counted(len(state.changes), 'change')} not accepted yet: nothing can be planned until somebody looks at them."
        )
        self._why.set_tint("failed" if errors else "text2" if why else "retained")

    # -- acts

    def _on_read(self, state: CatalogState) -> None:
        self.show_state(state)
        self.check_again()

    def _on_failed(self, error: DeskError) -> None:
        self._check.set_on()
        self._banner.show_error(error)

    def _on_current(self, current: QModelIndex, _old: QModelIndex) -> None:
        if current.isValid():
            self._show_system(self._model.rows[current.row()])

    def _on_line(self, line: int) -> None:
        if isinstance(self._holder, QTabWidget):
            self._holder.setCurrentWidget(self._yaml)
        self._yaml.go_to(line)

    def _on_next_problem(self) -> None:
        """F8: the next error or warning, in this file and then in the next one that has any."""
        here = [p for p in self._shown.problems if p.line > self._yaml.marked and p.severity != "note"] if self._shown else []
        if here:
            self._on_line(here[0].line)
            return
        rows, now = self._model.rows, self._list.currentIndex().row()
        for step in range(1, len(rows) + 1):
            other = rows[(now + step) % len(rows)]
            found: list[Problem] = [p for p in other.problems if p.line and p.severity != "note"]
            if found:
                self._list.go_to((now + step) % len(rows))
                self._on_line(found[0].line)
                return

    def _on_open(self) -> None:
        if self._shown is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.workspace.folder / self._shown.file)))

    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.workspace.folder / "catalog")))

    def _on_accept(self) -> None:
        if self._state is not None:
            dialog = AcceptDialog(self._desk, self._bridge, self._state, self)
            dialog.recorded.connect(self._on_recorded)
            dialog.open()

    def _on_secret(self) -> None:
        if self._shown is not None and self._shown.health is not None:
            dialog = SecretDialog(self._desk, self._bridge, self._shown.name, self._shown.health.title, self)
            dialog.recorded.connect(self._on_recorded)
            dialog.open()

    def _on_recorded(self) -> None:
        self.changed.emit()
        self.show_catalog()


def _load(desk: Desk, live: bool, cancel: Cancel) -> CatalogState:
    read = desk.catalog_read()
    changes, difference = desk.catalog_changes()
    return CatalogState(
        desk.check_catalog(live, cancel), read.files, read.sources, desk.catalog_accepted(), tuple(changes), difference, live
    )
