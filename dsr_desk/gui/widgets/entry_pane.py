"""One entry of the trail in full: what it says, how it hangs together, and how to check it without this program."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from dsr_desk.audit.trail import Entry
from dsr_desk.gui import theme
from dsr_desk.gui.models.entry_words import raw, says
from dsr_desk.gui.models.wording import clock, day, thin
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Pane
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, Text

_NOTHING_PERSONAL = Text("no personal data", "verified", size=theme.LABEL)


class EntryPane(Pane):
    """``request_wanted`` and ``only_wanted`` carry the reference that the entry is about; ``elsewhere_wanted`` the entry."""

    request_wanted = Signal(str)
    only_wanted = Signal(str)
    elsewhere_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Entry", wide=round(300 * max(1.0, theme.current().scale)))
        self._ref = ""
        self._entry: Entry | None = None
        self._says = Label(wrap=True)
        self.body.addWidget(self._says)
        self._state = PartsView()
        self.body.addWidget(self._state)
        facts = QVBoxLayout()
        facts.setSpacing(2)
        self._views = {name: PartsView() for name in ("type", "signed by", "key", "time", "request", "before", "this entry")}
        for view in self._views.values():
            facts.addWidget(view)
        self.body.addLayout(facts)
        self.body.addWidget(PartsView((Text("What is stored", weight=theme.BOLD), Gap(), _NOTHING_PERSONAL)))
        self._raw = QPlainTextEdit()
        self._raw.setReadOnly(True)
        self._raw.setTabChangesFocus(True)
        self._raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._raw.setAccessibleName("The stored record")
        self._raw.setFont(theme.font(theme.LABEL, mono=True))
        self._raw.setMinimumHeight(90)
        self.body.addWidget(self._raw, 1)
        column = QVBoxLayout()
        column.setSpacing(theme.INSIDE)
        self._open = Button("Open the request", on=lambda: self.request_wanted.emit(self._ref))
        self._only = Button("Only its entries", "quiet", on=lambda: self.only_wanted.emit(self._ref))
        elsewhere = Button(
            "Check it elsewhere…", "quiet", sign="key", small=True, on=lambda: self.elsewhere_wanted.emit(self._entry)
        )
        row = QHBoxLayout()
        row.addWidget(self._open)
        row.addWidget(self._only)
        row.addStretch(1)
        column.addWidget(elsewhere)
        column.addLayout(row)
        self.foot.addLayout(column)
        self.foot.addStretch(1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """No entry is chosen."""
        self._entry, self._ref = None, ""
        self.title.setText("No entry is chosen")
        self._says.setText("")
        self._raw.setPlainText("")
        for view in (self._state, *self._views.values()):
            view.show_parts(())
        for button in (self._open, self._only):
            button.hide()

    def show_entry(
        self, entry: Entry, name: str, ref: str, holds: bool | None, doubted: bool = False, openable: bool = True
    ) -> None:
        """Show an entry; ``holds`` is what a verification in this run says of it, ``None`` before there was one.

        ``doubted``: somebody else may have signed it. ``openable``: its request has a file that can be opened.
        """
        self._entry, self._ref = entry, ref
        self.title.setText(f"Entry {thin(entry.seq)}")
        self._says.setText(says(entry))
        self._state.show_parts(_state(holds, doubted))
        facts = {
            "type": entry.type, "signed by": name, "key": entry.actor, "time": f"{day(entry.ts)}, {clock(entry.ts, True)}",
            "request": ref or "–", "before": _short(entry.prev), "this entry": _short(entry.leaf),
        }  # fmt: skip
        for label, value in facts.items():
            mono = label in ("type", "key", "before", "this entry", "request")
            self._views[label].show_parts((Text(label, "text2", size=theme.SMALL), Gap(), Text(value, size=theme.SMALL, mono=mono)))
        self._raw.setPlainText(raw(entry))
        self._open.setVisible(bool(ref) and openable)
        self._only.setVisible(bool(ref))


def _state(holds: bool | None, doubted: bool) -> tuple[Part, ...]:
    if holds is None:
        return (Chip("not verified in this run", "plain", "question"),)
    if not holds:
        return (Chip("does not hold", "failed", "failed"),)
    if doubted:
        return (Chip("signed, but in doubt", "retained", "warning"),)
    return Chip("signature holds", "verified", "check"), Chip("link holds", "verified", "check")


def _short(digest: str) -> str:
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}" if len(digest) > 16 else digest
