"""One record in full: every field masked until revealed, how it was reached, and what can be said about it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.counts import count, number
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line, Pane
from dsr_desk.gui.widgets.parts import Chip
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.words import category_word, hop_word, kind_sign
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Finding
from dsr_desk.model.mask import is_special, mask
from dsr_desk.model.values import Value, as_text

#: A revealed value hides again after so many milliseconds; its copy leaves the clipboard after so many.
REVEALED_MS = 60_000
COPIED_MS = 30_000


class _FieldRow(QWidget):
    """One field: its name and category, its value masked, and *reveal* or *hide*."""

    def __init__(self, name: str, category: str | None, identity: str | None, shown: str, known: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3, 0, 2)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(Label(name, size=theme.SMALL, tint="text2"))
        if identity:
            head.addWidget(SignView("identity", "accent", 12))
            head.addWidget(Label("identity", size=theme.LABEL, tint="accent"))
        head.addStretch(1)
        special = is_special(category)
        words = category_word(category) if category else "not personal" if known else "not in the catalog"
        head.addWidget(Label(words, size=theme.LABEL, tint="failed" if special else "text3" if known else "retained"))
        column.addLayout(head)
        below = QHBoxLayout()
        self.value = Label(shown, size=theme.SMALL, mono=True, wrap=True, selectable=True)
        below.addWidget(self.value, 1)
        self.button = Button("reveal", "quiet", sign="reveal", small=True)
        self.button.setAccessibleName(f"Reveal {name}")
        below.addWidget(self.button)
        column.addLayout(below)
        column.addWidget(Line())


class RecordPane(Pane):
    """``reveal_wanted`` with field; ``decide_wanted`` with ``leave out``, ``not this person`` or ``include``."""

    reveal_wanted = Signal(object, str)
    decide_wanted = Signal(str)

    def __init__(self, *, readonly: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("Nothing chosen", closable=True, parent=parent)
        self._readonly = readonly
        self._finding: Finding | None = None
        self._rows: dict[str, _FieldRow] = {}
        self._masked: dict[str, str] = {}
        self._revealed: dict[str, QTimer] = {}
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.timeout.connect(self._on_copy_over)
        self._copy = ""
        self._leave = Button("Leave out…", small=True, on=lambda: self.decide_wanted.emit("leave out"))
        self._not = Button("Not this person…", "danger-outline", small=True, on=lambda: self.decide_wanted.emit("not this person"))
        self._take = Button("Tick it…", small=True, on=lambda: self.decide_wanted.emit("include"))
        for button in (self._take, self._leave, self._not):
            self.foot.addWidget(button)
        self.foot.addStretch(1)
        QGuiApplication.clipboard().dataChanged.connect(self._on_clipboard)
        self.body.setSpacing(2)
        self.clear()

    @property
    def finding(self) -> Finding | None:
        """The record that is shown."""
        return self._finding

    def clear(self) -> None:
        """Show that nothing is chosen."""
        self._finding = None
        self.title.setText("Nothing chosen")
        self._empty()
        self.body.addWidget(Label("Choose a record to see every field of it.", size=theme.SMALL, tint="text2", wrap=True))
        self.body.addStretch(1)
        for button in (self._take, self._leave, self._not):
            button.hide()

    def show_finding(
        self,
        finding: Finding,
        collection: Collection | None,
        systems: Mapping[str, System],
        *,
        ticked: bool,
        locked: bool,
        why: str,
        restricted: str = "",
    ) -> None:
        """Show one record; ``why`` is the reason somebody gave for leaving it out or taking it in; ``restricted``: since when."""
        if self._finding is None or self._finding.ref != finding.ref:
            for name in list(self._revealed):
                self._hide(name)
        self._finding = finding
        self._empty()
        self.title.setText(collection.label if collection else finding.ref.collection)
        path = f"{finding.ref.system} ▸ {finding.ref.collection} ▸ {self._key(finding, collection)}"
        self.body.addWidget(Label(path, size=theme.LABEL, mono=True, tint="text2", wrap=True))
        if restricted:
            self.body.addWidget(PartsView([Chip("restricted", "retained", "restriction")]))
            words = f"{restricted}. DSR Desk changes it only once that is lifted. Other programs can still change it."
            self.body.addWidget(Label(words, size=theme.SMALL, tint="text2", wrap=True))
        self._mark(finding, why, ticked)
        for name, value in finding.row.values.items():
            self._field(name, value, collection, finding)
        self._shown = Banner(tone="retained", sign="reveal")
        self._shown.hide()
        self.body.addWidget(self._shown)
        self._reach(finding, systems)
        self.body.addStretch(1)
        self._take.setVisible(not self._readonly and not ticked and not locked)
        self._leave.setVisible(not self._readonly and ticked)
        self._not.setVisible(not self._readonly and not locked)

    def _empty(self) -> None:
        self._rows, self._masked = {}, {}
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _key(self, finding: Finding, collection: Collection | None) -> str:
        names = collection.key if collection else ()
        shown = []
        for i, value in enumerate(finding.ref.key):
            field = collection.fields.get(names[i]) if collection and i < len(names) else None
            hide = field is not None and field.category is not None and field.category != "user.unique_id"
            shown.append(mask(value, field.identity, field.category) if field and hide else value)
        return ", ".join(shown)

    def _mark(self, finding: Finding, why: str, ticked: bool) -> None:
        chips: list[Chip] = []
        if finding.clear:
            chips.append(Chip("only this person", "verified", "only-this-person"))
        if finding.shared:
            chips.append(Chip(f"shared with {count(len(finding.other_owners), 'other')}", "retained", "shared"))
        if finding.access_only:
            chips.append(Chip("access-only", "test", "access-only"))
        if finding.mention:
            chips.append(Chip("mention", "changed", "mention"))
        for chip in (*chips, *(Chip(r, "retained", "question") for r in finding.review)):
            self.body.addWidget(PartsView([chip]))
        if finding.access_only:
            words = "This person may see it, but it is somebody else's: erasure leaves it."
            self.body.addWidget(Label(words, size=theme.SMALL, tint="text2", wrap=True))
        if why:
            self.body.addWidget(Label(f"{'Taken in' if ticked else 'Left out'}: {why}", size=theme.SMALL, tint="text2", wrap=True))

    def _field(self, name: str, value: Value, collection: Collection | None, finding: Finding) -> None:
        field = collection.fields.get(name) if collection else None
        known, text = field is not None, as_text(value)
        if not text:
            shown = "(empty)"
        elif field is not None and not field.personal:
            shown = text[:200]
        else:
            shown = mask(value, field.identity if field else None, field.category if field else None)
        row = _FieldRow(name, field.category if field else None, field.identity if field else None, shown, known)
        hidden = bool(text) and (field is None or field.personal)
        row.button.setVisible(hidden)
        row.button.clicked.connect(lambda _=False, n=name: self._on_button(n))
        self._rows[name], self._masked[name] = row, shown
        self.body.addWidget(row)

    def _reach(self, finding: Finding, systems: Mapping[str, System]) -> None:
        self.body.addSpacing(6)
        self.body.addWidget(Label("How it was reached", weight=theme.BOLD, size=theme.SMALL))
        for depth, hop in enumerate(finding.via):
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(12 * min(depth, 6), 0, 0, 0)
            row.setSpacing(6)
            row.addWidget(SignView("from" if depth else kind_sign(hop.detail), "text2", 14))
            row.addWidget(Label(hop_word(hop, dict(systems)), size=theme.SMALL, tint="text2", wrap=True), 1)
            self.body.addWidget(line)

    # -- revealing ---------------------------------------------------------------------------------------------------

    def reveal_next(self) -> None:
        """Ask for the first value that is still masked, or for that which has the focus."""
        for name, row in self._rows.items():
            if not row.button.isHidden() and name not in self._revealed:
                self._on_button(name)
                return

    def _on_button(self, name: str) -> None:
        if name in self._revealed:
            self._hide(name)
        elif self._finding is not None:
            self.reveal_wanted.emit(self._finding.ref, name)

    def show_value(self, finding: Finding, name: str, value: Value, entry: int) -> None:
        """Show one value in clear for a minute; ``entry`` is the trail entry that says so."""
        if self._finding is None or finding.ref != self._finding.ref or name not in self._rows:
            return
        row = self._rows[name]
        row.value.setText(as_text(value) or "(empty)")
        row.button.setText("hide")
        row.button.set_sign("hide")
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._hide(name))
        timer.start(REVEALED_MS)
        self._revealed[name] = timer
        self._shown.say(f"{count(len(self._revealed), 'value')} shown. Recorded as entry {number(entry)}.", sign="reveal")
        self._shown.show()

    def _hide(self, name: str) -> None:
        timer = self._revealed.pop(name, None)
        if timer is not None:
            timer.stop()
            timer.deleteLater()
        row = self._rows.get(name)
        if row is not None:
            row.value.setText(self._masked[name])
            row.button.setText("reveal")
            row.button.set_sign("reveal")
        if not self._revealed and self._rows:
            self._shown.hide()

    @property
    def revealed(self) -> list[str]:
        """The fields whose values are in clear."""
        return list(self._revealed)

    def _on_clipboard(self) -> None:
        text = QGuiApplication.clipboard().text()
        clear = [self._rows[n].value.text() for n in self._revealed if n in self._rows]
        if text and any(text in value for value in clear):
            self._copy = text
            self._copied.start(COPIED_MS)

    def _on_copy_over(self) -> None:
        if self._copy and QGuiApplication.clipboard().text() == self._copy:
            QGuiApplication.clipboard().clear()
        self._copy = ""
