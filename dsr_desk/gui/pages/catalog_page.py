"""The systems: is the map of our data right, and does each of them answer. Files are typed in here, saved, and accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.catalog.graph import Graph, ownership
from dsr_desk.catalog.problem import Problem
from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.catalog_acts import CatalogActs
from dsr_desk.gui.catalog_typing import CatalogTyping
from dsr_desk.gui.models.catalog_known import known
from dsr_desk.gui.models.catalog_model import CatalogModel, CatalogState, Listed, first_to_see, listed
from dsr_desk.gui.models.catalog_texts import CatalogTexts
from dsr_desk.gui.models.wording import counted, day
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.catalog_body import CatalogBody
from dsr_desk.gui.widgets.catalog_head import CatalogHead
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts import Text
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.gui.widgets.system_list import SystemList
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Tell

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk
    from dsr_desk.flow.editing import Typed

_WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut
_EMPTY = "Connect one, or start from a ready connector. Each becomes one file in the folder catalog of this workspace."
#: No limit, in px (Qt keeps the name to itself).
QWIDGETSIZE_MAX = (1 << 24) - 1
#: Below this width, in px at 100 %, map, file and form are three tabs.
NARROW = 1000
#: The list of systems, in px at 100 %, and how much of the page it takes at most where text is larger.
_SIDE, _SHARE = 256, 0.31


class CatalogPage(QWidget):
    """``changed``: the catalog was accepted or a password set, so other pages should read again."""

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._state: CatalogState | None = None
        self._read: CatalogState | None = None
        self._shown: Listed | None = None
        self._job: Job | None = None
        self._wish = ("", "")
        self._graphs: dict[str, Graph] = {}
        self.texts = CatalogTexts.of(desk.workspace.folder, bridge)
        self.typing = CatalogTyping(desk, bridge, self.texts, self)
        self._layout()
        self.acts = CatalogActs(self, desk, bridge)
        self._connect()

    def show_catalog(self) -> None:
        """Read the files and show them at once, then ask every live system."""
        self._run(False, self._on_read)

    def check_again(self) -> None:
        """Hold the files against the live systems."""
        if self._run(True, self.show_state):
            self.head.check.set_off("The systems are being asked.")

    def show_state(self, state: CatalogState) -> None:
        """Show a catalog as it was checked."""
        self.head.check.set_on()
        self.typing.schemas = state.check.schemas
        self.texts.read(state.files, state.raw)
        self._read = state
        self._show(state)
        if self.texts.changed():
            self.typing.check()
        if self._wish[0]:
            self.go_to(*self._wish)

    def go_to(self, system: str, collection: str = "") -> None:
        """Show a system, and the line of one of its collections; once the files are read, where they aren't yet."""
        self._wish = (system, collection)
        row = next((i for i, line in enumerate(self._model.rows) if line.name == system), -1)
        if row < 0 or self._state is None or self._state.check.catalog is None:
            return
        self._list.go_to(row)
        described = self._state.check.catalog.systems.get(system)
        if described is not None and collection in described.collections:
            self.body.go_to(described.collections[collection].line)
        self._wish = ("", "")

    @property
    def state(self) -> CatalogState | None:
        """The catalog as it was checked last."""
        return self._state

    @property
    def shown(self) -> Listed | None:
        """The system that is shown."""
        return self._shown

    def refresh_stand(self) -> None:
        """Say what is to be done next, and whether it can be."""
        state, unsaved = self._state, len(self.texts.changed())
        if state is None:
            return
        errors = len(state.check.errors)
        why, off = "", ""
        if unsaved:
            why = f"{counted(errors, 'error')} in what is typed: it can be saved, not accepted." if errors else ""
        elif errors:
            why = off = f"Mend {counted(errors, 'error')} first: plans are made by an accepted catalog only."
        elif state.check.catalog is None:
            why = off = "There is no catalog to accept."
        elif state.accepted:
            why = off = "This version is accepted."
        else:
            number = counted(len(state.changes), "change")
            why = f"{number} not accepted yet: nothing can be planned until somebody looks at them."
        self.head.accept.set_off(off)
        tint = "failed" if errors else "text2" if off else "retained"
        self.head.show_stand(unsaved, why, tint)

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
        self._add = Button("Add", sign="plus", tip="Connect a system, or start from a ready connector")
        head.addWidget(self._title, 1)
        head.addWidget(self._add)
        left.addLayout(head)
        left.addWidget(Line())
        self._model = CatalogModel()
        self._list = SystemList(self._model)
        side = QWidget()
        self._side = side
        side.setFixedWidth(_SIDE)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self._list, 1)
        page.addWidget(side)
        edge = Line()
        edge.setFixedWidth(1)
        edge.setMaximumHeight(QWIDGETSIZE_MAX)
        page.addWidget(edge)
        self._first = Button("Connect a system…", "primary")
        self._empty = EmptyState("systems", "No systems yet.", _EMPTY, self._first)
        self._empty.say("The files are being read.", sign="busy")
        self._first.hide()
        page.addWidget(self._empty, 1)
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head, self.body = CatalogHead(), CatalogBody()
        column.addWidget(self.head)
        column.addWidget(self.body, 1)
        self._right.hide()
        page.addWidget(self._right, 1)
        self.setFocusProxy(self._list)

    def _connect(self) -> None:
        acts = self.acts
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._add.clicked.connect(acts.add)
        self._first.clicked.connect(acts.add)
        self.head.wire(
            {"check": self.check_again, "save": acts.save, "accept": acts.accept, "trial": acts.trial},
            [
                ("What would this find?…", acts.trial),
                ("Set its password…", acts.set_secret),
                ("Open the file in another editor", self._on_open),
                ("Versions of the catalog…", acts.versions),
                ("Drop what was typed here", acts.drop),
            ],
        )
        self.head.uncovered_wanted.connect(acts.show_uncovered)
        self.body.form.uncovered_wanted.connect(acts.show_uncovered)
        self.body.form.wanted.connect(acts.change)
        self.body.form.field_wanted.connect(acts.show_field)
        self.body.form.owner_wanted.connect(acts.say_owner)
        self.body.map.owner_proposed.connect(acts.say_owner)
        self.body.typed.connect(self._on_typed)
        self.typing.checked.connect(self._on_checked)
        self.typing.failed.connect(self.show_error)
        for keys, slot in (
            ("F5", self.check_again),
            ("F8", self._on_next_problem),
            ("Ctrl+S", acts.save),
            ("Ctrl+.", self.body.mend_here),
        ):
            QShortcut(QKeySequence(keys), self, slot, context=_WITHIN)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.typing.resume()
        if self.window() is not self:
            self.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window closes only when what was typed is saved, or may be lost."""
        if event.type() == QEvent.Type.Close and watched is self.window() and self.acts.keeps_open():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = max(1.0, theme.current().scale)
        self._side.setFixedWidth(max(_SIDE, min(round(_SIDE * scale), round(self.width() * _SHARE))))
        self.body.arrange(self.width() - self._side.width() < NARROW * 0.9 * scale)

    # -- showing

    def _run(self, live: bool, done: object) -> bool:
        if self._job is not None and self._job.running:
            return False

        def work(_tell: Tell, cancel: Cancel) -> CatalogState:
            return _load(self._desk, live, cancel)

        self._job = self._bridge.run(work, on_done=done, on_failed=self._on_failed, owner=self)  # type: ignore[arg-type]
        return True

    def _show(self, state: CatalogState) -> None:
        self._state = state
        lines = listed(state)
        name = self._shown.name if self._shown else ""
        same = [line.name for line in lines] == [line.name for line in self._model.rows]
        at = next((i for i, line in enumerate(lines) if line.name == name), -1)
        self._list.selectionModel().blockSignals(True)
        self._model.set_rows(lines)
        if lines:
            self._list.go_to(at if at >= 0 else first_to_see(lines))
        self._list.selectionModel().blockSignals(False)
        number = Text(str(len(state.check.systems)), "text2", size=theme.SMALL)
        self._title.show_parts((Text("Systems", size=theme.TITLE, weight=theme.BOLD), number))
        if not lines:
            self._empty.say("No systems yet.", _EMPTY, sign="systems")
            self._first.show()
        self._empty.setVisible(not lines)
        self._right.setVisible(bool(lines))
        if lines:
            self._show_system(lines[self._list.currentIndex().row()], moved=not same or at < 0)
        self.refresh_stand()

    def _show_system(self, line: Listed, moved: bool = True) -> None:
        self._shown = line
        state = self._state
        if state is None:
            return
        catalog = state.check.catalog
        accepted = state.accepted and not self.texts.changed()
        version = (state.version or "accepted") if accepted else "not accepted yet"
        self.head.show_system(line, version)
        graph = self._graphs.get(line.name, Graph((), ()))
        if catalog is not None and line.name in catalog.systems:
            graph = self._graphs[line.name] = ownership(catalog, line.name, state.sources)
        file = self.texts.get(line.file)
        self.body.show_file(line, file)
        self.head.uncovered.set_off(file.locked if file is not None else "")
        system, schema = catalog.systems.get(line.name) if catalog else None, state.check.schemas.get(line.name)
        self.body.set_known(known(catalog, system, schema, self.acts.connectors))
        self.body.show_check(line, graph, state.trees.get(line.file), system, schema)

    # -- what happens

    def show_error(self, error: DeskError) -> None:
        """It did not work: say so, where it was wished."""
        self.head.banner.show_error(error, Button("Hide", small=True, on=self.head.banner.hide))

    def _on_read(self, state: CatalogState) -> None:
        self.show_state(state)
        self.check_again()

    def _on_failed(self, error: DeskError) -> None:
        self.head.check.set_on()
        self._right.show()
        self._empty.hide()
        self.show_error(error)

    def _on_typed(self) -> None:
        self.typing.typed()
        self.refresh_stand()

    def _on_checked(self, typed: Typed, files: frozenset[str]) -> None:
        if self._read is not None:  # all taken back: what the systems said of the files holds again
            self._show(self._read.typed(typed, files) if self.texts.changed() else self._read)

    def _on_current(self, current: QModelIndex, _old: QModelIndex) -> None:
        if current.isValid():
            self._show_system(self._model.rows[current.row()])

    def _on_next_problem(self) -> None:
        """F8: the next error or warning, in this file and then in the next one that has any."""
        line = self.body.yaml.line
        here = [p for p in self._shown.problems if p.line > line and p.severity != "note"] if self._shown else []
        if here:
            self.body.go_to(here[0].line)
            return
        rows, now = self._model.rows, self._list.currentIndex().row()
        for step in range(1, len(rows) + 1):
            other = rows[(now + step) % len(rows)]
            found: list[Problem] = [p for p in other.problems if p.line and p.severity != "note"]
            if found:
                self._list.go_to((now + step) % len(rows))
                self.body.go_to(found[0].line)
                return

    def _on_open(self) -> None:
        if self._shown is not None and self.texts.get(self._shown.file) is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.workspace.folder / self._shown.file)))


def _load(desk: Desk, live: bool, cancel: Cancel) -> CatalogState:
    read = desk.catalog_read()
    changes, difference = desk.catalog_changes()
    raw = {file: desk.catalog_bytes(file) for file in read.files if file.startswith("catalog/")}
    return CatalogState(
        desk.check_catalog(live, cancel),
        read.files,
        read.sources,
        desk.catalog_accepted(),
        tuple(changes),
        difference,
        live,
        raw,
        desk.catalog_trees({file: read.files[file] for file in raw}),
        _version(desk),
    )


def _version(desk: Desk) -> str:
    every = desk.catalog_versions()
    if not every:
        return ""
    last = every[-1]
    name = desk.operator_names().get(last.by, "")
    return f"version {last.number}, {day(last.at)}" + (f" by {name}" if name else "")
