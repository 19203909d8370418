"""What stands against a plan, and what has to be known before approving it: above the list, each with its cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.wording import Systems, counted, title_of
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Scroll
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.model.plan import Caution, Plan

#: So many lines are shown before *Show all*; then the list scrolls, at most so high in px at 100 %.
FEW = 2
_HIGHEST = 220


@dataclass(frozen=True, slots=True)
class Notice:
    """One line: where, what, what to do, and the place in the catalog that mends it (``""`` where none does)."""

    where: str
    what: str
    cure: str = ""
    system: str = ""
    collection: str = ""
    #: The request that has to be dealt with first.
    request: str = ""


def refusals(plan: Plan, systems: Systems) -> list[Notice]:
    """Every refusal, those of one place and reason once."""
    made = []
    for r in plan.refusals:
        mendable = r.collection and r.system in systems and not is_told(plan)
        where = _where(r.system, r.collection, r.field, systems)
        mends = "" if r.request or not mendable else r.system
        made.append(Notice(where, r.why, r.cure, mends, r.collection, r.request))
    return list(dict.fromkeys(made))


def is_told(plan: Plan) -> bool:
    """Whether a person told what is to be written: then it is that, and not the catalog, that is put right first."""
    return plan.right == "rectification"


def cautions(plan: Plan, systems: Systems) -> list[Notice]:
    """Everything to know before approving."""
    return list(dict.fromkeys(_caution(c, systems) for c in plan.cautions))


def _caution(caution: Caution, systems: Systems) -> Notice:
    return Notice(_where(caution.system, caution.collection, caution.field, systems), caution.what)


def _where(system: str, collection: str, field: str, systems: Systems) -> str:
    known = systems.get(system)
    found = known.collections.get(collection) if known else None
    parts = (title_of(system, systems) if system else "", found.label if found else collection, field)
    return " ▸ ".join(filter(None, parts))


class NoticeList(QWidget):
    """``mend_wanted``: the system and collection whose catalog lines mend it; ``request_wanted``: a request to deal with first.

    Hidden while there is nothing to say.
    """

    mend_wanted = Signal(str, str)
    request_wanted = Signal(str)

    def __init__(self, tone: str, sign: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self._notices: Sequence[Notice] = ()
        self._all = False
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(12)
        row.addWidget(SignView(sign, tone, 18), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        head = QHBoxLayout()
        self._title = Label(weight=theme.BOLD, wrap=True)
        head.addWidget(self._title, 1)
        self.more = Button("Show all", "quiet", small=True, on=self._on_more)
        head.addWidget(self.more)
        column.addLayout(head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(5)
        column.addLayout(self._lines)
        self._scroll = Scroll()
        self._scroll.setFixedHeight(round(_HIGHEST * max(1.0, theme.current().scale)))
        self._scroll.hide()
        column.addWidget(self._scroll)
        row.addLayout(column, 1)
        self.hide()

    def show_notices(self, title: str, notices: Sequence[Notice]) -> None:
        """Show these; none hides the list."""
        self._notices, self._all = notices, False
        self._title.setText(title)
        self.setVisible(bool(notices))
        self._build()

    @property
    def notices(self) -> Sequence[Notice]:
        """What it says."""
        return self._notices

    @property
    def title(self) -> str:
        """Its first line."""
        return self._title.text()

    def _on_more(self) -> None:
        self._all = not self._all
        self._build()

    def _build(self) -> None:
        for layout in (self._lines, self._scroll.body):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
        hidden = len(self._notices) - FEW
        self.more.setVisible(hidden > 0)
        self.more.setText("Show fewer" if self._all else f"Show all {len(self._notices)}")
        self._scroll.setVisible(self._all)
        into = self._scroll.body if self._all else self._lines
        for notice in self._notices if self._all else self._notices[:FEW]:
            into.addWidget(self._line(notice))
        if self._all:
            into.addStretch(1)
        self.setAccessibleName(f"{self._title.text()}: {counted(len(self._notices), 'notice')}")
        self.update()

    def _line(self, notice: Notice) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        words = QVBoxLayout()
        words.setSpacing(1)
        why = f"{notice.where}: {notice.what}" if notice.where else notice.what
        words.addWidget(Label(why, size=theme.SMALL, wrap=True, selectable=True))
        if notice.cure:
            words.addWidget(Label(notice.cure, size=theme.SMALL, tint="text2", wrap=True, selectable=True))
        row.addLayout(words, 1)
        if notice.request:
            row.addWidget(
                Button(f"Open {notice.request}", small=True, on=lambda: self.request_wanted.emit(notice.request)),
                0, Qt.AlignmentFlag.AlignTop,
            )  # fmt: skip
        elif notice.system:
            mend = Button("Open the catalog", small=True, on=lambda: self.mend_wanted.emit(notice.system, notice.collection))
            mend.setAccessibleDescription(f"Opens the line of {notice.where}")
            row.addWidget(mend, 0, Qt.AlignmentFlag.AlignTop)
        return box

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), theme.color(f"{self._tone}_ground"))
        painter.fillRect(0, 0, 4, self.height(), theme.color(self._tone))
