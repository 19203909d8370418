"""What every dialog has: the act as title, one column, what follows from it, the verb at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button, Kind
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label


class WhyOff(Label):
    """The sentence beside a button that says why it is off; not there while it is on."""

    def __init__(self, button: Button) -> None:
        super().__init__(button.reason, size=theme.SMALL, tint="text3", wrap=True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setVisible(False)
        button.turned.connect(self._show)

    def _show(self, reason: str) -> None:
        self.setText(reason)
        self.setVisible(bool(reason))


class ActDialog(QDialog):
    """A sheet of 420 px. ``body`` takes the fields; ``act`` is the verb; an error is shown in it, never over it."""

    def __init__(
        self,
        title: str,
        verb: str,
        *,
        keep: str = "Keep as it is",
        kind: Kind = "primary",
        wide: int = 420,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("DSR Desk")
        self.setAccessibleName(title)
        self.setModal(True)
        self._wide = round(wide * theme.current().scale)
        self.setFixedWidth(self._wide)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, 20, theme.EDGE, 20)
        column.setSpacing(14)
        self._title = Label(title, size=theme.PANE, weight=theme.BOLD, wrap=True)
        column.addWidget(self._title)
        self.banner = Banner()
        self.banner.hide()
        column.addWidget(self.banner)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column.addLayout(self.body)
        self.follows = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.follows.hide()
        column.addWidget(self.follows)
        self.keep = Button(keep, on=self.reject)
        self.act = Button(verb, kind, on=self.on_act)
        self.why = WhyOff(self.act)
        self.act.turned.connect(lambda reason: self.why.setVisible(bool(reason) and reason not in self.follows.text()))
        column.addWidget(self.why)
        foot = QHBoxLayout()
        foot.setSpacing(theme.INSIDE)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        foot.addWidget(self.act)
        column.addLayout(foot)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize(self._wide, layout.totalHeightForWidth(self._wide) if layout is not None else 200)

    def say_follows(self, text: str) -> None:
        """What follows from the act, in one sentence."""
        self.follows.setText(text)
        self.follows.setVisible(bool(text))
        self.why.setVisible(bool(self.act.reason) and self.act.reason not in text)

    def show_error(self, error: DeskError) -> None:
        """It did not work: say so, and let it be tried again."""
        self.banner.show_error(error)
        self.act.set_on()

    def on_act(self) -> None:
        """The verb was pressed."""
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.act.kind != "danger" and not self.act.reason:
            self.on_act()
            return
        super().keyPressEvent(event)


class ReasonDialog(ActDialog):
    """An act that needs a reason: one of a list, or one's own words. ``given`` tells it."""

    given = Signal(str)

    def __init__(
        self,
        title: str,
        verb: str,
        *,
        reasons: Sequence[str] = (),
        follows: str = "",
        least: int = 3,
        kind: Kind = "primary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, verb, kind=kind, parent=parent)
        self._least = least
        self._own = "In my own words"
        self.choice = Choice([(r, r) for r in reasons] + ([("", self._own)] if reasons else []))
        self.edit = Edit()
        self._words = Field("Reason", self.edit, f"At least {least} characters. It is printed on the report." if least > 3 else "")
        if reasons:
            self.body.addWidget(Field("Why", self.choice))
        self.body.addWidget(self._words)
        self._words.setVisible(not reasons)
        self.say_follows(follows)
        self.choice.currentIndexChanged.connect(lambda _: self._on_change())
        self.edit.textChanged.connect(lambda _: self._on_change())
        self._on_change()
        (self.choice if reasons else self.edit).setFocus()

    @property
    def reason(self) -> str:
        """The reason as it stands."""
        return self.choice.value or self.edit.text().strip()

    def _on_change(self) -> None:
        own = not self.choice.value
        self._words.setVisible(own)
        missing = own and len(self.edit.text().strip()) < self._least
        self.act.set_off(f"Give a reason of {self._least} characters or more." if missing else "")
        self.adjustSize()

    def on_act(self) -> None:
        """Tell the reason and close."""
        if not self.act.reason:
            self.given.emit(self.reason)
            self.accept()
