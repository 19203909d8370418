"""The search box: takes any identifier, guesses its kind, and shows the guess as a chip to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.chips import ChipButton
from dsr_desk.gui.widgets.fields import Edit
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts import Chip
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.words import kind_sign, kind_word, kinds_of
from dsr_desk.model.catalog import System
from dsr_desk.model.identity import LONGEST_IDENTIFIER, guess_kind


class QuickSearch(QWidget):
    """Enter tells ``search_wanted(kind, value)``; Ctrl+Enter ``new_wanted`` with the same as a prefilled request."""

    search_wanted = Signal(str, str)
    new_wanted = Signal(list)

    def __init__(self, systems: Callable[[], Mapping[str, System]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._systems = systems
        self._kind = ""
        self._chosen = False
        self.setMinimumWidth(260)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(460)
        self.setFixedHeight(theme.scaled(34))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 8, 3)
        row.setSpacing(7)
        self.edit = Edit("Find a person: e-mail, phone, customer number…", name="Find a person")
        self.edit.setProperty("bare", "true")
        self.edit.setMaxLength(LONGEST_IDENTIFIER)
        self._chip = ChipButton(
            Chip("", sign="question"), checkable=False, tip="What kind of identifier this is. Press it to change it."
        )
        self._chip.hide()
        self._key = Label("Ctrl+F", size=theme.LABEL, tint="text3")
        row.addWidget(SignView("search"))
        row.addWidget(self._chip)
        row.addWidget(self.edit, 1)
        row.addWidget(self._key)
        self.edit.textChanged.connect(self._on_text)
        self.edit.installEventFilter(self)
        self._chip.clicked.connect(self._on_chip)
        self.setFocusProxy(self.edit)

    def sizeHint(self) -> QSize:
        return QSize(440, 34)

    @property
    def kind(self) -> str:
        """The kind that will be searched for; ``""`` while it is not known."""
        return self._kind

    def set_kind(self, kind: str) -> None:
        """Say what kind it is, against the guess."""
        self._kind, self._chosen = kind, True
        self._show_chip()

    def clear(self) -> None:
        """Empty it."""
        self._chosen = False
        self.edit.clear()

    def _on_text(self, text: str) -> None:
        if not text.strip():
            self._chosen = False
        if not self._chosen:
            self._kind = guess_kind(text) or (self._number_kind() if text.strip().isalnum() else "name" if text.strip() else "")
        self._show_chip()

    def _number_kind(self) -> str:
        free = [k for k in kinds_of(self._systems().values()) if k not in ("email", "phone", "name", "date_of_birth", "iban")]
        has_digit = any(c.isdigit() for c in self.edit.text())
        return free[0] if free and has_digit else "name"

    def _show_chip(self) -> None:
        self._chip.setVisible(bool(self._kind and self.edit.text().strip()))
        if self._kind:
            self._chip.show_chip(Chip(kind_word(self._kind), "changed", kind_sign(self._kind)))

    def _on_chip(self) -> None:
        menu = QMenu(self)
        for kind in kinds_of(self._systems().values()):
            menu.addAction(theme.icon(kind_sign(kind)), kind_word(kind).capitalize(), lambda k=kind: self.set_kind(k))
        menu.popup(self._chip.mapToGlobal(QPoint(0, self._chip.height())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.edit.text():
                self.clear()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._kind and self.edit.text().strip():
                value = self.edit.text().strip()
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.new_wanted.emit([(self._kind, value)])
                else:
                    self.search_wanted.emit(self._kind, value)
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.edit.hasFocus()
        painter.setPen(QPen(theme.color("accent" if focus else "control"), 2 if focus else 1))
        painter.setBrush(theme.color("surface"))
        edge = 1 if focus else 0.5
        painter.drawRoundedRect(self.rect().toRectF().adjusted(edge, edge, -edge, -edge), 6, 6)
