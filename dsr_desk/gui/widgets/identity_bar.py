"""What is known of the subject: a chip for each identifier, with where it came from and a switch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Switch
from dsr_desk.gui.widgets.label import Label, plain_tip
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.words import kind_sign, masked, origin_word
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Identifier
from dsr_desk.model.identity import CONFIRMING


class Flow(QLayout):
    """Lays widgets in lines, like words."""

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, wide: int) -> int:
        return self._arrange(QRect(0, 0, wide, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        sizes = [i.minimumSize() for i in self._items]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, high = rect.x(), rect.y(), 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint()
            if x + size.width() > rect.right() + 1 and high:
                x, y, high = rect.x(), y + high + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            high = max(high, size.height())
        return y + high - rect.y()


class IdentityChip(QWidget):
    """One identifier, masked. Given ones are tinted, found ones outlined, those not followed amber, dashed and struck through."""

    switched = Signal(object, bool)

    def __init__(self, identifier: Identifier, origin: str, *, not_followed: str = "", readonly: bool = False) -> None:
        super().__init__()
        self.identifier = identifier
        self._off = bool(not_followed) or not identifier.followed
        self._given = identifier.origin is None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(40))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 8, 3)
        row.setSpacing(8)
        tint = "retained" if self._off else "text"
        shown = masked(identifier.kind, identifier.value)
        row.addWidget(SignView(kind_sign(identifier.kind), "retained" if self._off else "accent" if self._given else "text2"))
        words = QVBoxLayout()
        words.setSpacing(0)
        value = Label(shown, size=theme.SMALL, mono=True, tint=tint)
        if self._off:
            font = value.font()
            font.setStrikeOut(True)
            value.setFont(font)
        below = "not followed" if self._off else origin
        words.addWidget(value)
        words.addWidget(Label(below, size=theme.LABEL, tint="retained" if self._off else "text2"))
        row.addLayout(words)
        if not readonly:
            switch = Switch(f"Search by {shown}", on=not self._off)
            switch.toggled.connect(lambda on: self.switched.emit(identifier, on))
            row.addWidget(switch)
        self.setAccessibleName(f"{shown}, {below}")
        if not_followed:
            self.setToolTip(plain_tip(not_followed))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line = (
            ("retained_ground", "retained") if self._off else ("select", "accent") if self._given else ("surface", "control")
        )
        pen = QPen(theme.color(line), 1)
        if self._off:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class IdentityBar(QWidget):
    """All of them, and *Add*. ``switched`` tells one and whether it is searched by; ``add_wanted`` the wish for another."""

    switched = Signal(object, bool)
    add_wanted = Signal()

    def __init__(self, *, readonly: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readonly = readonly
        self._shown: tuple[object, ...] | None = None
        self._flow = Flow()
        self.setLayout(self._flow)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._add = Button("Add", "quiet", sign="plus", on=self.add_wanted.emit, tip="Add another identifier of this person")
        if readonly:  # shown before it has a parent, it would be a window of its own
            self._add.hide()
        self._more = Button(
            "", "quiet", on=self._on_more, tip="Names and birthdays confirm who somebody is, but lead to no other record"
        )
        self._all = False
        self._flow.addWidget(self._more)
        self._flow.addWidget(self._add)
        self._chips: list[IdentityChip] = []

    def show_identity(
        self, identity: Sequence[Identifier], not_followed: Mapping[Identifier, str], systems: Mapping[str, System]
    ) -> None:
        """Show these; ``not_followed`` says why some widened nothing."""
        shown = (tuple(identity), tuple(not_followed.items()))
        if shown == self._shown:
            return
        self._shown = shown
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._flow.removeWidget(self._add)
        self._flow.removeWidget(self._more)
        self._chips = []
        for identifier in identity:
            chip = IdentityChip(
                identifier,
                origin_word(identifier, dict(systems)),
                not_followed=not_followed.get(identifier, ""),
                readonly=self._readonly,
            )
            chip.switched.connect(self.switched)
            self._chips.append(chip)
            self._flow.addWidget(chip)
        self._flow.addWidget(self._more)
        self._flow.addWidget(self._add)
        self._show_confirming()
        self.updateGeometry()

    def _on_more(self) -> None:
        self._all = not self._all
        self._show_confirming()

    def _show_confirming(self) -> None:
        """Found names and birthdays stay folded away: nothing is searched by them."""
        folded = [c for c in self._chips if c.identifier.kind in CONFIRMING and c.identifier.origin is not None]
        for chip in folded:
            chip.setVisible(self._all)
        self._more.setText(f"Hide {len(folded)} that only confirm" if self._all else f"{len(folded)} more that only confirm")
        self._more.setVisible(bool(folded))
        self._flow.invalidate()
        self.updateGeometry()

    @property
    def chips(self) -> list[IdentityChip]:
        """The chips, in order."""
        return self._chips
