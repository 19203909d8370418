"""The commands that check the trail, a request or one entry without this window, to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label


class ElsewhereDialog(ActDialog):
    """``ways`` are title, what it shows, and the command."""

    def __init__(self, ways: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__("Check it elsewhere", "Close this note", keep="Close", wide=620, parent=parent)
        self.keep.hide()
        for title, words, command in ways:
            self._add(title, words, command)
        self.act.setFocus()

    def _add(self, title: str, words: str, command: str) -> None:
        head = QHBoxLayout()
        head.addWidget(Label(title, weight=theme.BOLD), 1)
        copy = Button("Copy", "quiet", sign="copy", small=True, on=lambda: QGuiApplication.clipboard().setText(command))
        copy.setAccessibleName(f"Copy the command: {title}")
        head.addWidget(copy)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(Label(words, size=theme.SMALL, tint="text2", wrap=True))
        box = QPlainTextEdit(command)
        box.setReadOnly(True)
        box.setTabChangesFocus(True)
        box.setAccessibleName(title)
        box.setFont(theme.font(theme.LABEL, mono=True))
        box.setFixedHeight(theme.scaled(34 if len(command) < 90 and "\n" not in command else 96))
        column.addSpacing(2)
        column.addWidget(box)
        self.body.addLayout(column)
