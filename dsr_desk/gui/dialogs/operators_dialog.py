"""Who works here: a list, and what can be done about it. Each act but reading asks for the recovery code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts import Part, Text
from dsr_desk.gui.widgets.parts_table import PartsTable

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk
    from dsr_desk.store.workspace import Operator

#: The roles, and what each is for.
ROLES = [("agent", "Agent: prepares"), ("approver", "Approver: decides, too"), ("auditor", "Auditor: looks and reports")]
_IN_VIEW = 8


class _Operators(RowsModel["Operator"]):
    """One row an operator."""

    HEADS = ("Name", "Role", "Key")

    def parts(self, row: Operator, column: int) -> Sequence[Part]:
        text = (row.name, row.role, row.key_id)[column]
        return (Text(text, "text2" if column else "text", mono=column == 2, size=theme.SMALL),)


class CodeDialog(ActDialog):
    """An act about keys: ``do`` does it, off this thread, with the recovery code; ``happened`` tells that it worked."""

    happened = Signal()

    def __init__(
        self,
        title: str,
        verb: str,
        desk: Desk,
        bridge: Bridge,
        do: Callable[[str | None], object],
        fields: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, verb, parent=parent)
        self._bridge, self._do = bridge, do
        self.code = Edit("SAMP-1EC0-…", mono=True)
        self.code.setEchoMode(QLineEdit.EchoMode.Password)
        for field in fields:
            self.body.addWidget(field)
        self._asked = Field("Recovery code", self.code, "From the recovery sheet of this workspace.")
        self._asked.setVisible(desk.root_is_away())
        self.body.addWidget(self._asked)

    def on_act(self) -> None:
        """Do it; what is wrong is said in the dialog."""
        if self.act.reason:
            return
        self.act.set_off("It is being done.")
        code = self.code.text().strip() or None
        self._bridge.run(lambda tell, cancel: self._do(code), on_done=self._on_done, on_failed=self.show_error, owner=self)

    def _on_done(self, _: object) -> None:
        self.happened.emit()
        self.accept()


class OperatorsDialog(ActDialog):
    """``changed``: the trail has new entries about keys."""

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Who works here", "Admit somebody…", keep="Close", wide=620, parent=parent)
        self._desk, self._bridge = desk, bridge
        self.model = _Operators()
        self.table = PartsTable(self.model, name="Operators", widths={1: 110, 2: 180}, stretch=0)
        self.body.addWidget(self.table)
        self.asked = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.body.addWidget(self.asked)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        self.leaves = Button("They leave…", small=True, on=self._on_leaves)
        self.renew = Button("Renew my keys…", small=True, on=self._on_renew)
        self.policy = Button("", small=True, on=self._on_policy)
        for button in (self.leaves, self.renew, self.policy):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.read()

    def read(self) -> None:
        """Read the list again."""
        self._bridge.run(
            lambda tell, cancel: (self._desk.operators(), self._desk.approvals_asked()),
            on_done=self._on_read,
            on_failed=self.show_error,
            owner=self,
        )

    def _on_read(self, read: tuple[list[Operator], int]) -> None:
        operators, self._asks = read
        self.model.set_rows(operators)
        rows, high = min(max(2, len(operators)), _IN_VIEW), self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(self.table.horizontalHeader().height() + rows * high + 1)
        two = self._asks > 1
        self.asked.setText("A plan needs two approvals by different people." if two else "A plan needs one approval.")
        self.policy.setText("Ask for one approval…" if two else "Ask for two approvals…")
        self.adjustSize()

    # -- acts

    def on_act(self) -> None:
        """Admit somebody."""
        name, role, first, again = Edit("As it stands on reports"), Choice(ROLES), Edit(mono=True), Edit(mono=True)
        for edit in (first, again):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        fields = (
            Field("Name", name),
            Field("Role", role),
            Field("Their passphrase", first, "They type it themselves. Nobody else knows it, and nobody can reset it."),
            Field("The same passphrase again", again),
        )

        def do(code: str | None) -> object:
            return self._desk.add_operator(*given, code)

        given = ("", "", "")

        def ask(dialog: CodeDialog) -> None:
            nonlocal given
            same = first.text() == again.text()
            missing = not name.text().strip() or not first.text()
            dialog.act.set_off("Fill in name and passphrase." if missing else "" if same else "The passphrases differ.")
            given = (name.text(), role.value, first.text())

        dialog = self._ask("Admit somebody", "Admit them", do, fields)
        for edit in (name, first, again):
            edit.textChanged.connect(lambda _: ask(dialog))
        role.currentIndexChanged.connect(lambda _: ask(dialog))
        ask(dialog)
        name.setFocus()

    def _on_leaves(self) -> None:
        row = self.table.currentIndex().row()
        if row < 0:
            self.say_follows("Choose in the list who leaves.")
            return
        one = self.model.rows[row]
        dialog = self._ask(
            f"{one.name} leaves", "Record that they leave", lambda code: self._desk.operator_leaves(one.key_id, code)
        )
        dialog.say_follows("Their key ends, and the workspace gets a new one that doesn't reach them. What they approved stands.")

    def _on_renew(self) -> None:
        dialog = self._ask("Renew my keys", "Renew them", self._desk.renew_key)
        dialog.say_follows("Your old key ends in the same moment. Other windows of yours have to be opened again.")

    def _on_policy(self) -> None:
        wanted = 1 if self._asks > 1 else 2
        words = "one approval" if wanted == 1 else "two approvals by different people"
        self._ask(f"Ask for {words}", "Ask for it from now on", lambda code: self._desk.ask_for_approvals(wanted, code))

    def _ask(self, title: str, verb: str, do: Callable[[str | None], object], fields: Sequence[QWidget] = ()) -> CodeDialog:
        dialog = CodeDialog(title, verb, self._desk, self._bridge, do, fields, self)
        dialog.happened.connect(self.read)
        dialog.happened.connect(self.changed)
        dialog.open()
        return dialog
