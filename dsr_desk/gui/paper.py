"""The paper that reports are laid out on: chosen once, remembered for every report and every start."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSettings, Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.pdf import Paper
from dsr_desk.gui.widgets.fields import Choice

_KEY = "paper"


def remembered() -> Paper:
    """The paper that was chosen last; before that, what the country of the desktop prints on."""
    found = QSettings("DSR Desk", "DSR Desk").value(_KEY)
    if found in ("A4", "Letter"):
        return "Letter" if found == "Letter" else "A4"
    return "Letter" if QLocale.system().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem else "A4"


class PaperChoice(Choice):
    """A4 or Letter. ``turned``: another one was chosen, and is remembered."""

    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__([("A4", "A4"), ("Letter", "US Letter")], name="Paper", parent=parent)
        self.choose(remembered())
        self.currentIndexChanged.connect(lambda _: self._on_turned())

    @property
    def paper(self) -> Paper:
        """The paper that is chosen."""
        return "Letter" if self.value == "Letter" else "A4"

    def _on_turned(self) -> None:
        QSettings("DSR Desk", "DSR Desk").setValue(_KEY, self.paper)
        self.turned.emit()
