"""A catalog file to type in: line numbers, colours, each problem written after its line, completion, one stack of undo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit, QTextEdit, QWidget

from dsr_desk.catalog.complete import Known
from dsr_desk.catalog.problem import Problem
from dsr_desk.gui import theme
from dsr_desk.gui.widgets.yaml_offers import Offers
from dsr_desk.gui.widgets.yaml_paint import TINTS, Colours, Margin, Paper

_RANK = {"error": 2, "warning": 1, "note": 0}


def paper(text: str) -> QTextDocument:
    """A text to edit, with an undo stack of its own."""
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    document.setPlainText(text)
    document.setModified(False)
    return document


def text_of(document: QTextDocument) -> str:
    """What stands in it. Qt's own plain text would turn hard blanks into soft ones."""
    return document.toRawText().replace("\u2029", "\n")


class YamlView(Paper):
    """``show_document`` once a file, ``set_problems`` after each check, ``go_to`` a line (from 1).

    ``moved`` tells the line of the cursor. Tab leaves the field; Ctrl+Space completes; indentation is made by Enter.
    """

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: dict[int, Problem] = {}
        self._marked = 0
        self._line = 0
        self._colours: Colours | None = None
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(theme.font(theme.SMALL, mono=True))
        self.setStyleSheet("QPlainTextEdit { border: none; border-radius: 0; padding: 0; }")
        self._margin = Margin(self)
        self._offers = Offers(self)
        self.blockCountChanged.connect(self._fit)
        self.updateRequest.connect(self._on_update)
        self.cursorPositionChanged.connect(self._on_cursor)

    def show_document(self, name: str, document: QTextDocument, locked: str = "") -> None:
        """Show a file; ``locked`` says why it can't be changed here."""
        self.setFont(theme.font(theme.SMALL, mono=True))
        document.setDefaultFont(self.font())
        if document is not self.document():
            self._marked = 0
            self._problems = {}
            self.setDocument(document)
            self._colours = Colours(document)
        self.setReadOnly(bool(locked))
        flags = Qt.TextInteractionFlag
        look = flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
        self.setTextInteractionFlags(look if locked else flags.TextEditorInteraction)
        self.setAccessibleName(f"The file {name}" + (f". {locked}" if locked else ""))
        self._fit()
        self._mark()

    def set_known(self, known: Known) -> None:
        """What completion may offer."""
        self._offers.known = known

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """What is wrong with the file."""
        self._problems = {}
        for problem in sorted(problems, key=lambda p: _RANK[p.severity]):
            if problem.line:
                self._problems[problem.line] = problem
        said = ". ".join(f"Line {n}: {p.message}" for n, p in sorted(self._problems.items()))
        self.setAccessibleDescription(said or "No problems in this file.")
        self._mark()
        self._margin.update()
        self.viewport().update()

    def problems(self) -> dict[int, Problem]:
        """Line → the worst that is wrong with it."""
        return self._problems

    @property
    def text(self) -> str:
        """What stands in the file now."""
        return text_of(self.document())

    @property
    def marked(self) -> int:
        """The line that was gone to; 0 for none."""
        return self._marked

    @property
    def line(self) -> int:
        """The line of the cursor, from 1."""
        return self.textCursor().blockNumber() + 1

    def go_to(self, line: int) -> None:
        """Bring a line into the middle and mark it."""
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return
        self._marked = line
        self.setTextCursor(QTextCursor(block))
        self.centerCursor()
        self._mark()

    def replace_text(self, new: str) -> None:
        """Make the text another one, as one step of undo that touches only what differs."""
        old = self.text
        start, ends = 0, (len(old), len(new))
        while start < min(ends) and old[start] == new[start]:
            start += 1
        while min(ends) > start and old[ends[0] - 1] == new[ends[1] - 1]:
            ends = (ends[0] - 1, ends[1] - 1)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.setPosition(_units(old[:start]))
        cursor.setPosition(_units(old[: ends[0]]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(new[start : ends[1]])
        cursor.endEditBlock()

    def replace_span(self, start: int, end: int, new: str) -> None:
        """Put ``new`` in the place of characters ``start`` to ``end``."""
        old = self.text
        self.replace_text(old[:start] + new + old[end:])

    @property
    def position(self) -> int:
        """Where the cursor stands, in characters of ``text``."""
        units = self.textCursor().position()
        text = self.text
        if text.isascii():
            return units
        return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))

    def complete(self) -> None:
        """Offer what may stand here."""
        if not self.isReadOnly():
            self._offers.show_at(self.text, self.position)

    # -- Qt --------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if self._offers.takes(event):
            return
        if event.key() == keys.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.complete()
            return
        if event.key() in (keys.Key_Return, keys.Key_Enter) and not event.modifiers() and not self.isReadOnly():
            line = self.textCursor().block().text()
            deeper = "  " if line.rstrip().endswith(":") and self.textCursor().atBlockEnd() else ""
            self.textCursor().insertText("\n" + line[: len(line) - len(line.lstrip(" "))] + deeper)
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)
        self._offers.follow(self.text, self.position)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._offers.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.paint_problems()

    def changeEvent(self, event: QEvent) -> None:
        """Colours are laid into the text, so another look lays them anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._colours is not None:
            self._colours.rehighlight()
            self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._margin.setGeometry(QRect(area.left(), area.top(), self._margin.sizeHint().width(), area.height()))

    def _mark(self) -> None:
        marks = []
        for line, tint in [
            *((n, f"{TINTS[p.severity]}_ground") for n, p in self._problems.items() if p.severity != "note"),
            *([(self._marked, "select")] if self._marked not in self._loud() else []),
        ]:
            block = self.document().findBlockByNumber(line - 1)
            if line and block.isValid():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = QTextCursor(block)
                mark.format.setBackground(theme.color(tint))
                mark.format.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
                marks.append(mark)
        self.setExtraSelections(marks)

    def _loud(self) -> set[int]:
        return {n for n, p in self._problems.items() if p.severity != "note"}

    def _fit(self) -> None:
        self.setViewportMargins(self._margin.sizeHint().width(), 0, 0, 0)

    def _on_update(self, rect: QRect, moved: int) -> None:
        self._margin.scroll(0, moved) if moved else self._margin.update(0, rect.y(), self._margin.width(), rect.height())

    def _on_cursor(self) -> None:
        if self.line != self._line:
            self._line = self.line
            if self._marked and self._marked != self._line:
                self._marked = 0
                self._mark()
            self.moved.emit(self._line)


def _units(text: str) -> int:
    """How many UTF-16 units: Qt counts in those."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
