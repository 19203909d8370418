"""A banner: what is the matter, what to do, at most two buttons; in the page, never a pop-up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.messages import explain
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.sign import SignView


class Banner(QWidget):
    """``tone`` is ``failed`` (danger, refusal), ``retained`` (waits), ``verified`` (true) or ``plain`` (to know)."""

    def __init__(
        self,
        title: str = "",
        text: str = "",
        *,
        tone: str = "retained",
        sign: str = "warning",
        buttons: Sequence[Button] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(12)
        self._sign = SignView(sign, tone, 18)
        self._title = Label(weight=theme.BOLD, wrap=True)
        self._text = Label(size=theme.SMALL, tint="text2", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row.addWidget(self._sign)
        row.addLayout(words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.INSIDE)
        row.addLayout(self._buttons)
        self.say(title, text, tone=tone, sign=sign, buttons=buttons)

    def say(
        self, title: str, text: str = "", *, tone: str = "retained", sign: str = "warning", buttons: Sequence[Button] = ()
    ) -> None:
        """Show this; the buttons replace those that were there."""
        self._tone = tone
        self._sign.show_sign(sign, tone)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for button in buttons:
            self._buttons.addWidget(button)
            button.show()
        self.setAccessibleName(f"{title} {text}")
        self.update()

    def show_error(self, error: BaseException, *buttons: Button) -> None:
        """Show an error in its three parts, with *Copy details*."""
        message = explain(error)
        copy = Button("Copy details", small=True, on=lambda: QGuiApplication.clipboard().setText(message.details))
        self.say(message.title, message.text, tone="failed", sign="alert", buttons=(*buttons, copy))
        self.show()

    @property
    def title(self) -> str:
        """What it says is the matter."""
        return self._title.text()

    @property
    def text(self) -> str:
        """What it says to do."""
        return self._text.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), theme.color(f"{self._tone}_ground"))
        painter.fillRect(0, 0, 4, self.height(), theme.color(self._tone if self._tone != "plain" else "bar_rest"))
