"""What the tokens of a request stand for, once its safe lock was opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import Systems, counted, row_name, thin, title_of
from dsr_desk.gui.widgets.parts import Part, Sign, Text
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.model.lock import Opened, Told
from dsr_desk.model.values import as_text

#: So many tokens are in view at once; the rest scrolls.
_IN_VIEW = 9


class _Tokens(RowsModel[Told]):
    """One row a token."""

    HEADS = ("System", "Row", "Field", "Stands for")

    def __init__(self, systems: Systems) -> None:
        super().__init__()
        self._systems = systems

    def parts(self, row: Told, column: int) -> Sequence[Part]:
        ref = row.place.ref
        match column:
            case 0:
                return (Text(title_of(ref.system, self._systems), weight=theme.MEDIUM),)
            case 1:
                return (Text(row_name(ref, self._systems), "text2", mono=True, size=theme.SMALL),)
            case 2:
                return (Text(row.place.field, mono=True, size=theme.SMALL),)
        if row.why:
            return Sign("warning", "retained", 13), Text(row.why, "retained", size=theme.SMALL)
        return (Text(as_text(row.value) or "empty", mono=True, size=theme.SMALL),)


class LockDialog(ActDialog):
    """The values stand in clear while it is open."""

    def __init__(self, opened: Opened, systems: Systems, parent: QWidget | None = None) -> None:
        title = f"What {counted(len(opened.values), 'token')} of {opened.request} stand for"
        super().__init__(title, "Hide them", wide=760, parent=parent)
        self.keep.hide()
        self.model = _Tokens(systems)
        self.model.set_rows(opened.values)
        self.table = PartsTable(self.model, name="What the tokens stand for", widths={0: 120, 1: 170, 2: 120}, stretch=3)
        rows = min(len(opened.values), _IN_VIEW)
        high = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(self.table.horizontalHeader().height() + rows * high + 1)
        self.body.addWidget(self.table)
        unread = ", ".join(f"{title_of(name, systems)}: {why}" for name, why in opened.unread.items())
        self.say_follows(f"Recorded as entry {thin(opened.entry)}." + (f" Not read: {unread}" if unread else ""))
