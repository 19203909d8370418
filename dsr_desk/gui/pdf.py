"""HTML pages on paper: one painter for the PDF, the printer and the preview, so that they can't differ."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QBuffer, QCoreApplication, QEventLoop, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPen,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QApplication

from dsr_desk.errors import UnreachableError
from dsr_desk.gui import theme
from dsr_desk.gui.pagination import paginate, weigh
from dsr_desk.render.files import refuse_other_than_pdf

Paper = Literal["A4", "Letter"]

#: Lengths on the page are px of this many dots an inch, whatever draws them.
DPI = 96
MARGIN = 20 / 25.4 * DPI
#: The strip at the foot of the content that holds the page's own line.
FOOTER = 34.0
#: How long, in milliseconds, the timers of a finished layout may still run.
SETTLED_MS = 30
#: Dots an inch in the PDF: fine enough that rounding is never seen.
PDF_DPI = 1200

_SIZES = {
    "A4": (QPageSize.PageSizeId.A4, 210 / 25.4 * DPI, 297 / 25.4 * DPI),
    "Letter": (QPageSize.PageSizeId.Letter, 8.5 * DPI, 11.0 * DPI),
}
_INK = QColor(0x5D, 0x65, 0x70)
_LINE = QColor(0xC3, 0xC8, 0xCF)


class _Sealed(QTextDocument):
    """A document that loads nothing: no file, no address.

    A picture is answered with an empty one: given nothing, Qt would go and open the file itself.
    """

    def loadResource(self, kind: int, _name: QUrl | str) -> Any:
        return QImage(1, 1, QImage.Format.Format_ARGB32) if kind == QTextDocument.ResourceType.ImageResource.value else ""


class Pages:
    """An HTML document cut into pages. Lengths are px at 96 dpi; pages count from 0.

    A block that starts with ``<a name="foot">`` is moved to the foot of its page.
    """

    def __init__(self, html: str, footer_left: str = "", paper: Paper = "A4") -> None:
        ensure_application()
        QEventLoop()  # a thread that Qt did not start has no dispatcher, and layouts set timers
        self.paper: Paper = paper
        _, self.width, self.height = _SIZES[paper]
        self._footer_left = footer_left
        self._body = QSizeF(
            int(self.width - 2 * MARGIN), int(self.height - 2 * MARGIN - FOOTER)
        )  # whole: Qt rounds lengths to 1/64
        self._document = _laid_out(html, self._body)
        paginate(self._document, self._body.height())

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self._document.pageCount()

    @property
    def text(self) -> str:
        """All text of the pages, for a screen reader."""
        return self._document.toPlainText()

    def hand_over(self) -> None:
        """Give pages that a worker thread laid out to the GUI thread; the worker's last use of them."""
        loop = QEventLoop()
        QTimer.singleShot(SETTLED_MS, loop.quit)
        loop.exec()  # the layout's own timers end in the thread that they began in
        self._document.moveToThread(ensure_application().thread())

    def paint(self, painter: QPainter, page: int) -> None:
        """Draw a page, its margins and its foot; the painter's origin is the paper's corner, its unit 1/96 inch."""
        painter.save()
        painter.translate(MARGIN, MARGIN)
        painter.save()
        top = page * self._body.height()
        clip = QRectF(0, top, self._body.width(), self._body.height())
        painter.translate(0, -top)
        painter.setClipRect(clip)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = clip.adjusted(0, 0, 0, -2)  # what begins at the next page would be in the file's text twice, out of sight
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, QColor(0x19, 0x1C, 0x20))
        context.palette = palette
        self._document.documentLayout().draw(painter, context)
        painter.restore()
        self._paint_foot(painter, page)
        painter.restore()

    def _paint_foot(self, painter: QPainter, page: int) -> None:
        top = self._body.height() + 10
        painter.setPen(QPen(_LINE, 1))
        painter.drawLine(0, int(top), int(self._body.width()), int(top))
        font = QFont(self._document.defaultFont())
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(_INK)
        area = QRectF(0, top + 6, self._body.width(), FOOTER - 12)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self._footer_left)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, f"Page {page + 1} of {self.count}")


