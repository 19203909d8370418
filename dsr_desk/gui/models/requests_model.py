"""The inbox as rows: who waits, how long, at which stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject

from dsr_desk.flow.planning.holds import AGAIN, HOLD
from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.fields import say_day
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, Sign, Stages, Text
from dsr_desk.gui.widgets.words import kind_sign
from dsr_desk.model.due import days_left, left_in_words
from dsr_desk.model.request import STAGES
from dsr_desk.model.result import RequestSummary

#: A request is *soon* within this many days.
SOON = 7


def urgency(request: RequestSummary, today: date) -> str:
    """``closed``, ``overdue``, ``soon`` or ``later``."""
    if request.closed:
        return "closed"
    left = days_left(request.due, today)
    return "overdue" if left < 0 else "soon" if left <= SOON else "later"


class RequestsModel(RowsModel[RequestSummary]):
    """One row a request."""

    HEADS = ("Right", "Reference", "Subject", "Stage", "Received", "Left to answer")

    def __init__(self, today: date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.today = today

    def parts(self, row: RequestSummary, column: int) -> Sequence[Part]:
        """What a cell is made of."""
        match column:
            case 0:
                look = rights.look(row.right)
                return Sign(look.sign), Text(look.word, weight=theme.MEDIUM)
            case 1:
                return (Text(row.ref, "text2", mono=True, size=theme.SMALL),)
            case 2:
                if row.kind == "people":
                    return Sign("list"), Text(row.subject)
                more = (Text(f"+{row.more}", "text2", size=theme.SMALL, mono=True),) if row.more else ()
                return Sign(kind_sign(row.kind)), Text(row.subject, mono=True, size=theme.SMALL), *more
            case 3:
                stage = "Closed" if row.closed else row.stage.capitalize()
                at = 9 if row.stage == "closed" else STAGES.index(row.stage)
                return Stages(at), Text(stage, weight=theme.MEDIUM), *_beside(row)
            case 4:
                return (Text(say_day(row.received, year=row.received.year != self.today.year), "text2"),)
        return self._left(row)

    def _left(self, row: RequestSummary) -> Sequence[Part]:
        state = urgency(row, self.today)
        if state == "closed":
            return Sign("done"), Text(f"closed {row.closed[:10]}", "text2"), Gap(), Sign("right", "text2", 13)
        sign, tint = {"overdue": ("alert", "failed"), "soon": ("clock-alert", "retained")}.get(state, ("clock", "text2"))
        weight = theme.REGULAR if state == "later" else theme.MEDIUM
        return Sign(sign, tint), Text(left_in_words(row.due, self.today), tint, weight), Gap(), Sign("right", "text2", 13)


def _beside(row: RequestSummary) -> Sequence[Part]:
    """What the stage waits for; a hold and a restriction that stands are never only words among others."""
    held = row.detail in (HOLD, AGAIN)
    tone = "failed" if row.detail == HOLD else "retained"
    parts: list[Part] = [Chip(row.detail, tone, "hold")] if held else [Text(row.detail, "text2", size=theme.SMALL)]
    if row.restricts:
        parts.insert(0, Chip(f"in force: {counted(row.restricts, 'record')}", "retained", "restriction"))
    return parts
