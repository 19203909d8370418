"""Whether an evidence bundle or a receipt holds: for whoever was given one. It needs no workspace, and asks none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dsr_desk.audit.bundle import BundleVerdict
from dsr_desk.errors import CredentialsError, DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.models.wording import clock, counted, day, grouped, thin
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.fields import Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Line, Scroll
from dsr_desk.gui.widgets.parts import Gap, Text
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.states import ProgressRow

_LIMIT = (
    "It can’t show that the whole log was never written anew. Compare the checkpoint below with one that somebody outside kept: "
    "if they agree, it was not."
)


class CheckPage(QWidget):
    """``left``: back to where we came from. ``another_wanted``: another file."""

    left = Signal()
    another_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._job: Job | None = None
        self._file = Path()
        self._verdict: BundleVerdict | None = None
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(self._layout_head())
        page.addWidget(Line())
        scroll = Scroll()
        self._column = scroll.body
        self._column.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.EDGE)
        self._column.setSpacing(theme.GROUP)
        for part in (self._layout_progress(), self.banner, self._layout_password(), self._layout_verdict(), self._layout_facts()):
            self._column.addWidget(part)
        self._column.addStretch(1)
        page.addWidget(scroll, 1)

    def check(self, file: Path, password: str = "") -> None:
        """Check this file, off this thread; with a password where it is encrypted."""
        self._file = file
        self._name.setText(file.name)
        for hidden in (self.banner, self._lock, self._card, self._facts):
            hidden.hide()
        self._progress.show_progress(f"Checking {file.name} …")
        self._progress.show()

        def work(_tell: object, _cancel: object) -> tuple[BundleVerdict, str]:
            from dsr_desk.flow.evidence import check_bundle
            from dsr_desk.flow.reporting.verifier import verifier_hash

            return check_bundle(file, password), verifier_hash()

        wrong = bool(password)
        self._job = self._bridge.run(
            work, on_done=self._on_checked, on_failed=lambda error: self._on_failed(error, wrong), owner=self
        )

    # -- layout

    def _layout_head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, 12)
        head.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addWidget(Label("Check an evidence bundle", size=theme.TITLE, weight=theme.BOLD))
        row.addStretch(1)
        self._another = Button("Check another…", sign="folder-open", on=self.another_wanted.emit)
        row.addWidget(self._another)
        row.addWidget(Button("Back", sign="back", on=self.left.emit))
        head.addLayout(row)
        self._name = Label(size=theme.SMALL, tint="text2", mono=True, elide=True)
        head.addWidget(self._name)
        return head

    def _layout_progress(self) -> QWidget:
        self.banner = Banner()
        self.banner.hide()
        self._progress = ProgressRow(self._on_stop)
        self._progress.hide()
        return self._progress

    def _layout_password(self) -> QWidget:
        self._lock = Card()
        self._lock.body.addWidget(Label("This bundle says whose case it is, so it is encrypted", weight=theme.BOLD))
        row = QHBoxLayout()
        self.password = Edit(mono=True)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._field = Field("Password", self.password, "It was shown once, when the bundle was made.")
        self._unlock = Button("Check it", "primary", on=self._on_password)
        self.password.returnPressed.connect(self._on_password)
        row.addWidget(self._field, 1)
        row.addWidget(self._unlock, 0, Qt.AlignmentFlag.AlignVCenter)
        self._lock.body.addLayout(row)
        self._lock.setMaximumWidth(round(560 * theme.current().scale))
        self._lock.hide()
        return self._lock

    def _layout_verdict(self) -> QWidget:
        self._card = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.GROUP)
        self._shield = SignView("question", "text2", 40)
        row.addWidget(self._shield, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.said = Label(size=theme.TITLE, weight=theme.BOLD, wrap=True)
        self.limit = Label(size=theme.SMALL, tint="text2", wrap=True)
        words.addWidget(self.said)
        words.addWidget(self.limit)
        row.addLayout(words, 1)
        self._card.body.addLayout(row)
        self._card.hide()
        return self._card

    def _layout_facts(self) -> QWidget:
        self._facts = Card()
        self._rows = {name: PartsView() for name in ("what it is", "made", "entries in it", "case", "its script")}
        for view in self._rows.values():
            self._facts.body.addWidget(view)
        self._facts.body.addWidget(Line())
        self._who = Label(mono=True, wrap=True, selectable=True)
        self._show_who = Button("Show whose case it is", small=True, sign="reveal", on=self._on_who)
        self._facts.body.addWidget(self._show_who)
        self._facts.body.addWidget(self._who)
        head = QHBoxLayout()
        head.addWidget(Label("Its checkpoint", weight=theme.BOLD), 1)
        head.addWidget(Button("Copy it", "quiet", small=True, sign="copy", on=self._on_copy))
        self._facts.body.addLayout(head)
        self._note = Label(mono=True, size=theme.SMALL, wrap=True, selectable=True)
        self._facts.body.addWidget(self._note)
        self._facts.body.addWidget(Line())
        self._facts.body.addWidget(Label("Without this program: unpack it, and in its folder run", size=theme.SMALL, tint="text2"))
        self._facts.body.addWidget(Label("python verify.py", mono=True, size=theme.SMALL, selectable=True))
        self._facts.setMaximumWidth(round(760 * theme.current().scale))
        self._facts.hide()
        return self._facts

    # -- what came of it

    def _on_checked(self, checked: tuple[BundleVerdict, str]) -> None:
        verdict, ours = checked
        self._verdict = verdict
        self._progress.hide()
        self._card.show()
        if verdict.fault is not None or not verdict.ok:
            self._shield.show_sign("special", "failed")
            self._card.set_outline("failed")
            self.said.setText(f"It does not hold. {verdict.sentence}")
            self.said.set_tint("failed")
            hint = verdict.fault.hint if verdict.fault is not None else ""
            self.limit.setText(hint or "Do not rely on anything in it. Ask whoever made it for another one, and say what you saw.")
            return
        doubt = len(verdict.doubted)
        self._shield.show_sign("warning" if doubt else "shield", "retained" if doubt else "verified")
        self._card.set_outline("line")
        self.said.set_tint("text")
        receipt = verdict.kind == "receipt"  # which leaves out most of a case on purpose
        entries = counted(verdict.entries, "entry", "entries")
        self.said.setText(f"It holds: {entries}, none of them changed." if receipt else verdict.sentence)
        doubted = (
            f"{counted(doubt, 'entry', 'entries')} may have been signed by somebody else, with a stolen key. " if doubt else ""
        )
        self.limit.setText(doubted + _LIMIT)
        self._show_facts(verdict, ours)
        self._another.setFocus()

    def _show_facts(self, verdict: BundleVerdict, ours: str) -> None:
        kind = "a receipt for the person" if verdict.kind == "receipt" else "evidence of one request"
        same = "the one of this program" if verdict.verifier == ours else "another version: compare its hash with the report’s"
        facts = {
            "what it is": (kind, False),
            "made": (f"{day(verdict.made)}, {clock(verdict.made)}", False),
            "entries in it": (thin(verdict.entries), False),
            "case": (grouped(verdict.case[:16]) + " …", True),
            "its script": (f"{grouped(verdict.verifier[:16])} …  {same}", False),
        }
        for name, (value, mono) in facts.items():
            self._rows[name].show_parts((Text(name, "text2", size=theme.SMALL), Gap(), Text(value, size=theme.SMALL, mono=mono)))
        self._note.setText(verdict.checkpoint.strip())
        self._who.hide()
        self._show_who.setVisible(bool(verdict.identifiers))
        self._facts.show()

    def _on_who(self) -> None:
        if self._verdict is not None:
            self._who.setText("\n".join(f"{kind}: {value}" for kind, value in self._verdict.identifiers))
            self._who.show()
            self._show_who.hide()

    def _on_failed(self, error: DeskError, wrong: bool) -> None:
        self._progress.hide()
        if isinstance(error, CredentialsError):
            self._lock.show()
            self.password.clear()
            self._field.set_error(f"{error.message} {error.hint}" if wrong else "")
            self.password.setFocus()
        else:
            self.banner.show_error(error)

    def _on_password(self) -> None:
        if self.password.text():
            self.check(self._file, self.password.text())

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.drop()
        self._progress.hide()

    def _on_copy(self) -> None:
        if self._verdict is not None:
            QGuiApplication.clipboard().setText(self._verdict.checkpoint)
