"""What a verification of the trail says, how far it is, and how far something outside covers it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.audit.trail import Verdict
from dsr_desk.gui import theme
from dsr_desk.gui.models.wording import counted, thin
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.states import BarView

#: Below this width in px what is anchored stands under the verdict.
_NARROW = 960
#: So many doubted entries are named, the others counted.
_NAMED = 5


@dataclass(frozen=True)
class Verified:
    """A verdict, when it was given (``HH:MM``), and whether kept checkpoints were held against the trail."""

    verdict: Verdict
    at: str
    against: int = 0


class Blocks(QWidget):
    """One block for each entry that nobody outside has seen, up to a row of them."""

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_number(self, number: int) -> None:
        """Show so many."""
        self._number = number
        self.setVisible(number > 0)
        self.setAccessibleName(counted(number, "entry", "entries"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        most = min(24, self.width() // 13)
        for i in range(min(self._number, most)):
            painter.fillRect(QRectF(13 * i, 0, 10, 10), theme.color("bar_waits"))


class VerdictCard(Card):
    """``verify_wanted``, ``stop_wanted``, ``save_wanted`` (the evidence of a fault) and ``anchor_wanted`` are its buttons."""

    verify_wanted = Signal()
    stop_wanted = Signal()
    save_wanted = Signal()
    anchor_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shield = SignView("question", "text2", 36)
        self.said = Label(size=theme.TITLE, weight=theme.BOLD, wrap=True)
        self.scope = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.bar = BarView()
        self.stop = Button("Stop", sign="stop", on=self.stop_wanted.emit)
        self.save = Button("Save the evidence…", sign="save", on=self.save_wanted.emit)
        self.go = Button("Verify now", "primary", sign="refresh", on=self.verify_wanted.emit)
        self.outside = Label(weight=theme.BOLD)
        self.blocks = Blocks()
        self.unseen = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.anchor = Button("Anchor…", sign="anchor", on=self.anchor_wanted.emit)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(theme.GROUP)
        self._halves.addLayout(self._left(), 3)
        self._right = self._layout_right()
        self._halves.addWidget(self._right, 2)
        self.body.addLayout(self._halves)
        self.show_nothing(0)

    def _left(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GROUP)
        row.addWidget(self._shield)
        words = QVBoxLayout()
        words.setSpacing(3)
        for one in (self.said, self.scope, self.bar):
            words.addWidget(one)
        row.addLayout(words, 1)
        for button in (self.stop, self.save, self.go):
            row.addWidget(button)
        return row

    def _layout_right(self) -> QWidget:
        half = QWidget()
        row = QHBoxLayout(half)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        for one in (self.outside, self.blocks, self.unseen):
            words.addWidget(one)
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addWidget(self.anchor)
        return half

    # -- what it says

    def show_nothing(self, count: int) -> None:
        """Nothing is said of the trail in this run yet."""
        self._say("question", "text2", "Not verified in this run yet")
        self.scope.setText(f"{thin(count)} entries. Nothing is said of them until every one has been recomputed.")

    def show_running(self, done: int, total: int) -> None:
        """A verification is at work."""
        self._say("busy", "accent", f"Verified {thin(done)} of {thin(total)}")
        self.scope.setText("Every entry is read again, from the first. The list can be used meanwhile.")
        self.bar.show_bar(done, total)
        self.bar.show()
        self.stop.show()
        self.go.hide()

    def show_verdict(self, found: Verified, count: int) -> None:
        """What a verification said of a trail that now has ``count`` entries."""
        verdict = found.verdict
        when = f"{found.at}, {verdict.seconds:.1f} s" if verdict.seconds >= 0.1 else f"{found.at}, in less than 0.1 s"
        if verdict.fault is not None or not verdict.ok:
            self._say("special", "failed", verdict.fault.sentence if verdict.fault else "The trail does not hold.", "failed")
            hint = verdict.fault.error.hint if verdict.fault else ""
            self.scope.setText(f"{hint} · {when}" if hint else when)
            self.save.show()
            return
        newer = max(0, count - verdict.entries)
        later = f" · {thin(newer)} written since" if newer else ""
        if verdict.doubted:
            self._say("warning", "retained", f"All {thin(verdict.entries)} entries hold, {_doubted(verdict)}")
        else:
            self._say("shield", "verified", f"Intact: all {thin(verdict.entries)} entries hold")
        self.scope.setText(f"Every signature, link and the tree · {when}{later}. {_covered(found)}".strip())

    def show_outside(self, unseen: int, anchored: int) -> None:
        """How many entries came since a checkpoint was given away, and over how many that was."""
        since = "since the last outside anchor" if anchored else "and no outside anchor"
        self.outside.setText(f"{counted(unseen, 'entry', 'entries')} {since}" if unseen else "Every entry is anchored outside")
        self.blocks.show_number(unseen)
        seen = f"Somebody outside has a checkpoint over the first {thin(anchored)}." if anchored else ""
        self.unseen.setText(seen if anchored else "Nobody outside has seen these: with the keys, they could be written anew.")
        self.anchor.setText(f"Anchor {counted(unseen, 'entry', 'entries')}…")
        self.anchor.setVisible(unseen > 0)
        self._right.setVisible(not self.save.isVisibleTo(self))  # what does not hold is given to nobody as if it did

    def _say(self, sign: str, tint: str, words: str, outline: str = "line") -> None:
        self._shield.show_sign(sign, tint)
        self.set_outline(outline)
        self.said.setText(words)
        self.said.set_tint("failed" if outline == "failed" else "text")
        for hidden in (self.bar, self.stop, self.save):
            hidden.hide()
        self.go.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW * theme.current().scale
        self._halves.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


def _doubted(verdict: Verdict) -> str:
    return f"{thin(len(verdict.doubted))} in doubt"


def _covered(found: Verified) -> str:
    """How far something outside of the trail covers it, and what is in doubt."""
    verdict = found.verdict
    said = []
    if verdict.doubted:
        named = ", ".join(thin(n) for n in verdict.doubted[:_NAMED])
        more = f" and {len(verdict.doubted) - _NAMED} more" if len(verdict.doubted) > _NAMED else ""
        said.append(f"Somebody else may have signed {named}{more}, with a key that was reported as stolen.")
    what = f"{counted(found.against, 'kept checkpoint')} and other people’s approvals" if found.against else "Approvals by others"
    if verdict.anchored:
        last = thin(verdict.unanchored)
        said.append(f"{what} vouch for the first {thin(verdict.anchored)}; nobody but the signer for the last {last}.")
    elif found.against:
        said.append("The kept checkpoints vouch for none of them.")
    return " ".join(said)
