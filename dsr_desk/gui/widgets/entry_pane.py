"""One entry of the trail in full: what it says, how it hangs together, and how to check it without this program."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from dsr_desk.audit.trail import Entry
from dsr_desk.gui import theme
from dsr_desk.gui.models.audit_model import raw
from dsr_desk.gui.models.wording import clock, day, thin
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Pane
from dsr_desk.gui.widgets.parts import Chip, Gap, Text

_NOTHING_PERSONAL = Text("no personal data", "verified", size=theme.LABEL)


class EntryPane(Pane):
    """``request_wanted`` carries the reference that the entry is about."""

    request_wanted = Signal(str)

    def __init__(self, command: str) -> None:
        super().__init__("Entry", wide=round(300 * max(1.0, theme.current().scale)))
        self._ref = ""
        self._state = PartsView()
        self.body.addWidget(self._state)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(2)
        self._views = {name: PartsView() for name in ("type", "signed by", "key", "time", "request", "before", "this entry")}
        for view in self._views.values():
            self._facts.addWidget(view)
        self.body.addLayout(self._facts)
        self.body.addWidget(PartsView((Text("What it says", weight=theme.BOLD), Gap(), _NOTHING_PERSONAL)))
        self._raw = QPlainTextEdit()
        self._raw.setReadOnly(True)
        self._raw.setTabChangesFocus(True)
        self._raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._raw.setAccessibleName("The stored record")
        self._raw.setFont(theme.font(theme.LABEL, mono=True))
        self._raw.setMinimumHeight(90)
        self.body.addWidget(self._raw, 1)
        row = QHBoxLayout()
        row.addWidget(Label("Check it in a terminal", weight=theme.BOLD), 1)
        row.addWidget(Button("Copy", "quiet", sign="copy", small=True, on=lambda: QGuiApplication.clipboard().setText(command)))
        self.body.addLayout(row)
        self.body.addWidget(Label(command, mono=True, size=theme.LABEL, selectable=True, wrap=True))
        self._open = Button("Open the request", on=lambda: self.request_wanted.emit(self._ref))
        self.foot.addWidget(self._open)
        self.foot.addStretch(1)

    def show_entry(self, entry: Entry, name: str, ref: str, holds: bool | None) -> None:
        """Show an entry; ``holds`` is what a verification in this run says of it, ``None`` before there was one."""
        self._ref = ref
        self.title.setText(f"Entry {thin(entry.seq)}")
        if holds is None:
            self._state.show_parts((Chip("not verified in this run", "plain", "question"),))
        elif holds:
            self._state.show_parts((Chip("signature holds", "verified", "check"), Chip("link holds", "verified", "check")))
        else:
            self._state.show_parts((Chip("does not hold", "failed", "failed"),))
        facts = {
            "type": entry.type, "signed by": name, "key": entry.actor, "time": f"{day(entry.ts)}, {clock(entry.ts, True)}",
            "request": ref or "–", "before": _short(entry.prev), "this entry": _short(entry.leaf),
        }  # fmt: skip
        for label, value in facts.items():
            mono = label in ("type", "key", "before", "this entry", "request")
            self._views[label].show_parts((Text(label, "text2", size=theme.SMALL), Gap(), Text(value, size=theme.SMALL, mono=mono)))
        self._raw.setPlainText(raw(entry))
        self._open.setVisible(bool(ref))


def _short(digest: str) -> str:
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}" if len(digest) > 16 else digest
