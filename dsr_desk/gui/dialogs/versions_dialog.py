"""The versions of the catalog: who accepted which, when and why; what changed in each; and the way back to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from dsr_desk.errors import DeskError, RefusedError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import clock, counted, day
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts import Chip, Part, Text
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.store.versions import CatalogVersion

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk
    from dsr_desk.flow.versions import BroughtBack, Difference

#: How many changes are told in words before the difference as text.
_TOLD = 30


class _Model(RowsModel[CatalogVersion]):
    HEADS = ("Version", "Accepted", "By", "Why")

    def __init__(self) -> None:
        super().__init__()
        self.names: Mapping[str, str] = {}

    def parts(self, row: CatalogVersion, column: int) -> Sequence[Part]:
        small = theme.SMALL
        if column == 0:
            last = (Chip("latest"),) if self.rows and row is self.rows[0] else ()
            return (Text(str(row.number), weight=theme.BOLD), *last)
        if column == 1:
            return (Text(f"{day(row.at)}, {clock(row.at)}", size=small),)
        if column == 2:
            return (Text(self.names.get(row.by, "") or f"key {row.by[:8]}", size=small),)
        return (Text(row.reason or "–", "text" if row.reason else "text2", size=small),)


class VersionsDialog(ActDialog):
    """``recorded``: the files are those of a version again."""

    recorded = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Versions of the catalog", "Bring it back", keep="Close the list", wide=760, parent=parent)
        self._desk, self._bridge = desk, bridge
        self._over = False
        self.model = _Model()
        self.table = PartsTable(self.model, name="Versions", widths={0: 96, 1: 178, 2: 140}, stretch=3, least=200)
        self.table.setMinimumHeight(150)
        self.body.addWidget(self.table, 2)
        self.says = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.body.addWidget(self.says)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(theme.font(theme.SMALL, mono=True))
        self.text.setAccessibleName("What changed in this version")
        self.text.setMinimumHeight(220)
        self.body.addWidget(self.text, 3)
        self.say_follows("Its files become the files to work with, to be looked at and accepted anew. No version is ever deleted.")
        self.act.set_off("The versions are being read.")
        self.table.selectionModel().currentChanged.connect(lambda *_: self._on_chosen())
        bridge.run(
            lambda _tell, _cancel: (desk.catalog_versions(), desk.operator_names()),
            on_done=self._on_read,
            on_failed=self.show_error,
            owner=self,
        )

    def on_act(self) -> None:
        """Bring the chosen version back."""
        row = self.table.current_row
        if self.act.reason or row < 0:
            return
        number, over = self.model.rows[row].number, self._over
        self.act.set_off("The files are being written.")
        self._bridge.run(
            lambda _tell, _cancel: self._desk.bring_back_catalog(number, over),
            on_done=self._on_back,
            on_failed=self._on_refused,
            owner=self,
        )

    def _on_read(self, read: tuple[list[CatalogVersion], Mapping[str, str]]) -> None:
        versions, self.model.names = read
        self.model.set_rows(list(reversed(versions)))
        if versions:
            self.table.go_to(0)
        else:
            self.says.setText("No version was accepted yet. Accepting the catalog makes the first one.")
            self.act.set_off("There is no version yet.")

    def _on_chosen(self) -> None:
        row = self.table.current_row
        if row < 0:
            return
        number = self.model.rows[row].number
        self._over = False
        self.act.setText(f"Bring version {number} back")
        self.act.become("primary")
        self.act.set_on()
        self.text.setPlainText("")
        before = number - 1
        self._bridge.run(
            lambda _tell, _cancel: self._desk.catalog_difference(before, number) if before else None,
            on_done=lambda difference: self._on_difference(number, difference),
            on_failed=self.show_error,
            owner=self,
        )

    def _on_difference(self, number: int, difference: Difference | None) -> None:
        row = self.table.current_row
        if row < 0 or self.model.rows[row].number != number:
            return
        if difference is None:
            self.says.setText("The first version: everything in it was new.")
            self.text.setPlainText("\n".join(sorted(self.model.rows[row].files)))
            return
        told = [c.text for c in difference.changes[:_TOLD]]
        rest = len(difference.changes) - len(told)
        self.says.setText(f"{counted(len(difference.changes), 'change')} since version {number - 1}")
        self.text.setPlainText("\n".join([*told, *([f"and {rest} more"] if rest else []), "", difference.text]))

    def _on_refused(self, error: DeskError) -> None:
        self.show_error(error)
        if isinstance(error, RefusedError):
            self._over = True
            self.act.setText("Write over what no version holds")
            self.act.become("danger")
        self.adjustSize()

    def _on_back(self, back: BroughtBack) -> None:
        other = f" {counted(len(back.other), 'connector')} of the program is not what it was then." if back.other else ""
        self.banner.say(
            f"The files are those of version {back.number} again.",
            f"{counted(len(back.written), 'file')} written, {len(back.removed)} removed. Accept them to plan by them.{other}",
            tone="verified",
            sign="done",
            buttons=(Button("Close", small=True, on=self.accept),),
        )
        self.banner.show()
        self.act.set_off("The files are this version’s.")
        self.recorded.emit()
