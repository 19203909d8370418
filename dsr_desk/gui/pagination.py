"""What Qt's page breaks don't do: headings stay with what they head, rows stay whole, the summary's foot stands at its end."""

from __future__ import annotations

from PySide6.QtCore import QSizeF
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextTable,
    QTextTableCellFormat,
)

from dsr_desk.gui import theme

#: The axis of a variable font that makes it bold (OpenType: ``wght``).
WEIGHT = QFont.Tag("wght")
#: How much of what follows must stand on the same page as a heading.
KEPT_WITH_HEADING = 90.0
#: Longer documents, in pages, are laid out as Qt does it: each row that is kept whole costs a layout.
MOST_TENDED = 30


def paginate(document: QTextDocument, height: float) -> None:
    """Mend the page breaks of a document that is laid out on pages of this height, in px.

    The block that starts with ``<a name="foot">`` comes to stand at the end of its page, whole.
    """
    tend_rows = document.pageCount() <= MOST_TENDED
    block = document.begin()
    while block.isValid():  # in one pass from the first page: what is mended once is not moved again
        table = QTextCursor(block).currentTable()
        if table is not None:
            if tend_rows:
                _keep_rows(document, table, height)
            block = document.findBlock(table.lastPosition() + 1)
            continue
        if block.blockFormat().headingLevel():
            _keep_heading(document, block, height)
        block = block.next()
    _settle_foot(document, height)


def weigh(document: QTextDocument) -> None:
    """Give bold words their own weight where the font has an axis for it: HTML can't, and smeared letters came out."""
    if not theme.font().isVariableAxisSet(WEIGHT):
        return
    block = document.begin()
    while block.isValid():
        heavy: list[tuple[int, int, QTextCharFormat]] = []
        fragments = block.begin()
        while not fragments.atEnd():
            fragment = fragments.fragment()
            if fragment.charFormat().fontWeight() > QFont.Weight.Normal:
                heavy.append((fragment.position(), fragment.length(), fragment.charFormat()))
            fragments += 1
        for start, length, style in heavy:
            face = style.font()
            face.setVariableAxis(WEIGHT, min(style.fontWeight(), theme.BOLD))
            face.setWeight(QFont.Weight.Normal)
            style.setFont(face)
            cursor = QTextCursor(document)
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(style)
        block = block.next()


def _keep_heading(document: QTextDocument, block: QTextBlock, height: float) -> None:
    """Start a new page before a heading that would stand at the end of one, cut from what it heads."""
    box = document.documentLayout().blockBoundingRect(block)
    needed = max(box.height() + KEPT_WITH_HEADING, _headed(document, block) - box.top())
    if height - box.top() % height < needed < height:
        cursor = QTextCursor(block)
        broken = block.blockFormat()
        broken.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        broken.setTopMargin(0)
        cursor.setBlockFormat(broken)
        _lay_out_again(document)


def _headed(document: QTextDocument, heading: QTextBlock) -> float:
    """Where what a heading needs beside it ends, in px: the first row of its table, under the table's own head."""
    block = heading.next()
    while block.isValid() and not block.blockFormat().headingLevel():
        table = QTextCursor(block).currentTable()
        if table is not None:
            return extent(document, table, min(1, table.rows() - 1))[1]
        block = block.next()
    return 0.0


def _keep_rows(document: QTextDocument, table: QTextTable, height: float) -> None:
    """Let no row of a table be cut by the end of a page: an empty row before it takes what is left there."""
    row = 1
    while row < table.rows():
        top, bottom = extent(document, table, row)
        end = (top // height + 1) * height
        if top < end < bottom and bottom - top < height / 2:
            _insert_space(table, row, end - top - 4)
            _lay_out_again(document)
            row += 1
        row += 1


def _insert_space(table: QTextTable, row: int, high: float) -> None:
    table.insertRows(row, 1)
    table.mergeCells(row, 0, 1, table.columns())
    cell = table.cellAt(row, 0)
    cell.setFormat(QTextTableCellFormat())
    cursor = cell.firstCursorPosition()
    cursor.setBlockFormat(_space(high))
    cursor.insertText("\N{NO-BREAK SPACE}")


def _space(high: float) -> QTextBlockFormat:
    """A paragraph of exactly this height; it must hold a character, since Qt gives an empty one before a table no room."""
    space = QTextBlockFormat()
    space.setLineHeight(max(1.0, high), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    return space


def extent(document: QTextDocument, table: QTextTable, row: int) -> tuple[float, float]:
    """Where the texts of a row begin and end, in px from the top of the first page, with the padding above them."""
    tops, bottoms = [], []
    for column in range(table.columns()):
        cell = table.cellAt(row, column)
        first, last = cell.firstCursorPosition().block(), cell.lastCursorPosition().block()
        padding = cell.format().toTableCellFormat().topPadding()
        tops.append(document.documentLayout().blockBoundingRect(first).top() - padding)
        bottoms.append(document.documentLayout().blockBoundingRect(last).bottom())
    return min(tops), max(bottoms)


def _lay_out_again(document: QTextDocument) -> None:
    """Lay out everything: what Qt lays out anew after a change in the middle loses blocks behind a page break."""
    size = document.pageSize()
    document.setPageSize(QSizeF(size.width(), -1))
    document.setPageSize(size)


def _settle_foot(document: QTextDocument, height: float) -> None:
    """Move the frame that holds the anchor ``foot`` down to the end of its page, whole: to the next one if it doesn't fit."""
    frame = frame_of(document, "foot")
    if frame is None:
        return
    box = document.documentLayout().frameBoundingRect(frame)
    split = box.top() // height != box.bottom() // height
    room = height - (box.height() if split else box.bottom() % height) - 6
    if room > 0:
        space = _space(room)
        if split:
            space.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        cursor = QTextCursor(document.findBlock(frame.firstPosition() - 1))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.insertBlock(space)
        cursor.insertText("\N{NO-BREAK SPACE}")
        _lay_out_again(document)


def frame_of(document: QTextDocument, anchor: str) -> QTextFrame | None:
    """The frame in which an anchor of this name stands; ``None`` where there is none."""
    block = document.begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            if anchor in fragments.fragment().charFormat().anchorNames():
                return document.frameAt(block.position())
            fragments += 1
        block = block.next()
    return None
