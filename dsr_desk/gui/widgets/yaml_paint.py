"""What stands around the text of a catalog file: its colours, its line numbers, and each problem after its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from dsr_desk.catalog.problem import Problem
from dsr_desk.gui import theme

#: Severity → the token of its colour.
TINTS: Final = {"error": "failed", "warning": "retained", "note": "text2"}
_RULES = (
    (re.compile(r"^\s*-?\s*([\w.\- ]+)(?=:(\s|$))"), "accent"),
    (re.compile(r"(?<=[{,\[])\s*([\w.\-]+)(?=:\s)"), "accent"),
    (re.compile(r"(\"[^\"]*\"|'[^']*')"), "verified"),
    (re.compile(r"(?<=[:\s\[{,])(true|false|null|\d+)(?=[\s,}\]]|$)"), "manual"),
    (re.compile(r"((?:^|\s)#.*)$"), "text3"),
)
_COMMENT = re.compile(r"\s#.*$")
#: Longer lines are coloured up to here.
_LONGEST = 2000


class Paper(QPlainTextEdit):
    """A text whose blocks can be asked for from outside: where each is, and what is wrong with it."""

    def problems(self) -> Mapping[int, Problem]:
        """Line (from 1) → the worst that is wrong with it."""
        return {}

    def blocks(self, high: int) -> list[tuple[QTextBlock, QRectF]]:
        """The blocks that are in view, and where."""
        found = []
        block = self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > high:
                break
            found.append((block, box))
            block = block.next()
        return found

    def _after(self, text: str, wide: float) -> float:
        """Where the words after a line begin: behind it, or over its comment where there would be no room to read them."""
        behind = theme.text_width(text, self.font()) + 28
        said = theme.text_width(_COMMENT.sub("", text).rstrip(), self.font()) + 28
        room = self.viewport().width() - wide - self.contentOffset().x()
        return max(said, min(behind, room)) + self.contentOffset().x()

    def paint_problems(self) -> None:
        """Write each error and warning after its line."""
        wrong = self.problems()
        if not wrong:
            return
        painter = QPainter(self.viewport())
        for block, box in self.blocks(self.viewport().height()):
            problem = wrong.get(block.blockNumber() + 1)
            if problem is None or problem.severity == "note":
                continue
            tint = TINTS[problem.severity]
            sign = "failed" if tint == "failed" else "warning"
            painter.setFont(theme.font(theme.SMALL, theme.MEDIUM))
            x = self._after(block.text()[:_LONGEST], theme.text_width(problem.message, painter.font()) + 30)
            painter.fillRect(QRectF(x - 8, box.top(), 4000, box.height()), theme.color(f"{tint}_ground"))
            theme.paint_icon(painter, QRectF(x, box.top() + 1, 13, box.height() - 2), sign, tint)
            painter.setPen(theme.color(tint))
            painter.drawText(QRectF(x + 19, box.top(), 2000, box.height()), Qt.AlignmentFlag.AlignVCenter, problem.message)


class Margin(QWidget):
    """The line numbers; an error's is red, with a bar beside it."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(paper)
        self._paper = paper

    def sizeHint(self) -> QSize:
        digits = max(3, len(str(self._paper.blockCount())))
        return QSize(round(theme.text_width("0" * digits, theme.font(theme.LABEL, mono=True))) + 22, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, wrong = QPainter(self), self._paper.problems()
        painter.fillRect(self.rect(), theme.color("sunken"))
        painter.setFont(theme.font(theme.LABEL, mono=True))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for block, box in self._paper.blocks(self.height()):
            number = block.blockNumber() + 1
            problem = wrong.get(number)
            painter.setPen(theme.color(TINTS[problem.severity] if problem else "text3"))
            painter.drawText(QRectF(0, box.top(), self.width() - 10, box.height()), side, str(number))
            if problem is not None and problem.severity == "error":
                painter.fillRect(QRectF(self.width() - 4, box.top(), 4, box.height()), theme.color("failed"))


class Colours(QSyntaxHighlighter):
    """Keys, texts, constants and comments, one line at a time."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:
        for rule, token in _RULES:
            for match in rule.finditer(text[:_LONGEST]):
                look = QTextCharFormat()
                look.setForeground(theme.color(token))
                self.setFormat(match.start(1), match.end(1) - match.start(1), look)
