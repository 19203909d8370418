"""The whole picture of a search: identity, systems, the list with its filters, and one record in full beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.feeder import Feeder
from dsr_desk.gui.models.findings_index import Counts
from dsr_desk.gui.models.findings_model import FindingsModel
from dsr_desk.gui.models.people_model import Person
from dsr_desk.gui.models.wording import in_words
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import ChipButton
from dsr_desk.gui.widgets.counts import count, number
from dsr_desk.gui.widgets.fields import Edit
from dsr_desk.gui.widgets.findings_table import FindingsTable
from dsr_desk.gui.widgets.identity_bar import IdentityBar
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts import Chip
from dsr_desk.gui.widgets.people_bar import PeopleBar
from dsr_desk.gui.widgets.record_pane import RecordPane
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.gui.widgets.systems_strip import SystemsStrip
from dsr_desk.model.catalog import System
from dsr_desk.model.event import Answered, Event, Found, IdentifierFound, Searching, SystemSearched
from dsr_desk.model.finding import Finding, Identifier, SearchResult, SystemSearch

#: Below this width in px the pane is a drawer over the list; above the other it is wider.
_DRAWER, _WIDE = 1080, 1500
#: So many notes stand in the banner; the others are told where the system is looked at.
_NOTES = 4
_GROUPS: tuple[tuple[str, Callable[[Finding], bool]], ...] = (
    ("shared", lambda f: f.shared),
    ("mentioned", lambda f: f.mention and not f.shared),
    ("doubtful", lambda f: bool(f.review) and not (f.shared or f.mention)),
    ("access-only", lambda f: f.access_only and not (f.shared or f.mention or f.review)),
)


class FindingsPanel(QWidget):
    """Shows a search while it runs and when it is done. It knows no desk: its parts tell what is wished."""

    counted = Signal()
    group_wanted = Signal(str, list)

    def __init__(self, *, readonly: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readonly = readonly
        self.model = FindingsModel(readonly=readonly, parent=self)
        self.identity = IdentityBar(readonly=readonly)
        self.people = PeopleBar()
        self.strip = SystemsStrip(readonly=readonly)
        self.table = FindingsTable(self.model)
        self.pane = RecordPane(readonly=readonly, parent=self)
        self.banner = Banner()
        self.notice = Banner()
        self.doubt = Banner()
        self.filter = Edit("Filter", name="Filter the records")
        self._systems: Mapping[str, System] = {}
        self._searches: dict[str, SystemSearch] = {}
        #: While a search runs: who has answered, and whose answer is waited for.
        self._answered: set[str] = set()
        self._asked: set[str] = set()
        self._identity: list[Identifier] = []
        self._feeder = Feeder(self.model, self.show_counts, self)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(150)
        self._mark = ""
        self._pane_wished = True
        self.running = False
        self._layout()
        self._connect()

    def _layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(theme.EDGE, 10, theme.GROUP, 8)
        top.setSpacing(theme.INSIDE)
        top.addWidget(self.identity)
        top.addWidget(self.people)
        self.people.hide()
        for banner in (self.banner, self.doubt, self.notice):
            banner.hide()
            top.addWidget(banner)
        top.addWidget(self.strip)
        column.addLayout(top)
        column.addWidget(Line())
        column.addLayout(self._filters())
        column.addWidget(self._groups())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self.empty = EmptyState("search", "Nothing searched yet.")
        self._stack.addWidget(self.empty)
        self._no_match = EmptyState("filter", "No record matches.", button=Button("Clear the filter", on=self.clear_filter))
        self._stack.addWidget(self._no_match)
        column.addWidget(self._stack, 1)
        row.addLayout(column, 1)
        row.addWidget(self.pane)
        self._row = row

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.EDGE, 5, theme.GROUP, 5)
        row.setSpacing(theme.INSIDE)
        self._count = Label(weight=theme.BOLD)
        self.filter.setMaximumWidth(200)
        self.filter.setMinimumWidth(90)
        self.undecided = ChipButton(Chip("", "retained", "shared"), tip="Show only what a person must decide (F8 goes to the next)")
        self.special = ChipButton(Chip("", "failed", "special"), tip="Show only records with a value of a special category")
        self.left_out = ChipButton(Chip("", "plain", "excluded"), tip="Show only what was left out")
        self.extra = QHBoxLayout()
        self.show_pane = Button("", "quiet", sign="pane", small=True, tip="Details (Ctrl+I)", on=self.toggle_pane)
        row.addWidget(self._count)
        row.addWidget(self.filter)
        row.addStretch(1)
        for chip in (self.undecided, self.special, self.left_out):
            chip.hide()
            row.addWidget(chip)
        row.addLayout(self.extra)
        row.addWidget(self.show_pane)
        return row

    def _groups(self) -> QWidget:
        self._group_row = QWidget()
        row = QHBoxLayout(self._group_row)
        row.setContentsMargins(theme.EDGE, 0, theme.GROUP, 6)
        row.setSpacing(theme.INSIDE)
        row.addWidget(Label("Decide them one by one, or together:", size=theme.SMALL, tint="text2"))
        self.groups: dict[str, Button] = {}
        for name, _ in _GROUPS:
            self.groups[name] = Button("", small=True, on=partial(self._on_group, name))
            row.addWidget(self.groups[name])
        row.addStretch(1)
        self._group_row.hide()
        return self._group_row

    def _connect(self) -> None:
        self.filter.textChanged.connect(lambda _: self._typed.start())
        self._typed.timeout.connect(self._apply_filter)
        for chip, mark in ((self.undecided, "undecided"), (self.special, "special"), (self.left_out, "left out")):
            chip.toggled.connect(lambda on, m=mark: self._on_mark(m, on))
        self.table.looked_at.connect(self._on_looked_at)
        self.pane.closed.connect(self.toggle_pane)
        for keys, call in (("Ctrl+I", self.toggle_pane), ("Ctrl+R", self.pane.reveal_next)):
            QShortcut(QKeySequence(keys), self, call, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(QKeySequence("Esc"), self, self._on_escape, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- showing ---------------------------------------------------------------------------------------------------------

    def set_systems(
        self, systems: Mapping[str, System], takes: Callable[[Finding], bool], locked: Callable[[Finding], bool] = lambda f: False
    ) -> None:
        """The catalog, which findings are ticked before anybody decides, and which can't be."""
        self._systems = systems
        self.model.set_systems(systems, takes, locked)

    def show_list(self, listed: Sequence[Person]) -> None:
        """It is about a list of people: they stand where one person's identifiers would."""
        self.identity.hide()
        self.people.show()
        self.people.show_people(listed)

    def start(self, identity: Sequence[Identifier]) -> None:
        """A search begins."""
        self.running = True
        self._searches = {
            s.name: SystemSearch(s.name, "manual" if s.driver == "manual" else "searching") for s in self._systems.values()
        }
        self._answered, self._asked = set(), set()
        self.doubt.hide()
        self._identity = list(identity)
        self._feeder.clear()
        self.pane.clear()
        self.empty.say("Searching all systems.", "Rows appear here as the systems answer.", sign="busy", tint="accent")
        self._show_head({})

    def hear(self, event: Event) -> None:
        """Something happened in the search."""
        match event:
            case Found(findings=findings):
                self._feeder.add(findings)
            case IdentifierFound(identifier=identifier):
                if all((i.kind, i.value) != (identifier.kind, identifier.value) for i in self._identity):
                    self._identity.append(identifier)
                self._show_head({})
            case SystemSearched(result=search):
                self._searches[search.system] = search
                self._asked.discard(search.system)
                self._show_head({})
            case Answered(system=system):
                self._answered.add(system)
                self._asked.discard(system)
                self._show_head({})
            case Searching(system=system):
                self._searches.setdefault(system, SystemSearch(system, "searching"))
                self._answered.discard(system)
                self._asked.add(system)
                self._show_head({})

    def stop(self) -> None:
        """The search ended without a result."""
        self.running = False
        self._searches = {
            n: s if s.status != "searching" else SystemSearch(n, "failed", error="It was stopped.")
            for n, s in self._searches.items()
        }
        self._show_head({})
        self.show_counts()

    def show_result(self, result: SearchResult, finished: Callable[[], None] = lambda: None) -> None:
        """Show exactly this; ``finished`` is called when all of it is shown."""
        self.running = False
        self._searches = {s.system: s for s in result.systems}
        self._identity = list(result.identity)
        why = {
            n.identifier: f"It also leads to somebody else ({count(len(n.leads_to), 'record')}), so it widened nothing."
            for n in result.not_followed
        }
        self._show_head(why)
        asked = sum(s.status in ("searched", "manual", "waived") for s in result.systems)
        answer = "That is an answer, too." if result.complete else "Some systems could not be searched: this is no answer yet."
        if self._show_doubt(result):
            answer = "It proves nothing where records stood before: read the note above."
        self.empty.say(f"Nobody found in {asked} of {count(len(result.systems), 'system')}.", answer, sign="search")
        self._feeder.finish(result.findings, finished)

    def _show_doubt(self, result: SearchResult) -> bool:
        """Say which answers look complete and may not be; whether there are any."""
        doubted = {s.system: s.notes for s in result.systems if s.notes}
        self.doubt.setVisible(bool(doubted))
        if doubted:
            names = [self._systems[n].label if n in self._systems else n for n in doubted]
            has, its = ("was", "its") if len(names) == 1 else ("were", "their")
            told = [f"{name}: {note}" if len(names) > 1 else note for name, notes in zip(names, doubted.values(), strict=True)
                    for note in notes]  # fmt: skip
            more = [f"And {count(len(told) - _NOTES, 'note')} more, at the system."] if len(told) > _NOTES else []
            self.doubt.say(f"{in_words(names)} {has} searched, but {its} answer may not be whole.", "\n".join(told[:_NOTES] + more))
        return bool(doubted)

    def _show_head(self, not_followed: Mapping[Identifier, str]) -> None:
        if not self.identity.isHidden():
            self.identity.show_identity(self._identity, not_followed, self._systems)
        self.strip.show_systems(
            list(self._searches.values()), self._systems, running=self.running, answered=self._answered, asked=self._asked
        )
        self.strip.setVisible(bool(self._searches))

    def show_counts(self) -> None:
        """Write the figures again."""
        counts: Counts = self.model.counts()
        ticked = "" if self.readonly else f", {number(counts.ticked)} ticked"
        self._count.setText(f"{count(counts.found, 'record')} found{ticked}")
        for chip, value, words in (
            (self.undecided, counts.undecided, f"{number(counts.undecided)} to decide"),
            (self.special, counts.special, f"{number(counts.special)} special category"),
            (self.left_out, counts.left_out, f"{number(counts.left_out)} left out"),
        ):
            chip.show_chip(Chip(words, chip.chip.tone, chip.chip.sign))
            chip.setVisible((bool(value) or chip.isChecked()) and not (self.readonly and chip is self.undecided))
        for name, button in self.groups.items():
            of_group = self._of_group(name) if self._mark == "undecided" else []
            button.setText(f"Tick {number(len(of_group))} {name} {'record' if len(of_group) == 1 else 'records'}…")
            button.setVisible(bool(of_group))
        self._group_row.setVisible(self._mark == "undecided" and not self.readonly and counts.undecided > 0)
        self._stack.setCurrentIndex(1 if not counts.found else 0 if self.model.rowCount() else 2)
        self.counted.emit()

    def _on_group(self, name: str) -> None:
        self.group_wanted.emit(name, self._of_group(name))

    def _of_group(self, name: str) -> list[Finding]:
        belongs = dict(_GROUPS)[name]
        index = self.model.index_
        return [f for b in index.blocks.values() if b.counts.undecided for f in b.findings if belongs(f) and index.undecided(f)]

    @property
    def counts_text(self) -> str:
        """The figures as they stand on the page."""
        return self._count.text()

    # -- filter and pane --------------------------------------------------------------------------------------------------

    def _on_mark(self, mark: str, on: bool) -> None:
        for chip, name in ((self.undecided, "undecided"), (self.special, "special"), (self.left_out, "left out")):
            if on and name != mark:
                chip.blockSignals(True)
                chip.setChecked(False)
                chip.blockSignals(False)
        self._mark = mark if on else ""
        self._apply_filter()

    def _apply_filter(self) -> None:
        self.model.filter(self.filter.text(), self._mark)
        self.show_counts()

    def clear_filter(self) -> None:
        """Show everything again."""
        self.filter.clear()
        for chip in (self.undecided, self.special, self.left_out):
            chip.setChecked(False)
        self._apply_filter()

    def _on_escape(self) -> None:
        if self.filter.text() or self._mark:
            self.clear_filter()
        elif self._drawer and self.pane.isVisible():
            self.toggle_pane()

    @property
    def _drawer(self) -> bool:
        return self.width() < _DRAWER * theme.current().scale

    def toggle_pane(self) -> None:
        """Show or hide the details."""
        self._pane_wished = self.pane.isHidden()
        self._place_pane(self._pane_wished)

    def _place_pane(self, visible: bool) -> None:
        self.pane.setVisible(visible)
        self.show_pane.setVisible(not visible)
        if self._drawer:
            self._row.removeWidget(self.pane)
            self.pane.setGeometry(self.width() - self.pane.width(), 0, self.pane.width(), self.height())
            self.pane.raise_()
        elif self._row.indexOf(self.pane) < 0:
            self._row.addWidget(self.pane)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pane.setFixedWidth(round((380 if self.width() > _WIDE else 300) * theme.current().scale))
        was_drawer = self._row.indexOf(self.pane) < 0
        if self._drawer and not was_drawer:
            self._place_pane(False)
        else:
            self._place_pane(self.pane.isVisible() if self._drawer else self._pane_wished)

    def _on_looked_at(self, finding: Finding | None) -> None:
        if finding is None:
            self.pane.clear()
            return
        index = self.model.index_
        system = self._systems.get(finding.ref.system)
        decision = index.decisions.get(finding.ref)
        self.pane.show_finding(
            finding,
            system.collections.get(finding.ref.collection) if system else None,
            self._systems,
            ticked=index.ticked(finding),
            locked=index.locked(finding),
            why=decision.reason if decision else "",
            restricted=self.model.restricted.get(finding.ref, ""),
        )

    def look_again(self) -> None:
        """Show the current record as it is now."""
        node = self.table.current
        self._on_looked_at(node.finding if node else None)
