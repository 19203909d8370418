"""Text on a page: the one label class, and it never reads markup."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from dsr_desk.gui import theme

#: Longer texts are cut before Qt lays them out: a cell of 10 MB would block the window for seconds.
LONGEST = 4000


class Label(QLabel):
    """Plain text in one of the sizes, weights and colours of the theme; data is always shown literally.

    ``mono`` is for what comes from a system; ``elide`` cuts at the right edge and shows the rest as a tooltip; ``wrap``
    breaks lines; ``selectable`` lets it be copied.
    """

    def __init__(
        self,
        text: str = "",
        *,
        size: int = theme.BASE,
        weight: int = theme.REGULAR,
        tint: str = "text",
        mono: bool = False,
        wrap: bool = False,
        elide: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size, self._weight, self._mono, self._tint, self._elide = size, weight, mono, tint, elide
        self._look: theme.Theme | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._dress()
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show ``text`` as it stands, cut at ``LONGEST`` characters."""
        text = text if len(text) <= LONGEST else text[:LONGEST] + " …"
        super().setText(text.replace("\x00", "␀"))
        if self._elide:
            self.setToolTip(plain_tip(text))

    def set_tint(self, tint: str) -> None:
        """Change the colour, by token."""
        self._tint, self._look = tint, None
        self._dress()

    def sizeHint(self) -> QSize:
        """As wide as its text; an eliding one may be given less."""
        hint = super().sizeHint()
        return QSize(hint.width() + 1, hint.height())

    def minimumSizeHint(self) -> QSize:
        """An eliding label can become very small."""
        return QSize(24, super().minimumSizeHint().height()) if self._elide else super().minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(theme.color(self._tint))
        rect = self.contentsRect()
        text = QFontMetrics(self.font()).elidedText(self.text().replace("\n", " "), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(self.alignment()), text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = QEvent.Type
        if event.type() == kinds.StyleChange:
            self._look = None  # a style sheet that is put on again gives a label the palette back that it had before
        if event.type() in (kinds.PaletteChange, kinds.StyleChange, kinds.FontChange, kinds.ApplicationFontChange):
            self._dress()

    def _dress(self) -> None:
        look = theme.current()
        if self._look == look:
            return
        self._look = look
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.color(self._tint))
        self.setPalette(palette)
        self.setFont(theme.font(self._size, self._weight, self._mono))


def plain_tip(text: str) -> str:
    """A tooltip that shows ``text`` literally: Qt reads a tooltip as markup if it looks like it."""
    from html import escape

    if not text:
        return ""
    return f"<p style='white-space:pre-wrap'>{escape(text[:1000])}</p>"
