"""Somebody else may have had a key: it ends, and what it signed since then is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from dsr_desk.flow.operators import Key
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.operators_dialog import CodeDialog
from dsr_desk.gui.models.wording import grouped
from dsr_desk.gui.widgets.fields import Edit, Field

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class StolenDialog(CodeDialog):
    """Asks since which entry, and for the recovery code."""

    def __init__(self, desk: Desk, bridge: Bridge, key: Key, parent: QWidget | None = None) -> None:
        self.since = Edit(str(key.since), mono=True)
        self._given = 0

        def do(code: str | None) -> None:
            desk.key_compromised(key.key_id, self._given, code)

        whose = key.name or grouped(key.key_id)
        hint = "The number of the first entry that somebody else may have signed. In doubt, an earlier one."
        fields = (Field("Since entry", self.since, hint),)
        super().__init__(f"The key of {whose} was stolen", "Record that it was stolen", desk, bridge, do, fields, parent)
        self.since.textChanged.connect(lambda _: self._check())
        yours = " You get new ones at once." if key.mine else ""
        need = desk.too_few_approve(key)
        self.say_follows(
            f"The key ends now. What it signed from that entry on is in doubt, and approvals among it count no more.{yours}"
            + (f" Afterwards: {need}" if need else "")
        )
        self._check()
        self.since.setFocus()

    def _check(self) -> None:
        text = self.since.text().strip().replace("\u2009", "").replace(" ", "")
        self._given = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
        self.act.set_off("" if self._given else "Give the number of an entry.")