def to_pdf(html: str, path: Path, title: str, footer_left: str = "", paper: Paper = "A4") -> int:
    """Write a PDF/A-1b beside ``path``, check it, and only then put it there; gives the number of pages.

    Works with and without a window. It replaces an older PDF, and nothing else: ``UsageError`` where another file is there.
    ``UnreachableError`` where it can't be written; then nothing half-written stays.
    """
    refuse_other_than_pdf(path)
    pages = Pages(html, footer_left, paper)
    content = _draw(pages, title)
    _check(content, pages.count)
    _put(content, path)
    return pages.count


def page_layout(paper: Paper) -> QPageLayout:
    """The paper without margins of the device's own: ``Pages`` draws them."""
    return QPageLayout(QPageSize(_SIZES[paper][0]), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))


def paint_all(pages: Pages, device: QPagedPaintDevice, dots_an_inch: int, only: range | None = None) -> None:
    """Draw pages on a printer or a PDF; ``only`` narrows them. ``UnreachableError`` where the device stops."""
    painter = QPainter()
    if not painter.begin(device):
        raise UnreachableError("The printer could not be opened.", "Choose another printer, or save the report as PDF.")
    try:
        painter.scale(dots_an_inch / DPI, dots_an_inch / DPI)
        for index, page in enumerate(only or range(pages.count)):
            if index and not device.newPage():
                raise UnreachableError(f"The printer stopped before page {page + 1}.", "Print it again, or save the report as PDF.")
            pages.paint(painter, page)
    finally:
        painter.end()


@cache
def ensure_application() -> QCoreApplication:
    """The running Qt application; where there is none (a terminal, a server), one without a screen."""
    return QApplication.instance() or QApplication(["dsr-desk", "-platform", "offscreen"])


def _laid_out(html: str, body: QSizeF) -> QTextDocument:
    document = _Sealed()
    document.setDocumentMargin(0)
    font = QFont(theme.font())
    font.setFamilies([font.family(), "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans"])
    font.clearFeatures()  # other shapes of digits have no code points: the text could not be copied out of the file
    font.setFeature(QFont.Tag("calt"), 0)
    font.setPixelSize(12)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    document.setDefaultFont(font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    document.setUseDesignMetrics(True)
    document.setHtml(html)
    weigh(document)
    document.setPageSize(body)
    return document


def _draw(pages: Pages, title: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPdfVersion(QPagedPaintDevice.PdfVersion.PdfVersion_A1b)
    writer.setResolution(PDF_DPI)
    writer.setPageLayout(page_layout(pages.paper))
    writer.setTitle(title)
    writer.setCreator("DSR Desk")
    paint_all(pages, writer, PDF_DPI)
    return bytes(buffer.data().data())


def _check(content: bytes, pages: int) -> None:
    """Read the file back as a reader of ISO 32000-1 would start: head, tail, and as many pages as were drawn."""
    written = len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", content))
    if not content.startswith(b"%PDF-1.") or not content.rstrip().endswith(b"%%EOF") or written != pages or pages < 1:
        raise UnreachableError("The PDF came out incomplete.", "Try again; if it stays so, restart the program.")


def _put(content: bytes, path: Path) -> None:
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if Path(temporary).read_bytes() != content:
            raise UnreachableError("The PDF reads back differently from what was written.", "Save it in another folder.")
        refuse_other_than_pdf(path)  # drawing takes a while: something else may stand there by now
        Path(temporary).replace(path)
    except OSError as error:
        hint = "Make room there, or save it elsewhere." if error.errno == errno.ENOSPC else "Choose a folder you may write to."
        raise UnreachableError("The PDF could not be written there.", hint) from None
    finally:
        with contextlib.suppress(OSError):
            if temporary:
                Path(temporary).unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make the new name durable; folders can't be opened for that on Windows."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
