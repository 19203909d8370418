"""What is in force over data: legal holds, and restrictions of processing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import counted, day
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, Sign, Text
from dsr_desk.gui.widgets.words import kind_sign, masked
from dsr_desk.model.former import Restriction
from dsr_desk.model.hold import Hold


class HoldsModel(RowsModel[Hold]):
    """One row a hold. The last column is pressed to release it."""

    HEADS = ("Held", "Reason", "Set", "Look again", "")

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def parts(self, row: Hold, column: int) -> Sequence[Part]:
        match column:
            case 0:
                if row.request:
                    return Sign("card"), Text(row.request, mono=True, size=theme.SMALL)
                kind, value = row.identity[0] if row.identity else ("name", "")
                more = f" +{len(row.identity) - 1}" if len(row.identity) > 1 else ""
                return Sign(kind_sign(kind)), Text(masked(kind, value) + more, mono=True, size=theme.SMALL)
            case 1:
                if not row.stands:
                    said = f"released {day(row.released)} by {row.released_by}: {row.released_reason}"
                    return Chip("released", "plain", "done"), Text(said, "text2", size=theme.SMALL)
                return Sign("hold", "failed"), Text(row.reason)
            case 2:
                return (Text(f"{day(row.at)}, {row.by}", "text2", size=theme.SMALL),)
            case 3:
                return self._again(row)
        return (Gap(), Text("Release…", "accent", theme.MEDIUM, theme.SMALL)) if row.stands else ()

    def _again(self, row: Hold) -> Sequence[Part]:
        if not row.until or not row.stands:
            return (Text("–", "text3"),)
        due = date.fromisoformat(row.until) <= self._today
        tint = "retained" if due else "text2"
        return Sign("clock-alert" if due else "clock", tint), Text(day(row.until), tint, size=theme.SMALL)


class RestrictionsModel(RowsModel[Restriction]):
    """One row a restriction. The last column is pressed to lift it, or to open the request that does."""

    HEADS = ("Request", "Ground", "Since", "Records", "")

    def parts(self, row: Restriction, column: int) -> Sequence[Part]:
        match column:
            case 0:
                return Sign("restriction", "retained"), Text(row.request, mono=True, size=theme.SMALL)
            case 1:
                return (Text(rights.ground_words("restriction", row.ground) or "not recorded"),)
            case 2:
                return (Text(day(row.since), "text2", size=theme.SMALL),)
            case 3:
                return (Text(counted(len(row.rows), "record"), weight=theme.MEDIUM),)
        word = f"Open {row.lifting}" if row.lifting else "Lift…"
        return Gap(), Text(word, "accent", theme.MEDIUM, theme.SMALL)
