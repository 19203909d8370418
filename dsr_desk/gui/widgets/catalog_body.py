"""One system of the catalog: its map, its file, and the form of the collection under the cursor. File and form are one document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from dsr_desk.catalog.complete import Known
from dsr_desk.catalog.document import Node
from dsr_desk.catalog.graph import Graph
from dsr_desk.catalog.mend import Cure, cures
from dsr_desk.catalog.problem import Problem
from dsr_desk.gui import theme
from dsr_desk.gui.models.catalog_model import Listed
from dsr_desk.gui.models.catalog_texts import OpenFile
from dsr_desk.gui.models.form_model import CollectionForm, collection_at, form_of, names
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.collection_form import FormView
from dsr_desk.gui.widgets.ownership_map import OwnershipMap
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts import Gap, Part, Sign, Text
from dsr_desk.gui.widgets.problem_list import ProblemList
from dsr_desk.gui.widgets.tabs import Tabs
from dsr_desk.gui.widgets.yaml_view import YamlView
from dsr_desk.model.catalog import System
from dsr_desk.model.schema import Schema

_VIEWS = ("As a form", "Problems")
FORM, PROBLEMS = range(2)


class CatalogBody(QWidget):
    """``typed``: the text was changed, by hand or by the form."""

    typed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: OpenFile | None = None
        self._line: Listed | None = None
        self._tree: Node | None = None
        self._system: System | None = None
        self._schema: Schema | None = None
        self._narrow: bool | None = None
        self._holder: QWidget | None = None
        self.map, self.yaml, self.form, self.problems = OwnershipMap(), YamlView(), FormView(), ProblemList()
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._text, self._side = self._layout_text(), self._layout_side()
        self.yaml.moved.connect(self._on_moved)
        self.form.chosen.connect(self._on_chosen)
        self.form.mended.connect(self.mend)
        self.tabs.chosen.connect(self._views.setCurrentIndex)
        for widget in (self.map, self.problems):
            widget.line_wanted.connect(self.go_to)

    # -- layout

    def _layout_text(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._title = PartsView((), 32)
        row = QHBoxLayout()
        row.setContentsMargins(theme.GROUP, 0, theme.GROUP, 0)
        row.addWidget(self._title)
        column.addLayout(row)
        column.addWidget(Line())
        column.addWidget(self.yaml, 1)
        return box

    def _layout_side(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tabs = Tabs(_VIEWS, "The form, or what is wrong")
        row = QHBoxLayout()
        row.setContentsMargins(6, 0, theme.GROUP, 0)
        row.addWidget(self.tabs)
        row.addWidget(PartsView((Gap(), Text("same file, both ways", "text2", size=theme.LABEL)), 22), 1)
        column.addLayout(row)
        column.addWidget(Line())
        self._views = QStackedWidget()
        self._views.addWidget(self.form)
        self._views.addWidget(self.problems)
        column.addWidget(self._views, 1)
        return box

    def arrange(self, narrow: bool) -> None:
        """Map above file and form; or, in a narrow window, tabs."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        old, self._holder = self._holder, None
        if narrow:
            tabs = QTabWidget()
            tabs.setDocumentMode(True)
            tabs.tabBar().setDrawBase(False)
            tabs.setAccessibleName("File, form and map of this system")
            for widget, title in ((self._text, "File"), (self._side, "Form and problems"), (self.map, "Map")):
                tabs.addTab(widget, title)
            self._holder = tabs
        else:
            outer, lower = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
            lower.addWidget(self._text)
            lower.addWidget(self._side)
            lower.setSizes([545, 422])
            lower.setStretchFactor(0, 3)
            lower.setStretchFactor(1, 2)
            outer.addWidget(self.map)
            outer.addWidget(lower)
            outer.setSizes([224, 400])
            outer.setStretchFactor(0, 1)
            outer.setStretchFactor(1, 3)
            for splitter in (outer, lower):
                splitter.setHandleWidth(1)
                splitter.setChildrenCollapsible(False)
            self._holder = outer
        self._body.addWidget(self._holder)
        if not narrow:
            for widget in (self.map, self._text, self._side):
                widget.show()
        if old is not None:
            self._body.removeWidget(old)
            old.hide()
            old.deleteLater()

    # -- showing

    def show_file(self, line: Listed, file: OpenFile | None) -> None:
        """Show a system's file; what is known of it comes by ``show_check``."""
        if self._file is not None and (file is None or file.document is not self._file.document):
            self._file.document.contentsChanged.disconnect(self._on_typed)
            self._file = None
        self._line = line
        if file is not None:
            self.yaml.show_document(file.name, file.document, file.locked)
            if self._file is None:
                file.document.contentsChanged.connect(self._on_typed)
            self._file = file
        self.yaml.setVisible(file is not None)

    def show_check(self, line: Listed, graph: Graph, tree: Node | None, system: System | None, schema: Schema | None) -> None:
        """What came of the last check. ``tree`` is the file laid over its connector; without one the form stays where it was."""
        self._line, self._system, self._schema = line, system, schema
        self.map.show_graph(graph)
        self.yaml.set_problems(line.problems)
        self.problems.show_system(line, graph)
        wrong = sum(p.severity != "note" for p in line.problems)
        self.tabs.set_words(PROBLEMS, f"Problems {wrong}" if wrong else "Problems")
        self._show_title()
        if tree is None:
            error = next((p for p in line.problems if p.severity == "error"), None)
            self.form.grey(f"The form waits: line {error.line} can’t be read. {error.message}" if error else "")
            return
        self._tree = tree
        self.form.grey("")
        self._show_form()

    def set_known(self, known: Known) -> None:
        """What completion may offer."""
        self.yaml.set_known(known)

    @property
    def tree(self) -> Node | None:
        """The file as it could be read last."""
        return self._tree

    @property
    def shown(self) -> CollectionForm | None:
        """The collection in the form."""
        return self.form.form

    # -- moving

    def go_to(self, line: int) -> None:
        """Put the cursor on a line; the form follows."""
        if isinstance(self._holder, QTabWidget):
            self._holder.setCurrentWidget(self._text)
        self.yaml.go_to(line)

    def mend(self, cure: Cure) -> None:
        """Take an offered cure."""
        self.yaml.replace_span(cure.start, cure.end, cure.new)

    def mend_here(self) -> bool:
        """Ctrl+.: the first cure of the problem on the cursor's line, or of the next one that has any; whether there was one."""
        problems = sorted(self._line.problems if self._line else (), key=lambda p: (p.line < self.yaml.line, p.line))
        for problem in problems:
            if found := self.cures(problem):
                self.mend(found[0])
                return True
        return False

    def cures(self, problem: Problem) -> Sequence[Cure]:
        """What a problem offers."""
        if self._file is None or self._file.locked or problem.file != self._file.name:
            return ()
        return cures(problem, self._file.text)

    # -- own

    def _show_title(self) -> None:
        file, line = self._file, self._line
        if file is None or line is None:
            return
        parts: list[Part] = [Text(file.name.rpartition("/")[2], weight=theme.BOLD)]
        if file.locked:
            parts.append(Text("to read only", "text2", size=theme.SMALL))
        elif file.changed:
            parts.append(Text("changed", "retained", theme.MEDIUM, theme.SMALL))
        parts.append(Gap())
        ahead = sum(p.message.startswith("Refusal ahead") for p in line.problems)
        for number, words, sign, tint in (
            (len(line.errors), counted(len(line.errors), "error"), "failed", "failed"),
            (ahead, counted(ahead, "refusal ahead", "refusals ahead"), "refused", "retained"),
        ):
            if number:
                parts += [Sign(sign, tint, 14), Text(words, tint, theme.MEDIUM, theme.SMALL)]
        self._title.show_parts(parts)

    def _show_form(self) -> None:
        if self._file is None or self._line is None:
            return
        name, _ = collection_at(self._tree, self._file.name, self.yaml.line)
        known = names(self._tree)
        shown = self.form.form.name if self.form.form else ""
        name = name or (shown if shown in known else known[0] if known else "")
        live = self._schema.collections.get(name) if self._schema else None
        in_catalog = self._system.collections.get(name) if self._system else None
        form = form_of(self._tree, name, self._line.problems, live, in_catalog) if name else None
        self.form.show_form(form, known, self.cures, self._file.locked)
        self.map.choose(f"{self._line.name}/{name}")

    def _on_moved(self, _line: int) -> None:
        if self._tree is not None and self._file is not None:
            self._show_form()

    def _on_chosen(self, name: str) -> None:
        form = form_of(self._tree, name, (), None, None)
        if form is not None and self._file is not None:
            below = self._tree.child("collections") if self._tree else None
            if below is not None and below.keys[name].file == self._file.name:
                self.yaml.go_to(form.line)
            else:
                self._show_named(name)

    def _show_named(self, name: str) -> None:
        """A collection that only its connector writes out."""
        live = self._schema.collections.get(name) if self._schema else None
        known = self._system.collections.get(name) if self._system else None
        problems = self._line.problems if self._line else ()
        form = form_of(self._tree, name, problems, live, known)
        self.form.show_form(form, names(self._tree), self.cures, self._file.locked if self._file else "")

    def _on_typed(self) -> None:
        self._show_title()
        self.typed.emit()
