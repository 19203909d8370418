"""A catalog file to read: line numbers, colours, and each problem written after its line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from dsr_desk.catalog.problem import Problem
from dsr_desk.gui import theme

_TINTS = {"error": "failed", "warning": "retained", "note": "text2"}
_RULES = (
    (re.compile(r"^\s*-?\s*([\w.\- ]+)(?=:(\s|$))"), "accent"),
    (re.compile(r"(?<=[{,\[])\s*([\w.\-]+)(?=:\s)"), "accent"),
    (re.compile(r"(\"[^\"]*\"|'[^']*')"), "verified"),
    (re.compile(r"(?<=[:\s\[{,])(true|false|null|\d+)(?=[\s,}\]]|$)"), "manual"),
    (re.compile(r"((?:^|\s)#.*)$"), "text3"),
)


class YamlView(QPlainTextEdit):
    """Read only. ``show_file`` once a file, ``go_to`` a line (from 1)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: dict[int, Problem] = {}
        self._marked = 0
        self._colours = _Colours(self.document())
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.setFont(theme.font(theme.SMALL, mono=True))
        self.setStyleSheet("QPlainTextEdit { border: none; border-radius: 0; padding: 0; }")
        self._margin = _Margin(self)
        self.blockCountChanged.connect(self._fit)
        self.updateRequest.connect(self._on_update)

    def show_file(self, name: str, text: str, problems: Sequence[Problem]) -> None:
        """Show a file and what is wrong with it."""
        self.setFont(theme.font(theme.SMALL, mono=True))
        self._problems = {}
        for problem in sorted(problems, key=lambda p: {"error": 2, "warning": 1, "note": 0}[p.severity]):
            if problem.line:
                self._problems[problem.line] = problem
        if text != self.toPlainText():  # the same file checked again stays where it was being read
            self._marked = 0
            self.setPlainText(text)
        self.setAccessibleName(f"The file {name}")
        said = ". ".join(f"Line {n}: {p.message}" for n, p in sorted(self._problems.items()))
        self.setAccessibleDescription(said or "No problems in this file.")
        self._fit()
        self._mark()

    def go_to(self, line: int) -> None:
        """Bring a line into the middle and mark it."""
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return
        self._marked = line
        self.setTextCursor(QTextCursor(block))
        self.centerCursor()
        self._mark()

    @property
    def marked(self) -> int:
        """The line that was gone to; 0 for none."""
        return self._marked

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        block = self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > self.viewport().height():
                break
            problem = self._problems.get(block.blockNumber() + 1)
            if problem is not None and problem.severity != "note":
                x = theme.text_width(block.text(), self.font()) + 28 + self.contentOffset().x()
                tint = _TINTS[problem.severity]
                theme.paint_icon(
                    painter, QRectF(x, box.top() + 1, 13, box.height() - 2), "failed" if tint == "failed" else "warning", tint
                )
                painter.setFont(theme.font(theme.SMALL, theme.MEDIUM))
                painter.setPen(theme.color(tint))
                painter.drawText(QRectF(x + 19, box.top(), 2000, box.height()), Qt.AlignmentFlag.AlignVCenter, problem.message)
            block = block.next()

    def changeEvent(self, event: QEvent) -> None:
        """Colours are laid into the text, so another look lays them anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colours.rehighlight()
            self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._margin.setGeometry(QRect(area.left(), area.top(), self._margin.sizeHint().width(), area.height()))

    def _mark(self) -> None:
        marks = []
        for line, tint in [
            *((n, f"{_TINTS[p.severity]}_ground") for n, p in self._problems.items() if p.severity != "note"),
            (self._marked, "select"),
        ]:
            block = self.document().findBlockByNumber(line - 1)
            if line and block.isValid():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = QTextCursor(block)
                mark.format.setBackground(theme.color(tint))
                mark.format.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
                marks.append(mark)
        self.setExtraSelections(marks)

    def _fit(self) -> None:
        self.setViewportMargins(self._margin.sizeHint().width(), 0, 0, 0)

    def _on_update(self, rect: QRect, moved: int) -> None:
        self._margin.scroll(0, moved) if moved else self._margin.update(0, rect.y(), self._margin.width(), rect.height())


class _Margin(QWidget):
    """The line numbers."""

    def __init__(self, view: YamlView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        digits = max(3, len(str(self._view.blockCount())))
        return QSize(round(theme.text_width("0" * digits, theme.font(theme.LABEL, mono=True))) + 22, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        view, painter = self._view, QPainter(self)
        painter.fillRect(self.rect(), theme.color("sunken"))
        painter.setFont(theme.font(theme.LABEL, mono=True))
        block = view.firstVisibleBlock()
        while block.isValid():
            box = view.blockBoundingGeometry(block).translated(view.contentOffset())
            if box.top() > self.height():
                break
            number = block.blockNumber() + 1
            problem = view._problems.get(number)
            tint = _TINTS[problem.severity] if problem else "text3"
            painter.setPen(theme.color(tint))
            painter.drawText(
                QRectF(0, box.top(), self.width() - 10, box.height()),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                str(number),
            )
            if problem is not None and problem.severity == "error":
                painter.fillRect(QRectF(self.width() - 4, box.top(), 4, box.height()), theme.color("failed"))
            block = block.next()


class _Colours(QSyntaxHighlighter):
    """Keys, texts, constants and comments, one line at a time."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:
        for rule, token in _RULES:
            for match in rule.finditer(text[:2000]):
                look = QTextCharFormat()
                look.setForeground(theme.color(token))
                self.setFormat(match.start(1), match.end(1) - match.start(1), look)
