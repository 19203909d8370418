"""Nothing is open yet: try it with sample data, work on this computer, or open what there is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Scroll
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.states import ProgressRow


class _Picture(QWidget):
    """A mail that leads to three systems; two of them already say what became of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(266, 114)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color("surface"))
        mail = QRectF(1, 32, 64, 48)
        for sign, y, tint, wide in (
            ("sql", 1, "erased_ground", 48),
            ("sheet", 43, "erased_ground", 34),
            ("retained", 85, "track", 48),
        ):
            box = QRectF(177, y, 87, 27)
            line = QPainterPath(QPointF(mail.right(), mail.center().y()))
            line.cubicTo(QPointF(120, mail.center().y()), QPointF(125, box.center().y()), QPointF(box.left(), box.center().y()))
            painter.setPen(QPen(theme.color("track"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(line)
            painter.setPen(QPen(theme.color("line"), 1))
            painter.setBrush(theme.color("surface"))
            painter.drawRoundedRect(box, 5, 5)
            theme.paint_icon(painter, QRectF(box.left() + 8, box.top(), 15, box.height()), sign, "text2")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(tint))
            painter.drawRoundedRect(QRectF(box.left() + 30, box.center().y() - 3, wide, 6), 2, 2)
        painter.setPen(QPen(theme.color("control"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(mail, 7, 7)
        theme.paint_icon(painter, theme.centre(mail, 26), "email", "accent")


class StartPage(QWidget):
    """``sample_wanted``, ``make_wanted``, ``open_wanted`` (a folder is asked for), ``recent_wanted`` with a folder,
    ``check_wanted`` (a bundle is asked for).
    """

    sample_wanted = Signal()
    make_wanted = Signal()
    open_wanted = Signal()
    check_wanted = Signal()
    recent_wanted = Signal(object)
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        scroll = Scroll()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        column = scroll.body
        column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(_Picture(), 0, centre)
        column.addSpacing(8)
        column.addWidget(Label("Answer a data subject request, and prove it", size=theme.FIGURE, weight=theme.BOLD), 0, centre)
        words = "Find every record of one person, decide row by row, apply, search again, hand over a signed report."
        column.addWidget(Label(words, tint="text2"), 0, centre)
        column.addSpacing(10)
        self.banner = Banner()
        self.banner.hide()
        column.addWidget(self.banner)
        self.progress = ProgressRow(self.stop_wanted.emit)
        self.progress.hide()
        column.addWidget(self.progress)
        column.addLayout(self._cards())
        column.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addStretch(1)
        row.addWidget(SignView("offline", "text2"))
        row.addWidget(
            Label(
                "No telemetry, no update check, no account. It speaks only to the systems you connect.",
                size=theme.SMALL,
                tint="text2",
            )
        )
        row.addStretch(1)
        column.addLayout(row)
        self.open = Button("Open a workspace folder…", "quiet", sign="folder-open", on=self.open_wanted.emit)
        self.check = Button("Check an evidence bundle…", "quiet", sign="shield", on=self.check_wanted.emit)
        ways = QHBoxLayout()
        ways.setSpacing(theme.INSIDE)
        ways.addStretch(1)
        for part in (self.open, Label("or", size=theme.SMALL, tint="text2"), self.check):
            ways.addWidget(part)
        ways.addStretch(1)
        column.addLayout(ways)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addLayout(self._recent)
        column.addStretch(3)

    def _cards(self) -> QHBoxLayout:
        self.sample = Button("Open the sample company", "primary", on=self.sample_wanted.emit)
        self.make = Button("Make a workspace…", on=self.make_wanted.emit)
        row = QHBoxLayout()
        row.setSpacing(theme.GROUP)
        row.addStretch(1)
        row.addWidget(
            _card(
                "flask",
                "Try it with sample data",
                "An invented shop with five systems and 2 000 people. Nothing you own is touched.",
                ("One request ready to work on", "Every stage, up to the report"),
                self.sample,
                "Takes some seconds. Delete it any time.",
                first=True,
            )
        )
        row.addWidget(
            _card(
                "computer",
                "Work on this computer",
                "A workspace folder of your own. Keys go to this computer's keyring, or behind a passphrase.",
                ("Encrypted, works offline", "A signed trail from the first entry"),
                self.make,
                "You need: a folder, and your name.",
            )
        )
        row.addStretch(1)
        return row

    def show_recent(self, folders: Sequence[Path]) -> None:
        """Offer the workspaces that were open last."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if folders:
            self._recent.addWidget(Label("Open again", size=theme.SMALL, tint="text3"), 0, Qt.AlignmentFlag.AlignHCenter)
        for folder in list(folders)[:5]:
            button = Button(
                f"{folder.name}  ·  {folder.parent}"[:90], "quiet", small=True, on=partial(self.recent_wanted.emit, folder)
            )
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.sample.setFocus()

    def show_busy(self, words: str) -> None:
        """Something is being opened."""
        self.banner.hide()
        self.progress.show_progress(words)
        self.progress.setVisible(bool(words))
        for button in (self.sample, self.make, self.open):
            button.set_off("A workspace is being opened." if words else "")

    def show_rolled_back(self, error: DeskError, *buttons: Button) -> None:
        """The workspace is older than it was: what may have happened, and the two ways on."""
        self.show_busy("")
        words = (
            "Somebody brought an older copy back, or took the end of its trail away. If that was you, on purpose, "
            "record it and go on; if not, leave it closed and find out who did."
        )
        self.banner.say(error.message, words, tone="failed", sign="alert", buttons=buttons)
        self.banner.show()

    def show_error(self, error: DeskError, *buttons: Button) -> None:
        """It did not work."""
        self.show_busy("")
        self.banner.show_error(error, *buttons)


def _card(sign: str, title: str, text: str, points: Sequence[str], button: Button, note: str, *, first: bool = False) -> Card:
    card = Card(outline="accent" if first else "line")
    card.setFixedWidth(round(320 * theme.current().scale))
    card.body.setContentsMargins(20, 18, 20, 16)
    card.body.setSpacing(10)
    badge = Card("select" if first else "plain_ground", "")
    badge.setFixedSize(40, 40)
    badge.body.setContentsMargins(10, 10, 10, 10)
    badge.body.addWidget(SignView(sign, "accent" if first else "text", 20))
    card.body.addWidget(badge)
    card.body.addWidget(Label(title, size=theme.PANE, weight=theme.BOLD))
    words = Label(text, tint="text2", wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignTop)
    words.setMinimumHeight(round(54 * theme.current().scale))
    card.body.addWidget(words)
    for point in points:
        line = QHBoxLayout()
        line.setSpacing(theme.INSIDE)
        line.addWidget(SignView("check", "verified", 14))
        line.addWidget(Label(point, size=theme.SMALL, tint="text2"), 1)
        card.body.addLayout(line)
    card.body.addSpacing(8)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    card.body.addWidget(button)
    card.body.addWidget(Label(note, size=theme.SMALL, tint="text3"))
    return card
