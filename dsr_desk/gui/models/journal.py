"""What a run tells as it goes, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import clock
from dsr_desk.gui.widgets.parts import Part, Text
from dsr_desk.model.event import Note

#: How many journal lines are kept on screen.
MOST_NOTES = 200


class Journal(RowsModel[Note]):
    """The journal on screen, the newest line first."""

    HEADS = ("When", "What")

    def parts(self, row: Note, column: int) -> Sequence[Part]:
        if column == 0:
            return (Text(clock(row.at, True), "text2", size=theme.SMALL, mono=True),)
        return (Text(row.text, "text2", size=theme.SMALL),)
