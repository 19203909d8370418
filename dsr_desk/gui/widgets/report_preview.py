"""Pages as they will print, drawn by the code that prints them; and the same, small, to choose from."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QFrame, QSizePolicy, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.pdf import Pages
from dsr_desk.gui.widgets.pane import Scroll
from dsr_desk.gui.widgets.style import RING

#: Space around and between pages, in px.
GAP = 20
SMALLEST, LARGEST = 0.25, 4.0


class ReportPreview(QAbstractScrollArea):
    """``page_changed`` carries the page that is looked at, from 0; ``zoom_changed`` the scale (1.0 = 100 %)."""

    page_changed = Signal(int)
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("The report, as it will print")
        self._pages: Pages | None = None
        self._zoom = 1.0
        self._fit = True
        self._page = 0
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_pages(self, pages: Pages | None) -> None:
        """Show these pages, from the first."""
        self._pages = pages
        self.setAccessibleDescription(pages.text[:4000] if pages else "")
        self.verticalScrollBar().setValue(0)
        self._measure()

    @property
    def page(self) -> int:
        """The page that is looked at, from 0."""
        return self._page

    @property
    def zoom(self) -> float:
        """How large a page is; 1.0 is 96 dots an inch."""
        return self._zoom

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        if self._pages is not None and 0 <= page < self._pages.count:
            self.verticalScrollBar().setValue(round(page * self._step()))
            self._page = page
            self.page_changed.emit(page)

    def zoom_to(self, zoom: float) -> None:
        """Another size; the page that is looked at stays."""
        self._fit = False
        self._zoom = min(LARGEST, max(SMALLEST, zoom))
        self._measure()
        self.go_to(self._page)

    def fit_width(self) -> None:
        """As wide as there is room, now and when the window changes."""
        self._fit = True
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.color("sunken"))
        if self._pages is None:
            return
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        for page in range(self._pages.count):
            box = self._box(page)
            if box.intersects(QRectF(self.viewport().rect())):
                _paper(painter, box, self._pages, page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_PageDown:
                self.go_to(self._page + 1)
            case Qt.Key.Key_PageUp:
                self.go_to(self._page - 1)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self.go_to(0 if event.key() == Qt.Key.Key_Home else (self._pages.count - 1 if self._pages else 0))
            case _:
                super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_to(self._zoom * (1.1 if event.angleDelta().y() > 0 else 1 / 1.1))
        else:
            super().wheelEvent(event)

    def _step(self) -> float:
        return (self._pages.height if self._pages else 0) * self._zoom + GAP

    def _box(self, page: int) -> QRectF:
        assert self._pages is not None
        wide, high = self._pages.width * self._zoom, self._pages.height * self._zoom
        left = round(max(GAP, (self.viewport().width() - wide) / 2)) - self.horizontalScrollBar().value()
        return QRectF(left, GAP + page * self._step() - self.verticalScrollBar().value(), wide, high)

    def _measure(self) -> None:
        if self._pages is None:
            self.viewport().update()
            return
        if self._fit:
            self._zoom = min(LARGEST, max(SMALLEST, (self.viewport().width() - 2 * GAP) / self._pages.width))
        high = GAP + self._pages.count * self._step()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, round(high - self.viewport().height())))
        down.setPageStep(self.viewport().height())
        down.setSingleStep(40)
        across.setRange(0, max(0, round(self._pages.width * self._zoom + 2 * GAP - self.viewport().width())))
        across.setPageStep(self.viewport().width())
        self.zoom_changed.emit(self._zoom)
        self.viewport().update()

    def _on_scrolled(self, value: int) -> None:
        self.viewport().update()
        if self._pages is None:
            return
        page = min(self._pages.count - 1, max(0, round(value / self._step())))
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)


class Thumbnails(Scroll):
    """``chosen`` carries the page that was pressed."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(128)
        self.body.setContentsMargins(0, 14, 0, 14)
        self.body.setSpacing(12)
        self.setAccessibleName("Pages")
        self._buttons: list[_Thumbnail] = []

    def show_pages(self, pages: Pages | None) -> None:
        """Show these pages, small."""
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons = [_Thumbnail(pages, n) for n in range(pages.count)] if pages else []
        for button in self._buttons:
            button.clicked.connect(lambda _on=False, page=button.page: self.chosen.emit(page))
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)
        self.mark(0)

    def mark(self, page: int) -> None:
        """Mark the page that is looked at."""
        for button in self._buttons:
            button.setChecked(button.page == page)


class _Thumbnail(QAbstractButton):
    """One page, small; drawn when it is first seen, and when it has another size."""

    def __init__(self, pages: Pages, page: int) -> None:
        super().__init__()
        self.page = page
        self._pages = pages
        self._picture: QPixmap | None = None
        self.setCheckable(True)
        self.setProperty(RING, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(str(page + 1))
        self.setAccessibleName(f"Page {page + 1}")

    def sizeHint(self) -> QSize:
        return QSize(80, round(76 * self._pages.height / self._pages.width) + 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2, 2, self.width() - 4, self.height() - 24)
        ratio = self.devicePixelRatioF()
        size = (box.size() * ratio).toSize()
        if self._picture is None or self._picture.size() != size:
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.white)
            inner = QPainter(self._picture)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.scale(box.width() / self._pages.width, box.width() / self._pages.width)
            self._pages.paint(inner, self.page)
            inner.end()
        painter.drawPixmap(box.topLeft(), self._picture)
        painter.setPen(QPen(theme.color("accent" if self.isChecked() else "control"), 2 if self.isChecked() else 1))
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(theme.font(theme.LABEL, theme.BOLD if self.isChecked() else theme.REGULAR))
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(0, self.height() - 20, self.width(), 20), Qt.AlignmentFlag.AlignCenter, self.text())


def _paper(painter: QPainter, box: QRectF, pages: Pages, page: int) -> None:
    painter.fillRect(box, Qt.GlobalColor.white)
    painter.setPen(QPen(theme.color("line"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    painter.save()
    painter.translate(QPointF(box.left(), box.top()))
    painter.scale(box.width() / pages.width, box.width() / pages.width)
    pages.paint(painter, page)
    painter.restore()
