"""The tables of the proof: one line a system, and the rows behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import Systems, counted, row_name, system_parts, title_of
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, Sign, Text
from dsr_desk.model.result import SystemVerified, Verification

#: The column of what was changed; shown where anything was.
CHANGED = 3


class SystemsModel(RowsModel[SystemVerified]):
    """One line a system: what was there, what is there now, how that is known, what bytes remain."""

    HEADS = ("System", "Before", "Left over", "Changed", "Retained", "Left out", "How it was checked", "Residue", "")
    RIGHT = frozenset({1, 2, 3, 4, 5})

    #: The systems by name, as they stand.
    known: Systems = {}  # noqa: RUF012  # replaced as a whole, never changed

    def parts(self, row: SystemVerified, column: int) -> Sequence[Part]:
        match column:
            case 0:
                return system_parts(row.system, self.known)
            case 1:
                return Gap(), Text(str(row.before), weight=theme.BOLD)
            case 2:
                return Gap(), self._left_over(row)
            case 3 | 4 | 5:
                number = {3: row.changed, 4: row.retained, 5: row.excluded}[column]
                tint = {3: "changed", 4: "retained", 5: "text"}[column] if number else "text3"
                return Gap(), Text(str(number) if number else "–", tint, theme.MEDIUM)
            case 6:
                if row.error:
                    return Sign("warning", "failed", 14), Text(row.error, "failed", theme.MEDIUM, theme.SMALL)
                return (Text(row.how, "text2", size=theme.SMALL),)
            case 7:
                return self._residue(row)
        return (Gap(), Text("Queries", "accent", theme.MEDIUM, theme.SMALL)) if row.queries else ()

    def _left_over(self, row: SystemVerified) -> Part:
        by_hand = row.system in self.known and self.known[row.system].driver == "manual"
        if row.leftover:
            return Text(str(row.leftover), "failed", theme.BOLD)
        if not row.searched and not row.error and (row.by_hand or by_hand):
            return Text("by hand", "manual", theme.BOLD)
        if not row.searched:
            return Text("not known", "failed" if row.error else "retained", theme.BOLD)
        return Text("0", "verified", theme.BOLD)

    @staticmethod
    def _residue(row: SystemVerified) -> Sequence[Part]:
        if row.residue:
            count = sum(r.count for r in row.residue)
            return Sign("clock", "retained", 14), Text(
                f"{counted(count, 'copy', 'copies')}: {row.residue[0].why}", "text2", size=theme.SMALL
            )
        if not row.searched:
            return Sign("manual", "manual", 14), Text("not searchable by machine", "text2", size=theme.SMALL)
        return Sign("check", "verified", 14), Text("none found", "text2", size=theme.SMALL)


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a figure."""

    system: str
    name: str
    fields: str
    why: str
    bad: bool = False


def behind(proof: Verification, figure: str, known: Systems) -> list[Behind]:
    """The rows behind ``leftover``, ``retained`` or ``excluded``, in the order of the proof."""
    if figure == "leftover":
        return [
            Behind(x.ref.system, row_name(x.ref, known), ", ".join(x.fields) or "the whole row", x.why, bad=True)
            for x in proof.leftovers
        ]
    rows = (*proof.retained, *proof.keys) if figure == "retained" else proof.excluded
    return [
        Behind(
            x.ref.system,
            row_name(x.ref, known),
            ", ".join(x.fields) or "the whole row",
            " · ".join(filter(None, (x.ground, x.reason, f"until {x.until}" if x.until else ""))),
        )
        for x in rows
    ]


class BehindModel(RowsModel[Behind]):
    """The rows behind a figure."""

    HEADS = ("System", "Row", "Fields", "Why")

    #: The systems by name, as they stand.
    known: Systems = {}  # noqa: RUF012  # replaced as a whole, never changed

    def parts(self, row: Behind, column: int) -> Sequence[Part]:
        match column:
            case 0:
                return (Text(title_of(row.system, self.known), weight=theme.MEDIUM),)
            case 1:
                return (Text(row.name, mono=True, size=theme.SMALL),)
            case 2:
                return (Text(row.fields, "text2", size=theme.SMALL, mono=row.fields != "the whole row"),)
        return (Chip(row.why, "failed", "failed") if row.bad else Text(row.why, "text2", size=theme.SMALL),)
