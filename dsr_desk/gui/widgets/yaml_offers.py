"""The list of what may stand at the cursor: it opens by Ctrl+Space, narrows while one types, and Enter takes the chosen word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView

from dsr_desk.catalog.complete import Known, Offer, Place, offers
from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.widgets.delegate import PartsDelegate
from dsr_desk.gui.widgets.parts import Part, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsr_desk.gui.widgets.yaml_view import YamlView

#: How many are seen at once.
_ROWS = 9


class _Model(RowsModel[Offer]):
    HEADS = ("Word",)

    def parts(self, row: Offer, column: int) -> Sequence[Part]:
        says = (Text(row.says, "text2", size=theme.LABEL),) if row.says else ()
        return (Text(row.word, mono=True, size=theme.SMALL), *says)


class _List(QListView):
    def sizeHintForRow(self, row: int) -> int:
        return theme.scaled(24)


class Offers:
    """Belongs to one editor, and stands over it without taking the focus."""

    def __init__(self, view: YamlView) -> None:
        self._view = view
        self.known = Known()
        self._place = Place((), True, "")
        self._model = _Model()
        self._list: _List | None = None

    @property
    def words(self) -> list[str]:
        """What is offered now; nothing while it is closed."""
        return [o.word for o in self._model.rows] if self._shown else []

    def show_at(self, text: str, at: int) -> None:
        """Open it for a position; where only one word fits, that is taken at once."""
        self._place, found = offers(text, at, self.known)
        self._model.set_rows(found)
        if len(found) == 1 and self._place.typed and found[0].word.startswith(self._place.typed):
            self._take(0)
            return
        if not found:
            self.close()
            return
        shown = self._made()
        shown.setCurrentIndex(self._model.index(0, 0))
        self._move(shown, len(found))
        shown.setStyleSheet(f"QListView {{ border: 1px solid {theme.current().hex('control')}; }}")
        shown.show()
        shown.raise_()

    def follow(self, text: str, at: int) -> None:
        """Something was typed while it is open."""
        if self._shown:
            self._place, found = offers(text, at, self.known)
            self._model.set_rows(found)
            if found and self._list is not None:
                self._list.setCurrentIndex(self._model.index(0, 0))
                self._move(self._list, len(found))
            else:
                self.close()

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key was meant for the list."""
        if not self._shown or self._list is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        keys, row = Qt.Key, self._list.currentIndex().row()
        steps = {keys.Key_Down: 1, keys.Key_Up: -1, keys.Key_PageDown: _ROWS, keys.Key_PageUp: -_ROWS}
        key = Qt.Key(event.key())
        if key in steps:
            to = max(0, min(self._model.rowCount() - 1, row + steps[key]))
            self._list.setCurrentIndex(self._model.index(to, 0))
            self._view.setAccessibleDescription(self._model.rows[to].word)
            return True
        if key in (keys.Key_Return, keys.Key_Enter, keys.Key_Tab):
            self._take(row)
            return True
        if key == keys.Key_Escape:
            self.close()
            return True
        if key in (keys.Key_Left, keys.Key_Right, keys.Key_Home, keys.Key_End):
            self.close()
        return False

    def close(self) -> None:
        """Nothing is offered any more."""
        if self._list is not None:
            self._list.hide()

    @property
    def _shown(self) -> bool:
        return self._list is not None and not self._list.isHidden()

    def _made(self) -> _List:
        if self._list is None:
            made = _List(self._view)
            made.setModel(self._model)
            made.setItemDelegate(_Tight(made, lines=False))
            made.setFrameShape(QFrame.Shape.Box)
            made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            made.setUniformItemSizes(True)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setAccessibleName("What may stand here")
            made.clicked.connect(lambda index: self._take(index.row()))
            made.hide()
            self._list = made
        return self._list

    def _move(self, shown: _List, number: int) -> None:
        at = self._view.cursorRect()
        high = theme.scaled(24) * min(number, _ROWS) + 8
        origin = self._view.viewport().pos()
        below = origin + QPoint(at.left(), at.bottom() + 4)
        room = self._view.height()
        top = below.y() if below.y() + high <= room else max(0, origin.y() + at.top() - high - 4)
        wide = min(440, self._view.width() - 24)
        shown.setGeometry(max(0, min(below.x(), self._view.width() - wide - 8)), top, wide, high)

    def _take(self, row: int) -> None:
        if not 0 <= row < self._model.rowCount():
            return
        word, place, view = self._model.rows[row].word, self._place, self._view
        self.close()
        at = view.position
        following = view.text[at:].split("\n", 1)[0].lstrip()
        colon = ": " if place.at_key and not following.startswith(":") else ""
        cursor = view.textCursor()
        for _ in place.typed:
            cursor.deletePreviousChar()
        cursor.insertText(word + colon)
        view.setTextCursor(cursor)


class _Tight(PartsDelegate):
    def sizeHint(self, option: object, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, theme.scaled(24))

    def _inner(self, rect: QRectF, index: QModelIndex | QPersistentModelIndex) -> QRectF:
        return rect.adjusted(10, 0, -6, 0)
