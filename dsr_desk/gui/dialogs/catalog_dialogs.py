"""What the page of systems asks: to accept changed files, which of two versions of a file to keep, and for a password."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog, WhyOff
from dsr_desk.gui.models.catalog_model import CatalogState
from dsr_desk.gui.models.wording import counted, in_words
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Edit, Field
from dsr_desk.gui.widgets.label import Label

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class _Asking(QDialog):
    """One column: title, what is asked, what follows from it, and two buttons. ``done_`` when it is recorded."""

    recorded = Signal()

    def __init__(self, bridge: Bridge, title: str, wide: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setWindowTitle(title)
        self.setMinimumWidth(round(wide * max(1.0, theme.current().scale)))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.GROUP)
        self.column.setSpacing(12)
        self.column.addWidget(Label(title, size=theme.PANE, weight=theme.BOLD, wrap=True))
        self.banner = Banner()
        self.banner.hide()
        self.column.addWidget(self.banner)

    def add_foot(self, act: Button) -> None:
        """The two buttons, the harmless one left."""
        self.act = act
        self.column.addWidget(WhyOff(act))
        foot = QHBoxLayout()
        foot.addWidget(Button("Keep as it is", on=self.reject))
        foot.addStretch(1)
        foot.addWidget(act)
        self.column.addLayout(foot)

    def _on_recorded(self, _result: object) -> None:
        self.recorded.emit()
        self.accept()

    def _on_failed(self, error: DeskError) -> None:
        self.act.set_on()
        self.banner.show_error(error)


class AcceptDialog(_Asking):
    """Shows what changed since the accepted version, in words and as a text difference; accepting it is recorded."""

    def __init__(self, desk: Desk, bridge: Bridge, state: CatalogState, parent: QWidget | None = None) -> None:
        super().__init__(bridge, "Accept this catalog", 640, parent)
        self._desk = desk
        self.resize(720, 560)
        first = _first(state)
        self.column.addWidget(Label(_since(state), tint="text2", wrap=True))
        said = QPlainTextEdit()
        said.setReadOnly(True)
        said.setTabChangesFocus(True)
        said.setAccessibleName("The changes in words")
        said.setPlainText("\n".join(_told(state)))
        self.column.addWidget(said, 2)
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        text.setFont(theme.font(theme.SMALL, mono=True))
        text.setObjectName("difference")
        text.setAccessibleName("The difference as text")
        text.setPlainText(state.difference)
        if not state.difference:
            text.hide()
        self.column.addWidget(text, 3)
        self.reason = Edit("Why it changes: for whoever reads the versions later", name="Reason")
        self.column.addWidget(Field("Reason, if you like", self.reason))
        self.column.addWidget(
            Label(
                "Plans are made by the accepted version only. Your acceptance stands in the audit trail.",
                size=theme.SMALL,
                tint="text2",
                wrap=True,
            )
        )
        self.add_foot(
            Button(
                "Accept the first version"
                if first
                else f"Accept {counted(len(state.changes), 'change')}"
                if state.changes
                else "Accept these files",
                "primary",
                on=self._on_accept,
            )
        )

    def _on_accept(self) -> None:
        self.act.set_off("It is being recorded.")
        why = self.reason.text().strip()
        self._bridge.run(
            lambda _tell, _cancel: self._desk.accept_catalog(reason=why), on_done=self._on_recorded, on_failed=self._on_failed
        )


def _first(state: CatalogState) -> bool:
    return not state.version and not state.changes


def _since(state: CatalogState) -> str:
    """How much it differs from what was accepted last."""
    if _first(state):
        return "This is its first version."
    if not state.changes:
        return "What it says is what was accepted last; only comments, order or spacing differ."
    return f"{counted(len(state.changes), 'change')} since the version that was accepted last."


def _told(state: CatalogState) -> list[str]:
    """The changes in words; of a first version, what it describes."""
    if not _first(state):
        return [f"{c.file}:{c.line}  {c.text}" if c.line else c.text for c in state.changes] or ["Nothing that counts has changed."]
    catalog = state.check.catalog
    known = catalog.systems.values() if catalog else ()
    new = [
        f"{s.label}: {counted(len(s.collections), 'collection')}" + (" (test)" if s.environment == "test" else "") for s in known
    ]
    return ["Everything is new.", *new]


class ConflictDialog(ActDialog):
    """A file was changed by somebody else since it was opened: the difference, and which of the two is kept."""

    mine_kept = Signal()
    theirs_kept = Signal()

    def __init__(self, name: str, mine: str, theirs: str, error: DeskError, parent: QWidget | None = None) -> None:
        super().__init__(error.message, "Write mine over it", keep="Go on typing", wide=720, kind="danger", parent=parent)
        self.body.addWidget(Label("Lines with - stand in the file now; lines with + are yours.", tint="text2", wrap=True))
        said = QPlainTextEdit()
        said.setReadOnly(True)
        said.setTabChangesFocus(True)
        said.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        said.setFont(theme.font(theme.SMALL, mono=True))
        said.setMinimumHeight(260)
        said.setAccessibleName("The difference as text")
        lines = unified_diff(theirs.splitlines(), mine.splitlines(), f"{name} now", f"{name} as typed here", lineterm="")
        said.setPlainText("\n".join(lines) or "They say the same; only line ends or the first mark differ.")
        self.body.addWidget(said)
        self.body.addWidget(Button("Drop mine, take theirs", on=self._on_theirs))
        self.keep.setFocus()

    def on_act(self) -> None:
        """Mine it is."""
        self.mine_kept.emit()
        self.accept()

    def _on_theirs(self) -> None:
        self.theirs_kept.emit()
        self.accept()


class UnsavedDialog(ActDialog):
    """The window is to close while something typed is not saved."""

    saved = Signal()
    dropped = Signal()

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(
            f"{counted(len(names), 'file is', 'files are')} not saved", "Save and leave", keep="Stay here", parent=parent
        )
        self.body.addWidget(Label(in_words(names), mono=True, size=theme.SMALL, wrap=True))
        self.body.addWidget(Button("Leave without saving", "danger-outline", on=self._on_drop))
        self.say_follows("Saved is not accepted: plans go on by the accepted version until somebody accepts this one.")

    def on_act(self) -> None:
        """Save them, then leave."""
        self.accept()
        self.saved.emit()

    def _on_drop(self) -> None:
        self.accept()
        self.dropped.emit()


class SecretDialog(_Asking):
    """A system's password, typed once; it goes where passwords are kept, and nowhere else."""

    def __init__(self, desk: Desk, bridge: Bridge, system: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(bridge, f"Set the password of {title}", 420, parent)
        self._desk, self._system = desk, system
        self._edit = Edit(name="Password")
        self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._edit.textChanged.connect(self._show_state)
        self.column.addWidget(Field("Password", self._edit))
        self.column.addWidget(
            Label(
                "It is kept with this workspace’s keys, never in a catalog file. The trail says that it was set.",
                size=theme.SMALL,
                tint="text2",
                wrap=True,
            )
        )
        self.add_foot(Button("Set the password", "primary", on=self._on_set))
        self._show_state()

    def _show_state(self) -> None:
        self.act.set_off("" if self._edit.text() else "Type the password first.")

    def _on_set(self) -> None:
        password = self._edit.text()
        self.act.set_off("It is being kept.")
        self._bridge.run(
            lambda _tell, _cancel: self._desk.set_secret(self._system, password),
            on_done=self._on_recorded,
            on_failed=self._on_failed,
        )
