"""Things to type and choose: a field with its label and its error, a choice, a day, a switch."""

from __future__ import annotations

import re
from datetime import date, datetime

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.style import RING


class Edit(QLineEdit):
    """A line to type; ``mono`` for what is data."""

    def __init__(self, placeholder: str = "", *, mono: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self._mono = mono
        self.setFont(theme.font(mono=mono))
        self.setMaxLength(4000)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.font() != theme.font(mono=self._mono):
            self.setFont(theme.font(mono=self._mono))

    def set_wrong(self, wrong: bool) -> None:
        """Draw it as holding an error."""
        self.setProperty("wrong", "true" if wrong else "false")
        self.style().unpolish(self)
        self.style().polish(self)


class Field(QWidget):
    """A label, what is typed, and under it a hint or what is wrong with it."""

    def __init__(self, label: str, edit: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = self._label = Label(label, size=theme.SMALL, weight=theme.MEDIUM)
        if not label:
            head.hide()
        head.setBuddy(edit)
        if label:
            edit.setAccessibleName(label)
        self.edit = edit
        self._hint = hint
        below = QHBoxLayout()
        below.setSpacing(5)
        self._sign = SignView("failed", "failed", 13)
        self._below = Label(hint, size=theme.SMALL, tint="text3", wrap=True)
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._below, 1)
        column.addWidget(head)
        column.addWidget(edit)
        column.addLayout(below)
        self.set_error("")

    def set_label(self, label: str) -> None:
        """Another label."""
        self._label.setText(label)
        self._label.show()
        self.edit.setAccessibleName(label)

    def set_error(self, error: str) -> None:
        """Say what is wrong, under the field; ``""`` shows the hint again."""
        self._sign.setVisible(bool(error))
        self._below.set_tint("failed" if error else "text3")
        self.set_below(error or self._hint)
        if isinstance(self.edit, Edit):
            self.edit.set_wrong(bool(error))

    def set_hint(self, hint: str, tint: str = "text3") -> None:
        """Another sentence under the field, and no error."""
        self._hint = hint
        self.set_error("")
        self._below.set_tint(tint)

    def set_below(self, text: str) -> None:
        """Only the words under the field."""
        self._below.setText(text)
        self._below.setVisible(bool(text))

    @property
    def below(self) -> str:
        """The words under the field."""
        return self._below.text() if not self._below.isHidden() else ""


class Choice(QComboBox):
    """One of a few, as (value, words) pairs."""

    def __init__(self, options: list[tuple[str, str]] | None = None, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(theme.font(theme.SMALL))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        for value, words in options or ():
            self.addItem(words, value)

    @property
    def value(self) -> str:
        """The chosen value; ``""`` when there is none."""
        return str(self.currentData() or "")

    def choose(self, value: str) -> None:
        """Choose by value; nothing happens for one that isn't offered."""
        at = self.findData(value)
        if at >= 0:
            self.setCurrentIndex(at)

    def sizeHint(self) -> QSize:
        widest = max((theme.text_width(self.itemText(i), self.font()) for i in range(self.count())), default=60)
        return QSize(round(widest) + 44, theme.scaled(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, theme.scaled(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1) if focus else QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("accent" if focus else "control"), 2 if focus else 1))
        painter.setBrush(theme.color("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setFont(self.font())
        painter.setPen(theme.color("text" if self.isEnabled() else "text3"))
        words = QRectF(self.rect()).adjusted(11, 0, -26, 0)
        text = painter.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, round(words.width()) + 1)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        theme.paint_icon(painter, QRectF(self.width() - 24, 0, 13, self.height()), "choose", "text2")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()


class Switch(QAbstractButton):
    """On or off, as a slide."""

    def __init__(self, name: str, *, on: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setProperty(RING, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(24, 24)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill" if on else "bar_rest"))
        painter.drawRoundedRect(QRectF(1, 6, 22, 12), 6, 6)
        painter.setBrush(theme.color("on_fill"))
        painter.drawEllipse(QRectF(13 if on else 3, 8, 8, 8))


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(_MONTHS, 1)}


def parse_day(text: str) -> date | None:
    """A day as people type it: ``2026-11-02``, ``02.11.2026``, ``2/11/2026`` (day first) or ``2 Nov 2026``; else ``None``."""
    plain = text.strip()
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    words = re.fullmatch(r"(?:[A-Za-z]{3,9},? )?(\d{1,2})\.? ([A-Za-z]{3})[a-z]*\.? (\d{4})", plain)
    if words and words[2].lower() in _MONTH_NUMBERS:
        try:
            return date(int(words[3]), _MONTH_NUMBERS[words[2].lower()], int(words[1]))
        except ValueError:
            return None
    return None


def say_day(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """A day as we write it: ``Mon 2 Nov 2026``. Not from the locale: the program speaks one language."""
    return f"{_DAYS[day.weekday()] + ' ' if weekday else ''}{day.day} {_MONTHS[day.month - 1]}{f' {day.year}' if year else ''}"


class DayEdit(Edit):
    """A day to type. ``day`` is ``None`` while it isn't one; ``changed`` tells each change."""

    changed = Signal()

    def __init__(self, day: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__("2 Nov 2026", mono=True, parent=parent)
        if day is not None:
            self.setText(say_day(day))
        self.textChanged.connect(lambda _: self.changed.emit())

    @property
    def day(self) -> date | None:
        """The day that is typed."""
        return parse_day(self.text())
